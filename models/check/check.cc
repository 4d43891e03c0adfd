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

std::string condition(const Question& question) {
  return "(C:Cfg breaks " + std::string(question.goal) + ")";
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
    const std::string from = initial_term(suite_, scenario_, bound_);
    // What is expected to hold is asked for as one: a single search of everything.
    MaudeScript script(options_.model, "WIB-SEARCH");
    std::vector<std::size_t> together, alone;
    std::string any;
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      if (verdicts_[i].expected == Expected::holds) {
        any += (any.empty() ? "" : " or-else ") + condition(scenario_.questions[i]);
        together.push_back(i);
      } else {
        script.search(from, condition(scenario_.questions[i]));
        alone.push_back(i);
      }
    }
    if (!together.empty()) script.search(from, "(" + any + ")");
    const auto searches = script.run_searches(options_.seconds);
    if (!searches) return failed(searches.error());
    for (std::size_t i = 0; i < alone.size(); ++i) set(alone[i], (*searches)[i]);
    if (together.empty()) return verdicts_;
    const Search& last = searches->back();
    if (!last.found) {
      for (const std::size_t i : together) set(i, last);
      return verdicts_;
    }
    // Something that was to hold does not: which?
    MaudeScript again(options_.model, "WIB-SEARCH");
    for (const std::size_t i : together) again.search(from, condition(scenario_.questions[i]));
    const auto each = again.run_searches(options_.seconds);
    if (!each) return failed(each.error());
    for (std::size_t i = 0; i < together.size(); ++i) set(together[i], (*each)[i]);
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
  void set(std::size_t i, const Search& search) {
    verdicts_[i].found = to_expected(scenario_.questions[i], search.found);
    verdicts_[i].states = search.states;
    verdicts_[i].seconds = search.seconds;
  }
  std::vector<Verdict> failed(const std::string& why) {
    for (Verdict& verdict : verdicts_) verdict.problem = why;
    return verdicts_;
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
