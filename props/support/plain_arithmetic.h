// SPDX-License-Identifier: Apache-2.0
//
// PlainArithmetic: a backend of no security that costs next to nothing and allocates nothing, so
// that what is measured or counted is the core's own work.
#pragma once

#include "protocol/certificates.h"
#include "protocol/crypto.h"

namespace wib::props {

// Arithmetic that allocates nothing, so that every allocation is the core's: addition for
// exponentiation, and sums for hashes. Both sides agree on it; that is all that is needed.
class PlainArithmetic final : public Crypto {
 public:
  Result<> sha256(ByteView message, ByteSpan digest) override { return mix({}, message, digest); }
  Result<> hmac_sha256(ByteView key, ByteView message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> hmac_sha512(ByteView key, ByteView message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return aes256_ctr(key, iv, in, out);
  }
  Result<> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return aes256_ctr(key, iv, in, out);
  }
  Result<> aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<Byte>(in[i] ^ key[i % key.size()] ^ counter[i % counter.size()]);
    }
    return {};
  }
  Result<> mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) override {
    std::ranges::fill(out, Byte{0});
    const auto last = [](ByteView v) { return v.empty() ? Byte{0} : v.back(); };
    // x * y: commutative where it must be, since g = 1 here.
    out.back() = static_cast<Byte>(last(base) * (last(exponent) | 1U));
    return modulus.empty() ? fail(Errc::out_of_range, "modulus") : Result<>{};
  }

 private:
  static Result<> mix(ByteView key, ByteView message, ByteSpan out) {
    Byte sum = 1;
    for (const Byte byte : key) sum = static_cast<Byte>(sum * 31 + byte);
    for (const Byte byte : message) sum = static_cast<Byte>(sum * 31 + byte);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Byte>(sum + i);
    return {};
  }
};

class AnyPair final : public Certificates {
 public:
  Result<CertificateInfo> inspect(ByteView) override {
    return CertificateInfo{KeyType::ec_p256, 256, true, true};
  }
  Result<std::size_t> sign(ByteView, ByteView, ByteSpan) override { return 1; }
  Result<bool> verify(ByteView, ByteView, ByteView) override { return true; }
};

}  // namespace wib::props
