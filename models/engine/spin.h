// SPDX-License-Identifier: Apache-2.0
//
// Spin, the second engine: models/spin/life.pml, compiled once (spin -a, then cc). What a suite and
// a scenario are, it is told through the environment.
#pragma once

#include <map>

#include "models/claims/scenario.h"
#include "models/outcome.h"

namespace wib::models {

// A verifier that was built from life.pml, or from a mutant's copy of it.
struct SpinModel {
  std::string executable;
};
// The one that the build made.
[[nodiscard]] SpinModel project_spin();
// Compiles another. `flags` are the C compiler's. The executable lies beside `source`.
[[nodiscard]] Outcome<SpinModel> compile_spin(const std::string& source,
                                              const std::vector<std::string>& flags);

// What the model is told.
[[nodiscard]] std::map<std::string, std::string> spin_environment(const Suite& suite,
                                                                  const Scenario& scenario,
                                                                  const Bound& bound);

struct SpinAnswer {
  bool violated = false;  // there is a run against the claim
  std::uint64_t states = 0;
  double seconds = 0;
};
// Asks for one ltl claim by its name; `fair`: weak fairness, for claims that something happens in
// the end. An error if the search is not complete.
[[nodiscard]] Outcome<SpinAnswer> ask_spin(const SpinModel& model,
                                           const std::map<std::string, std::string>& environment,
                                           std::string_view claim, unsigned seconds,
                                           bool fair = false);

}  // namespace wib::models
