// SPDX-License-Identifier: Apache-2.0
//
// How much of a device its peers may have, and for how long.
#pragma once

#include <chrono>
#include <cstddef>

namespace wib::attacks {

using Timeout = std::chrono::milliseconds;

struct ConnectionLimits {
  std::size_t connections = 16;                // of one kind at once: plain and TLS are apart
  Timeout idle = std::chrono::seconds(10);     // until a request begins
  Timeout request = std::chrono::seconds(10);  // from its first byte to the last of its answer
};

}  // namespace wib::attacks
