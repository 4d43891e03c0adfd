// SPDX-License-Identifier: Apache-2.0
#include "models/mutants/in_code.h"

#include "backends/registry.h"
#include "models/bridge/conform.h"

namespace wib::models {

std::vector<std::string> killed_by_probing(const Mutant& mutant) {
  Backend* const ideal = find_backend("ideal");
  if (ideal == nullptr || !mutant.code.none.empty()) return {};
  const Suite& suite = mutant.code.suite ? *mutant.code.suite : mutant.suite;
  const std::vector<DeviceRow> device = mutant.device_rows();
  const std::vector<ClientRow> client = mutant.client_rows();
  for (const Exploration& exploration : explorations()) {
    const auto graph = graph_of(mutant.suite, exploration);
    if (!graph) return {"? (" + graph.error() + ")"};
    const auto done = conform(**graph, exploration,
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
