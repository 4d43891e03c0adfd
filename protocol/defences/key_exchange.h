// SPDX-License-Identifier: Apache-2.0
//
// Slot key_exchange: how client and device come to a shared secret. It owns the bodies of GET and
// POST /setup/dh.wib.
#pragma once

#include "protocol/crypto.h"
#include "protocol/defences/group_policy.h"
#include "protocol/messages/message.h"
#include "protocol/random.h"

namespace wib {

// Bytes of a Diffie-Hellman exponent. 256 bits: twice the strength of ffdhe2048 and more (RFC 7919
// appendix A.1 asks for 225).
inline constexpr std::size_t exponent_size = 32;

// The shared secret Z, left-padded to the size of p.
using SharedSecret = SecretBuffer<max_modulus_size>;

// What a client keeps between its share and the answer. A copyable value.
struct KeyExchangeState {
  SecretBuffer<exponent_size> exponent;
  Buffer<max_modulus_size> p;
};

class KeyExchange {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // --- The bodies ------------------------------------------------------------------------------
  // Parse into a Body that holds the slot's type, or an Error; write to the front of `out`.
  [[nodiscard]] virtual Body parse_offer(ByteView body) const noexcept = 0;
  [[nodiscard]] virtual Body parse_share(ByteView body) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_offer(const Body& body,
                                                     ByteSpan out) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_share(const Body& body,
                                                     ByteSpan out) const noexcept = 0;

  // --- The device's side -----------------------------------------------------------------------
  // Answers the client's share in the device's own `group`: draws the exponent, writes the device's
  // share to the front of `share_out` (max_modulus_size bytes), sets `secret`. The peer's faults
  // come before anything is drawn.
  [[nodiscard]] virtual Result<Body> respond(Crypto& crypto, Random& random,
                                             const GroupPolicy& policy, const Offer& group,
                                             const Body& client_share, ByteSpan share_out,
                                             SharedSecret& secret) const = 0;

  // --- The client's side -----------------------------------------------------------------------
  // Takes the offer, draws the exponent and writes the client's share to `share_out`.
  [[nodiscard]] virtual Result<Body> start(Crypto& crypto, Random& random,
                                           const GroupPolicy& policy, const Body& offer,
                                           KeyExchangeState& state, ByteSpan share_out) const = 0;

  // Takes the device's share, sets `secret` and wipes `state`.
  [[nodiscard]] virtual Result<> finish(Crypto& crypto, const GroupPolicy& policy,
                                        KeyExchangeState& state, const Body& device_share,
                                        SharedSecret& secret) const = 0;

 protected:
  ~KeyExchange() = default;
};

// As posted: ephemeral Diffie-Hellman in the group that the device sends, authenticated by nothing.
[[nodiscard]] const KeyExchange& plain_dh() noexcept;

}  // namespace wib
