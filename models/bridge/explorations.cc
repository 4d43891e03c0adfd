// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "models/bridge/conform.h"

namespace wib::models {

std::span<const Exploration> explorations() {
  static const std::vector<Exploration> all = [] {
    Scenario open{.id = "active", .attacker = "active", .entropy = "full", .knows = "nothing"};
    Scenario leaked = open;
    leaked.knows = "authenticator";
    return std::vector<Exploration>{
        {"with-owner", "an honest client, and an attacker on the wire", open,
         Bound{.sessions = 2, .presses = 2, .tries = 1}, "owner"},
        {"alone", "an attacker who has the authenticator; power cuts and expiry", leaked,
         Bound{.sessions = 2, .presses = 2, .restarts = 1, .expiries = 1, .tries = 2}, "noc"},
        {"with-both", "the two of them", leaked, Bound{.sessions = 1, .presses = 2, .tries = 2},
         "owner"},
    };
  }();
  return all;
}

Outcome<Graph*> graph_of(const Suite& suite, const Exploration& exploration) {
  static std::map<std::string, Graph> graphs;
  const std::string initial =
      initial_term(suite, exploration.scenario, exploration.bound, exploration.clients);
  if (const auto found = graphs.find(initial); found != graphs.end()) return &found->second;
  auto graph = explore(project_model(), initial, 600);
  if (!graph) return std::unexpected(graph.error());
  return &graphs.emplace(initial, std::move(*graph)).first->second;
}

std::string row_name(DeviceState on, DeviceEvent event, Judged judged) {
  return std::string(name(on)) + " " + std::string(name(event)) + " " + std::string(name(judged));
}

std::set<std::string> reachable_rows(const Suite& suite) {
  std::set<std::string> rows;
  for (const DeviceRow& row : device_table()) {
    if (!suite.traits().has(row.when) || row.event < DeviceEvent::get_dh ||
        row.judged == Judged::failed) {
      continue;
    }
    if (row.event == DeviceEvent::get_dh) {
      const bool beside = row.on != DeviceState::no_session && row.on != DeviceState::closed;
      const bool single = suite.session_policy.strict();
      if (single && beside && row.judged == Judged::good) continue;
      if (!single && row.judged == Judged::bad) continue;
    }
    rows.insert(row_name(row.on, row.event, row.judged));
  }
  return rows;
}

}  // namespace wib::models
