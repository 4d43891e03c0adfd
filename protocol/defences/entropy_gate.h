// SPDX-License-Identifier: Apache-2.0
//
// Slot entropy_gate: whether the device's randomness is good enough to begin a run.
#pragma once

#include "protocol/error.h"
#include "protocol/noise_source.h"

namespace wib {

class EntropyGate {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // Called before anything is drawn for a new run. Errc::entropy: not now.
  [[nodiscard]] virtual Result<> ready(NoiseSource& noise) const = 0;

 protected:
  ~EntropyGate() = default;
};

// As posted: no gate. Nothing is asked of the noise source.
[[nodiscard]] const EntropyGate& no_gate() noexcept;

}  // namespace wib
