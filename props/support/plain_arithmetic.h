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
 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) override { return mix({}, message, digest); }
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return do_aes256_ctr(key, iv, in, out);
  }
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return do_aes256_ctr(key, iv, in, out);
  }
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<Byte>(in[i] ^ key[i % key.size()] ^ counter[i % counter.size()]);
    }
    return {};
  }
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView,
                                 ByteSpan out) override {
    const auto last = [](ByteView v) { return v.empty() ? Byte{0} : v.back(); };
    // x * y: commutative where it must be, since g = 1 here.
    out.front() = static_cast<Byte>(last(base) * (last(exponent) | 1U));
    return 1;
  }

  static Result<> mix(ByteView key, Pieces message, ByteSpan out) {
    Byte sum = 1;
    const auto add = [&](ByteView bytes) {
      for (const Byte byte : bytes) sum = static_cast<Byte>(sum * 31 + byte);
    };
    add(key);
    message.for_each(add);
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
