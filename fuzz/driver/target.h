// SPDX-License-Identifier: Apache-2.0
//
// Target: what every fuzz target of this folder is written against. A target is one file: it says
// its invariant in a sentence, and defines one_input(), which checks it on any bytes. The same file
// is a libFuzzer target (preset fuzz), a target of another engine (WIB_FUZZ_ENGINE), and an
// ordinary program that replays files (replay_main.cc).
#pragma once

#include <string_view>

#include "protocol/bytes.h"

namespace wib::fuzz {

// --- Defined by the target ----------------------------------------------------------------------

// What holds whatever the bytes are; printed when it does not.
extern const std::string_view invariant;
// Tries one input. Keeps nothing from one call to the next that could change a result.
void one_input(ByteView input);

// --- For the target -----------------------------------------------------------------------------

// Ends the process with what was violated, in the way that fuzzers notice (abort), unless `holds`.
void expect(bool holds, std::string_view what);

// Takes choices from an input: the front is eaten up, and where nothing is left choices are zero.
class Choices {
 public:
  explicit Choices(ByteView input) noexcept : rest_(input) {}
  [[nodiscard]] Byte byte() noexcept {
    if (rest_.empty()) return 0;
    const Byte value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  // 0..count-1; `count` is 1..256.
  [[nodiscard]] std::size_t below(std::size_t count) noexcept { return byte() % count; }
  [[nodiscard]] std::uint16_t word() noexcept {
    const unsigned high = byte();
    return static_cast<std::uint16_t>(high << 8U | byte());
  }
  // `size` bytes, or as many as are left.
  [[nodiscard]] ByteView bytes(std::size_t size) noexcept {
    const ByteView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  [[nodiscard]] ByteView rest() const noexcept { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace wib::fuzz
