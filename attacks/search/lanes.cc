// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/lanes.h"

#include <algorithm>

namespace wib::attacks {

void PortableLanes::enter(EntryWord* out, const Montgomery::Number& x) const {
  std::ranges::copy(group_.enter(x), out);
}

Montgomery::Number PortableLanes::leave(const EntryWord* entry) const {
  return group_.leave(Montgomery::Number(entry, entry + group_.limbs()));
}

void PortableLanes::load(State& state, const LaneEntries& entries) const noexcept {
  for (std::size_t l = 0; l < lane_count; ++l) {
    std::copy_n(entries[l], group_.limbs(), state.lane[l].begin());
  }
}

void PortableLanes::multiply(State& state, const LaneEntries& factors) const noexcept {
  for (std::size_t l = 0; l < lane_count; ++l) {
    group_.multiply(state.lane[l].data(), state.lane[l].data(), factors[l]);
  }
}

void PortableLanes::store(const LaneOutputs& out, const State& state) const noexcept {
  for (std::size_t l = 0; l < lane_count; ++l) {
    std::copy_n(state.lane[l].begin(), group_.limbs(), out[l]);
  }
}

unsigned PortableLanes::may_equal(const State& state, const LaneEntries& entries) const noexcept {
  unsigned mask = 0;
  for (std::size_t l = 0; l < lane_count; ++l) {
    if (std::equal(entries[l], entries[l] + group_.limbs(), state.lane[l].begin())) mask |= 1U << l;
  }
  return mask;
}

}  // namespace wib::attacks
