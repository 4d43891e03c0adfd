// SPDX-License-Identifier: Apache-2.0
//
// A suite is a row of choices, one for each slot of protocol/defences. No code asks which suite it
// runs; it asks the choice.
#pragma once

#include <span>

#include "protocol/defences/defences.h"

namespace wib {

struct Suite {
  std::string_view name;     // "as_posted"
  std::string_view reading;  // where the post can be read in two ways: "cbc" or "ctr"
  const KeyExchange& key_exchange;
  const Freshness& freshness;
  const KeySchedule& key_schedule;
  const Protection& protection;
  const GroupPolicy& group_policy;
  const SessionPolicy& session_policy;
  const AttemptLimit& attempt_limit;
  const EntropyGate& entropy_gate;
};

// Every named suite in every reading, the default reading first.
[[nodiscard]] std::span<const Suite> suites() noexcept;

// The suite of that name ("as_posted") and reading ("cbc", "ctr", or empty for the default); null
// if there is none.
[[nodiscard]] const Suite* find_suite(std::string_view name,
                                      std::string_view reading = {}) noexcept;

}  // namespace wib
