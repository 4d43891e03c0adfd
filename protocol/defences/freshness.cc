// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/freshness.h"

#include <limits>

#include "protocol/counters.h"

namespace wib {
namespace {

class NoFreshness final : public Freshness {
 public:
  std::string_view name() const noexcept override { return "none"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::none; }
  Result<std::uint64_t> next_epoch(Store&) const override { return 0; }
};

class PersistedEpoch final : public Freshness {
 public:
  std::string_view name() const noexcept override { return "epoch"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::epoch; }

  Result<std::uint64_t> next_epoch(Store& store) const override {
    auto counters = load_counters(store);
    if (!counters) return std::unexpected(counters.error());
    if (counters->epoch == std::numeric_limits<std::uint64_t>::max()) {
      return fail(Errc::storage, "epoch: no number is left");
    }
    ++counters->epoch;
    if (auto stored = store_counters(store, *counters); !stored) {
      return std::unexpected(stored.error());
    }
    return counters->epoch;
  }
};

}  // namespace

const Freshness& no_freshness() noexcept {
  static constinit const NoFreshness choice;
  return choice;
}

const Freshness& persisted_epoch() noexcept {
  static constinit const PersistedEpoch choice;
  return choice;
}

}  // namespace wib
