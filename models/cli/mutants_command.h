// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/mutants/mutants.h"

namespace wib::models {

struct MutantsArguments {
  std::vector<std::string> ids;  // none: all of mutants.json
  CodeDetectors code;            // what killed them in the code, if somebody asks it
};
int run_mutants(const MutantsArguments& arguments);

}  // namespace wib::models
