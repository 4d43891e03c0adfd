// SPDX-License-Identifier: Apache-2.0
//
// Random: the generator that the core draws every secret, cookie and IV from. The order of draws
// is part of the protocol (protocol/README.md, "Draws"), because attacks on weak generators depend
// on it.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

class Random {
 public:
  // Fills all of `out`, or fails with Errc::entropy; after a failure `out` must not be used.
  [[nodiscard]] virtual Result<> fill(ByteSpan out) = 0;

 protected:
  ~Random() = default;
};

}  // namespace wib
