// SPDX-License-Identifier: Apache-2.0
//
// FailingCrypto: a backend whose n-th call fails, and that counts its calls. A call is one of the
// operations that a backend implements: what the port itself computes is made of them.
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

 private:
  bool now() { return calls_++ == fail_at_; }
  static std::unexpected<Error> broken() { return fail(Errc::crypto, "planted failure"); }
  // The call's own result, or the planted failure in its place.
  template <class Call>
  auto run(Call call) -> decltype(call()) {
    if (now()) return broken();
    return call();
  }
  // A public operation gives infinity as zeros; what it is made of says false.
  template <class Call>
  Result<bool> run_point(ByteView out, Call call) {
    if (now()) return broken();
    if (auto done = call(); !done) return std::unexpected(done.error());
    return out.front() != 0;
  }

  Result<> do_sha256(Pieces message, ByteSpan digest) override {
    return run([&] { return real_.sha256(message, digest); });
  }
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    return run([&] { return real_.hmac_sha256(key, message, tag); });
  }
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override {
    return run([&] { return real_.hmac_sha512(key, message, tag); });
  }
  Result<> do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) override {
    return run([&] { return real_.hkdf_sha256(salt, ikm, info, okm); });
  }
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) override {
    return run([&] { return real_.pbkdf2_sha256(password, salt, iterations, key); });
  }
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return run([&] { return real_.aes256_cbc_encrypt(key, iv, in, out); });
  }
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return run([&] { return real_.aes256_cbc_decrypt(key, iv, in, out); });
  }
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    return run([&] { return real_.aes256_ctr(key, counter, in, out); });
  }
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override {
    return run([&] { return real_.aes256_gcm_seal(key, nonce, associated, in, out, tag); });
  }
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override {
    return run([&] { return real_.aes256_gcm_open(key, nonce, associated, in, tag, out); });
  }
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) override {
    return run([&] { return real_.chacha20_poly1305_seal(key, nonce, associated, in, out, tag); });
  }
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override {
    return run([&] { return real_.chacha20_poly1305_open(key, nonce, associated, in, tag, out); });
  }
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override {
    return run([&]() -> Result<std::size_t> {
      if (auto done = real_.mod_exp(base, exponent, modulus, out); !done) {
        return std::unexpected(done.error());
      }
      return out.size();
    });
  }
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override {
    return run([&] { return real_.x25519(scalar, u, out); });
  }
  Result<bool> do_p256_on_curve(ByteView point) override {
    return run([&]() -> Result<bool> {
      const auto good = real_.check_p256_share(point);
      if (!good && good.error().code != Errc::out_of_range) return std::unexpected(good.error());
      return good.has_value();
    });
  }
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override {
    return run_point(out, [&] { return real_.p256_base_mul(scalar, out); });
  }
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override {
    return run_point(out, [&] { return real_.p256_mul(scalar, point, out); });
  }
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override {
    return run_point(out, [&] { return real_.p256_mul_add(a, p, b, q, out); });
  }

  Crypto& real_;
  std::optional<std::size_t> fail_at_;
  std::size_t calls_ = 0;
};

}  // namespace wib::props
