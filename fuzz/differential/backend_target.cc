// SPDX-License-Identifier: Apache-2.0
//
// Target: one operation of the port Crypto with inputs from the input, asked of every real backend.
// At the port no divergence is declared: what the libraries do differently by themselves
// (backends/conformance/divergences) is what the port and the wrappers are there to decide.
#include "backends/registry.h"
#include "fuzz/differential/compare.h"

namespace wib::fuzz {
namespace {

// One that has every operation first.
const std::vector<Asked>& everybody() {
  static const std::vector<Asked> all = [] {
    std::vector<Asked> found = {{backends().front()->name(), &backends().front()->crypto()}};
    for (Backend* const backend : real_backends()) {
      if (backend != backends().front()) found.push_back({backend->name(), &backend->crypto()});
    }
    return found;
  }();
  return all;
}

}  // namespace

const std::string_view invariant =
    "every real backend answers every operation with the same bytes or the same error";

void one_input(ByteView input) {
  const std::string found = difference(input, everybody());
  expect(found.empty(), found);
}

}  // namespace wib::fuzz
