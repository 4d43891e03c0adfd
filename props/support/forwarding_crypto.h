// SPDX-License-Identifier: Apache-2.0
//
// ForwardingCrypto: a backend that hands every operation on to another one. What decorators (that
// fail, record, or plant a fault) are made of.
#pragma once

#include "protocol/crypto.h"

namespace wib::props {

class ForwardingCrypto : public Crypto {
 public:
  explicit ForwardingCrypto(Crypto& real) : real_(real) {}

 protected:
  ~ForwardingCrypto() = default;
  [[nodiscard]] Crypto& real() noexcept { return real_; }

  // Called before each operation; an error is the operation's.
  virtual Result<> before([[maybe_unused]] std::string_view operation) { return {}; }

  // Called with what sha256, hkdf_sha256 and mod_exp gave.
  virtual void after([[maybe_unused]] std::string_view operation,
                     [[maybe_unused]] ByteView output) {}

 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) final {
    auto done = pass("sha256", [&] { return real_.sha256(message, digest); });
    if (done) after("sha256", digest);
    return done;
  }
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) final {
    return pass("hmac_sha256", [&] { return real_.hmac_sha256(key, message, tag); });
  }
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) final {
    return pass("hmac_sha512", [&] { return real_.hmac_sha512(key, message, tag); });
  }
  Result<> do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) final {
    auto done = pass("hkdf_sha256", [&] { return real_.hkdf_sha256(salt, ikm, info, okm); });
    if (done) after("hkdf_sha256", okm);
    return done;
  }
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) final {
    return pass("pbkdf2_sha256",
                [&] { return real_.pbkdf2_sha256(password, salt, iterations, key); });
  }
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) final {
    return pass("aes256_cbc", [&] { return real_.aes256_cbc_encrypt(key, iv, in, out); });
  }
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) final {
    return pass("aes256_cbc", [&] { return real_.aes256_cbc_decrypt(key, iv, in, out); });
  }
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) final {
    return pass("aes256_ctr", [&] { return real_.aes256_ctr(key, counter, in, out); });
  }
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) final {
    return pass("aes256_gcm",
                [&] { return real_.aes256_gcm_seal(key, nonce, associated, in, out, tag); });
  }
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) final {
    return pass("aes256_gcm",
                [&] { return real_.aes256_gcm_open(key, nonce, associated, in, tag, out); });
  }
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) final {
    return pass("chacha20_poly1305",
                [&] { return real_.chacha20_poly1305_seal(key, nonce, associated, in, out, tag); });
  }
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) final {
    return pass("chacha20_poly1305",
                [&] { return real_.chacha20_poly1305_open(key, nonce, associated, in, tag, out); });
  }
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) final {
    if (auto go = before("mod_exp"); !go) return std::unexpected(go.error());
    if (auto done = real_.mod_exp(base, exponent, modulus, out); !done) {
      return std::unexpected(done.error());
    }
    after("mod_exp", out);
    return out.size();
  }
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) final {
    return pass("x25519", [&] { return real_.x25519(scalar, u, out); });
  }
  Result<bool> do_p256_on_curve(ByteView point) final {
    if (auto go = before("p256"); !go) return std::unexpected(go.error());
    const auto good = real_.check_p256_share(point);
    if (good) return true;
    if (good.error().code == Errc::out_of_range) return false;
    return std::unexpected(good.error());
  }
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) final {
    return pass_point([&] { return real_.p256_base_mul(scalar, out); }, out);
  }
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) final {
    return pass_point([&] { return real_.p256_mul(scalar, point, out); }, out);
  }
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) final {
    return pass_point([&] { return real_.p256_mul_add(a, p, b, q, out); }, out);
  }

  template <class Call>
  Result<> pass(std::string_view operation, Call call) {
    if (auto go = before(operation); !go) return go;
    return call();
  }
  template <class Call>
  Result<bool> pass_point(Call call, ByteView out) {
    if (auto go = before("p256"); !go) return std::unexpected(go.error());
    if (auto done = call(); !done) return std::unexpected(done.error());
    return out[0] != 0;  // infinity is all zeros
  }

  Crypto& real_;
};

}  // namespace wib::props
