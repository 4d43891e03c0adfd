// SPDX-License-Identifier: Apache-2.0
//
// Bare: a crypto library as its users call it, without what the wrapper decides and cleans up. Two
// things need it: the table of what libraries make of the same input (each Outcome is the library's
// own verdict), and the price of the wrapper (the calls that compute, and nothing else). No
// protocol code ever sees it: nothing here wipes, and what it computes is not the same on all
// libraries. A backend overrides what its library has; the rest is not offered.
#pragma once

#include <vector>

#include "protocol/bytes.h"

namespace wib {

class Bare {
 public:
  // --- What the library decides by itself ------------------------------------------------------
  // Through the functions that its documentation would have people call, with its own defaults.
  // Inputs may be anything; an empty one is passed as a null pointer.

  struct Outcome {
    bool refused = false;
    std::vector<Byte> bytes{};  // as many as the library gave
    bool offered = true;        // false: the backend has no such function, nothing was asked

    friend bool operator==(const Outcome&, const Outcome&) = default;
  };

  // Diffie-Hellman in the group of p and g.
  virtual Outcome ffdh_agree(ByteView /*p*/, ByteView /*g*/, ByteView /*exponent*/,
                             ByteView /*peer*/) {
    return not_offered();
  }
  virtual Outcome x25519_agree(ByteView /*scalar*/, ByteView /*peer*/) { return not_offered(); }
  // `peer` is an encoded point; the import of it is part of the question.
  virtual Outcome p256_agree(ByteView /*scalar*/, ByteView /*peer*/) { return not_offered(); }
  // G plus its opposite, as the library adds, in the library's uncompressed form.
  virtual Outcome p256_encode_infinity() { return not_offered(); }
  virtual Outcome hmac_sha256(ByteView /*key*/, ByteView /*message*/) { return not_offered(); }
  virtual Outcome hkdf_sha256(ByteView /*salt*/, ByteView /*ikm*/, ByteView /*info*/,
                              std::size_t /*size*/) {
    return not_offered();
  }

  // --- What the same results cost without the wrapper ------------------------------------------
  // Each computes what the function of that name in Crypto does, as fast as the library allows. The
  // caller sees to what the port would check: sizes are right, nothing is empty, scalars are
  // clamped or in 1..n-1, points on the curve, results finite, the modulus odd and within the
  // library's range. False if the library fails, and if the backend does not offer the function.

  virtual bool sha256(ByteView /*message*/, ByteSpan /*digest*/) { return false; }
  virtual bool hmac_sha512(ByteView /*key*/, ByteView /*message*/, ByteSpan /*tag*/) {
    return false;
  }
  virtual bool hkdf_sha256(ByteView /*salt*/, ByteView /*ikm*/, ByteView /*info*/,
                           ByteSpan /*okm*/) {
    return false;
  }
  virtual bool pbkdf2_sha256(ByteView /*password*/, ByteView /*salt*/, std::uint32_t /*iterations*/,
                             ByteSpan /*key*/) {
    return false;
  }
  virtual bool aes256_cbc_encrypt(ByteView /*key*/, ByteView /*iv*/, ByteView /*in*/,
                                  ByteSpan /*out*/) {
    return false;
  }
  virtual bool aes256_cbc_decrypt(ByteView /*key*/, ByteView /*iv*/, ByteView /*in*/,
                                  ByteSpan /*out*/) {
    return false;
  }
  virtual bool aes256_ctr(ByteView /*key*/, ByteView /*counter*/, ByteView /*in*/,
                          ByteSpan /*out*/) {
    return false;
  }
  virtual bool aes256_gcm_seal(ByteView /*key*/, ByteView /*nonce*/, ByteView /*associated*/,
                               ByteView /*in*/, ByteSpan /*out*/, ByteSpan /*tag*/) {
    return false;
  }
  virtual bool aes256_gcm_open(ByteView /*key*/, ByteView /*nonce*/, ByteView /*associated*/,
                               ByteView /*in*/, ByteView /*tag*/, ByteSpan /*out*/) {
    return false;
  }
  virtual bool chacha20_poly1305_seal(ByteView /*key*/, ByteView /*nonce*/, ByteView /*associated*/,
                                      ByteView /*in*/, ByteSpan /*out*/, ByteSpan /*tag*/) {
    return false;
  }
  virtual bool chacha20_poly1305_open(ByteView /*key*/, ByteView /*nonce*/, ByteView /*associated*/,
                                      ByteView /*in*/, ByteView /*tag*/, ByteSpan /*out*/) {
    return false;
  }
  virtual bool mod_exp(ByteView /*base*/, ByteView /*exponent*/, ByteView /*modulus*/,
                       ByteSpan /*out*/) {
    return false;
  }
  virtual bool x25519(ByteView /*scalar*/, ByteView /*u*/, ByteSpan /*out*/) { return false; }
  virtual bool p256_base_mul(ByteView /*scalar*/, ByteSpan /*out*/) { return false; }
  virtual bool p256_mul(ByteView /*scalar*/, ByteView /*point*/, ByteSpan /*out*/) { return false; }
  virtual bool p256_mul_add(ByteView /*a*/, ByteView /*p*/, ByteView /*b*/, ByteView /*q*/,
                            ByteSpan /*out*/) {
    return false;
  }

 protected:
  ~Bare() = default;

 private:
  static Outcome not_offered() { return {.offered = false}; }
};

}  // namespace wib
