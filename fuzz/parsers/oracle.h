// SPDX-License-Identifier: Apache-2.0
//
// What the oracles of parser targets share: choices that follow from the whole input (so that the
// input itself can stay in its grammar, and seeds are real messages), and what every error must be.
#pragma once

#include "fuzz/driver/target.h"
#include "protocol/error.h"

namespace wib::fuzz {

// FNV-1a of the input: decides what an input's grammar has no room for.
[[nodiscard]] constexpr std::uint64_t hash_of(ByteView input) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const Byte byte : input) hash = (hash ^ byte) * 0x100000001b3U;
  return hash;
}

// True for one input in `count`: where an oracle is too dear for all of them.
[[nodiscard]] constexpr bool one_in(std::uint64_t count, ByteView input) noexcept {
  return (hash_of(input) >> 17U) % count == 0;
}

// True if `part` is empty or lies within `whole`: a view that a parser gave must.
[[nodiscard]] inline bool inside(ByteView part, ByteView whole) noexcept {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Both are the same bytes at the same place, or both are empty.
[[nodiscard]] inline bool same_view(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

// An error of a peer's input: it has a code and a place, and an offset within the input.
inline void expect_error(const Error& error, std::size_t size) {
  expect(error.code != Errc::none, "an error has a code");
  expect(!error.where.empty(), "an error says where");
  expect(error.offset == Error::no_offset || error.offset <= size, "an offset within the input");
}

}  // namespace wib::fuzz
