// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslCrypto final : public wib::Crypto {
 public:
  // `library` must outlive this object.
  explicit OpensslCrypto(const Library& library);

 private:
  // crypto.cc
  Result<> do_sha256(Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override;
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
  // curves.cc
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override;
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override;
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override;
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override;

  // Fetching an algorithm by name costs more than a short hash, so it is done once.
  OSSL_LIB_CTX* library_;
  Digest sha256_;
  Cipher aes256_cbc_;
  Cipher aes256_ctr_;
  Cipher aes256_gcm_;
  Cipher chacha20_poly1305_;
  MacContext hmac_sha256_;
  MacContext hmac_sha512_;
  Kdf hkdf_;
  Kdf pbkdf2_;
  KeyContext x25519_;  // makes keys; holds none
  Group p256_;
};

}  // namespace WIB_BACKEND_NAMESPACE
