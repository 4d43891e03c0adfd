// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/overview.h"

#include <algorithm>

#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

template <typename T>
void add_once(std::vector<T>& list, T value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
}

// Puts every control behind its attack.
void pair_controls(std::vector<ScenarioRuns>& scenarios) {
  std::vector<std::string> attacks;
  for (const ScenarioRuns& scenario : scenarios) {
    if (!scenario.control) attacks.push_back(scenario.id);
  }
  for (ScenarioRuns& scenario : scenarios) {
    if (scenario.control) scenario.controls = controlled_by(scenario.id, attacks);
  }
  std::vector<ScenarioRuns> ordered;
  const auto take = [&](auto&& wanted) {
    std::ranges::copy_if(scenarios, std::back_inserter(ordered), wanted);
  };
  for (const std::string& attack : attacks) {
    take([&](const ScenarioRuns& one) { return !one.control && one.id == attack; });
    take([&](const ScenarioRuns& one) { return one.control && one.controls == attack; });
  }
  if (attacks.empty()) ordered = scenarios;
  scenarios = std::move(ordered);
}

}  // namespace

Standing standing(const RunRecord& record) noexcept {
  switch (record.verdict) {
    case Verdict::pass: return Standing::as_expected;
    case Verdict::fail: return Standing::unexpected;
    case Verdict::error: return Standing::error;
    case Verdict::not_applicable: return Standing::not_applicable;
    case Verdict::inconclusive: break;
  }
  return record.expected ? Standing::proved_nothing : Standing::nothing_expected;
}

std::string_view name(Standing standing) noexcept {
  switch (standing) {
    case Standing::unexpected: return "not as expected";
    case Standing::error: return "in error";
    case Standing::proved_nothing: return "without proof";
    case Standing::as_expected: return "as expected";
    case Standing::not_applicable: return "not applicable";
    case Standing::nothing_expected: return "without an expectation";
  }
  return "?";
}

std::string explanation(const RunRecord& record) {
  const std::string how(name(standing(record)));
  if (!record.reason.empty()) return how + ": " + record.reason;
  return how + ": " + std::string(attacks::name(record.outcome));
}

std::string suite_name(const RunRecord& record) {
  return record.reading.empty() ? record.suite : record.suite + "/" + record.reading;
}

const PropertyResult* result_of(const RunRecord& record, Property property) {
  const auto found = std::ranges::find(record.properties, property, &PropertyResult::property);
  return found == record.properties.end() ? nullptr : &*found;
}

std::string controlled_by(std::string_view control, std::span<const std::string> attacks) {
  if (attacks.empty()) return {};
  const std::string* best = nullptr;
  for (const std::string& attack : attacks) {
    // Whole words only: "share" is the beginning of "share-full-entropy", "sha" is not.
    const bool begins = control.starts_with(attack) && control.size() > attack.size() &&
                        (control[attack.size()] == '-' || control[attack.size()] == '.');
    if (begins && (best == nullptr || attack.size() > best->size())) best = &attack;
  }
  return best == nullptr ? attacks.front() : *best;
}

const Family* find_family(std::string_view id) {
  const auto all = families();
  const auto found = std::ranges::find(all, id, &Family::id);
  return found == all.end() ? nullptr : &*found;
}

std::size_t representative(std::span<const RunRecord> records, const Runs& runs) {
  const auto found = std::ranges::find_if(
      runs, [&](std::size_t run) { return needs_attention(standing(records[run])); });
  if (found != runs.end()) return *found;
  const auto ran = std::ranges::find_if(
      runs, [&](std::size_t run) { return records[run].verdict != Verdict::not_applicable; });
  return ran == runs.end() ? runs.front() : *ran;
}

Overview::Overview(std::span<const RunRecord> records, const ModelVerdicts* models)
    : records_(records), models_(models) {
  for (std::size_t run = 0; run < records.size(); ++run) add(run);
  for (FamilyRuns& family : families_) pair_controls(family.scenarios);
}

