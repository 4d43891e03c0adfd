// SPDX-License-Identifier: Apache-2.0
#include "models/cli/attack_command.h"

#include <fstream>
#include <iomanip>
#include <iostream>

#include "attacks/cli/commands.h"
#include "models/bridge/attack.h"

namespace wib::models {

using attacks::usage_error;

namespace {

// The trace has all of it.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 110;
  return text.size() <= most ? text : text.substr(0, most) + " ...";
}

}  // namespace

int run_attack(const AttackArguments& arguments) {
  const auto parsed = attacks::parse_suites(arguments.suite);
  if (!parsed) return usage_error("--suite: " + parsed.error());
  const Suite& suite = *parsed->front();
  const AttackQuery query{arguments.property, arguments.undetected, arguments.own_share};
  const auto found = find_attack(query, suite, arguments.deep);
  if (!found) return usage_error(found.error());
  const std::string name(suite.id().view());
  if (!*found) {
    std::cout << name << ": the model has no attack on " << arguments.property << " in its bound\n";
    return attacks::exit_as_expected;
  }
  const Counterexample& attack = **found;
  std::cout << name << ": an attack on " << arguments.property << " in " << attack.steps.size()
            << " steps (" << attack.scenario->about << "; " << attack.bound << "; Maude looked at "
            << attack.states << " states)\n";
  for (std::size_t i = 0; i < attack.steps.size(); ++i) {
    std::cout << std::setw(4) << i + 1 << "  " << shortened(attack.steps[i]) << "\n";
  }
  const auto confirmed = confirm(attack, suite, backend_pairs(suite));
  if (!confirmed) return usage_error(confirmed.error());
  bool all = true;
  std::cout << "on the real device and client, judged by the referee:\n";
  for (const Confirmation& one : *confirmed) {
    all = all && one.confirmed;
    std::cout << "  " << std::left << std::setw(22) << one.device + " > " + one.client
              << (one.confirmed ? "confirmed: " : "NOT CONFIRMED: ") << shortened(one.witness)
              << "\n";
  }
  if (!arguments.trace.empty()) {
    std::ofstream out(arguments.trace);
    out << confirmed->front().run.trace;
    if (!out.flush()) return usage_error("cannot write " + arguments.trace);
    std::cout << "trace: " << arguments.trace << " (wib attack replay " << arguments.trace << ")\n";
  }
  return all ? attacks::exit_as_expected : attacks::exit_not_as_expected;
}

}  // namespace wib::models
