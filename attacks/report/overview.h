// SPDX-License-Identifier: Apache-2.0
//
// Overview: the records of a report put in order, for the writers that show them as a table.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "attacks/report/model_verdicts.h"
#include "attacks/scenarios/record.h"

namespace wib::attacks::report {

// What a reader has to make of a run. Verdict::inconclusive is two things: nothing was expected,
// which is nobody's fault, or something was and the run proved nothing.
enum class Standing : std::uint8_t {
  unexpected,
  error,
  proved_nothing,
  as_expected,
  not_applicable,
  nothing_expected
};
inline constexpr std::size_t standing_count = 6;

[[nodiscard]] Standing standing(const RunRecord& record) noexcept;
// As it goes with a number: "not as expected", "in error", "without proof", "as expected",
// "not applicable", "without an expectation".
[[nodiscard]] std::string_view name(Standing standing) noexcept;
// True for what must not go unread: all but as_expected and nothing_expected.
[[nodiscard]] constexpr bool needs_attention(Standing standing) noexcept {
  return standing != Standing::as_expected && standing != Standing::not_applicable &&
         standing != Standing::nothing_expected;
}

// "not as expected: the attack was expected to be blocked and succeeded".
[[nodiscard]] std::string explanation(const RunRecord& record);

// "as_posted/cbc".
[[nodiscard]] std::string suite_name(const RunRecord& record);

// What the run says of `property`, or null.
[[nodiscard]] const PropertyResult* result_of(const RunRecord& record, Property property);

// A pair of backends, as a column.
struct Pair {
  std::string device;
  std::string client;
  friend bool operator==(const Pair&, const Pair&) = default;
};

// Runs are named by their index into the records (and into report.json's results).
using Runs = std::vector<std::size_t>;

// All runs of one scenario, an attack or a control.
struct ScenarioRuns {
  std::string id;
  bool control = false;
  std::string controls;  // of a control: the attack's id; empty if the family has no attack
  Runs runs;
};

struct FamilyRuns {
  std::string id;
  const Family* family = nullptr;       // null: not in the catalogue
  std::vector<ScenarioRuns> scenarios;  // a control stands behind the attack that it controls
};

// Otherwise the order is that of the records' first appearance. Families, suites and pairs are
// those of the matrix; counts and attention are of all the runs.
class Overview {
 public:
  // Refers to `records` and `models`, which must live as long.
  explicit Overview(std::span<const RunRecord> records, const ModelVerdicts* models = nullptr);

  [[nodiscard]] std::span<const RunRecord> records() const noexcept { return records_; }
  [[nodiscard]] const RunRecord& record(std::size_t run) const { return records_[run]; }
  [[nodiscard]] const std::vector<FamilyRuns>& families() const noexcept { return families_; }
  [[nodiscard]] const std::vector<std::string>& suites() const noexcept { return suites_; }
  [[nodiscard]] const std::vector<Pair>& pairs() const noexcept { return pairs_; }

  [[nodiscard]] std::size_t count(Standing standing) const {
    return counts_[static_cast<std::size_t>(standing)];
  }
  // The runs that need attention.
  [[nodiscard]] const Runs& attention() const noexcept { return attention_; }

  // Null if no models were asked.
  [[nodiscard]] const ModelVerdicts* models() const noexcept { return models_; }
  // The runs that broke what a model says holds.
  [[nodiscard]] const Runs& contradictions() const noexcept { return contradictions_; }

  // The runs of `scenario` in one cell, those that need attention first.
  [[nodiscard]] Runs at(const ScenarioRuns& scenario, std::string_view suite,
                        const Pair& pair) const;
  // Cells that have no run.
  [[nodiscard]] std::size_t cells_without_run() const;

  // "96 runs, all as expected."; "No runs: nothing was tested."; "3 runs: 2 not as expected, 1 as
  // expected."
  [[nodiscard]] std::string summary() const;
  // "3 families: 7 attacks and 5 controls, on as_posted/cbc, as_posted/ctr, 4 backend pairs."
  [[nodiscard]] std::string extent() const;

 private:
  void add(std::size_t run);
  [[nodiscard]] FamilyRuns& family(const RunRecord& record);

  std::span<const RunRecord> records_;
  std::vector<FamilyRuns> families_;
  std::vector<std::string> suites_;
  std::vector<Pair> pairs_;
  std::array<std::size_t, standing_count> counts_{};
  Runs attention_;
  const ModelVerdicts* models_;
  Runs contradictions_;
};

// Of the attacks' ids, the one that a control belongs to: the longest that its own id begins with
// ("D14.recorder" for "D14.recorder-strong-rng"), else the first.
[[nodiscard]] std::string controlled_by(std::string_view control,
                                        std::span<const std::string> attacks);

// The catalogue's entry, or null.
[[nodiscard]] const Family* find_family(std::string_view id);

// Among `runs`, the one to show: the first that needs attention, else the first that was made.
[[nodiscard]] std::size_t representative(std::span<const RunRecord> records, const Runs& runs);

}  // namespace wib::attacks::report
