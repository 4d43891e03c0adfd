// SPDX-License-Identifier: Apache-2.0
//
// NoiseSource: raw, unconditioned samples with the entropy that their maker claims for them
// (SP 800-90B section 2.2.1). An entropy gate judges the samples; the core never learns where they
// come from.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

class NoiseSource {
 public:
  // Fills `samples`, one 8-bit sample a byte, or fails with Errc::entropy.
  [[nodiscard]] virtual Result<> sample(ByteSpan samples) = 0;

  // Claimed min-entropy of one sample, in thousandths of a bit (0..8000).
  [[nodiscard]] virtual std::uint32_t claimed_millibits() const noexcept = 0;

 protected:
  ~NoiseSource() = default;
};

}  // namespace wib
