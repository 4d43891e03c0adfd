// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace wib::models {

struct AttackArguments {
  std::string property;
  std::string suite = "as_posted";
  bool undetected = false;
  bool own_share = false;
  bool deep = false;
  std::string trace;  // a file for the trace, or empty
};
int run_attack(const AttackArguments& arguments);

}  // namespace wib::models
