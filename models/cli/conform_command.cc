// SPDX-License-Identifier: Apache-2.0
#include "models/cli/conform_command.h"

#include <algorithm>
#include <iomanip>
#include <iostream>

#include "attacks/cli/commands.h"
#include "models/bridge/conform.h"

namespace wib::models {
namespace {

using attacks::usage_error;

void print(const Mismatch& mismatch) {
  std::cout << "    " << mismatch.what << "\n      after";
  for (const std::string& step : mismatch.path) std::cout << " [" << step << "]";
  std::cout << "\n";
}

}  // namespace

int run_conform(const ConformArguments& arguments) {
  std::vector<Suite> suites;
  for (const std::string& name : arguments.suites) {
    const auto parsed = attacks::parse_suites(name);
    if (!parsed) return usage_error("--suite: " + parsed.error());
    for (const Suite* suite : *parsed) suites.push_back(*suite);
  }
  if (suites.empty()) {
    for (const Suite& suite : wib::suites()) suites.push_back(suite);
  }
  for (const std::string& name : arguments.backends) {
    if (find_backend(name) == nullptr) {
      return usage_error("--backend: unknown \"" + name +
                         "\"; there is: " + attacks::backend_names() + ", ideal");
    }
  }
  std::vector<Backend*> chosen;
  for (Backend* backend : all_backends()) {
    const bool wanted =
        arguments.backends.empty() ||
        std::ranges::find(arguments.backends, backend->name()) != arguments.backends.end();
    if (wanted) chosen.push_back(backend);
  }

  bool good = true;
  std::cout << std::left << std::setw(22) << "suite" << std::setw(12) << "explored" << std::right
            << std::setw(9) << "states" << std::setw(9) << "arcs" << "  " << std::left
            << std::setw(10) << "backend" << std::right << std::setw(9) << "probes" << std::setw(8)
            << "s" << std::setw(10) << "probes/s" << std::setw(10) << "covered" << std::setw(12)
            << "mismatches" << "\n";
  for (const Suite& suite : suites) {
    std::set<std::string> rows;
    for (const Exploration& exploration : explorations()) {
      const auto graph = graph_of(suite, exploration);
      if (!graph) return usage_error(graph.error());
      for (Backend* backend : chosen) {
        if (!runs(*backend, suite)) continue;
        const auto done =
            conform(**graph, exploration,
                    {.suite = suite, .backend = *backend, .memoise = backend->manifest().real});
        if (!done) return usage_error(std::string(suite.id().view()) + ": " + done.error());
        rows.insert(done->rows.begin(), done->rows.end());
        good = good && done->mismatches.empty() && done->covered();
        std::cout << std::left << std::setw(22) << suite.id().view() << std::setw(12)
                  << exploration.id << std::right << std::setw(9) << done->states << std::setw(9)
                  << done->arcs << "  " << std::left << std::setw(10) << backend->name()
                  << std::right << std::setw(9) << done->probes << std::setw(8) << std::fixed
                  << std::setprecision(2) << done->seconds << std::setw(10)
                  << static_cast<std::uint64_t>(static_cast<double>(done->probes) / done->seconds)
                  << std::setw(9) << std::setprecision(1)
                  << 100.0 * static_cast<double>(done->probed) / static_cast<double>(done->arcs)
                  << "%" << std::setw(12) << done->mismatches.size() << std::endl;
        for (const Mismatch& mismatch : done->mismatches) print(mismatch);
      }
    }
    const std::set<std::string> reachable = reachable_rows(suite);
    std::cout << std::left << std::setw(22) << suite.id().view() << rows.size() << " of "
              << reachable.size()
              << " rows of the transition table that requests reach in these bounds were taken\n";
    if (!rows.empty()) good = good && rows == reachable;
  }
  std::cout << (good ? "the code does what the model says\n" : "the code and the model differ\n");
  return good ? attacks::exit_as_expected : attacks::exit_not_as_expected;
}

}  // namespace wib::models
