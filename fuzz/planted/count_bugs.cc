// SPDX-License-Identifier: Apache-2.0
//
// Bugs in what is counted and timed: freshness, attempt_limit, session_policy, entropy_gate.
#include "fuzz/planted/bugs.h"
#include "fuzz/planted/wrappers.h"
#include "protocol/counters.h"

namespace wib::fuzz {
namespace {

using P = attacks::Property;

// --- Freshness ----------------------------------------------------------------------------------

class NotStored final : public SameFreshness {
 public:
  Result<std::uint64_t> next_epoch(Store& store) const override {
    const auto counters = load_counters(store);
    if (!counters) return std::unexpected(counters.error());
    return counters->epoch + 1;
  }
};

class Always7 final : public SameFreshness {
 public:
  Result<std::uint64_t> next_epoch(Store&) const override { return 7; }
};

class TwoBits final : public SameFreshness {
 public:
  Result<std::uint64_t> next_epoch(Store& store) const override {
    auto epoch = real_.next_epoch(store);
    if (epoch) *epoch = 1 + *epoch % 4;
    return epoch;
  }
};

// In memory: no slot sees a restart, but for the gate, which is asked just before.
class SeesBoot final : public SameGate {
 public:
  Result<> ready(Crypto& crypto, NoiseSource& noise, GateState& state) const override {
    booted = !state.begun;
    return real_.ready(crypto, noise, state);
  }
  mutable bool booted = false;
};
class InMemory final : public SameFreshness {
 public:
  explicit InMemory(const SeesBoot& gate) : gate_(gate) {}
  Result<std::uint64_t> next_epoch(Store& store) const override {
    if (gate_.booted) {
      gate_.booted = false;
      auto counters = load_counters(store);
      if (!counters) return std::unexpected(counters.error());
      counters->epoch = 0;
      if (auto stored = store_counters(store, *counters); !stored) {
        return std::unexpected(stored.error());
      }
    }
    return real_.next_epoch(store);
  }

 private:
  const SeesBoot& gate_;
};

void keep_in_memory(Planting& p) {
  static const SeesBoot gate;
  static const InMemory freshness(gate);
  p.device.entropy_gate = &gate;
  p.device.freshness = &freshness;
}

// --- Draws --------------------------------------------------------------------------------------

// Every draw of a size is the same.
class StandsStill final : public SameGate {
 public:
  Result<> fill(Crypto& crypto, Random&, GateState&, ByteSpan out) const override {
    return crypto.hkdf_sha256({}, secret, as_bytes("draw"), out);
  }

