// SPDX-License-Identifier: Apache-2.0
//
// Slot attempt_limit: how many guesses at the authenticator a device allows.
#pragma once

#include "protocol/error.h"
#include "protocol/store.h"

namespace wib {

class AttemptLimit {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // Called before the device reveals anything that lets a peer check a guess. Errc::refused when
  // no guess is left, Errc::storage if the charge cannot be persisted.
  [[nodiscard]] virtual Result<> charge(Store& store) const = 0;

  // Called when the guess that was charged turned out right.
  [[nodiscard]] virtual Result<> refund(Store& store) const = 0;

 protected:
  ~AttemptLimit() = default;
};

// As posted: any number, at no cost.
[[nodiscard]] const AttemptLimit& unlimited_attempts() noexcept;

}  // namespace wib
