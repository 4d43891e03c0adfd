// SPDX-License-Identifier: Apache-2.0
//
// A certificate, as a device takes it out of a bundle.
#include "fuzz/parsers/certificate_oracle.h"
#include "fuzz/parsers/known_divergences.h"
#include "protocol/der.h"

namespace wib::fuzz {

const std::string_view invariant =
    "Every library accepts a certificate if the core's profile does (its key's numbers may be none "
    "to a library, but to all alike) and says the same of it; none verifies what nobody signed.";

namespace {

void expect_profile(const PublicKeyView& key, ByteView input) {
  expect(der::well_formed(input), "a certificate is DER to the last byte");
  for (const ByteView part : {key.n, key.e, key.point}) {
    expect(inside(part, input), "the key's numbers are views of it");
  }
  switch (key.type) {
    case KeyType::rsa:
      expect(!key.n.empty() && key.n[0] != 0 && !key.e.empty() && key.e[0] != 0 &&
                 key.bits >= 1024 && key.bits <= 4096 && key.n.size() == (key.bits + 7) / 8,
             "RSA numbers in range, without leading zeros");
      break;
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521:
      expect(key.point.size() == 1 + 2 * field_size(key.type) && key.point[0] == 4,
             "an uncompressed point of the curve's size");
      break;
    case KeyType::ed25519:
    case KeyType::other: break;
  }
}

// What an accepted certificate must not have, by a walk that looks for nothing else.
void expect_refusals(ByteView input) {
  using der::Tag;
  static constexpr std::array<Byte, 4> may_be_critical = {15, 17, 19, 37};  // 2.5.29.x
  der::Reader certificate(*der::Reader(input).take(Tag::sequence));
  der::Reader fields(*certificate.take(Tag::sequence));
  std::size_t sequences = 0;
  while (const auto field = fields.next()) {
    if (field->tag == 0x30 && ++sequences == 2) expect(!field->content.empty(), "an issuer");
    if (field->tag != 0xa3) continue;
    der::Reader extensions(*der::Reader(field->content).take(Tag::sequence));
    while (const auto extension = extensions.take(Tag::sequence)) {
      der::Reader reader(*extension);
      const auto oid = reader.take(Tag::oid);
      const auto critical = reader.take(Tag::boolean);
      if (!critical || critical->front() == 0) continue;
      expect(oid->size() == 3 && (*oid)[0] == 0x55 && (*oid)[1] == 0x1d &&
                 std::ranges::find(may_be_critical, (*oid)[2]) != may_be_critical.end(),
             "no critical extension that nobody looks at");
    }
  }
}

}  // namespace

void one_input(ByteView input) {
  static constexpr std::array<Byte, 72> no_signature = {0x30, 0x06, 0x02, 0x01,
                                                        0x01, 0x02, 0x01, 0x01};
  const auto core = check_certificate(input);
  if (core) expect_profile(*core, input);
  if (core) expect_refusals(input);
  if (!core) expect(core.error().code == Errc::bad_certificate, "Errc::bad_certificate");
  const bool differ = core && libraries_differ(input);
  std::optional<Result<CertificateInfo>> first;
  for (Backend* const backend : certificate_backends()) {
    Certificates& certificates = backend->certificates();
    const auto info = certificates.inspect(input);
    if (!info) expect(info.error().code == Errc::bad_certificate, "Errc::bad_certificate");
    expect(core || !info, "no library accepts more than the core");
    if (first && !differ) {
      expect(info.has_value() == first->has_value(), "the libraries agree on what to accept");
      if (info) expect(same_info(*info, **first), "and on what it says");
    }
    first = info;
    if (!info) continue;
    expect(info->key_type == core->type || info->key_type == KeyType::other, "the core's type");
    expect(info->key_type == KeyType::other || info->key_bits == core->bits, "the core's size");
    const ByteView signature = std::span(no_signature).first(8);
    const auto verified = certificates.verify(input, as_bytes("nobody signed this"), signature);
    expect(verified && !*verified, "nobody signed it");
  }
}

}  // namespace wib::fuzz
