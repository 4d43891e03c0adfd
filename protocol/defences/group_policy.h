// SPDX-License-Identifier: Apache-2.0
//
// Slot group_policy: which Diffie-Hellman groups and shares a party accepts, and how a group is
// offered. It matters where the key exchange is plain Diffie-Hellman; SPAKE2+ has one group.
#pragma once

#include "protocol/groups.h"
#include "protocol/messages/offer.h"

namespace wib {

class GroupPolicy {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  [[nodiscard]] virtual OfferFields offer_fields() const noexcept = 0;

  // The device's group: its own `configured` one, or what the policy says.
  [[nodiscard]] virtual Group group(const Group& configured) const noexcept = 0;

  // Fills the policy's fields of an offer of group(configured). Views live as long as `configured`.
  virtual void fill_offer(const Group& configured, Offer& offer) const noexcept = 0;

  // The group that the peer offers. Errc::out_of_range if it is refused. Views into the offer.
  [[nodiscard]] virtual Result<Group> take_offer(const Offer& offer) const = 0;

  // Judges the peer's share in a group that was accepted. Errc::out_of_range if it is refused.
  [[nodiscard]] virtual Result<> check_share(Crypto& crypto, const Group& group,
                                             ByteView share) const = 0;

 protected:
  ~GroupPolicy() = default;
};

// As posted: any group and any share that the arithmetic has a result for (a modulus above zero).
// 0, 1, p-1, a share above p, a composite or tiny p: all are taken.
[[nodiscard]] const GroupPolicy& take_any() noexcept;

// Groups by name alone: ffdhe2048, ffdhe3072 (RFC 7919), P-256, X25519, whichever is offered; the
// policy says which one a device offers. Shares are validated whole: in a finite field 1 < y < p-1
// and y^q = 1 (RFC 7919 section 5.1, SP 800-56A 5.6.2.3.1), on P-256 a finite point on the curve in
// the one encoding (5.6.2.3.3), with X25519 32 bytes and a secret that is not zero (RFC 7748 6.1).
[[nodiscard]] const GroupPolicy& named_groups(NamedGroup offered) noexcept;

}  // namespace wib
