// SPDX-License-Identifier: Apache-2.0
//
// StreamRandom: the deterministic generator that the harness gives to devices and clients, and
// that the seed search models. Its output is a contract (transcripts and planted seeds depend on
// it):
//
//   PRK       = HMAC-SHA-256(key = "wib stream " || label, message = seed)
//   block(i)  = HMAC-SHA-256(key = PRK, message = i as 8 bytes big-endian),  i = 0, 1, 2, ...
//   stream    = block(0) || block(1) || ...
//
// Draws take consecutive bytes of the stream, so how a party cuts its draws never changes what it
// gets. A device with an n-bit generator has a seed below 2^n, as 8 bytes big-endian (seed_bytes),
// and the label "device"; its draws before any other are the session cookie (bytes 0..15) and the
// DH exponent (bytes 16..47, big-endian).
//
// Not a generator for real use: whoever knows the seed knows everything.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "attacks/search/sha256.h"
#include "protocol/random.h"

namespace wib::attacks {

// A numeric seed as the search enumerates it: 8 bytes, big-endian.
[[nodiscard]] std::array<Byte, 8> seed_bytes(std::uint64_t seed) noexcept;

// The HMAC key of the first step: "wib stream " || label.
[[nodiscard]] HmacSha256Key stream_label_key(std::string_view label);

// A copy is a snapshot: both go on with the same bytes.
class StreamRandom final : public Random {
 public:
  StreamRandom(ByteView seed, std::string_view label);
  StreamRandom(std::uint64_t seed, std::string_view label);

  // Never fails.
  [[nodiscard]] Result<> fill(ByteSpan out) override;

  // The number of bytes drawn so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  // Goes to any byte of the stream, forwards or backwards.
  void seek(std::uint64_t position) noexcept;

 private:
  void load_block() noexcept;  // the block in which position_ lies

  HmacSha256Key key_;
  std::uint64_t position_ = 0;
  Sha256Digest block_;
};

// The bytes `offset` and on of the stream, as many as `out` has.
void stream_bytes(ByteView seed, std::string_view label, std::uint64_t offset, ByteSpan out);

}  // namespace wib::attacks
