// SPDX-License-Identifier: Apache-2.0
//
// Slot entropy_gate: whether the device's randomness is good enough to begin a run, and where the
// device draws from.
#pragma once

#include "protocol/crypto.h"
#include "protocol/entropy/health_tests.h"
#include "protocol/noise_source.h"
#include "protocol/random.h"

namespace wib {

// What a gate keeps from boot to restart. A copyable value that wipes itself.
struct GateState {
  HealthTests tests;
  SecretBuffer<sha256_size> seed;        // what was gathered, conditioned; then the draws' key
  std::uint64_t assessed_millibits = 0;  // thousandths of a bit that the seed is credited with
  bool begun = false;
  bool ready = false;
};

class EntropyGate {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // True if the device draws from what went through the gate, not from its generator.
  [[nodiscard]] virtual bool gates() const noexcept = 0;

  // Called before anything is drawn for a new run. Errc::entropy: not now.
  [[nodiscard]] virtual Result<> ready(Crypto& crypto, NoiseSource& noise,
                                       GateState& state) const = 0;

  // A draw of the device. Errc::entropy if it cannot be had; never zeros instead.
  [[nodiscard]] virtual Result<> fill(Crypto& crypto, Random& random, GateState& state,
                                      ByteSpan out) const = 0;

 protected:
  ~EntropyGate() = default;
};

// As posted: no gate. Nothing is asked of the noise source; draws are those of `random`.
[[nodiscard]] const EntropyGate& no_gate() noexcept;

// SP 800-90B: the samples go through the health tests of section 4.4 at the entropy that their
// maker claims, and through HMAC-SHA-256 (a vetted conditioning function, section 3.1.5.1.1) into a
// seed. No run begins before start_up_samples were tested and the seed has 128 bits; each later run
// tests and adds reseed_samples more. A failed test lasts until the restart. Draws are HKDF-SHA-256
// of the seed, each with a new seed behind it, so that what was drawn before cannot be computed
// again; `random` is not used. What it cannot see: a PRNG that poses as noise passes every test.
inline constexpr std::size_t start_up_samples = 1024;  // SP 800-90B section 4.3, 4
inline constexpr std::size_t reseed_samples = 64;
inline constexpr std::uint64_t required_millibits = 128'000;
inline constexpr std::size_t max_draw_size = 256;
[[nodiscard]] const EntropyGate& sp800_90b_gate() noexcept;

}  // namespace wib
