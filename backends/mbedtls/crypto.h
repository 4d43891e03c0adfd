// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class MbedtlsCrypto final : public wib::Crypto {
 public:
  MbedtlsCrypto();

 private:
  Result<> do_sha256(wib::Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, wib::Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, wib::Pieces message, ByteSpan tag) override;
  Result<> do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) override;
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) override;
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override;
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override;
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) override;
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override;
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override;
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override;
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override;
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override;
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override;

  // Both keep what the first multiplication computed for the next: multiples of the generator.
  Group p256_;
  Group curve25519_;
  bool ready_;
};

}  // namespace WIB_BACKEND_NAMESPACE
