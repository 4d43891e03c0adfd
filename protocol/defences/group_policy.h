// SPDX-License-Identifier: Apache-2.0
//
// Slot group_policy: which Diffie-Hellman groups and shares a party accepts.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"
#include "protocol/messages/offer.h"

namespace wib {

class GroupPolicy {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // Judges a group that the peer offers. Errc::out_of_range if it is refused.
  [[nodiscard]] virtual Result<> check_group(const Offer& group) const = 0;

  // Judges the peer's share in a group that was accepted. Errc::out_of_range if it is refused.
  [[nodiscard]] virtual Result<> check_share(const Offer& group, ByteView share) const = 0;

 protected:
  ~GroupPolicy() = default;
};

// As posted: any group and any share that the arithmetic has a result for (a modulus above zero).
// 0, 1, p-1, a share above p, a composite or tiny p: all are taken.
[[nodiscard]] const GroupPolicy& take_any() noexcept;

}  // namespace wib
