// SPDX-License-Identifier: Apache-2.0
//
// Unsigned big-endian numbers as byte strings, without a branch on what they are.
#pragma once

#include "protocol/bytes.h"

namespace wib {

// out = a - b modulo 256^size; returns the borrow: 1 if a < b, else 0. `out` may be `a` or `b`.
inline unsigned subtract(ByteView a, ByteView b, ByteSpan out) noexcept {
  unsigned borrow = 0;
  for (std::size_t i = out.size(); i-- > 0;) {
    const unsigned difference = 0x100U + a[i] - b[i] - borrow;
    out[i] = static_cast<Byte>(difference);
    borrow = 1U - (difference >> 8U);
  }
  return borrow;
}

// number modulo `modulus`, of which it is less than twice; `scratch` has its size, and holds what
// must be wiped if the number is secret.
inline void subtract_once(ByteSpan number, ByteView modulus, ByteSpan scratch) noexcept {
  const auto keep = static_cast<Byte>(0U - subtract(number, modulus, scratch));  // ff: it was below
  for (std::size_t i = 0; i < number.size(); ++i) {
    number[i] = static_cast<Byte>((number[i] & keep) | (scratch[i] & static_cast<Byte>(~keep)));
  }
}

// Up to 8 bytes.
[[nodiscard]] inline std::uint64_t read_u64(ByteView bytes) noexcept {
  std::uint64_t value = 0;
  for (const Byte byte : bytes) value = value << 8U | byte;
  return value;
}

// The low bytes of `value`, as many as `out` has (at most 8).
inline void write_u64(std::uint64_t value, ByteSpan out) noexcept {
  for (std::size_t i = out.size(); i-- > 0; value >>= 8U) out[i] = static_cast<Byte>(value);
}

}  // namespace wib
