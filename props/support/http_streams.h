// SPDX-License-Identifier: Apache-2.0
//
// Generators of streams that are HTTP messages, or nearly.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace wib::props {

// Strings of characters of `alphabet`, shorter than `max_size`.
[[nodiscard]] rc::Gen<std::string> strings_of(std::string alphabet, int max_size);

// Messages with faults here and there, and sometimes with more behind them.
[[nodiscard]] rc::Gen<std::string> near_requests();
[[nodiscard]] rc::Gen<std::string> near_responses();

// Where to cut a stream of `size` bytes: up to five places, in ascending order. Draws by itself.
[[nodiscard]] std::vector<std::size_t> any_cuts(std::size_t size);

}  // namespace wib::props
