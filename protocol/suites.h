// SPDX-License-Identifier: Apache-2.0
//
// A suite is a row of choices, one for each slot of protocol/defences. No code asks which suite it
// runs; it asks the choice. Some rows have names; every other row is a suite too, named by what it
// changes in one of those: "as_posted+key_exchange=spake2plus,protection=aead".
#pragma once

#include <span>

#include "protocol/defences/defences.h"
#include "protocol/setup/transitions.h"

namespace wib {

// A short text that is a value. What does not fit is cut off.
template <std::size_t Capacity>
class Text {
 public:
  constexpr Text() noexcept = default;
  constexpr void add(std::string_view text) noexcept {
    for (const char c : text) {
      if (size_ < Capacity) text_[size_++] = c;
    }
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, Capacity> text_{};
  std::size_t size_ = 0;
};
using SuiteName = Text<224>;

struct Suite {
  const KeyExchange& key_exchange;
  const Freshness& freshness;
  const KeySchedule& key_schedule;
  const Protection& protection;
  const GroupPolicy& group_policy;
  const SessionPolicy& session_policy;
  const AttemptLimit& attempt_limit;
  const EntropyGate& entropy_gate;

  // "as_posted", "hardened", or the one of them from which the row differs in fewer slots
  // (as_posted if in as many), with the differences in the order above. Ciphers are no difference.
  [[nodiscard]] SuiteName name() const noexcept;
  // The cipher: of as_posted "cbc" or "ctr", the two ways to read the post; of hardened "gcm" or
  // "chacha20".
  [[nodiscard]] std::string_view reading() const noexcept { return protection.reading(); }
  // Both, which is the whole row: "hardened/gcm".
  [[nodiscard]] SuiteName id() const noexcept;

  // Which of the transition tables' rows are its own.
  [[nodiscard]] Traits traits() const noexcept;
  [[nodiscard]] OfferFields offer_fields() const noexcept;

  // Two suites are one if their rows are.
  friend bool operator==(const Suite& a, const Suite& b) noexcept;
};

// The slots' names, in order ("key_exchange").
inline constexpr std::size_t slot_count = 8;
[[nodiscard]] std::span<const std::string_view> slot_names() noexcept;
// The suite's choice at the slot of that number ("plain_dh").
[[nodiscard]] std::string_view choice_name(const Suite& suite, std::size_t slot) noexcept;

// All the choices at the slot of that number.
[[nodiscard]] std::span<const std::string_view> choice_names(std::size_t slot) noexcept;

// Every named suite in every reading, the default reading first: as_posted/cbc, as_posted/ctr,
// hardened/gcm, hardened/chacha20.
[[nodiscard]] std::span<const Suite> suites() noexcept;

// The named suite of that name ("as_posted") and reading ("cbc", "ctr", or empty for the default);
// null if there is none.
[[nodiscard]] const Suite* find_suite(std::string_view name,
                                      std::string_view reading = {}) noexcept;

// The suite of that name, which may change slots of a named one: "NAME+SLOT=CHOICE,SLOT=CHOICE".
// `reading` chooses the cipher where the choice of protection leaves it open (empty: the default).
// Errc::malformed or Errc::out_of_range with what is wrong in `where` and its offset in `text`: no
// such name, slot, choice or reading, a slot twice.
[[nodiscard]] Result<Suite> parse_suite(std::string_view text,
                                        std::string_view reading = {}) noexcept;

// `suite` with another choice at one slot; errors as parse_suite(), without offsets.
[[nodiscard]] Result<Suite> with_choice(const Suite& suite, std::string_view slot,
                                        std::string_view choice) noexcept;

}  // namespace wib
