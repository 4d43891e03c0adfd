// SPDX-License-Identifier: Apache-2.0
//
// A program that calls this counts every allocation that it makes through operator new.
#pragma once

#include <cstddef>

namespace wib::props {

// Allocations so far.
[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace wib::props
