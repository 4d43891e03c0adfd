// SPDX-License-Identifier: Apache-2.0
#include "attacks/scenarios/gated_search.h"

#include "attacks/search/sweep.h"
#include "attacks/world/entropy.h"

namespace wib::attacks {

Result<SearchResult> search_by_gated_cookie(const SeedSpace& space, Crypto& crypto, ByteView cookie,
                                            const SearchOptions& options) {
  if (cookie.size() != cookie_size) return fail(Errc::out_of_range, "search: cookie");
  SearchOptions one_thread = options;
  one_thread.threads = 1;
  Sweep sweep(space, one_thread);
  sweep.run(256, [&]() -> Sweep::Look {
    return [&](std::uint64_t first, std::uint64_t last) -> std::optional<std::uint64_t> {
      for (std::uint64_t seed = first;; ++seed) {
        const auto draws = gated_draws(crypto, seed);
        if (draws && same_bytes(ByteView(*draws).first(cookie_size), cookie)) return seed;
        if (seed == last) return std::nullopt;
      }
    };
  });
  return sweep.result();
}

}  // namespace wib::attacks
