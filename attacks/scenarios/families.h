// SPDX-License-Identifier: Apache-2.0
//
// The scenarios of each family, one file a family.
#pragma once

#include <vector>

#include "attacks/scenarios/scenario.h"

namespace wib::attacks {

[[nodiscard]] std::vector<Scenario> a00_scenarios();
[[nodiscard]] std::vector<Scenario> a03_scenarios();
[[nodiscard]] std::vector<Scenario> b01_scenarios();
[[nodiscard]] std::vector<Scenario> d14_scenarios();
[[nodiscard]] std::vector<Scenario> e02_scenarios();

}  // namespace wib::attacks
