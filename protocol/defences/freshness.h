// SPDX-License-Identifier: Apache-2.0
//
// Slot freshness: what makes a run of the protocol unlike every earlier one, even if the device's
// generator repeats itself. It owns the epoch in the offer.
#pragma once

#include "protocol/error.h"
#include "protocol/messages/offer.h"
#include "protocol/store.h"

namespace wib {

class Freshness {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  [[nodiscard]] virtual OfferFields offer_fields() const noexcept = 0;

  // The number of the run that is about to begin, persisted before it is returned. Errc::storage if
  // it cannot be, or if there is no number left: a device that has used up 2^64 of them, or whose
  // counter was set to the end, begins no run again.
  [[nodiscard]] virtual Result<std::uint64_t> next_epoch(Store& store) const = 0;

 protected:
  ~Freshness() = default;
};

// As posted: none. Every run has the number 0 and nothing is stored.
[[nodiscard]] const Freshness& no_freshness() noexcept;

// A counter over the device's life (counters.h), persisted before the run's cookie and share go
// out.
[[nodiscard]] const Freshness& persisted_epoch() noexcept;

}  // namespace wib
