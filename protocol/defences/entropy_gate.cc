// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/entropy_gate.h"

namespace wib {
namespace {

class NoGate final : public EntropyGate {
 public:
  std::string_view name() const noexcept override { return "none"; }
  bool gates() const noexcept override { return false; }
  Result<> ready(Crypto&, NoiseSource&, GateState&) const override { return {}; }
  Result<> fill(Crypto&, Random& random, GateState&, ByteSpan out) const override {
    return random.fill(out);
  }
};

class Gate final : public EntropyGate {
 public:
  std::string_view name() const noexcept override { return "sp800_90b"; }
  bool gates() const noexcept override { return true; }

  Result<> ready(Crypto& crypto, NoiseSource& noise, GateState& state) const override {
    state.ready = false;  // until all of this has gone well
    const std::uint32_t claimed = noise.claimed_millibits();
    if (!state.begun) {
      if (auto begun = state.tests.begin(claimed); !begun) return begun;
      if (!state.seed.resize(sha256_size)) return fail(Errc::capacity, "gate: seed");
      std::ranges::fill(state.seed.span(), Byte{0});
      state.begun = true;
    }
    std::size_t wanted = reseed_samples;
    if (state.tests.taken() < start_up_samples) {
      wanted = start_up_samples - static_cast<std::size_t>(state.tests.taken());
    }
    std::array<Byte, reseed_samples> samples;
    const WipeGuard wipe(samples);
    for (; wanted > 0; wanted -= std::min(wanted, samples.size())) {
      const ByteSpan some = ByteSpan(samples).first(std::min(wanted, samples.size()));
      if (auto sampled = noise.sample(some); !sampled) return sampled;
      if (auto tested = state.tests.take(some); !tested) return tested;
      if (auto added = add(crypto, state, some); !added) return added;
      state.assessed_millibits += std::uint64_t{claimed} * some.size();
    }
    state.ready = state.assessed_millibits >= required_millibits;
    if (!state.ready) return fail(Errc::entropy, "gate: less than 128 bits are assessed");
    return {};
  }

  Result<> fill(Crypto& crypto, Random&, GateState& state, ByteSpan out) const override {
    if (!state.ready) return fail(Errc::entropy, "gate: not ready");
    if (out.size() > max_draw_size) return fail(Errc::capacity, "gate: draw");
    std::array<Byte, max_draw_size + sha256_size> okm;
    const WipeGuard wipe(okm);
    const ByteSpan drawn = ByteSpan(okm).first(out.size() + sha256_size);
    if (auto done = crypto.hkdf_sha256({}, state.seed.view(), as_bytes("wib draw"), drawn); !done) {
      return done;
    }
    std::ranges::copy(drawn.first(out.size()), out.begin());
    std::ranges::copy(drawn.last(sha256_size), state.seed.span().begin());
    return {};
  }

 private:
  static Result<> add(Crypto& crypto, GateState& state, ByteView samples) {
    std::array<Byte, sha256_size> next;
    const WipeGuard wipe(next);
    if (auto done = crypto.hmac_sha256(state.seed.view(), samples, next); !done) return done;
    std::ranges::copy(next, state.seed.span().begin());
    return {};
  }
};

}  // namespace

const EntropyGate& no_gate() noexcept {
  static constinit const NoGate choice;
  return choice;
}

const EntropyGate& sp800_90b_gate() noexcept {
  static constinit const Gate choice;
  return choice;
}

}  // namespace wib
