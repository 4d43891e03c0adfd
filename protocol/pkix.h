// SPDX-License-Identifier: Apache-2.0
//
// The encodings of certificates and private keys. Crypto libraries disagree about what they put up
// with: BER lengths, bytes behind the end, half-filled structures, PKCS#1 where PKCS#8 was asked
// for. Every backend looks at its input through this file first, so that all of them refuse the
// same encodings; the mathematics, and what the extensions say, are then the library's.
#pragma once

#include "protocol/certificates.h"

namespace wib {

// The numbers of a certificate's public key, as views into the certificate.
struct PublicKeyView {
  KeyType type = KeyType::other;
  std::uint32_t bits = 0;  // RSA modulus or EC field size; 0 for the other types
  ByteView n, e;           // RSA: positive, without leading zeros
  ByteView point;          // EC: uncompressed; not necessarily on the curve
};

// Checks a certificate's structure (RFC 5280 4.1) down to the names, the public key and the frame
// of each extension: no extension twice, and no critical one but keyUsage, extendedKeyUsage,
// basicConstraints and subjectAltName. RSA keys that not every backend can compute with (not 1024
// to 4096 bits, or an exponent that is even, below 3 or above 64 bits) are KeyType::other. The
// signature's algorithm must be RSA or ECDSA with SHA-2, or Ed25519. Errc::bad_certificate.
//
// This is for a device's own certificate; a certificate authority's may hold more than it allows.
[[nodiscard]] Result<PublicKeyView> check_certificate(ByteView certificate) noexcept;

// The numbers of a private key, as views into its encoding.
struct PrivateKeyView {
  KeyType type = KeyType::other;  // rsa, ec_p256, ec_p384 or ec_p521
  // RSA (RFC 8017 A.1.2): positive, without leading zeros.
  ByteView n, e, d, p, q, d_p, d_q, q_inverse;
  // EC (RFC 5915): the scalar in the size of the field; the uncompressed point, if it is there.
  ByteView scalar, point;
};

// Reads an unencrypted PKCS#8 key (RFC 5208; its attributes are skipped). Errc::bad_key for
// everything else: bytes behind it, PKCS#1 or SEC1 keys, types other than RSA (as in
// check_certificate(), with two primes) and EC on the three NIST curves. Whether the numbers
// belong together is not looked at.
[[nodiscard]] Result<PrivateKeyView> read_private_key(ByteView private_key) noexcept;

// The bytes of one coordinate on an EC key's curve; 0 for the other types.
[[nodiscard]] std::size_t field_size(KeyType type) noexcept;

}  // namespace wib
