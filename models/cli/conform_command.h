// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace wib::models {

struct ConformArguments {
  std::vector<std::string> suites;    // none: those with names, in every reading
  std::vector<std::string> backends;  // none: ideal, and every real one
};
int run_conform(const ConformArguments& arguments);

}  // namespace wib::models
