// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/freshness.h"

namespace wib {
namespace {

class NoFreshness final : public Freshness {
 public:
  std::string_view name() const noexcept override { return "none"; }
  Result<std::uint64_t> next_epoch(Store&) const override { return 0; }
};

}  // namespace

const Freshness& no_freshness() noexcept {
  static constinit const NoFreshness choice;
  return choice;
}

}  // namespace wib
