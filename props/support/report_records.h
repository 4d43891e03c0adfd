// SPDX-License-Identifier: Apache-2.0
//
// Records to write reports of: plain ones, failing ones, and ones full of hostile text.
#pragma once

#include <string>
#include <vector>

#include "attacks/report/report.h"

namespace wib::props {

// Text that a peer or a trace could bring in: markup, a terminal's escape, no UTF-8, a bidi
// override.
extern const std::string hostile;

// A run of an attack that succeeds, as expected, and steals the bundle.
[[nodiscard]] attacks::RunRecord run(const std::string& id, const std::string& reading,
                                     const std::string& device, const std::string& client);
// The run as a control that is blocked, as expected.
[[nodiscard]] attacks::RunRecord control(attacks::RunRecord record);
// The run with the other outcome than was expected.
[[nodiscard]] attacks::RunRecord failing(attacks::RunRecord record);
// The run with `hostile` in every text that a peer or a trace could have a say in.
[[nodiscard]] attacks::RunRecord poisoned(attacks::RunRecord record);

// A control, an attack of each family, a failure, an empty story, text that is not ASCII.
[[nodiscard]] std::vector<attacks::RunRecord> sample();
[[nodiscard]] attacks::ReportHeader header();

}  // namespace wib::props
