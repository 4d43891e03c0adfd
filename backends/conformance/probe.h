// SPDX-License-Identifier: Apache-2.0
//
// Each operation of a capability called once, with sound input: what a backend that has it can do,
// and one that does not must answer Errc::unsupported to.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/backend.h"

namespace wib::conformance {

// The operations' names and how each ended. Empty for a capability that the port has no operation
// for: nobody can declare it then. Throws std::runtime_error if a refusal left anything but zeros.
[[nodiscard]] std::vector<std::pair<std::string_view, Errc>> probe(Backend& backend,
                                                                   Capability capability);

// What is wrong with what the backend borrows, each as a text for a person.
[[nodiscard]] std::vector<std::string> borrowing_faults(Backend& backend);

// True if the manifest leaves the capability to a lender.
[[nodiscard]] bool is_borrowed(const Manifest& manifest, Capability capability);

}  // namespace wib::conformance
