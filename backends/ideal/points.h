// SPDX-License-Identifier: Apache-2.0
//
// Points of P-256 as sums: each point is a sum of products (scalar * ... * scalar * base) with
// integer coefficients (below 2^62), in one order. Bases are the points that came from outside. A
// scalar below 2^62, or as near to the order, is part of the coefficients, always: if it were a
// factor where they are too large for it, a product would depend on its order.
#pragma once

#include "arena.h"

namespace WIB_BACKEND_NAMESPACE {

class Sum {
 public:
  // Of an encoded point: finite, in form, on the curve.
  [[nodiscard]] static Sum read(Arena& arena, ByteView point);

  // Times a scalar, 1..n-1. Null if a coefficient or a product grows out of its bounds.
  [[nodiscard]] std::optional<Sum> times(Arena& arena, ByteView scalar) const;

  // Null if a coefficient or the sum grows out of its bounds.
  [[nodiscard]] std::optional<Sum> plus(const Arena& arena, const Sum& other) const;

  // The encoding; false if it is infinity.
  [[nodiscard]] bool write(Arena& arena, ByteSpan out) const;

 private:
  struct Part {
    Id product;
    std::int64_t coefficient;  // not zero
  };

  void negate() noexcept;

  std::vector<Part> parts_;
};

// True if the encoded point is one that was made here, or its negation.
[[nodiscard]] bool is_made(const Arena& arena, ByteView point);

// What the curve says of a point that is not. Judged once.
[[nodiscard]] bool is_on_curve(Arena& arena, ByteView point);

}  // namespace WIB_BACKEND_NAMESPACE
