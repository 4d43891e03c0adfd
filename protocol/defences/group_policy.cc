// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/group_policy.h"

namespace wib {
namespace {

class TakeAny final : public GroupPolicy {
 public:
  std::string_view name() const noexcept override { return "take_any"; }

  Result<> check_group(const Offer& group) const override {
    if (std::ranges::all_of(group.p, [](Byte byte) { return byte == 0; })) {
      return fail(Errc::out_of_range, "offer: p is zero");
    }
    return {};
  }

  Result<> check_share(const Offer&, ByteView) const override { return {}; }
};

}  // namespace

const GroupPolicy& take_any() noexcept {
  static constinit const TakeAny choice;
  return choice;
}

}  // namespace wib
