// SPDX-License-Identifier: Apache-2.0
#include "models/mutants/in_code.h"

#include <map>

#include "backends/registry.h"
#include "models/bridge/conform.h"

namespace wib::models {
namespace {

// Each graph is made once.
Graph* graph_of(const Suite& suite, const Exploration& exploration) {
  static std::map<std::string, std::optional<Graph>> graphs;
  const std::string initial =
      initial_term(suite, exploration.scenario, exploration.bound, exploration.clients);
  auto [found, fresh] = graphs.try_emplace(initial);
  if (fresh) {
    if (auto graph = explore(project_model(), initial, 300)) found->second = std::move(*graph);
  }
  return found->second ? &*found->second : nullptr;
}

}  // namespace

std::vector<std::string> killed_by_probing(const Mutant& mutant) {
  Backend* const ideal = find_backend("ideal");
  if (ideal == nullptr || !mutant.code.none.empty()) return {};
  const Suite& suite = mutant.code.suite ? *mutant.code.suite : mutant.suite;
  const std::vector<DeviceRow> device = mutant.device_rows();
  const std::vector<ClientRow> client = mutant.client_rows();
  for (const Exploration& exploration : explorations()) {
    Graph* const graph = graph_of(mutant.suite, exploration);
    if (graph == nullptr) return {"? (no graph)"};
    const auto done = conform(*graph, exploration,
                              {.suite = suite,
                               .model = &mutant.suite,
                               .backend = *ideal,
                               .device_transitions = device,
                               .client_transitions = client,
                               .most_mismatches = 1});
    if (!done) return {"? (" + done.error() + ")"};
    if (!done->mismatches.empty()) return {"conform"};
  }
  return {};
}

}  // namespace wib::models
