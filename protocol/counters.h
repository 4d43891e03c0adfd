// SPDX-License-Identifier: Apache-2.0
//
// What a device counts over its life: the record `counters`, written whole. Freshness and attempt
// limit share it, so that one write keeps both.
//
//   version (8 bytes) || epoch (8 bytes) || charged (4 bytes), big-endian; version counts writes
//
// Where the platform has a monotonic counter, it follows the version: a store that was rolled back
// is older than its counter. Then nobody knows how many attempts were charged since, so all of them
// count as spent, and the epoch goes on behind the counter, which is above every epoch there was.
#pragma once

#include "protocol/store.h"

namespace wib {

struct Counters {
  std::uint64_t version = 0;
  std::uint64_t epoch = 0;    // of the last run that began
  std::uint32_t charged = 0;  // attempts since the last success; stays at the top
  bool rolled_back = false;   // found by load_counters(); not stored
};
inline constexpr std::size_t counters_size = 20;

// All zero if there is no record yet. Errc::storage if it cannot be read or is not of its size.
[[nodiscard]] Result<Counters> load_counters(Store& store);

// Stores the counters under the next version. Errc::storage: the old ones stay, or, if it was the
// monotonic counter that could not follow, the new ones are there.
[[nodiscard]] Result<> store_counters(Store& store, const Counters& counters);

}  // namespace wib
