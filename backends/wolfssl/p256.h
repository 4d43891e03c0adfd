// SPDX-License-Identifier: Apache-2.0
//
// P-256 on the library's points.
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// Points are encoded, finite and on the curve, scalars 1..n-1. Not of constant time: the library
// keeps multiples of each point that it has met twice (point_cache.h) and adds those that the
// scalar asks for.
class P256 {
 public:
  // The library must have been initialised.
  P256();

  [[nodiscard]] Result<> multiply(ByteView scalar, ByteView point, ByteSpan out);
  // a*p + b*q; false, and nothing of use in `out`, if that is infinity.
  [[nodiscard]] Result<bool> multiply_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                          ByteSpan out);

 private:
  bool multiply(ByteView scalar, ByteView point, ecc_point* result);
  bool encode(ecc_point* point, ByteSpan out) const;

  int curve_ = -1;
  bool good_ = false;
  Number a_;
  Number prime_;
};

}  // namespace WIB_BACKEND_NAMESPACE
