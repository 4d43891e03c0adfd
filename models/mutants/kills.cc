// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <deque>
#include <iomanip>
#include <ostream>

#include "models/mutants/mutants.h"

namespace wib::models {
namespace {

// What the models as they are say: asked once for whatever several mutants are asked.
class Baseline {
 public:
  explicit Baseline(std::span<const Mutant> mutants) {
    for (const Mutant& mutant : mutants) {
      for (const Ask& ask : mutant.asked) {
        auto group =
            std::ranges::find_if(groups_, [&](const Group& g) { return g.together(mutant, ask); });
        if (group == groups_.end()) {
          groups_.push_back({mutant.suite, mutant.bound, {}, {}});
          group = std::prev(groups_.end());
        }
        if (std::ranges::find(group->asked, ask.text(), &Ask::text) == group->asked.end()) {
          group->asked.push_back(ask);
        }
      }
    }
    in_parallel(groups_.size(), [this](std::size_t i) {
      Group& group = groups_[i];
      group.broken =
          answers(group.asked, group.suite, group.bound, project_model(), project_spin());
    });
  }

  [[nodiscard]] Outcome<bool> of(const Mutant& mutant, const Ask& ask) const {
    for (const Group& group : groups_) {
      if (!group.together(mutant, ask)) continue;
      const auto at = std::ranges::find(group.asked, ask.text(), &Ask::text);
      if (at == group.asked.end()) continue;
      if (!group.broken) return std::unexpected(group.broken.error());
      return (*group.broken)[static_cast<std::size_t>(at - group.asked.begin())];
    }
    return std::unexpected(ask.text() + ": was not asked");
  }

 private:
  // Questions of one scenario to one engine: in Maude, one search.
  struct Group {
    Suite suite;
    std::optional<Bound> bound;
    std::vector<Ask> asked;
    Outcome<std::vector<bool>> broken;

    [[nodiscard]] bool together(const Mutant& mutant, const Ask& ask) const {
      if (asked.front().kind != ask.kind) return false;
      if (ask.kind == Ask::Kind::table) return true;  // it is of all suites
      return asked.front().scenario == ask.scenario && suite == mutant.suite &&
             bound == mutant.bound;
    }
  };
  std::deque<Group> groups_;
};

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
Kill kill(const Mutant& mutant, const Baseline& baseline, const Expectations& expectations) {
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
  const auto after = answers(mutant.asked, mutant.suite, mutant.bound, planted->files(), *spin);
  if (!after) {
    kill.problem = after.error();
    return kill;
  }
  for (std::size_t i = 0; i < mutant.asked.size(); ++i) {
    const Ask& ask = mutant.asked[i];
    const auto before = baseline.of(mutant, ask);
    if (!before) {
      kill.problem = before.error();
      return kill;
    }
    if (kill.problem.empty()) kill.problem = not_as_expected(mutant, ask, *before, expectations);
    if (*before != (*after)[i]) kill.model.push_back(ask.text());
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
  const Baseline baseline(mutants);
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
        << "    planted in " << mutant.suite.name().view()
        << (mutant.bound ? " within " + mutant.bound->text() : "")
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
