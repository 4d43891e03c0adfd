// SPDX-License-Identifier: Apache-2.0
//
// The man in the middle as a building block: other scenarios begin with what it takes.
#pragma once

#include "attacks/scenarios/script.h"

namespace wib::attacks {

// What a full interception has yielded, as terms.
struct Intercepted {
  TermRef cookie;
  TermRef client_keys;
  TermRef device_keys;
  TermRef serial;
  TermRef bundle;
};

// Sits between `client` and the device for one whole run, which completes. Draws 0 (the exponent),
// 1 and 2 (IVs). Stops where a party refuses.
[[nodiscard]] Intercepted intercept(Script& script, const std::string& client);

}  // namespace wib::attacks