void Overview::add(std::size_t run) {
  const RunRecord& record = records_[run];
  const Standing how = standing(record);
  ++counts_[static_cast<std::size_t>(how)];
  if (needs_attention(how)) attention_.push_back(run);
  if (models_ != nullptr) {
    const std::vector<AimSaid> said = models_on(*models_, record);
    const AimSaid* worst = loudest(said);
    if (worst != nullptr && worst->agreement == Agreement::contradiction) {
      contradictions_.push_back(run);
    }
  }
  if (record.for_defences) return;
  add_once(suites_, suite_name(record));
  add_once(pairs_, Pair{record.device_backend, record.client_backend});

  auto& scenarios = family(record).scenarios;
  auto found = std::ranges::find(scenarios, record.id, &ScenarioRuns::id);
  if (found == scenarios.end()) {
    scenarios.push_back({.id = record.id, .control = record.control});
    found = std::prev(scenarios.end());
  }
  found->runs.push_back(run);
}

FamilyRuns& Overview::family(const RunRecord& record) {
  const auto found = std::ranges::find(families_, record.family, &FamilyRuns::id);
  if (found != families_.end()) return *found;
  families_.push_back({.id = record.family, .family = find_family(record.family)});
  return families_.back();
}

Runs Overview::at(const ScenarioRuns& scenario, std::string_view suite, const Pair& pair) const {
  Runs found;
  for (const bool attention : {true, false}) {
    for (const std::size_t run : scenario.runs) {
      const RunRecord& record = records_[run];
      if (suite_name(record) == suite && record.device_backend == pair.device &&
          record.client_backend == pair.client && needs_attention(standing(record)) == attention) {
        found.push_back(run);
      }
    }
  }
  return found;
}

std::size_t Overview::cells_without_run() const {
  std::size_t missing = 0;
  for (const FamilyRuns& family : families_) {
    for (const ScenarioRuns& scenario : family.scenarios) {
      for (const std::string& suite : suites_) {
        for (const Pair& pair : pairs_) missing += at(scenario, suite, pair).empty() ? 1 : 0;
      }
    }
  }
  return missing;
}

std::string Overview::summary() const {
  if (records_.empty()) return "No runs: nothing was tested.";
  std::string text = report::count(records_.size(), "run");
  const std::size_t apart = count(Standing::not_applicable);
  if (apart < records_.size() && count(Standing::as_expected) + apart == records_.size()) {
    if (apart == 0) return text + ", all as expected.";
    return text + ", all as expected (" + std::to_string(apart) + " not applicable, with reasons).";
  }
  const char* separator = ": ";
  for (std::size_t i = 0; i < standing_count; ++i) {
    if (counts_[i] == 0) continue;
    ((text += separator) += std::to_string(counts_[i]) + " ") += name(static_cast<Standing>(i));
    separator = ", ";
  }
  return text + ".";
}

std::string Overview::extent() const {
  std::size_t attacks = 0;
  std::size_t controls = 0;
  for (const FamilyRuns& family : families_) {
    for (const ScenarioRuns& scenario : family.scenarios) ++(scenario.control ? controls : attacks);
  }
  std::string text =
      report::count(attacks, "attack") + " and " + report::count(controls, "control") + " on ";
  for (std::size_t i = 0; i < suites_.size(); ++i) {
    if (i != 0) text += i + 1 == suites_.size() ? " and " : ", ";
    text += suites_[i];
  }
  text += ", " + report::count(pairs_.size(), "pair") + " of backends";
  if (const std::size_t missing = cells_without_run(); missing != 0) {
    text += "; " + report::count(missing, "combination") + " not run";
  }
  const auto mixes = static_cast<std::size_t>(
      std::ranges::count_if(records_, [](const RunRecord& record) { return record.for_defences; }));
  if (mixes != 0) text += "; " + report::count(mixes, "run") + " with one defence changed";
  return text + ".";
}

}  // namespace wib::attacks::report
