// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslCrypto final : public wib::Crypto {
 public:
  // `library` must outlive this object.
  explicit OpensslCrypto(const Library& library);

 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override;

  // Fetching an algorithm by name costs more than a short hash, so it is done once.
  OSSL_LIB_CTX* library_;
  Digest sha256_;
  Cipher aes256_cbc_;
  Cipher aes256_ctr_;
  MacContext hmac_sha256_;
  MacContext hmac_sha512_;
};

}  // namespace WIB_BACKEND_NAMESPACE
