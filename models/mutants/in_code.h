// SPDX-License-Identifier: Apache-2.0
//
// The bugs of mutants.json in the code: which of them the exhaustive probing notices.
#pragma once

#include "models/mutants/mutants.h"

namespace wib::models {

// {"conform"} if the code with the bug does something that the sound model of mutant.suite does not
// say; empty if it notices nothing, or the bug has no counterpart in the code.
[[nodiscard]] std::vector<std::string> killed_by_probing(const Mutant& mutant);

}  // namespace wib::models
