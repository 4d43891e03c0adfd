// SPDX-License-Identifier: Apache-2.0
//
// Scenario: a scripted attack as data (conditions, what it aims at, what is expected of which
// suite) and a script that issues steps to a world. A scenario never says whether it succeeded:
// the referee does.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/world/entropy.h"
#include "attacks/world/property.h"
#include "attacks/world/world.h"

namespace wib::attacks {

enum class Outcome : std::uint8_t { succeeded, blocked };
[[nodiscard]] constexpr std::string_view name(Outcome outcome) noexcept {
  return outcome == Outcome::succeeded ? "succeeded" : "blocked";
}

// What a family of scenarios has in common: the row of the catalogue, told to a reader.
struct Family {
  std::string_view id;         // "A00"
  std::string_view name;       // "MITM on DH"
  std::string_view cwe;        // "CWE-300"
  std::string_view cwe_name;   // its title in the CWE list
  std::string_view precedent;  // where this happened before
  std::string_view needs;      // what the attacker needs
  std::string_view summary;    // what happens, in two or three sentences
  std::string_view remedy;     // what stops it
};

// A figure that a run measured, such as a search's rate.
struct Metric {
  std::string name;
  double value = 0;
  std::string unit;
};

class Script;  // script.h: what a scenario's function is given

struct Scenario {
  std::string_view family;   // id of its Family
  std::string_view variant;  // "" for the one that stands for the family, else "takeover"
  std::string_view title;
  bool control = false;  // the same attacker without what the attack needs: must fail
  EntropyProfile device_entropy;
  std::set<std::string> initial;  // what the attacker knows before (SimulationConfig::initial)
  // And what it knows besides where the device has a setup code, so that the rest of the label is
  // no secret.
  std::set<std::string> initial_with_code;
  // It has succeeded if the referee finds every one of these broken ...
  std::vector<Property> aims;
  bool any_aim = false;  // ... or any: which of them is in question depends on the suite ...
  // ... and, where this is set, an honest run complete as well (nobody has noticed). A control has
  // succeeded even if somebody noticed; blocked while no honest run completes, it has proved
  // nothing: inconclusive.
  bool needs_completion = false;
  // Where it is blocked by a device that begins no run at all: that it says 503 takes the place of
  // an honest run in showing that the device was there.
  bool refused_at_start = false;
  bool restarts = false;  // cuts the device's power: it has to be a simulated one
  bool once = false;      // costly: run on the first pair and reading alone
  std::function<void(Script&)> run;

  // "A00", "D14.takeover".
  [[nodiscard]] std::string id() const;
};

// The catalogue, in order.
[[nodiscard]] std::span<const Family> families();
[[nodiscard]] const Family& family_of(const Scenario& scenario);
[[nodiscard]] std::span<const Scenario> scenarios();

// What is expected of a scenario on a suite, and why where it is not plain.
struct Expectation {
  enum class Kind : std::uint8_t { succeeded, blocked, not_applicable };
  Kind kind = Kind::blocked;
  std::string_view reason;  // may be empty

  [[nodiscard]] std::optional<Outcome> outcome() const noexcept {
    if (kind == Kind::not_applicable) return std::nullopt;
    return kind == Kind::succeeded ? Outcome::succeeded : Outcome::blocked;
  }
};

[[nodiscard]] constexpr std::string_view name(Expectation::Kind kind) noexcept {
  switch (kind) {
    case Expectation::Kind::succeeded: return "succeeded";
    case Expectation::Kind::blocked: return "blocked";
    case Expectation::Kind::not_applicable: return "not applicable";
  }
  return "?";
}

// Data that is checked in (expected.cc). Nullopt for a suite that it says nothing of. The name is
// Suite::name(): whatever the cipher, the same is expected.
[[nodiscard]] std::optional<Expectation> expectation(const Scenario& scenario,
                                                     std::string_view suite);

// The suites that it speaks of: the named ones, each with one slot as the other has it.
[[nodiscard]] std::span<const std::string_view> expected_suites();

// Whether the referee can judge what `scenario` aims at on a real device: not where it takes a
// power cut, or a generator that is known to be weak. Errc::unexpected with what stands against it.
[[nodiscard]] Result<> judgeable_on_target(const Scenario& scenario);

}  // namespace wib::attacks
