// SPDX-License-Identifier: Apache-2.0
//
// RapidCheck's number of cases, for a program that wants more than its 100.
#pragma once

#include <cstdlib>
#include <string>

namespace wib::props {

// Sets the number of cases unless the caller asked for one in RC_PARAMS. Call it before the first
// property runs: [[maybe_unused]] const bool enough = more_cases(2000);
inline bool more_cases(int cases) {
  const char* given = std::getenv("RC_PARAMS");
  std::string params = given == nullptr ? "" : given;
  if (params.find("max_success") == std::string::npos) {
    params += " max_success=" + std::to_string(cases);
  }
  return ::setenv("RC_PARAMS", params.c_str(), 1) == 0;
}

}  // namespace wib::props
