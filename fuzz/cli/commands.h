// SPDX-License-Identifier: Apache-2.0
//
// `wib hunt`: traces of a Dolev-Yao attacker, hunted. Exit codes as in attacks/cli/commands.h, and
// 3 for a campaign that is void: no honest run completed, or the planted bug was not seen.
#pragma once

#include "attacks/cli/commands.h"

namespace wib::fuzz {

inline constexpr int exit_void = 3;

void add_hunt_command(CLI::App& app, attacks::Action& action);

}  // namespace wib::fuzz
