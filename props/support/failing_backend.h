// SPDX-License-Identifier: Apache-2.0
//
// FailingCrypto: a backend whose n-th call fails, and that counts its calls.
#pragma once

#include <cstddef>
#include <optional>

#include "protocol/crypto.h"

namespace wib::props {

class FailingCrypto final : public Crypto {
 public:
  explicit FailingCrypto(Crypto& real) : real_(real) {}

  // The n-th call from now fails (0: the next one); nullopt: none.
  void fail_at(std::optional<std::size_t> n) {
    fail_at_ = n;
    calls_ = 0;
  }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

  Result<> sha256(ByteView message, ByteSpan digest) override {
    return now() ? broken() : real_.sha256(message, digest);
  }
  Result<> hmac_sha256(ByteView key, ByteView message, ByteSpan tag) override {
    return now() ? broken() : real_.hmac_sha256(key, message, tag);
  }
  Result<> hmac_sha512(ByteView key, ByteView message, ByteSpan tag) override {
    return now() ? broken() : real_.hmac_sha512(key, message, tag);
  }
  Result<> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return now() ? broken() : real_.aes256_cbc_encrypt(key, iv, in, out);
  }
  Result<> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return now() ? broken() : real_.aes256_cbc_decrypt(key, iv, in, out);
  }
  Result<> aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    return now() ? broken() : real_.aes256_ctr(key, counter, in, out);
  }
  Result<> mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) override {
    return now() ? broken() : real_.mod_exp(base, exponent, modulus, out);
  }

 private:
  bool now() { return calls_++ == fail_at_; }
  static Result<> broken() { return fail(Errc::crypto, "planted failure"); }

  Crypto& real_;
  std::optional<std::size_t> fail_at_;
  std::size_t calls_ = 0;
};

}  // namespace wib::props
