// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class WolfsslBare final : public wib::Bare {
 public:
  // The library must have been initialised.
  WolfsslBare();

  Outcome ffdh_agree(ByteView p, ByteView g, ByteView exponent, ByteView peer) override;
  Outcome x25519_agree(ByteView scalar, ByteView peer) override;
  Outcome p256_agree(ByteView scalar, ByteView peer) override;
  Outcome p256_encode_infinity() override;
  Outcome hmac_sha256(ByteView key, ByteView message) override;
  Outcome hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size) override;

  bool sha256(ByteView message, ByteSpan digest) override;
  bool hmac_sha512(ByteView key, ByteView message, ByteSpan tag) override;
  bool hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) override;
  bool pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                     ByteSpan key) override;
  bool aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  bool aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  bool aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  bool aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in, ByteSpan out,
                       ByteSpan tag) override;
  bool aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in, ByteView tag,
                       ByteSpan out) override;
  bool chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override;
  bool chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override;
  bool mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) override;
  bool x25519(ByteView scalar, ByteView u, ByteSpan out) override;
  bool p256_base_mul(ByteView scalar, ByteSpan out) override;
  bool p256_mul(ByteView scalar, ByteView point, ByteSpan out) override;
  bool p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) override;

 private:
  bool multiply(ByteView scalar, ecc_point* point, ecc_point* result);

  int curve_;
  Number a_;
  Number prime_;
};

}  // namespace WIB_BACKEND_NAMESPACE
