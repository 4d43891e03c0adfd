// SPDX-License-Identifier: Apache-2.0
//
// Kills: how long it takes a hunt to find what was planted, and what it finds without a part.
#pragma once

#include "fuzz/planted/bugs.h"
#include "fuzz/trace/hunter.h"

namespace wib::fuzz {

// The parts of a hunt, each with all that come before it.
enum class Parts : Byte {
  bytes,      // a mutator of bytes; the corpus is what had an answer in a state that was new: what
              // the edges of a core are, of which each request takes some
  custom,     // mutators of steps and terms, and nothing that says which trace was a good one
  counters,   // a corpus of what had a new state of the parties, or more progress
  holes,      // fields that are whatever the receiver wants
  ghosts,     // features of what the oracle remembers
  champions,  // the shortest trace for each feature
  restarts    // beginning anew when nothing was found for a while
};
inline constexpr std::size_t parts_count = 7;
inline constexpr Parts all_parts = Parts::restarts;
[[nodiscard]] std::string_view name(Parts parts) noexcept;

struct Limits {
  double seconds = 10;  // of this thread's CPU time
  std::uint64_t traces = UINT64_MAX;
};

struct Kill {
  bool found = false;
  double seconds = 0;
  std::uint64_t traces = 0;
  std::uint64_t honest = 0;  // of them, honest completions
  Bytes trace;
};

// Hunts until `wanted` is violated. `configuration` says nothing of the parts.
[[nodiscard]] Kill hunt(Configuration configuration, Violation wanted, Parts parts,
                        std::uint64_t seed, const Limits& limits);
[[nodiscard]] Kill hunt(const Bug& bug, Parts parts, std::uint64_t seed, const Limits& limits);

// Changes a few bytes, whatever they stand for, as fuzzers do that know nothing of traces.
void mutate_bytes(Dice& dice, Bytes& trace, std::size_t max_size);

// How many traces the n-th attempt (from 1) of a hunt has that begins anew: the sequence of Luby,
// Sinclair and Zuckerman (1993), 1 1 2 1 1 2 4 1 1 2 ..., which is as good as any can be where
// nobody knows how long a good attempt takes.
[[nodiscard]] std::uint64_t attempt_size(std::uint64_t n) noexcept;

}  // namespace wib::fuzz
