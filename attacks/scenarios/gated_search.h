// SPDX-License-Identifier: Apache-2.0
//
// The search by cookie against a device that draws behind an SP 800-90B gate, when the noise that
// feeds the gate is a PRNG of few bits: the gate adds the price of its own conditioning to each
// candidate, and nothing else.
#pragma once

#include "attacks/search/seed_search.h"
#include "protocol/cookie.h"
#include "protocol/crypto.h"

namespace wib::attacks {

// The seed whose gated_draws() begin with `cookie` (cookie_size bytes). Uses one thread, since the
// candidates are computed on `crypto`. Errc::out_of_range as search_by_cookie().
[[nodiscard]] Result<SearchResult> search_by_gated_cookie(const SeedSpace& space, Crypto& crypto,
                                                          ByteView cookie,
                                                          const SearchOptions& options = {});

}  // namespace wib::attacks
