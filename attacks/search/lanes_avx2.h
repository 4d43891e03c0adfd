// SPDX-License-Identifier: Apache-2.0
//
// Four Montgomery products in the lanes of AVX2 vectors: about 1.7 times the rate of the best
// mulx/adx product on Zen 3, where the 64-bit multiplier is the limit.
//
// Numbers have digits of 29 bits, so that a product of digits has 58 and a sum of 56 of them fits a
// 64-bit lane: carries move once in seven rounds of the outer loop. With D digits, a multiple of
// eight, R = 2^(29 D) is more than four times the modulus p; then every residue stays below 2p
// without any conditional subtraction. An entry packs two digits a word.
#pragma once

#if defined(__x86_64__)

#include "attacks/search/lanes.h"

namespace wib::attacks {

class Avx2Lanes {
 public:
  static constexpr std::size_t digit_bits = 29;
  static constexpr std::size_t max_digits = 288;  // 8192 bits and two, rounded up
  static constexpr std::size_t padding = 3;

  struct alignas(32) Vector {
    std::uint64_t lane[lane_count];
  };
  // Digit i at [padding + i]; zeros before and after the digits.
  using Digits = std::array<Vector, max_digits + 2 * padding>;
  struct State {
    Digits digits;
  };

  // The machine must have it: see available().
  explicit Avx2Lanes(const Montgomery& group);

  [[nodiscard]] static bool available() noexcept;
  [[nodiscard]] std::size_t entry_words() const noexcept;
  void enter(EntryWord* out, const Montgomery::Number& x) const;
  [[nodiscard]] Montgomery::Number leave(const EntryWord* entry) const;
  void load(State& state, const LaneEntries& entries) const noexcept;
  void multiply(State& state, const LaneEntries& factors) const noexcept;
  void store(const LaneOutputs& out, const State& state) const noexcept;
  [[nodiscard]] unsigned may_equal(const State& state, const LaneEntries& entries) const noexcept;

 private:
  void pack(EntryWord* out, const Montgomery::Number& x) const noexcept;

  Montgomery group_;
  std::size_t digits_;              // D
  std::uint64_t negative_inverse_;  // -1 / p mod 2^29
  Montgomery::Number r_;            // R mod p, ordinary form
  Digits modulus_;                  // p, the same in every lane
};

static_assert(LaneField<Avx2Lanes>);

}  // namespace wib::attacks

#endif
