// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace wib::models {

struct TraceArguments {
  std::vector<std::string> paths;  // traces, or folders of them
};
int run_trace(const TraceArguments& arguments);

}  // namespace wib::models
