// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"

#include "numbers.h"
#include "protocol/der.h"
#include "protocol/pkix.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::CertificateInfo;
using wib::Errc;
using wib::KeyType;
using wib::der::Reader;
using wib::der::Tag;

constexpr std::size_t signature_size = 64;

// RFC 5280 4.2.1.3 and 4.2.1.12.
constexpr std::array<Byte, 3> key_usage = {0x55, 0x1d, 0x0f};
constexpr std::array<Byte, 3> extended_key_usage = {0x55, 0x1d, 0x25};
constexpr std::array<Byte, 8> server_auth = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
constexpr std::array<Byte, 4> any_purpose = {0x55, 0x1d, 0x25, 0x00};
constexpr Byte digital_signature = 0x80;  // bit 0

bool serves(Reader value) {
  const auto purposes = value.take(Tag::sequence);
  if (!purposes) return false;
  for (Reader reader(*purposes); !reader.empty();) {
    const auto purpose = reader.take(Tag::oid);
    if (!purpose) return false;
    if (wib::same_bytes(*purpose, server_auth) || wib::same_bytes(*purpose, any_purpose)) {
      return true;
    }
  }
  return false;
}

// What the extensions of a certificate, which check_certificate() has found in order, allow.
void read_usage(ByteView certificate, CertificateInfo& info) {
  info.may_sign = true;
  info.may_serve_tls = true;
  const auto outer = Reader(certificate).take(Tag::sequence);
  if (!outer) return;
  const auto body = Reader(*outer).take(Tag::sequence);
  if (!body) return;
  std::optional<ByteView> list;
  for (Reader fields(*body); !fields.empty();) {
    const auto field = fields.next();
    if (!field) return;
    if (field->tag == static_cast<Byte>(Tag::context_3)) {
      list = Reader(field->content).take(Tag::sequence);
    }
  }
  if (!list) return;
  for (Reader extensions(*list); !extensions.empty();) {
    const auto extension = extensions.take(Tag::sequence);
    if (!extension) return;
    Reader fields(*extension);
    const auto oid = fields.take(Tag::oid);
    (void)fields.take(Tag::boolean);  // critical
    const auto value = fields.take(Tag::octet_string);
    if (!oid || !value) return;
    if (wib::same_bytes(*oid, key_usage)) {
      const auto bits = Reader(*value).take(Tag::bit_string);
      // The first byte counts unused bits.
      info.may_sign = bits && bits->size() > 1 && ((*bits)[1] & digital_signature) != 0;
    } else if (wib::same_bytes(*oid, extended_key_usage)) {
      info.may_serve_tls = serves(Reader(*value));
    }
  }
}

bool is_ec(KeyType type) noexcept { return wib::field_size(type) != 0; }

// One string for one public key: its type, and its numbers with the size of the first.
std::vector<Byte> join(KeyType type, ByteView first, ByteView second) {
  std::vector<Byte> out = {static_cast<Byte>(type), static_cast<Byte>(first.size() >> 8U),
                           static_cast<Byte>(first.size())};
  out.insert(out.end(), first.begin(), first.end());
  out.insert(out.end(), second.begin(), second.end());
  return out;
}

}  // namespace

Result<IdealCertificates::Parsed> IdealCertificates::parse(ByteView certificate) {
  const auto key = wib::check_certificate(certificate);
  if (!key) return std::unexpected(key.error());
  Parsed parsed;
  if (key->type == KeyType::other) return parsed;
  if (is_ec(key->type)) {
    if (!on_curve(key->type, key->point)) {
      return wib::fail(Errc::bad_certificate, "certificate: public key");
    }
    parsed.key = join(key->type, key->point, {});
  } else if (key->type == KeyType::rsa) {
    parsed.key = join(key->type, key->n, key->e);
  }
  parsed.info = {.key_type = key->type, .key_bits = key->bits};
  read_usage(certificate, parsed.info);
  return parsed;
}

Result<IdealCertificates::PublicPart> IdealCertificates::public_part_of(ByteView private_key) {
  const auto key = wib::read_private_key(private_key);
  if (!key) return std::unexpected(key.error());
  if (key->type == KeyType::rsa) return join(key->type, key->n, key->e);
  if (key->point.empty()) {
    return wib::fail(Errc::unsupported, "ideal: an EC key without its public point");
  }
  return join(key->type, key->point, {});
}

Result<Id> IdealCertificates::signature_of(const PublicPart& key, ByteView message) {
  if (arena_.full()) return wib::fail(Errc::capacity, "ideal: the arena is full");
  const std::array<Id, 2> arguments = {arena_.intern(key), arena_.intern(message)};
  return arena_.apply(Op::signature, arguments, signature_size);
}

Result<CertificateInfo> IdealCertificates::inspect(ByteView certificate) {
  const auto parsed = parse(certificate);
  if (!parsed) return std::unexpected(parsed.error());
  return parsed->info;
}

Result<std::size_t> IdealCertificates::sign(ByteView private_key, ByteView message,
                                            ByteSpan signature) {
  if (signature.size() < wib::max_signature_size) {
    return wib::fail(Errc::out_of_range, "sign: output size");
  }
  const auto key = public_part_of(private_key);
  if (!key) return std::unexpected(key.error());
  const auto made = signature_of(*key, message);
  if (!made) return std::unexpected(made.error());
  std::ranges::copy(arena_.bytes(*made), signature.begin());
  return signature_size;
}

Result<bool> IdealCertificates::verify(ByteView certificate, ByteView message, ByteView signature) {
  const auto parsed = parse(certificate);
  if (!parsed) return std::unexpected(parsed.error());
  if (parsed->key.empty()) return false;
  const auto made = signature_of(parsed->key, message);
  if (!made) return std::unexpected(made.error());
  return wib::same_bytes(arena_.bytes(*made), signature);
}

Result<> IdealCertificates::check_pair(ByteView certificate, ByteView private_key) {
  if (const auto* known = judged_.find(certificate, private_key)) return *known;
  const auto judged = Certificates::check_pair(certificate, private_key);
  // A full arena is no judgement.
  if (judged || !judged.error().local()) judged_.add(certificate, private_key, judged);
  return judged;
}

}  // namespace WIB_BACKEND_NAMESPACE
