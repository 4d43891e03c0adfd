// SPDX-License-Identifier: Apache-2.0
//
// `wib model`: what people ask of the formal models. Exit codes as in attacks/cli/commands.h.
#pragma once

#include "attacks/cli/commands.h"

namespace wib::models {

void add_model_commands(CLI::App& app, attacks::Action& action);

}  // namespace wib::models
