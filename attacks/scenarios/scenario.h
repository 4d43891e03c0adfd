// SPDX-License-Identifier: Apache-2.0
//
// Scenario: a scripted attack as data (conditions, what it aims at, what is expected of which
// suite) and a script that issues steps to a world. A scenario never says whether it succeeded:
// the referee does.
#pragma once

#include <functional>
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
  // It has succeeded if the referee finds every one of these broken ...
  std::vector<Property> aims;
  // ... and, where this is set, an honest run complete as well (nobody has noticed). A control has
  // succeeded even if somebody noticed; blocked while no honest run completes, it has proved
  // nothing: inconclusive.
  bool needs_completion = false;
  bool restarts = false;                  // cuts the device's power: it has to be a simulated one
  Outcome expected = Outcome::succeeded;  // of the suite as_posted
  bool once = false;                      // costly: run on the first pair and reading alone
  std::function<void(Script&)> run;

  // "A00", "D14.takeover".
  [[nodiscard]] std::string id() const;
};

// The catalogue, in order.
[[nodiscard]] std::span<const Family> families();
[[nodiscard]] const Family& family_of(const Scenario& scenario);
[[nodiscard]] std::span<const Scenario> scenarios();

// What is expected of `scenario` on the suite of that name; nullopt where nothing is known.
[[nodiscard]] std::optional<Outcome> expected_outcome(const Scenario& scenario,
                                                      std::string_view suite);

// Whether the referee can judge what `scenario` aims at on a real device: not where it takes a
// power cut, or a generator that is known to be weak. Errc::unexpected with what stands against it.
[[nodiscard]] Result<> judgeable_on_target(const Scenario& scenario);

}  // namespace wib::attacks
