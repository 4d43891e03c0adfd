// SPDX-License-Identifier: Apache-2.0
//
// Features: what an input reached that edges do not show, since the cores are driven by tables: a
// state and a reply, an edit and a reply. libFuzzer reads the counters as it reads its own.
#pragma once

#include <cstddef>

namespace wib::fuzz {

// Counts the feature of that number, modulo what there is room for.
void feature(std::size_t number) noexcept;

}  // namespace wib::fuzz
