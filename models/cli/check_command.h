// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace wib::models {

struct CheckArguments {
  std::vector<std::string> suites;  // none: all of expected.json
  bool deep = false;
  bool everything = false;
  std::string json;  // a file, or empty
};
int run_check(const CheckArguments& arguments);

}  // namespace wib::models
