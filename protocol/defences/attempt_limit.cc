// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/attempt_limit.h"

namespace wib {
namespace {

class Unlimited final : public AttemptLimit {
 public:
  std::string_view name() const noexcept override { return "unlimited"; }
  Result<> charge(Store&) const override { return {}; }
  Result<> refund(Store&) const override { return {}; }
};

}  // namespace

const AttemptLimit& unlimited_attempts() noexcept {
  static constinit const Unlimited choice;
  return choice;
}

}  // namespace wib
