// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// The library's primitives need no set-up, so there is no state.
class WolfsslCrypto final : public wib::Crypto {
 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override;
};

}  // namespace WIB_BACKEND_NAMESPACE
