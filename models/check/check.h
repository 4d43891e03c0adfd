// SPDX-License-Identifier: Apache-2.0
//
// Check: asks the engines everything of a suite and holds the answers against what is expected.
#pragma once

#include <functional>

#include "models/claims/expected.h"
#include "models/engine/maude.h"

namespace wib::models {

// One answer. `expected` is empty where nothing is said of the suite.
struct Verdict {
  std::string suite;
  std::string scenario;
  std::string property;
  std::string engine;  // "maude", "spin"
  std::string bound;
  std::optional<Expected> expected;
  std::optional<Expected> found;  // empty: the engine could not say; `problem` tells why
  std::string problem;
  std::uint64_t states = 0;
  double seconds = 0;

  [[nodiscard]] bool good() const noexcept {
    // Where nothing is expected, an honest run has to complete all the same (behind a gate: a 503).
    if (!expected.has_value()) {
      const bool gated = scenario == "passive-stuck";
      return found.has_value() && (gated || property != "P-R0" || *found == Expected::reachable);
    }
    return found.has_value() && *expected == *found;
  }
};

struct CheckOptions {
  bool deep = false;
  ModelFiles model = project_model();
  unsigned seconds = 600;  // for one run of an engine
  // Called as answers come, from several threads but one at a time: how many of how many are done.
  std::function<void(std::size_t, std::size_t)> progress;
};

// Every question of every scenario that applies, of each of the suites, in both engines. In the
// order of suites, scenarios, questions; an engine that fails gives verdicts with a problem.
[[nodiscard]] std::vector<Verdict> check(std::span<const Suite> suites,
                                         const Expectations& expectations,
                                         const CheckOptions& options);

// What the two engines say differently of one question, in words; empty if nothing.
[[nodiscard]] std::vector<std::string> disagreements(std::span<const Verdict> verdicts);

// {"verdicts": [...]}, which attack reports read (attacks/report/model_verdicts.h).
[[nodiscard]] std::string to_json(std::span<const Verdict> verdicts);

// For a terminal. Suites without a name of their own are told by what is not as in the suite that
// they change, unless `everything`.
void print(std::ostream& out, std::span<const Verdict> verdicts, bool everything);

}  // namespace wib::models
