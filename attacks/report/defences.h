// SPDX-License-Identifier: Apache-2.0
//
// The table "defence by attack": each named suite, and each of them with one defence as the other
// has it; what every attack comes to there, and which of that the one defence changed.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "attacks/scenarios/record.h"

namespace wib::attacks::report {

struct DefenceCell {
  const RunRecord* record = nullptr;  // null: not run
  bool changed = false;               // another outcome than on the suite that the row changes
};

struct DefenceRow {
  std::string suite;
  std::string base;  // the suite that it changes; empty for a named one
  std::vector<DefenceCell> cells;
};

struct DefenceTable {
  std::vector<std::string> attacks;  // ids, controls left out
  std::vector<DefenceRow> rows;

  // "hardened+freshness=none, D14.recorder: ...", for each cell whose expectation has a reason.
  struct Why {
    std::string attack;
    std::vector<std::string> suites;
    std::string text;
  };
  [[nodiscard]] std::vector<Why> reasons() const;
};

// Of the runs that were made for it, and of those of the named suites on the same pair of backends.
// Empty (no rows) if none was made for it.
[[nodiscard]] DefenceTable defence_table(std::span<const RunRecord> records);

// "S", "B", "n", "·" for not run; "!" for what needs attention.
[[nodiscard]] std::string letter(const DefenceCell& cell);

}  // namespace wib::attacks::report