 private:
  static constexpr std::array<Byte, sha256_size> secret{1};
};

// --- Attempts -----------------------------------------------------------------------------------

// The device's own, which is no constant: exhausted() is asked about it after each wrong guess.
AttemptState& own(const AttemptState& state) { return const_cast<AttemptState&>(state); }

class NeverAsked final : public SameLimit {
 public:
  Result<> charge(Store&, AttemptState&) const override { return {}; }
  bool exhausted(Store&, const AttemptState&) const override { return false; }
};

class FailuresAlone final : public SameLimit {
 public:
  Result<> charge(Store& store, AttemptState& state) const override {
    if (real_.exhausted(store, state)) return fail(Errc::exhausted, "attempts");
    return {};
  }
  bool exhausted(Store& store, const AttemptState& state) const override {
    (void)real_.charge(store, own(state));
    return real_.exhausted(store, state);
  }
  Result<> refund(Store&, AttemptState&) const override { return {}; }
};

class RefundsAlways final : public SameLimit {
 public:
  bool exhausted(Store& store, const AttemptState& state) const override {
    (void)real_.refund(store, own(state));
    return real_.exhausted(store, state);
  }
};

class RefundsAll final : public SameLimit {
 public:
  Result<> refund(Store& store, AttemptState& state) const override {
    state.charged = 0;
    return real_.refund(store, state);
  }
};

class OneMore final : public SameLimit {
 public:
  Result<> charge(Store& store, AttemptState& state) const override {
    AttemptState less = state;
    if (less.charged > 0) --less.charged;
    auto charged = real_.charge(store, less);
    if (charged) ++state.charged;
    return charged;
  }
  bool exhausted(Store& store, const AttemptState& state) const override {
    AttemptState less = state;
    if (less.charged > 0) --less.charged;
    return real_.exhausted(store, less);
  }
};

class ThreeBits final : public SameLimit {
 public:
  Result<> charge(Store& store, AttemptState& state) const override {
    auto charged = real_.charge(store, state);
    state.charged %= 8;
    return charged;
  }
};

class LifeAlone final : public SameLimit {
 public:
  Result<> charge(Store& store, AttemptState& state) const override {
    state.charged = 0;
    return real_.charge(store, state);
  }
};

// --- Time ---------------------------------------------------------------------------------------

class EndlessLife final : public SameSessions {
 public:
  Instant lifetime() const noexcept override { return std::chrono::hours(1000); }
};
class EndlessWindow final : public SameSessions {
 public:
  Instant window() const noexcept override { return std::chrono::hours(1000); }
};
class Forgiving final : public SameSessions {
 public:
  bool strict() const noexcept override { return false; }
};

template <class Choice>
void freshness(Planting& p) {
  static const Choice choice;
  p.device.freshness = &choice;
}
template <class Choice>
void limit(Planting& p) {
  static const Choice choice;
  p.device.attempt_limit = &choice;
}
template <class Choice>
void policy(Planting& p) {
  static const Choice choice;
  p.device.session_policy = &choice;
}

const std::vector<Bug>& list() {
  static const std::vector<Bug> all = {
      {"epoch-not-advanced", "the epoch of an offer is not stored, so that the next has the same",
       Violation::c6, freshness<NotStored>},
      {"epoch-wraps", "the epoch has two bits", Violation::c6, freshness<TwoBits>},
      {"epoch-in-memory", "the epoch begins again at every boot", Violation::c6, keep_in_memory},
      {"epoch-in-memory-replayed",
       "the epoch begins again at every boot, and so do the draws",
       falls(P::a3),
       keep_in_memory,
       {.repeats = true}},
      {"epoch-constant",
       "every offer has the epoch 7, and the draws begin again at every boot",
       falls(P::a3),
       freshness<Always7>,
       {.repeats = true}},
      {"draws-and-epoch-stand-still", "every offer has the epoch 7, and every draw is the same",
       falls(P::a3),
       [](Planting& p) {
         static const StandsStill gate;
         p.device.entropy_gate = &gate;
         freshness<Always7>(p);
       }},

      {"no-attempt-limit", "the limit is never asked", falls(P::c5), limit<NeverAsked>},
      {"failures-alone-charged", "a guess is charged when a 401 is sent, and only then",
       falls(P::c5), limit<FailuresAlone>},
      {"refund-always", "every answer to auth.wib refunds the guess, a wrong one's too",
       falls(P::c5), limit<RefundsAlways>},
      {"refund-of-all",
       "a right guess refunds all of the window's",
       falls(P::c5),
       limit<RefundsAll>,
       {},
       0,
       true},
      {"one-guess-more", "eleven guesses a press", falls(P::c5), limit<OneMore>},
      {"charges-wrap", "the count of the guesses has three bits", falls(P::c5), limit<ThreeBits>},
      {"life-limit-alone", "the guesses of a press are not counted, those of a life are",
       falls(P::c5), limit<LifeAlone>},

      {"endless-sessions", "a session has all the time in the world", falls(P::c2),
       policy<EndlessLife>},
      {"endless-window", "the window has all the time in the world", falls(P::c4),
       policy<EndlessWindow>},
      {"first-failure-forgiven", "a session's first failure is not its last", falls(P::c2),
       policy<Forgiving>},
  };
  return all;
}

}  // namespace

std::span<const Bug> count_bugs() { return list(); }

}  // namespace wib::fuzz
