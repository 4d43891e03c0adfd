// SPDX-License-Identifier: Apache-2.0
//
// Slot attempt_limit: how many guesses at the authenticator a device allows. A guess is charged
// when the device reveals whether it was right, before it does: with confirmV in SPAKE2+, with the
// answer to auth.wib where nothing was revealed before (KeyExchange::reveals_with_share).
#pragma once

#include "protocol/error.h"
#include "protocol/store.h"

namespace wib {

// What is counted in memory, since the window opened. A copyable value. A restart closes the
// window, so there is nothing of it to keep; what is counted over the device's life is in the
// store.
struct AttemptState {
  std::uint32_t charged = 0;  // and not refunded
  bool long_press = false;    // this window was opened by one
};

class AttemptLimit {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // True if there is a limit at all: the transition table has rows for it.
  [[nodiscard]] virtual bool limits() const noexcept = 0;

  // Whether a press may open the window. Errc::refused: it takes a long press; Errc::storage.
  [[nodiscard]] virtual Result<> may_open(Store& store, bool long_press) const = 0;

  // Called before the device reveals anything that lets a peer check a guess. Errc::exhausted when
  // no guess is left, Errc::storage if the charge cannot be persisted: then nothing may be
  // revealed.
  [[nodiscard]] virtual Result<> charge(Store& store, AttemptState& state) const = 0;

  // Called when the guess that was charged turned out right: its own charge is given back, and the
  // count over the device's life begins anew. Errc::storage: the charge of this window stays.
  [[nodiscard]] virtual Result<> refund(Store& store, AttemptState& state) const = 0;

  // True if charge() would say that no guess is left.
  [[nodiscard]] virtual bool exhausted(Store& store, const AttemptState& state) const = 0;

 protected:
  ~AttemptLimit() = default;
};

// As posted: any number, at no cost.
[[nodiscard]] const AttemptLimit& unlimited_attempts() noexcept;

// attempts_per_press in a window, then the window closes; attempts_per_life without a success, then
// only a long press opens it, which has attempts_per_press again.
inline constexpr std::uint32_t attempts_per_press = 10;
inline constexpr std::uint32_t attempts_per_life = 100;
[[nodiscard]] const AttemptLimit& limited_attempts() noexcept;

}  // namespace wib
