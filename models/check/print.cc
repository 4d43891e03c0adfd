// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <ostream>

#include "models/check/check.h"

namespace wib::models {
namespace {

void print_row(std::ostream& out, const Verdict& verdict) {
  const std::string expected = verdict.expected ? std::string(name(*verdict.expected)) : "-";
  const std::string found = verdict.found ? std::string(name(*verdict.found)) : "?";
  out << "  " << std::left << std::setw(17) << verdict.scenario << std::setw(16) << verdict.property
      << std::setw(12) << expected << std::setw(12) << found << std::setw(7) << verdict.engine
      << std::right << std::setw(9) << verdict.states << std::setw(8) << std::fixed
      << std::setprecision(2) << verdict.seconds << "  " << std::left << verdict.bound
      << (verdict.good() ? "" : "   <-- NOT AS EXPECTED") << "\n";
  if (!verdict.problem.empty()) out << "    " << verdict.problem << "\n";
}

void print_head(std::ostream& out) {
  out << "  " << std::left << std::setw(17) << "scenario" << std::setw(16) << "property"
      << std::setw(12) << "expected" << std::setw(12) << "found" << std::setw(7) << "engine"
      << std::right << std::setw(9) << "states" << std::setw(8) << "s" << "  bound\n";
}

}  // namespace

void print(std::ostream& out, std::span<const Verdict> verdicts, bool everything) {
  std::vector<std::string> suites;
  for (const Verdict& verdict : verdicts) {
    if (suites.empty() || suites.back() != verdict.suite) suites.push_back(verdict.suite);
  }
  for (const std::string& suite : suites) {
    std::vector<const Verdict*> own;
    for (const Verdict& verdict : verdicts) {
      if (verdict.suite == suite) own.push_back(&verdict);
    }
    const std::string base = suite.substr(0, suite.find('+'));
    const bool told_whole =
        everything || base == suite || std::ranges::find(suites, base) == suites.end();
    const auto bad = std::ranges::count_if(own, [](const Verdict* v) { return !v->good(); });
    double seconds = 0;
    // Questions that one search answered have its time.
    std::string_view before;
    for (const Verdict* verdict : own) {
      const bool same = verdict->engine == "maude" && verdict->scenario == before;
      if (!same) seconds += verdict->seconds;
      before =
          verdict->engine == "maude" ? std::string_view(verdict->scenario) : std::string_view{};
    }
    out << suite << ": " << own.size() << " verdicts, "
        << (bad == 0 ? "all as expected" : std::to_string(bad) + " NOT as expected") << ", "
        << std::fixed << std::setprecision(1) << seconds << " s\n";
    if (told_whole) print_head(out);
    for (const Verdict* verdict : own) {
      if (told_whole || !verdict->good()) {
        print_row(out, *verdict);
        continue;
      }
      if (verdict->engine != "maude") continue;
      const auto other = std::ranges::find_if(verdicts, [&](const Verdict& v) {
        return v.suite == base && v.scenario == verdict->scenario && v.engine == verdict->engine &&
               v.property == verdict->property;
      });
      if (other == verdicts.end() || other->found == verdict->found) continue;
      out << "    " << verdict->property << " (" << verdict->scenario
          << "): " << name(*verdict->found) << ", not "
          << (other->found ? name(*other->found) : "?") << " as in " << base << "\n";
    }
  }
  for (const std::string& difference : disagreements(verdicts)) {
    out << "the engines differ: " << difference << "\n";
  }
}

}  // namespace wib::models
