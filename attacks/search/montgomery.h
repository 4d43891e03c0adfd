// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic modulo an odd number of up to 8192 bits, in Montgomery form.
//
// For an attacker: nothing here runs in constant time, and nothing is wiped. Never use it with a
// secret of one's own. It is portable and exact; the fast path of a search is lanes_avx2.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib::attacks {

class Montgomery {
 public:
  using Limb = std::uint64_t;
  // limbs() limbs, least significant first.
  using Number = std::vector<Limb>;

  static constexpr std::size_t max_bytes = 1024;
  static constexpr std::size_t max_limbs = max_bytes / sizeof(Limb);

  // `modulus` is big-endian; leading zeros are allowed. Errc::out_of_range if it is even, below 3,
  // or longer than 1024 bytes.
  [[nodiscard]] static Result<Montgomery> make(ByteView modulus);

  [[nodiscard]] std::size_t limbs() const noexcept { return modulus_.size(); }
  [[nodiscard]] std::size_t bits() const noexcept { return bits_; }
  [[nodiscard]] const Number& modulus() const noexcept { return modulus_; }

  // --- Numbers below the modulus ---------------------------------------------------------------

  // The big-endian `bytes`, of any length, modulo the modulus.
  [[nodiscard]] Number reduce(ByteView bytes) const;
  // `x` big-endian, padded on the left; `out` must be large enough for the value.
  void write(const Number& x, ByteSpan out) const noexcept;
  // x + x modulo the modulus, in place.
  void double_in_place(Number& x) const noexcept;
  // base^exponent modulo the modulus; `base` and the result in ordinary form, `exponent` big-endian
  // of any length (empty and zero give 1).
  [[nodiscard]] Number power(const Number& base, ByteView exponent) const;

  // --- Montgomery form: x * R mod modulus, R = 2^(64 * limbs()) ----------------------------------

  [[nodiscard]] Number enter(const Number& x) const;
  [[nodiscard]] Number leave(const Number& x) const;
  // a * b / R mod modulus; both below the modulus. `out` may be `a` or `b`.
  void multiply(Limb* out, const Limb* a, const Limb* b) const noexcept;

 private:
  Montgomery() = default;

  Number modulus_;
  std::size_t bits_ = 0;
  Limb negative_inverse_ = 0;  // -1 / modulus mod 2^64
  Number r_squared_;           // R * R mod modulus
};

}  // namespace wib::attacks
