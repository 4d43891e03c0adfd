// SPDX-License-Identifier: Apache-2.0
#include "models/cli/mutants_command.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>

#include "attacks/cli/commands.h"

namespace wib::models {

using attacks::usage_error;

int run_mutants(const MutantsArguments& arguments) {
  const auto expectations = Expectations::read(expected_path());
  if (!expectations) return usage_error(expectations.error());
  const auto all = read_mutants(mutants_path());
  if (!all) return usage_error(all.error());
  std::vector<Mutant> mutants;
  for (const Mutant& mutant : *all) {
    const bool wanted =
        arguments.ids.empty() || std::ranges::find(arguments.ids, mutant.id) != arguments.ids.end();
    if (wanted) mutants.push_back(mutant);
  }
  for (const std::string& id : arguments.ids) {
    if (std::ranges::find(mutants, id, &Mutant::id) == mutants.end()) {
      return usage_error("no mutant \"" + id + "\" in " + mutants_path());
    }
  }
  const auto began = std::chrono::steady_clock::now();
  const std::vector<Kill> kills = kill_table(mutants, *expectations, arguments.code);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  print(std::cout, kills);
  std::cout << std::fixed << std::setprecision(1) << took.count() << " s\n";
  return std::ranges::all_of(kills, &Kill::as_expected) ? attacks::exit_as_expected
                                                        : attacks::exit_not_as_expected;
}

}  // namespace wib::models
