// SPDX-License-Identifier: Apache-2.0
//
// DER (X.690) as far as certificates and private keys need it. Crypto libraries disagree about
// what they put up with: BER lengths, bytes behind the end, half-filled structures, PKCS#1 where
// PKCS#8 was asked for. Every backend looks at its input through this file first, so that all of
// them refuse the same encodings; what the fields mean is then the library's to say.
#pragma once

#include <array>
#include <optional>

#include "protocol/certificates.h"

namespace wib::der {

// Identifier octets of the types that we read.
enum class Tag : Byte {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  utc_time = 0x17,
  generalized_time = 0x18,
  sequence = 0x30,
  set = 0x31,
  context_0 = 0xa0,  // constructed
  context_1 = 0xa1,
  context_3 = 0xa3,
  context_1_primitive = 0x81,
  context_2_primitive = 0x82
};

struct Element {
  Byte tag = 0;
  ByteView content;
};

// Takes one element after another off the front of a view.
class Reader {
 public:
  explicit Reader(ByteView bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

  // The next element, or null, and no step, if what follows is not one: a one-byte tag and a
  // definite length in the fewest octets.
  [[nodiscard]] std::optional<Element> next() noexcept;

  // The content of the next element if it has this tag, else null and no step.
  [[nodiscard]] std::optional<ByteView> take(Tag tag) noexcept;

  // Like take(), but at the end of the structure: null too if anything follows.
  [[nodiscard]] std::optional<ByteView> take_last(Tag tag) noexcept;

 private:
  ByteView rest_;
};

// True if `bytes` are one element and nothing else, down to the last primitive: strict lengths,
// no constructed strings, and the basic types as DER has them (shortest integers, booleans 00 or
// ff, zeros in the unused bits).
[[nodiscard]] bool well_formed(ByteView bytes) noexcept;

struct PublicKeyShape {
  KeyType type = KeyType::other;
  std::uint32_t bits = 0;  // RSA modulus or EC field size; 0 for the other types
};

// Checks a certificate's structure (RFC 5280 4.1) down to the names, the public key and the frame
// of each extension: no extension twice, and no critical one but keyUsage, extendedKeyUsage,
// basicConstraints and subjectAltName. RSA keys that not every backend can compute with (above
// 4096 bits; an exponent that is even, below 3, or above 64 bits) are KeyType::other.
// Errc::bad_certificate.
[[nodiscard]] Result<PublicKeyShape> check_certificate(ByteView certificate) noexcept;

// The numbers of a private key, as views into its encoding.
struct PrivateKeyView {
  KeyType type = KeyType::other;  // rsa, ec_p256, ec_p384 or ec_p521
  // RSA (RFC 8017 A.1.2): positive, without leading zeros.
  ByteView n, e, d, p, q, d_p, d_q, q_inverse;
  // EC (RFC 5915): the scalar in the size of the field; the uncompressed point, if it is there.
  ByteView scalar, point;
};

// Reads an unencrypted PKCS#8 key, version 1 or 2. Errc::bad_key for everything else: bytes
// behind it, PKCS#1 or SEC1 keys, types other than RSA (1024 to 4096 bits, two primes) and EC on
// the three NIST curves.
[[nodiscard]] Result<PrivateKeyView> read_private_key(ByteView private_key) noexcept;

// True if `signature` is an Ecdsa-Sig-Value (RFC 3279 2.2.3) of two positive integers.
[[nodiscard]] bool is_ecdsa_signature(ByteView signature) noexcept;

// The bytes of one coordinate on an EC key's curve; 0 for the other types.
[[nodiscard]] std::size_t field_size(KeyType type) noexcept;

}  // namespace wib::der
