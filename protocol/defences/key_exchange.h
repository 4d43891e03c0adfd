// SPDX-License-Identifier: Apache-2.0
//
// Slot key_exchange: how client and device come to a shared secret, and how the client proves that
// it may set the device up. It owns the bodies of GET and POST /setup/dh.wib, but for the fields of
// an offer that belong to another slot, and decides what the body of POST /setup/auth.wib is.
#pragma once

#include "protocol/defences/group_policy.h"
#include "protocol/defences/protection.h"
#include "protocol/registration.h"

namespace wib {

// What a run is, beside its shares; both sides must say the same. Views.
struct RunInfo {
  std::string_view suite;  // the one that is run, by name and reading
  ByteView suites;         // as the device offered them
  ByteView epoch;          // the same; empty where there is none
  ByteView cookie;
  ByteView serial;
};

// The run as SPAKE2+'s Context (RFC 9383 section 3.3): protocol, suite, offered suites, each ended
// by a zero byte, which none of them has; then the epoch (8 bytes, zeros where there is none) and
// the cookie. A view of the front of `out`; Errc::capacity.
inline constexpr std::size_t max_run_context_size = 544;
[[nodiscard]] Result<ByteView> write_run_context(const RunInfo& run, ByteSpan out) noexcept;

// What a device calculates with.
struct DeviceSide {
  Crypto& crypto;
  Random& random;
  const GroupPolicy& policy;
  const Group& configured;
  const Verifier* verifier;  // null where the device has none
};

// What a client calculates with.
struct ClientSide {
  Crypto& crypto;
  Random& random;
  const GroupPolicy& policy;
  Password* password;      // null where the client has no setup code
  std::string_view suite;  // the one that it demands
};

// What a device has once it has answered the client's share.
struct Agreed {
  SharedSecret secret;
  SecretBuffer<confirmation_size>
      proof;  // what the client's proof must be, if that is known by now
};

// What a client keeps between its share and its proof. A copyable value.
struct KeyExchangeState {
  SecretBuffer<max_exponent_size> exponent;
  NamedGroup group = NamedGroup::none;
  Buffer<max_modulus_size> p;      // of an explicit group
  Buffer<p256_point_size> share;   // one's own
  Buffer<max_suites_size> suites;  // as offered
  Buffer<8> epoch;                 // as offered
  Spake2plusProver prover;
  SecretBuffer<confirmation_size> proof;  // confirmP
};

// A payload's way through the slot protection, where the proof is one.
struct ProofSeal {
  Crypto& crypto;
  const Protection& protection;
  const DirectionKeys& keys;
  SealContext& context;  // its counter goes on if a payload was sealed or opened
};

class KeyExchange {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // True if the answer to the client's share lets a peer check a guess at the authenticator; else
  // the answer to the proof does.
  [[nodiscard]] virtual bool reveals_with_share() const noexcept = 0;

  // --- The bodies ------------------------------------------------------------------------------
  // Parse into a Body that holds the slot's type, or an Error; write to the front of `out`.
  [[nodiscard]] virtual OfferFields offer_fields(const GroupPolicy& policy) const noexcept = 0;
  [[nodiscard]] virtual Body parse_share(ByteView body) const noexcept = 0;   // the client's
  [[nodiscard]] virtual Body parse_answer(ByteView body) const noexcept = 0;  // the device's
  [[nodiscard]] virtual Body parse_proof(const Protection& protection,
                                         ByteView body) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_share(const Body& body,
                                                     ByteSpan out) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_answer(const Body& body,
                                                      ByteSpan out) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_proof(const Protection& protection, const Body& body,
                                                     ByteSpan out) const noexcept = 0;

  // --- The device's side -----------------------------------------------------------------------
  // Fills the slot's fields of an offer. Views live as long as what `side` points to and `suites`.
  // Errc::storage if the device has no verifier and needs one.
  [[nodiscard]] virtual Result<> fill_offer(const DeviceSide& side, ByteView suites,
                                            Offer& offer) const = 0;

  // Answers the client's share: draws the exponent, writes what the answer views to `out`
  // (max_modulus_size bytes), sets `agreed`. The peer's faults come before anything is drawn.
  [[nodiscard]] virtual Result<Body> respond(const DeviceSide& side, const RunInfo& run,
                                             const Body& client_share, ByteSpan out,
                                             Agreed& agreed) const = 0;

  // Judges the client's proof. `expected` is Agreed::proof; `scratch` (max_ciphertext_size bytes)
  // may hold plaintext afterwards. Errc::bad_tag, Errc::bad_identity, or what the parser said.
  [[nodiscard]] virtual Result<> check_proof(const ProofSeal& seal, ByteView serial,
                                             ByteView expected, const Body& proof,
                                             ByteSpan scratch) const = 0;

  // --- The client's side -----------------------------------------------------------------------
  // Takes the offer, draws the exponent and writes the client's share to `share_out`.
  // Errc::weak_suite if the demanded suite is not offered.
  [[nodiscard]] virtual Result<Body> start(const ClientSide& side, const Body& offer,
                                           KeyExchangeState& state, ByteSpan share_out) const = 0;

  // Takes the device's answer and sets `secret`. `run.suites` and `run.epoch` are filled in from
  // `state`. Errc::bad_tag if the device did not prove that it has the verifier.
  [[nodiscard]] virtual Result<> finish(const ClientSide& side, const RunInfo& run,
                                        KeyExchangeState& state, const Body& answer,
                                        SharedSecret& secret) const = 0;

  // The client's proof; the result views into `out` or `state`.
  [[nodiscard]] virtual Result<Body> prove(const ProofSeal& seal, Random& random, ByteView serial,
                                           const KeyExchangeState& state, ByteSpan out) const = 0;

 protected:
  ~KeyExchange() = default;
};

// As posted: ephemeral Diffie-Hellman in the group that the device sends, authenticated by nothing;
// then the serial number, sealed.
[[nodiscard]] const KeyExchange& plain_dh() noexcept;

// SPAKE2+ (RFC 9383): the client is the Prover and has the setup code, the device the Verifier and
// has its record. Both confirm before anything secret moves.
[[nodiscard]] const KeyExchange& spake2plus() noexcept;

}  // namespace wib
