// SPDX-License-Identifier: Apache-2.0
//
// Slot freshness: what makes a run of the protocol unlike every earlier one, even if the device's
// generator repeats itself.
#pragma once

#include "protocol/error.h"
#include "protocol/store.h"

namespace wib {

class Freshness {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // The number of the run that is about to begin, persisted before it is returned. Errc::storage.
  [[nodiscard]] virtual Result<std::uint64_t> next_epoch(Store& store) const = 0;

 protected:
  ~Freshness() = default;
};

// As posted: none. Every run has the number 0 and nothing is stored.
[[nodiscard]] const Freshness& no_freshness() noexcept;

}  // namespace wib
