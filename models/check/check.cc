// SPDX-License-Identifier: Apache-2.0
#include "models/check/check.h"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "models/engine/process.h"
#include "models/engine/spin.h"

namespace wib::models {
namespace {

Expected to_expected(const Question& question, bool found) {
  if (question.reachability) return found ? Expected::reachable : Expected::unreachable;
  return found ? Expected::attack : Expected::holds;
}

// One scenario of one suite in one engine.
class Job {
 public:
  Job(const Suite& suite, const Scenario& scenario, const Expectations& expectations,
      const CheckOptions& options)
      : suite_(suite),
        scenario_(scenario),
        options_(options),
        bound_(options.deep ? scenario.deep : scenario.fast) {
    for (const Question& question : scenario.questions) {
      const std::string name(suite.name().view());
      verdicts_.push_back({.suite = name,
                           .scenario = std::string(scenario.id),
                           .property = std::string(question.property),
                           .bound = bound_.text(),
                           .expected = expectations.of(name, scenario.id, question.property)});
    }
  }

  std::vector<Verdict> maude() {
    for (Verdict& verdict : verdicts_) verdict.engine = "maude";
    // All of it is one search. Where nothing is expected to hold it may end at the first state that
    // shows the last of the questions; what was not seen by then is asked for by itself.
    std::vector<std::string_view> goals;
    bool whole = false;
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      goals.push_back(scenario_.questions[i].goal);
      const auto& expected = verdicts_[i].expected;
      whole = whole || (expected != Expected::attack && expected != Expected::reachable);
    }
    auto answers = ask(goals, whole ? std::string_view{} : goals.back());
    while (answers && !answers->complete) {
      const auto missing = std::ranges::find_if(
          goals, [&](std::string_view goal) { return !answers->broken.contains(goal); });
      if (missing == goals.end()) break;
      auto more = ask({*missing}, *missing);
      if (!more) {
        answers = std::move(more);
        break;
      }
      answers->broken.merge(more->broken);
      answers->complete = more->complete;
      answers->states = std::max(answers->states, more->states);
      answers->seconds += more->seconds;
    }
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      Verdict& verdict = verdicts_[i];
      if (!answers) {
        verdict.problem = answers.error();
        continue;
      }
      verdict.found = to_expected(scenario_.questions[i], answers->broken.contains(goals[i]));
      verdict.states = answers->states;
      verdict.seconds = answers->seconds;
    }
    return verdicts_;
  }

  std::vector<Verdict> spin(const SpinModel& model) {
    std::vector<Verdict> answers;
    const auto environment = spin_environment(suite_, scenario_, bound_);
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      const Question& question = scenario_.questions[i];
      if (question.claim.empty()) continue;
      Verdict verdict = verdicts_[i];
      verdict.engine = "spin";
      const auto answer = ask_spin(model, environment, question.claim, options_.seconds);
      if (answer) {
        verdict.found = to_expected(question, answer->violated);
        verdict.states = answer->states;
        verdict.seconds = answer->seconds;
      } else {
        verdict.problem = answer.error();
      }
      answers.push_back(std::move(verdict));
    }
    return answers;
  }

 private:
  [[nodiscard]] Outcome<Answers> ask(const std::vector<std::string_view>& goals,
                                     std::string_view stop) const {
    return ask_maude(options_.model, initial_term(suite_, scenario_, bound_), goals, stop,
                     options_.seconds);
  }

  const Suite& suite_;
  const Scenario& scenario_;
  const CheckOptions& options_;
  Bound bound_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

std::vector<Verdict> check(std::span<const Suite> suites, const Expectations& expectations,
                           const CheckOptions& options) {
  struct Planned {
    const Suite* suite;
    const Scenario* scenario;
    bool spin;
  };
  std::vector<Planned> plan;
  for (const Suite& suite : suites) {
    for (const Scenario& scenario : scenarios()) {
      if (!scenario.not_applicable(suite).empty()) continue;
      plan.push_back({&suite, &scenario, false});
      plan.push_back({&suite, &scenario, true});
    }
  }
  const SpinModel spin = project_spin();
  std::vector<std::vector<Verdict>> answers(plan.size());
  std::mutex telling;
  std::size_t done = 0;
  in_parallel(plan.size(), [&](std::size_t i) {
    Job job(*plan[i].suite, *plan[i].scenario, expectations, options);
    answers[i] = plan[i].spin ? job.spin(spin) : job.maude();
    const std::scoped_lock lock(telling);
    if (options.progress) options.progress(++done, plan.size());
  });
  std::vector<Verdict> verdicts;
  for (auto& some : answers) {
    verdicts.insert(verdicts.end(), std::make_move_iterator(some.begin()),
                    std::make_move_iterator(some.end()));
  }
  return verdicts;
}

std::vector<std::string> disagreements(std::span<const Verdict> verdicts) {
  std::vector<std::string> found;
  for (const Verdict& a : verdicts) {
    for (const Verdict& b : verdicts) {
      if (a.engine != "maude" || b.engine != "spin" || a.suite != b.suite ||
          a.scenario != b.scenario || a.property != b.property) {
        continue;
      }
      if (!a.found || !b.found || a.found == b.found) continue;
      found.push_back(a.suite + ", " + a.scenario + ", " + a.property + ": maude says " +
                      std::string(name(*a.found)) + ", spin " + std::string(name(*b.found)));
    }
  }
  return found;
}

std::string to_json(std::span<const Verdict> verdicts) {
  using json = nlohmann::ordered_json;
  json items = json::array();
  for (const Verdict& verdict : verdicts) {
    json item{{"suite", verdict.suite},       {"scenario", verdict.scenario},
              {"property", verdict.property}, {"engine", verdict.engine},
              {"bound", verdict.bound},       {"states", verdict.states},
              {"seconds", verdict.seconds},   {"good", verdict.good()}};
    if (verdict.expected) item["expected"] = std::string(name(*verdict.expected));
    if (verdict.found) item["found"] = std::string(name(*verdict.found));
    if (!verdict.problem.empty()) item["problem"] = verdict.problem;
    items.push_back(std::move(item));
  }
  return json{{"verdicts", items}}.dump(1);
}

}  // namespace wib::models
