// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic for oracles, slow and plain: long division bit by bit, nothing shared with the core or
// with any library. Numbers are big-endian.
#pragma once

#include <array>

#include "protocol/bytes.h"

namespace wib::fuzz {

[[nodiscard]] inline ByteView without_zeros(ByteView number) noexcept {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  return number;
}

// Less than 0, 0 or more than 0 as a is below, equal to or above b.
[[nodiscard]] inline int compare_numbers(ByteView a, ByteView b) noexcept {
  a = without_zeros(a);
  b = without_zeros(b);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

// 256 bits, least significant word first.
using Word256 = std::array<std::uint32_t, 8>;

[[nodiscard]] inline Word256 read_256(ByteView bytes) noexcept {
  Word256 number{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t bit = 8 * (bytes.size() - 1 - i);
    number[bit / 32] |= std::uint32_t{bytes[i]} << (bit % 32);
  }
  return number;
}

// 2^256 - 2^224 + 2^192 + 2^96 - 1 (SEC 2 section 2.4.2).
inline constexpr Word256 p256_prime = {0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 1, 0xffffffff};
inline constexpr Word256 p256_b = {0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0,
                                   0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8};

[[nodiscard]] inline bool below(const Word256& a, const Word256& b) noexcept {
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

// a - b modulo 2^256.
[[nodiscard]] inline Word256 minus(const Word256& a, const Word256& b) noexcept {
  Word256 result;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t word = std::uint64_t{a[i]} - b[i] - borrow;
    result[i] = static_cast<std::uint32_t>(word);
    borrow = word >> 63U;
  }
  return result;
}

// a + b mod p, both below p.
[[nodiscard]] inline Word256 add_mod(const Word256& a, const Word256& b) noexcept {
  Word256 sum;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    carry += std::uint64_t{a[i]} + b[i];
    sum[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  return carry != 0 || !below(sum, p256_prime) ? minus(sum, p256_prime) : sum;
}

// a * b mod p by doubling and adding.
[[nodiscard]] inline Word256 multiply_mod(const Word256& a, const Word256& b) noexcept {
  Word256 result{};
  for (std::size_t bit = 256; bit-- > 0;) {
    result = add_mod(result, result);
    if ((b[bit / 32] >> (bit % 32) & 1U) != 0) result = add_mod(result, a);
  }
  return result;
}

// True for 04 x y with coordinates below p and y^2 = x^3 - 3x + b.
[[nodiscard]] inline bool plain_on_p256(ByteView point) noexcept {
  if (point.size() != 65 || point[0] != 4) return false;
  const Word256 x = read_256(point.subspan(1, 32));
  const Word256 y = read_256(point.subspan(33));
  if (!below(x, p256_prime) || !below(y, p256_prime)) return false;
  const Word256 minus_x = minus(p256_prime, x);  // p where x is 0: no sum below cares
  const Word256 minus_3x = add_mod(add_mod(minus_x, minus_x), minus_x);
  const Word256 right = add_mod(add_mod(multiply_mod(multiply_mod(x, x), x), minus_3x), p256_b);
  return multiply_mod(y, y) == right;
}

// base^exponent mod modulus, for a modulus of up to 32 bits.
[[nodiscard]] inline std::uint64_t power_mod(std::uint64_t base, std::uint64_t exponent,
                                             std::uint64_t modulus) noexcept {
  std::uint64_t result = 1 % modulus;
  base %= modulus;
  for (; exponent != 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

}  // namespace wib::fuzz
