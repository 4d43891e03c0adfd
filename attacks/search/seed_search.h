// SPDX-License-Identifier: Apache-2.0
//
// Which seed explains what was seen on the wire? Two searches over the numeric seeds of a device
// whose generator is weak (stream_random.h says what a seed's stream is): by bytes that it sent in
// clear, at the speed of the key derivation, and by the share of its Diffie-Hellman exponent, at
// the speed of fixed-base powers. The cheapest public output of a suite is its work factor.
//
// Both use every core, report progress, stop early, and find the lowest matching seed of the
// space: the answer never depends on the number of threads. A match has been recomputed from the
// definition before it is reported.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "attacks/search/comb.h"
#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib::attacks {

// Seeds first, first + 1, ..., first + count - 1; the last must not pass 2^64 - 1.
struct SeedSpace {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  // All seeds of an n-bit generator; n is 0 to 63.
  [[nodiscard]] static constexpr SeedSpace of_bits(unsigned n) noexcept {
    return {0, std::uint64_t{1} << n};
  }
};

struct SearchProgress {
  std::uint64_t tried = 0;
  std::uint64_t total = 0;
  double rate = 0;  // seeds per second since the search began; table building counts as time
};

struct SearchOptions {
  unsigned threads = 0;  // 0: one for each core
  // Called by the thread that called the search, at most five times a second and once at the end.
  // `tried` never falls. What it throws ends the search.
  std::function<void(const SearchProgress&)> progress;
  // What a table of powers may take. The best for 2^16 seeds and ffdhe2048 takes 42 MB.
  std::size_t max_table_bytes = std::size_t{128} << 20;
  // For tests: the portable arithmetic gives the same answers.
  LaneKind lanes = LaneKind::best;
};

struct SearchResult {
  std::optional<std::uint64_t> seed;  // the lowest match
  std::uint64_t tried = 0;            // candidates computed; after a hit it depends on timing
  double seconds = 0;                 // wall clock, table included
  std::size_t table_bytes = 0;
};

// The seed whose stream under `label` has `target` (a session cookie, say; 1 to 1024 bytes) at
// byte `offset`. A short target may match seeds that are not the device's.
// Errc::out_of_range if the target's size or the space is out of bounds.
[[nodiscard]] Result<SearchResult> search_by_cookie(const SeedSpace& space, std::string_view label,
                                                    std::uint64_t offset, ByteView target,
                                                    const SearchOptions& options = {});

// A Diffie-Hellman share and what the exponent behind it is: the big-endian number in bytes
// exponent_offset .. exponent_offset + exponent_size - 1 of the stream.
struct ShareTarget {
  std::uint64_t exponent_offset = 0;
  std::size_t exponent_size = 0;  // 1 to 1024
  ByteView p, g, share;           // big-endian
};

// The seed whose exponent x has g^x = share modulo p. `p` need not be prime.
// Errc::out_of_range if p is even, below 3 or above 8192 bits, if the share is not below p (no
// exponent explains it), or if the exponent's size or the space is out of bounds.
[[nodiscard]] Result<SearchResult> search_by_share(const SeedSpace& space, std::string_view label,
                                                   const ShareTarget& target,
                                                   const SearchOptions& options = {});

}  // namespace wib::attacks
