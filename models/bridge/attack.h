// SPDX-License-Identifier: Apache-2.0
//
// Attack: a counterexample of the model's, done to the real device and client. The model's path
// becomes a scenario like any other: its messages are terms over what was on the wire, and whether
// it has succeeded is the referee's to say.
#pragma once

#include "attacks/scenarios/runner.h"
#include "models/bridge/graph.h"

namespace wib::models {

// What to ask the engine for.
struct AttackQuery {
  std::string property;     // "P-S2"
  bool undetected = false;  // and an honest run completes: nobody has noticed
  bool own_share = false;   // the attacker sends no share of 1 or g: it draws an exponent
};

struct Counterexample {
  AttackQuery query;
  const Scenario* scenario = nullptr;  // of the model: its conditions
  std::string bound;
  std::uint64_t states = 0;        // that the engine looked at
  std::vector<std::string> steps;  // for a person, in the model's words
  attacks::Scenario attack;        // to be run
};

// Nullopt if the model has no such attack in its bound. An error if the property is not one that an
// attack can be on, or a step has no counterpart in the world.
[[nodiscard]] Outcome<std::optional<Counterexample>> find_attack(const AttackQuery& query,
                                                                 const Suite& suite, bool deep);

// What the referee says of it on a pair of backends.
struct Confirmation {
  std::string device, client;
  bool confirmed = false;  // the same property is broken, and, if asked, nobody noticed
  std::string witness;     // or why not
  attacks::Run run;
};

// Runs it on the first pair; replays that run's trace on each of the others.
[[nodiscard]] Outcome<std::vector<Confirmation>> confirm(
    const Counterexample& found, const Suite& suite,
    std::span<const std::pair<Backend*, Backend*>> pairs);

// Every (device, client) of the real backends that run the suite.
[[nodiscard]] std::vector<std::pair<Backend*, Backend*>> backend_pairs(const Suite& suite);

}  // namespace wib::models
