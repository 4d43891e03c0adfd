// SPDX-License-Identifier: Apache-2.0
//
// Seeds of certificates, keys and bundles: the identities of the tests, as DER and as PEM.
#include "attacks/world/identities.h"
#include "fuzz/seeds/seed_folder.h"
#include "protocol/messages/bundle.h"

namespace wib::fuzz {
namespace {

std::string base64(ByteView bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const ByteView group = bytes.subspan(i, std::min<std::size_t>(3, bytes.size() - i));
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8U | (k < group.size() ? group[k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= group.size() ? digits[bits >> (18 - 6 * k) & 63U] : '=';
    }
    if (i % 48 == 45) text += '\n';
  }
  return text;
}

std::string pem(std::string_view label, ByteView der) {
  const std::string name(label);
  return "-----BEGIN " + name + "-----\n" + base64(der) + "\n-----END " + name + "-----\n";
}

// The certificate with other bytes, as many, in the place of its first `old`.
void add_patched(SeedFolder& seeds, ByteView certificate, std::string_view old,
                 std::string_view fresh) {
  std::string patched(as_text(certificate));
  const std::size_t at = patched.find(old);
  if (at == std::string::npos || old.size() != fresh.size()) return;
  seeds.keep("certificate_der", patched.replace(at, old.size(), fresh));
}

// Strings and names of all kinds, which certificates seldom have.
void add_names(SeedFolder& seeds) {
  using namespace std::string_view_literals;
  const ByteView certificate = attacks::identity("owner-plain").certificate;
  const std::string_view name =
      "\x0c\x0c"
      "device.local";
  for (const char tag : {'\x13', '\x14', '\x16', '\x1e', '\x1c'}) {
    add_patched(seeds, certificate, name, std::string(1, tag) + std::string(name.substr(1)));
  }
  const std::string_view dns =
      "\x82\x0c"
      "device.local";
  for (const std::string_view other : {"\x81\x0c"
                                       "a@b.local123"sv,
                                       "\x86\x0c"
                                       "http://a.b/c"sv,
                                       "\x88\x0c\x2a\3\4\5\6\7\1\2\3\4\5\6"sv,
                                       "\xa0\x0c\x06\3\x2a\3\4\xa0\5\x0c\3"
                                       "abc"sv,
                                       "\xa4\x0c\x30\x0a\x31\x08\x30\6\6\2\x2a\3\x0c\0"sv}) {
    add_patched(seeds, certificate, dns, other);
  }
}

}  // namespace

void add_certificate_seeds(SeedFolder& seeds) {
  static std::array<Byte, max_bundle_size> buffer;
  for (const attacks::Identity& identity : attacks::identities()) {
    seeds.add("certificate_der", identity.certificate);
    seeds.add("key_der", identity.private_key);
    if (identity.certificate.size() < 600) {
      seeds.add("pem", "c" + pem("CERTIFICATE", identity.certificate));
      seeds.add("pem", "k" + pem("PRIVATE KEY", identity.private_key));
    }
    if (const auto bundle = write_bundle({identity.certificate, identity.private_key}, buffer)) {
      seeds.add("bundle", *bundle);
    }
  }
  for (const attacks::Identity& identity : attacks::identities()) {
    seeds.add("certificate_der", identity.issuer);
  }
  add_names(seeds);
  seeds.keep("pem", "c" + pem("CERTIFICATE", {}));
  for (const std::string odd : {"A===", "====", "AAAA====", "AA=A", "AB==", "AAA"}) {
    seeds.keep("pem", "c-----BEGIN CERTIFICATE-----\n" + odd + "-----END CERTIFICATE-----");
  }
  seeds.add("pem", "k" + pem("ENCRYPTED PRIVATE KEY", as_bytes("x")));
  seeds.add("pem", "k" + pem("RSA PRIVATE KEY", as_bytes("xy")));
  seeds.add("pem", "k" + pem("PRIVATE KEY", as_bytes("xyz")) + "behind it");
}

}  // namespace wib::fuzz
