// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/attempt_limit.h"

#include <limits>

#include "protocol/counters.h"

namespace wib {
namespace {

class Unlimited final : public AttemptLimit {
 public:
  std::string_view name() const noexcept override { return "unlimited"; }
  bool limits() const noexcept override { return false; }
  Result<> may_open(Store&, bool) const override { return {}; }
  Result<> charge(Store&, AttemptState&) const override { return {}; }
  Result<> refund(Store&, AttemptState&) const override { return {}; }
  bool exhausted(Store&, const AttemptState&) const override { return false; }
};

class Limited final : public AttemptLimit {
 public:
  std::string_view name() const noexcept override { return "limited"; }
  bool limits() const noexcept override { return true; }

  Result<> may_open(Store& store, bool long_press) const override {
    if (long_press) return {};
    const auto counters = load_counters(store);
    if (!counters) return std::unexpected(counters.error());
    if (counters->charged >= attempts_per_life) {
      return fail(Errc::refused, "attempts: it takes a long press");
    }
    return {};
  }

  Result<> charge(Store& store, AttemptState& state) const override {
    auto counters = load_counters(store);
    if (!counters) return std::unexpected(counters.error());
    if (none_left(*counters, state)) return fail(Errc::exhausted, "attempts: none is left");
    if (counters->charged != std::numeric_limits<std::uint32_t>::max()) ++counters->charged;
    if (auto stored = store_counters(store, *counters); !stored) return stored;
    ++state.charged;
    return {};
  }

  Result<> refund(Store& store, AttemptState& state) const override {
    auto counters = load_counters(store);
    if (!counters) return std::unexpected(counters.error());
    counters->charged = 0;
    if (auto stored = store_counters(store, *counters); !stored) return stored;
    if (state.charged > 0) --state.charged;
    return {};
  }

  bool exhausted(Store& store, const AttemptState& state) const override {
    const auto counters = load_counters(store);
    return !counters || none_left(*counters, state);
  }

 private:
  static bool none_left(const Counters& counters, const AttemptState& state) noexcept {
    return state.charged >= attempts_per_press ||
           (!state.long_press && counters.charged >= attempts_per_life);
  }
};

}  // namespace

const AttemptLimit& unlimited_attempts() noexcept {
  static constinit const Unlimited choice;
  return choice;
}

const AttemptLimit& limited_attempts() noexcept {
  static constinit const Limited choice;
  return choice;
}

}  // namespace wib
