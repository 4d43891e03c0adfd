// SPDX-License-Identifier: Apache-2.0
//
// Digests of 128 bits, and byte strings made from them: multiply and fold, a few bytes a cycle. Of
// no cryptographic strength; whoever uses them compares what was digested as well (arena.h).
#pragma once

#include <cstring>

#include "protocol/bytes.h"

namespace WIB_BACKEND_NAMESPACE {

struct Digest {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  friend auto operator<=>(const Digest&, const Digest&) = default;
};

namespace mixer {

// Odd numbers with as many ones as zeros: hexadecimal digits of the square roots of 2, 3, 5 and 7.
inline constexpr std::uint64_t k0 = 0x6a09e667f3bcc909;
inline constexpr std::uint64_t k1 = 0xbb67ae8584caa73b;
inline constexpr std::uint64_t k2 = 0x3c6ef372fe94f82b;
inline constexpr std::uint64_t k3 = 0xa54ff53a5f1d36f1;

// Both halves of the product.
[[nodiscard]] inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Little-endian whatever the machine, so that bytes are the same everywhere.
[[nodiscard]] inline std::uint64_t load(const wib::Byte* from) noexcept {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{from[i]} << (8 * i);
  return word;
}

inline void store(std::uint64_t word, wib::Byte* to) noexcept {
  for (unsigned i = 0; i < 8; ++i) to[i] = static_cast<wib::Byte>(word >> (8 * i));
}

[[nodiscard]] inline Digest finish(Digest d) noexcept {
  return {fold(d.a ^ k1, d.b ^ k2), fold(d.b ^ k3, d.a ^ k0)};
}

}  // namespace mixer

// Of a byte string.
[[nodiscard]] inline Digest digest_of(wib::ByteView bytes) noexcept {
  using namespace mixer;  // NOLINT: nothing else is meant here
  Digest d{k0 ^ bytes.size(), k1};
  const auto step = [&](const wib::Byte* at) {
    d.a = fold(d.a ^ load(at), k2 ^ load(at + 8));
    d.b = fold(d.b ^ load(at + 16), k3 ^ load(at + 24));
  };
  constexpr std::size_t stride = 32;
  const wib::Byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= stride; left -= stride, at += stride) step(at);
  if (left != 0) {
    wib::Byte last[stride] = {};
    std::memcpy(last, at, left);
    step(last);
  }
  return finish(d);
}

// Of an operation and its arguments, one after another.
[[nodiscard]] inline Digest chain(Digest so_far, const Digest& next) noexcept {
  using namespace mixer;  // NOLINT
  return {fold(so_far.a ^ next.a, k2 ^ next.b), fold(so_far.b ^ next.b, k3 ^ next.a) + so_far.a};
}

// A stream of bytes for a digest; another one for each attempt.
inline void expand(const Digest& digest, std::uint64_t attempt, wib::ByteSpan out) noexcept {
  using namespace mixer;  // NOLINT
  const Digest d = finish({digest.a + attempt * k2, digest.b ^ attempt});
  std::uint64_t counter = k1;
  wib::Byte* at = out.data();
  std::size_t left = out.size();
  for (; left >= 8; left -= 8, at += 8, counter += k0) {
    store(fold(d.a ^ counter, d.b + counter), at);
  }
  if (left != 0) {
    wib::Byte last[8];
    store(fold(d.a ^ counter, d.b + counter), last);
    std::memcpy(at, last, left);
  }
}

}  // namespace WIB_BACKEND_NAMESPACE
