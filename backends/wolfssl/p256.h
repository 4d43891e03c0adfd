// SPDX-License-Identifier: Apache-2.0
//
// P-256 on the library's points.
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// Points are encoded and finite, scalars 1..n-1. Not of constant time: the library keeps multiples
// of each point that it has met twice (point_cache.h) and adds those that the scalar asks for.
class P256 {
 public:
  // The library must have been initialised.
  P256();

  [[nodiscard]] Result<bool> on_curve(ByteView point);
  [[nodiscard]] Result<> multiply(ByteView scalar, ByteView point, ByteSpan out);
  // False, and nothing of use in `out`, if the sum is infinity.
  [[nodiscard]] Result<bool> add(ByteView p, ByteView q, ByteSpan out);

 private:
  int curve_ = -1;
  bool good_ = false;
  Number a_;
  Number prime_;
};

}  // namespace WIB_BACKEND_NAMESPACE
