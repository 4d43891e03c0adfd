// SPDX-License-Identifier: Apache-2.0
//
// The two continuous health tests of SP 800-90B section 4.4, for 8-bit samples. They see a source
// that is stuck or has lost much of the entropy that its maker claims; they cannot see a generator
// that poses as noise, which passes both for ever.
//
// Both cutoffs are for alpha = 2^-20: how often a source that is as good as its claim may fail, at
// a sample for the one and in a window for the other. The section's formula for the second leaves
// out that the window's first sample counts itself, so that it is up to 5.2 alpha for some claims.
// Nothing here allocates, throws or, at run time, computes in floating point.
#pragma once

#include <cstdint>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

// W of section 4.4.2 for samples that are not binary.
inline constexpr std::uint32_t adaptive_proportion_window = 512;

// The cutoffs for a claimed min-entropy H of `millibits` thousandths of a bit a sample. Outside
// 1..8000 they are those of the nearer end.
//
// C of section 4.4.1, exactly: 1 + ceil(20 / H).
[[nodiscard]] std::uint32_t repetition_cutoff(std::uint32_t millibits) noexcept;
// C of section 4.4.2, 1 + critbinom(512, 2^-H, 1 - 2^-20), with H rounded down to a tenth of a bit:
// it may be higher than for H itself, never lower, so no source fails more often for the rounding.
// Below 100 millibits it is 513, more than a window holds: the test then fails no source at all.
[[nodiscard]] std::uint32_t adaptive_proportion_cutoff(std::uint32_t millibits) noexcept;

// Repetition count and adaptive proportion over the samples of one source, in order. A value: a
// copy goes on from the same place. It holds two of the last 512 samples.
class HealthTests {
 public:
  HealthTests() noexcept = default;

  // Forgets everything and begins with a claim of 1..8000 millibits. Else it fails with
  // Errc::entropy "noise: claim", and the tests have not begun.
  [[nodiscard]] Result<> begin(std::uint32_t millibits) noexcept;

  // Fails with Errc::entropy: "noise: health tests not begun" before begin(), and "noise:
  // repetition count" or "noise: adaptive proportion" at the first sample that fails a test (the
  // first of these if it fails both). A failure lasts: samples after it are not looked at, and
  // every later call, of no samples too, fails the same way until begin().
  [[nodiscard]] Result<> take(ByteView samples) noexcept;

  // Samples since begin() that passed.
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }

 private:
  enum class State : std::uint8_t { not_begun, passing, repetition, proportion };

  [[nodiscard]] State judge(Byte sample) noexcept;
  [[nodiscard]] Result<> verdict() const noexcept;

  std::uint64_t taken_ = 0;
  std::uint32_t repetition_cutoff_ = 0;
  std::uint32_t proportion_cutoff_ = 0;
  std::uint32_t repeated_ = 0;  // how often in a row `last_` has come; 0 before the first sample
  std::uint32_t counted_ = 0;   // how often `reference_` has come in this window
  Byte last_ = 0;
  Byte reference_ = 0;  // the first sample of this window
  State state_ = State::not_begun;
};

}  // namespace wib
