// SPDX-License-Identifier: Apache-2.0
//
// What is asked of the models: scenarios (the conditions of a run) and, under each, properties. The
// ids of the properties are those of the attacks, the tests and the report. What is expected of
// which suite is not here: models/expected.json has it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/outcome.h"
#include "protocol/suites.h"

namespace wib::models {

// How far a verdict reaches.
struct Bound {
  unsigned sessions = 2;  // GETs that are answered
  unsigned presses = 2;
  unsigned restarts = 0;
  unsigned expiries = 0;  // of a session's or the window's time
  unsigned tries = 1;     // the attempt limit of a press (10 in the code)

  // "2 sessions, 2 presses, 1 restart"
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Bound&, const Bound&) = default;
};

// A property, as the engines know it.
struct Question {
  std::string_view property;  // "P-S2"
  std::string_view goal;      // Maude: `C breaks GOAL`
  std::string_view claim;     // Spin: the ltl's name; empty: Spin cannot say it
  bool reachability = false;  // it says that something is possible (P-R0)
};

struct Scenario {
  std::string_view id;
  std::string_view about;     // the conditions, for a person
  std::string_view attacker;  // passive, recorder, active
  std::string_view entropy;   // full, stuck, prng, repeat
  std::string_view knows;     // nothing, authenticator, verifier, dictionary
  Bound fast, deep;
  std::vector<Question> questions;

  // Whether it means anything for that suite; if not, why.
  [[nodiscard]] std::string_view not_applicable(const Suite& suite) const;
};

[[nodiscard]] std::span<const Scenario> scenarios();
[[nodiscard]] const Scenario* find_scenario(std::string_view id);

// Why that bound could say nothing of that question, whatever is true; empty if it can. A press
// allows one installation, so that "installed twice" needs two; and so on.
[[nodiscard]] std::string_view vacuous(const Question& question, const Scenario& scenario,
                                       const Bound& bound);

}  // namespace wib::models
