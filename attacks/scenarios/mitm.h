// SPDX-License-Identifier: Apache-2.0
//
// The man in the middle as a building block: other scenarios begin with what it takes.
#pragma once

#include "attacks/scenarios/sides.h"

namespace wib::attacks {

// What a full interception has yielded, as terms.
struct Intercepted {
  TermRef serial;
  TermRef bundle;
};

// Draws that intercept() takes: the next ones are free.
inline constexpr std::uint32_t intercept_draws = 8;

// Sits between `client` and the device for one whole run, which completes. Takes the attacker's
// draws 0 to intercept_draws - 1. Stops where a party refuses.
// `degenerate`: with a share of 1 for both sides, in place of its own.
[[nodiscard]] Intercepted intercept(Script& script, const std::string& client,
                                    bool degenerate = false);

}  // namespace wib::attacks
