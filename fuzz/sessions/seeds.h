// SPDX-License-Identifier: Apache-2.0
//
// Seeds: scripts with a point, from which the corpora of the session targets begin. What planted
// bugs are found by, too.
#pragma once

#include <string>
#include <vector>

#include "fuzz/sessions/edits.h"

namespace wib::fuzz {

struct Seed {
  std::string name;
  ByteVector bytes;
};

[[nodiscard]] std::vector<Seed> device_seeds();
// For pair sessions, too.
[[nodiscard]] std::vector<Seed> client_seeds();

}  // namespace wib::fuzz
