// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <iomanip>
#include <map>
#include <ostream>

#include "models/mutants/mutants.h"

namespace wib::models {
namespace {

// The models as they are, asked once for whatever several mutants are asked.
using Key = std::tuple<std::string, bool, std::string>;  // suite, deep, question

Key key_of(const Mutant& mutant, const Ask& ask) {
  const bool table = ask.kind == Ask::Kind::table;
  return {table ? "" : std::string(mutant.suite.name().view()), !table && mutant.deep, ask.text()};
}

// Why the unplanted models are not as they must be; empty if they are.
std::string not_as_expected(const Mutant& mutant, const Ask& ask, bool found,
                            const Expectations& expectations) {
  std::optional<Expected> expected;
  switch (ask.kind) {
    case Ask::Kind::table: expected = Expected::holds; break;
    case Ask::Kind::maude:
      expected = expectations.of(mutant.suite.name().view(), ask.scenario->id, ask.what);
      break;
    case Ask::Kind::spin: break;
  }
  if (!expected) return {};
  const bool broken = *expected == Expected::attack || *expected == Expected::reachable;
  if (broken == found) return {};
  return ask.text() +
         ": the models themselves are not as expected: " + std::string(name(*expected));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "-" : text;
}

// Asks everything of one mutant.
Kill kill(const Mutant& mutant, const std::map<Key, Outcome<bool>>& baseline,
          const Expectations& expectations) {
  Kill kill{.mutant = &mutant, .model = {}, .code = {}, .problem = {}};
  const auto began = std::chrono::steady_clock::now();
  const auto planted = Planted::plant(mutant.edits);
  if (!planted) {
    kill.problem = planted.error();
    return kill;
  }
  const auto spin = planted->spin();
  if (!spin) {
    kill.problem = spin.error();
    return kill;
  }
  for (const Ask& ask : mutant.asked) {
    const Outcome<bool>& before = baseline.at(key_of(mutant, ask));
    const auto after = answer(ask, mutant.suite, mutant.deep, planted->files(), *spin);
    if (!before || !after) {
      kill.problem = ask.text() + ": " + (before ? after.error() : before.error());
      return kill;
    }
    if (kill.problem.empty()) kill.problem = not_as_expected(mutant, ask, *before, expectations);
    if (*before != *after) kill.model.push_back(ask.text());
  }
  kill.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return kill;
}

}  // namespace

bool Kill::as_expected() const {
  return problem.empty() && std::ranges::is_permutation(model, mutant->killed_by);
}

std::vector<Kill> kill_table(std::span<const Mutant> mutants, const Expectations& expectations,
                             const CodeDetectors& code) {
  std::map<Key, Outcome<bool>> baseline;
  std::vector<std::pair<const Mutant*, const Ask*>> questions;
  for (const Mutant& mutant : mutants) {
    for (const Ask& ask : mutant.asked) {
      if (baseline.emplace(key_of(mutant, ask), false).second)
        questions.emplace_back(&mutant, &ask);
    }
  }
  in_parallel(questions.size(), [&](std::size_t i) {
    const auto& [mutant, ask] = questions[i];
    // The entries are all there by now, and each is one thread's.
    baseline.at(key_of(*mutant, *ask)) =
        answer(*ask, mutant->suite, mutant->deep, project_model(), project_spin());
  });
  std::vector<Kill> kills(mutants.size());
  in_parallel(mutants.size(),
              [&](std::size_t i) { kills[i] = kill(mutants[i], baseline, expectations); });
  if (code) {
    for (Kill& kill : kills) kill.code = code(*kill.mutant);
  }
  return kills;
}

void print(std::ostream& out, std::span<const Kill> kills) {
  for (const Kill& kill : kills) {
    const Mutant& mutant = *kill.mutant;
    out << mutant.id << ": " << mutant.title << "\n"
        << "    planted in " << mutant.suite.name().view() << (mutant.deep ? ", deep" : "")
        << "; in the code: " << mutant.code.text() << "\n"
        << "    killed in the model by: " << joined(kill.model) << "\n";
    if (!mutant.equivalent.empty()) out << "    equivalent: " << mutant.equivalent << "\n";
    out << "    killed in the code by:  " << joined(kill.code) << "\n";
    if (!kill.problem.empty()) {
      out << "    <-- PROBLEM: " << kill.problem << "\n";
    } else if (!kill.as_expected()) {
      out << "    <-- NOT AS EXPECTED: " << joined(mutant.killed_by) << "\n";
    }
  }
  const auto killed =
      std::ranges::count_if(kills, [](const Kill& kill) { return !kill.model.empty(); });
  const auto equivalent = std::ranges::count_if(
      kills, [](const Kill& kill) { return !kill.mutant->equivalent.empty(); });
  const auto bad = std::ranges::count_if(kills, [](const Kill& k) { return !k.as_expected(); });
  out << kills.size() << " planted bugs: " << killed << " killed in the models, " << equivalent
      << " equivalent, "
      << (bad == 0 ? "all as expected" : std::to_string(bad) + " NOT as expected") << "\n";
}

}  // namespace wib::models
