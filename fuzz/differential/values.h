// SPDX-License-Identifier: Apache-2.0
//
// Values: numbers, points and texts, taken from an input with a bias to the edges that libraries
// differ at: 0, 1, p - 1, p, p + 1, n, leading zeros, points of small order, points that are none,
// sizes around a block.
#pragma once

#include <vector>

#include "fuzz/driver/target.h"
#include "protocol/crypto.h"

namespace wib::fuzz {

using ByteVector = std::vector<Byte>;

// --- Arithmetic of numbers as they are written, big-endian --------------------------------------
[[nodiscard]] ByteVector plus(ByteVector number, unsigned small);
[[nodiscard]] ByteVector minus(ByteVector number, unsigned small);
[[nodiscard]] ByteVector halved(ByteVector number);

[[nodiscard]] ByteView p256_field() noexcept;    // P-256's p
[[nodiscard]] ByteView x25519_field() noexcept;  // 2^255 - 19, little-endian

// Takes values from an input.
class Values {
 public:
  // `crypto` computes the points that are on the curve.
  Values(Choices& choices, Crypto& crypto) : choices_(choices), crypto_(crypto) {}

  // Of a size around a block of 16, 32, 64 or 128 bytes, empty included; `limit` at most.
  [[nodiscard]] ByteVector text(std::size_t limit = 300);
  // So many bytes.
  [[nodiscard]] ByteVector bytes(std::size_t size);
  // `size` bytes, or now and then one more or one less.
  [[nodiscard]] std::size_t about(std::size_t size);

  // A modulus: a named group's, small, even, with leading zeros, zero.
  [[nodiscard]] ByteVector modulus();
  // An odd modulus above 1, and of a named group one time in `rare`.
  [[nodiscard]] ByteVector group_modulus(std::size_t rare);
  // A number that means something to the modulus, or does not.
  [[nodiscard]] ByteVector number_for(const ByteVector& modulus);
  [[nodiscard]] ByteVector exponent_for(const ByteVector& modulus);

  [[nodiscard]] ByteVector x25519_u();
  [[nodiscard]] ByteVector p256_scalar();
  // An encoding of a point, or of what is none.
  [[nodiscard]] ByteVector p256_encoding();
  [[nodiscard]] ByteVector p256_point();  // on the curve, or infinity

 private:
  Choices& choices_;
  Crypto& crypto_;
};

}  // namespace wib::fuzz
