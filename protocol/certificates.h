// SPDX-License-Identifier: Apache-2.0
//
// Certificates: what the device must know of an X.509 certificate and a PKCS#8 key before it may
// serve TLS with them, and what the referee needs to tell a stolen key from a string of bytes.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

// Bounds of one DER certificate and one DER private key, in bytes.
inline constexpr std::size_t max_certificate_size = 4096;
inline constexpr std::size_t max_private_key_size = 3072;
// RSA-4096's; ECDSA's are shorter.
inline constexpr std::size_t max_signature_size = 512;

enum class KeyType : std::uint8_t { rsa, ec_p256, ec_p384, ec_p521, ed25519, other };

struct CertificateInfo {
  KeyType key_type = KeyType::other;
  std::uint32_t key_bits = 0;  // RSA modulus or EC field size; 0 for the others
  // keyUsage (RFC 5280 4.2.1.3) is absent or allows digitalSignature.
  bool may_sign = false;
  // extendedKeyUsage (4.2.1.12) is absent or has serverAuth or anyExtendedKeyUsage.
  bool may_serve_tls = false;
};

class Certificates {
 public:
  // Parses one DER certificate (RFC 5280), whole: bytes behind it are Errc::bad_certificate, and
  // so is anything that does not parse, a signature algorithm other than RSA or ECDSA with SHA-2
  // or Ed25519, and a critical extension other than keyUsage, extendedKeyUsage, basicConstraints
  // and subjectAltName (protocol/pkix.h has the profile). Dates and signature are not looked at.
  [[nodiscard]] virtual Result<CertificateInfo> inspect(ByteView certificate) = 0;

  // Signs `message` under the unencrypted PKCS#8 key (RFC 5208/5958) `private_key`, with SHA-256
  // and RSASSA-PKCS1-v1_5, or with ECDSA. Writes to the front of `signature` (at least
  // max_signature_size bytes) and returns the size. Errc::bad_key if the key does not parse whole,
  // is not version 0, is not RSA or ECDSA, or contradicts itself (an embedded public point that is
  // not the scalar's, RSA numbers that do not belong together). The library draws the ECDSA nonce:
  // the signature proves possession and is never sent.
  [[nodiscard]] virtual Result<std::size_t> sign(ByteView private_key, ByteView message,
                                                 ByteSpan signature) = 0;

  // True if `signature` over `message` verifies under the certificate's public key, with the
  // algorithms of sign(). Errc::bad_certificate if the certificate does not parse.
  [[nodiscard]] virtual Result<bool> verify(ByteView certificate, ByteView message,
                                            ByteView signature) = 0;

  // --- Judgement ------------------------------------------------------------------------------

  // "If the pair works" (the post, step 9): the certificate parses, is usable for a TLS server
  // with an RSA (2048 bits or more), P-256, P-384 or P-521 key, and the private key signs what the
  // certificate verifies. Errc::bad_certificate or Errc::bad_key, with the field in `where`.
  [[nodiscard]] virtual Result<> check_pair(ByteView certificate, ByteView private_key);

 protected:
  ~Certificates() = default;
};

}  // namespace wib
