// SPDX-License-Identifier: Apache-2.0
//
// wib_kill_table: how soon the trace engine finds each planted bug, and what each of its parts is
// good for. Exit 1 if it is slower than promised.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "fuzz/planted/tables.h"

namespace {

using namespace wib::fuzz;
using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json to_json(const KillRow& row) {
  Json kills = Json::array();
  for (const Kill& kill : row.kills) {
    kills.push_back({{"found", kill.found}, {"seconds", kill.seconds}, {"traces", kill.traces}});
  }
  return {{"id", row.bug->id},
          {"title", row.bug->title},
          {"property", id(row.bug->property)},
          {"repeats", row.bug->conditions.repeats},
          {"deep", row.deep},
          {"found_by_bytes", row.found_by_bytes},
          {"median_seconds", number(row.median_seconds())},
          {"worst_seconds", number(row.worst_seconds())},
          {"kills", std::move(kills)}};
}

// std::string, so that it is ended by a zero.
std::string text(std::string_view view) { return std::string(view); }

void print(const KillRow& row) {
  const unsigned found = row.found();
  std::string traces = "-";
  if (2 * found > row.kills.size()) traces = std::to_string(row.median_traces());
  std::cout << printed("%-32s %-5s %-5s %2u/%-2zu %8.3f %8.3f %8s\n", text(row.bug->id).c_str(),
                       text(id(row.bug->property)).c_str(), row.deep ? "deep" : "", found,
                       row.kills.size(), row.median_seconds(), row.worst_seconds(), traces.c_str())
            << std::flush;
}

Json kill_table(std::span<const Bug> which, const KillConfig& config, bool& as_promised) {
  std::cout << printed("%-32s %-5s %-5s %5s %8s %8s %8s\n", "bug", "falls", "", "found", "median s",
                       "worst s", "traces");
  std::vector<KillRow> rows;
  Json list = Json::array();
  for (const Bug& bug : which) {
    rows.push_back(kill_row(bug, config));
    print(rows.back());
    list.push_back(to_json(rows.back()));
  }
  const KillSummary summary = summarise(rows);
  as_promised = summary.as_promised();
  std::cout << summary.text() << '\n';
  return {{"bugs", std::move(list)}, {"summary", summary.text()}, {"as_promised", as_promised}};
}

Json ablation(std::span<const Bug> which, const KillConfig& config, std::string_view only) {
  // What is deep is measured, not claimed; once is enough here.
  std::vector<const Bug*> deep;
  for (const Bug& bug : which) {
    if (!hunt(bug, Parts::bytes, 1, {.seconds = config.bytes_seconds}).found) deep.push_back(&bug);
  }
  std::cout << printed("%-12s", "as_posted");
  for (const Prey& prey : preys()) std::cout << printed("%14s", text(prey.name).c_str());
  std::cout << printed("%14s\n", (std::to_string(deep.size()) + " deep bugs").c_str())
            << std::flush;
  Json rows = Json::array();
  for (std::size_t i = 0; i < parts_count; ++i) {
    if (!only.empty() && only != name(static_cast<Parts>(i))) continue;
    const AblationRow row = ablate(static_cast<Parts>(i), config.seeds, config.limit, deep);
    Json cells = Json::object();
    std::cout << printed("%-12s", text(name(row.parts)).c_str());
    for (std::size_t prey = 0; prey < row.kills.size(); ++prey) {
      const std::string said = cell(row.kills[prey]);
      cells[std::string(preys()[prey].name)] = said;
      std::cout << printed("%14s", said.c_str());
    }
    std::cout << printed("%14zu\n", row.deep_found()) << std::flush;
    rows.push_back({{"parts", name(row.parts)},
                    {"as_posted", std::move(cells)},
                    {"deep_found", row.deep_found()},
                    {"deep", deep.size()}});
  }
  return {{"ablation", std::move(rows)}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How soon the trace engine finds each planted bug (fuzz/planted)."};
  KillConfig config;
  std::string only, json, parts;
  bool ablate_parts = false;
  bool list = false;
  app.add_option("--seeds", config.seeds, "hunts for each bug")->check(CLI::Range(1, 1000));
  app.add_option("--limit", config.limit, "CPU seconds for a hunt")->check(CLI::PositiveNumber);
  app.add_option("--bytes-seconds", config.bytes_seconds,
                 "CPU seconds in which a mutator of bytes does not find what is deep");
  app.add_option("--bug", only, "this one alone");
  app.add_option("--json", json, "write the numbers to this file");
  app.add_flag("--ablation", ablate_parts, "what is found without parts of the engine");
  app.add_option("--parts", parts, "the ablation's row of that name alone (\"+holes\")");
  app.add_flag("--list", list, "what is planted, and what is no bug");
  CLI11_PARSE(app, argc, argv);

  std::span<const Bug> which = bugs();
  if (!only.empty()) {
    const Bug* bug = find_bug(only);
    if (bug == nullptr) {
      std::cerr << "wib_kill_table: no bug \"" << only << "\" (--list has them)\n";
      return 2;
    }
    which = {bug, 1};
  }
  if (list) {
    for (const Bug& bug : which) {
      std::cout << printed("%-32s %-5s %s\n", text(bug.id).c_str(), text(id(bug.property)).c_str(),
                           text(bug.title).c_str());
    }
    for (const Harmless& other : harmless()) {
      std::cout << printed("%-32s none  %s\n", text(other.id).c_str(), text(other.why).c_str());
    }
    return 0;
  }
  bool as_promised = true;
  const Json result =
      ablate_parts ? ablation(which, config, parts) : kill_table(which, config, as_promised);
  if (!json.empty()) {
    std::ofstream out(json);
    out << result.dump(2) << '\n';
    if (!out) {
      std::cerr << "wib_kill_table: " << json << " cannot be written\n";
      return 2;
    }
  }
  return as_promised ? 0 : 1;
}
