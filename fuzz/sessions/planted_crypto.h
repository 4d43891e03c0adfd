// SPDX-License-Identifier: Apache-2.0
//
// ForwardingCrypto: another backend's operations and judgements, each of which a planted bug may
// override.
#pragma once

#include "protocol/crypto.h"

namespace wib::fuzz {

class ForwardingCrypto : public Crypto {
 public:
  explicit ForwardingCrypto(Crypto& real) : real_(real) {}

  bool equal(ByteView a, ByteView b) noexcept override { return real_.equal(a, b); }
  Result<bool> verify_hmac_sha256(ByteView k, ByteView m, ByteView t) override {
    return real_.verify_hmac_sha256(k, m, t);
  }
  Result<bool> verify_hmac_sha512(ByteView k, ByteView m, ByteView t) override {
    return real_.verify_hmac_sha512(k, m, t);
  }
  Result<> check_share(ByteView share, ByteView p) override { return real_.check_share(share, p); }
  Result<bool> in_prime_subgroup(ByteView share, ByteView p) override {
    return real_.in_prime_subgroup(share, p);
  }
  Result<> check_p256_share(ByteView point) override { return real_.check_p256_share(point); }
  Result<> x25519_agree(ByteView scalar, ByteView peer, ByteSpan out) override {
    return real_.x25519_agree(scalar, peer, out);
  }

 protected:
  ~ForwardingCrypto() = default;
  Crypto& real_;

 private:
  Result<> do_sha256(Pieces m, ByteSpan out) override { return real_.sha256(m, out); }
  Result<> do_hmac_sha256(ByteView k, Pieces m, ByteSpan out) override {
    return real_.hmac_sha256(k, m, out);
  }
  Result<> do_hmac_sha512(ByteView k, Pieces m, ByteSpan out) override {
    return real_.hmac_sha512(k, m, out);
  }
  Result<> do_hkdf_sha256(ByteView s, ByteView k, ByteView i, ByteSpan out) override {
    return real_.hkdf_sha256(s, k, i, out);
  }
  Result<> do_pbkdf2_sha256(ByteView p, ByteView s, std::uint32_t n, ByteSpan out) override {
    return real_.pbkdf2_sha256(p, s, n, out);
  }
  Result<> do_aes256_cbc_encrypt(ByteView k, ByteView iv, ByteView in, ByteSpan out) override {
    return real_.aes256_cbc_encrypt(k, iv, in, out);
  }
  Result<> do_aes256_cbc_decrypt(ByteView k, ByteView iv, ByteView in, ByteSpan out) override {
    return real_.aes256_cbc_decrypt(k, iv, in, out);
  }
  Result<> do_aes256_ctr(ByteView k, ByteView iv, ByteView in, ByteSpan out) override {
    return real_.aes256_ctr(k, iv, in, out);
  }
  Result<> do_aes256_gcm_seal(ByteView k, ByteView n, ByteView a, ByteView in, ByteSpan out,
                              ByteSpan tag) override {
    return real_.aes256_gcm_seal(k, n, a, in, out, tag);
  }
  Result<> do_aes256_gcm_open(ByteView k, ByteView n, ByteView a, ByteView in, ByteView tag,
                              ByteSpan out) override {
    return real_.aes256_gcm_open(k, n, a, in, tag, out);
  }
  Result<> do_chacha20_poly1305_seal(ByteView k, ByteView n, ByteView a, ByteView in, ByteSpan out,
                                     ByteSpan tag) override {
    return real_.chacha20_poly1305_seal(k, n, a, in, out, tag);
  }
  Result<> do_chacha20_poly1305_open(ByteView k, ByteView n, ByteView a, ByteView in, ByteView tag,
                                     ByteSpan out) override {
    return real_.chacha20_poly1305_open(k, n, a, in, tag, out);
  }
  Result<std::size_t> do_mod_exp(ByteView b, ByteView e, ByteView p, ByteSpan out) override {
    if (auto done = real_.mod_exp(b, e, p, out.first(p.size())); !done) {
      return std::unexpected(done.error());
    }
    return p.size();
  }
  Result<> do_x25519(ByteView s, ByteView u, ByteSpan out) override {
    return real_.x25519(s, u, out);
  }
  Result<bool> do_p256_on_curve(ByteView point) override {
    return real_.check_p256_share(point).has_value();
  }
  Result<bool> do_p256_base_mul(ByteView s, ByteSpan out) override {
    return finite(real_.p256_base_mul(s, out), out);
  }
  Result<bool> do_p256_mul(ByteView s, ByteView p, ByteSpan out) override {
    return finite(real_.p256_mul(s, p, out), out);
  }
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override {
    return finite(real_.p256_mul_add(a, p, b, q, out), out);
  }
  static Result<bool> finite(const Result<>& done, ByteView point) {
    if (!done) return std::unexpected(done.error());
    return point[0] == 4;
  }
};

}  // namespace wib::fuzz
