// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backends/wolfssl/internal.h"

namespace WIB_BACKEND_NAMESPACE {

// The library's primitives need no set-up, so there is no state.
class WolfsslCrypto final : public wib::Crypto {
 public:
  Result<> sha256(ByteView message, ByteSpan digest) override;
  Result<> hmac_sha256(ByteView key, ByteView message, ByteSpan tag) override;
  Result<> hmac_sha512(ByteView key, ByteView message, ByteSpan tag) override;
  Result<> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<> mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) override;
};

}  // namespace WIB_BACKEND_NAMESPACE
