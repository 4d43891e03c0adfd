// SPDX-License-Identifier: Apache-2.0
//
// Each operation of a capability called once, with sound input: what a backend that has it can do,
// and one that does not must answer Errc::unsupported to.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "backends/backend.h"

namespace wib::conformance {

// The operations' names and how each ended. Empty for a capability that the port has no operation
// for: nobody can declare it then. Throws std::runtime_error if a refusal left anything but zeros.
[[nodiscard]] std::vector<std::pair<std::string_view, Errc>> probe(Backend& backend,
                                                                   Capability capability);

}  // namespace wib::conformance
