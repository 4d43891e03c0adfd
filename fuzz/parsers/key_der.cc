// SPDX-License-Identifier: Apache-2.0
//
// A private key, as a device takes it out of a bundle.
#include "attacks/world/identities.h"
#include "fuzz/parsers/certificate_oracle.h"
#include "protocol/der.h"

namespace wib::fuzz {

const std::string_view invariant =
    "Every library takes a key that the core's profile has, or none does; a key that is taken "
    "signs "
    "what every library verifies, under the certificate that it belongs to and no other.";

namespace {

void expect_profile(const PrivateKeyView& key, ByteView input) {
  for (const ByteView part : {key.n, key.e, key.d, key.p, key.q, key.d_p, key.d_q, key.q_inverse,
                              key.scalar, key.point}) {
    expect(inside(part, input), "the key's numbers are views of it");
  }
  if (key.type == KeyType::rsa) {
    for (const ByteView number :
         {key.n, key.e, key.d, key.p, key.q, key.d_p, key.d_q, key.q_inverse}) {
      expect(!number.empty() && number[0] != 0, "positive, without leading zeros");
    }
    return;
  }
  const std::size_t size = field_size(key.type);
  expect(size != 0 && key.scalar.size() == size, "a scalar of the curve's size");
  expect(key.point.empty() || (key.point.size() == 1 + 2 * size && key.point[0] == 4),
         "an uncompressed point of the curve's size");
}

// The versions of PKCS#8 and of what is in it, by a walk that looks for nothing else.
void expect_versions(ByteView input, Byte inner_version) {
  using der::Tag;
  der::Reader outer(*der::Reader(input).take(Tag::sequence));
  const auto version = outer.take(Tag::integer);
  expect(version && version->size() == 1 && version->front() == 0, "version 0");
  expect(outer.take(Tag::sequence).has_value(), "an algorithm");
  der::Reader inner(*der::Reader(*outer.take(Tag::octet_string)).take(Tag::sequence));
  const auto number = inner.take(Tag::integer);
  expect(number && number->size() == 1 && number->front() == inner_version, "the inner version");
}

// A certificate of that type: the key is its own, or it is somebody else's.
const attacks::Identity* certificate_for(KeyType type) {
  switch (type) {
    case KeyType::rsa: return &attacks::identity("owner-rsa");
    case KeyType::ec_p256: return &attacks::identity("owner");
    case KeyType::ec_p384: return &attacks::identity("owner-p384");
    case KeyType::ec_p521: return &attacks::identity("owner-p521");
    default: return nullptr;
  }
}

}  // namespace

void one_input(ByteView input) {
  const auto core = read_private_key(input);
  if (!core) {
    expect(core.error().code == Errc::bad_key, "Errc::bad_key");
  } else {
    expect_profile(*core, input);
    expect_versions(input, core->type == KeyType::rsa ? 0 : 1);
  }
  // A library's own arithmetic is dear where the core has accepted; RSA above all.
  if (core && !one_in(core->type == KeyType::rsa ? 32 : 4, input)) return;
  std::optional<bool> taken;
  std::optional<bool> fits;
  for (Backend* const backend : certificate_backends()) {
    static std::array<Byte, max_signature_size> signature;
    Certificates& certificates = backend->certificates();
    const auto size = certificates.sign(input, as_bytes("fuzz"), signature);
    if (!size) expect(size.error().code == Errc::bad_key, "Errc::bad_key");
    expect(core || !size, "no library takes more than the core");
    expect(!taken || *taken == size.has_value(), "the libraries agree on what to take");
    taken = size.has_value();
    if (!size) continue;
    const attacks::Identity* const owner = certificate_for(core->type);
    expect(owner != nullptr, "a type that the core knows");
    for (Backend* const other : certificate_backends()) {
      const auto verified = other->certificates().verify(owner->certificate, as_bytes("fuzz"),
                                                         std::span(signature).first(*size));
      expect(verified.has_value(), "a signature is good or bad");
      expect(!fits || *fits == *verified, "the same for all, whoever signed");
      fits = *verified;
    }
  }
}

}  // namespace wib::fuzz
