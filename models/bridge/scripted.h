// SPDX-License-Identifier: Apache-2.0
//
// What surrounds the parties while they are probed: draws that the model names, noise that is
// always the same, a gate that judges as the real one and draws as the model says.
#pragma once

#include <deque>

#include "models/bridge/concrete.h"
#include "protocol/noise_source.h"

namespace wib::models {

inline constexpr Instant now = std::chrono::minutes(1);
inline constexpr std::string_view serial_number = "WIB-MODEL-1";
inline constexpr std::string_view setup_code = "2015C0DE42";

// Gives what the model says is drawn, and nothing else.
class ScriptedRandom final : public Random {
 public:
  void expect(std::vector<ByteVector> draws) {
    draws_ = {std::make_move_iterator(draws.begin()), std::make_move_iterator(draws.end())};
    wrong_ = false;
  }
  Result<> fill(ByteSpan out) override {
    if (draws_.empty() || draws_.front().size() != out.size()) {
      wrong_ = true;
      return fail(Errc::entropy, "a draw that the model does not know");
    }
    std::ranges::copy(draws_.front(), out.begin());
    draws_.pop_front();
    return {};
  }
  [[nodiscard]] bool as_expected() const noexcept { return draws_.empty() && !wrong_; }

 private:
  std::deque<ByteVector> draws_;
  bool wrong_ = false;
};

// Noise that is good, always the same.
class GoodNoise final : public NoiseSource {
 public:
  Result<> sample(ByteSpan samples) override {
    std::ranges::copy(Concrete::drawn("noise", samples.size()), samples.begin());
    return {};
  }
  [[nodiscard]] std::uint32_t claimed_millibits() const noexcept override { return 4000; }
};

// The gate's judgement is the real one; the draws behind it are the model's, by name.
class NamedDraws final : public EntropyGate {
 public:
  explicit NamedDraws(const EntropyGate& real) : real_(real) {}
  ~NamedDraws() = default;
  std::string_view name() const noexcept override { return real_.name(); }
  bool gates() const noexcept override { return real_.gates(); }
  Result<> ready(Crypto& crypto, NoiseSource& noise, GateState& state) const override {
    if (state.ready) return {};  // once for each boot: what it gathers is not looked at
    return real_.ready(crypto, noise, state);
  }
  Result<> fill(Crypto&, Random& random, GateState&, ByteSpan out) const override {
    return random.fill(out);
  }

 private:
  const EntropyGate& real_;
};

inline Suite with_gate(const Suite& suite, const EntropyGate& gate) {
  return {suite.key_exchange, suite.freshness,      suite.key_schedule,  suite.protection,
          suite.group_policy, suite.session_policy, suite.attempt_limit, gate};
}

}  // namespace wib::models
