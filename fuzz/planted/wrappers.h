// SPDX-License-Identifier: Apache-2.0
//
// Choices that do as the product's do, and that a bug is derived from: it overrides what it has
// wrong. Names are the product's, so a suite with a bug has the id of the one without.
#pragma once

#include "protocol/suites.h"

namespace wib::fuzz {

class SameExchange : public KeyExchange {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  bool reveals_with_share() const noexcept override { return real_.reveals_with_share(); }
  OfferFields offer_fields(const GroupPolicy& policy) const noexcept override {
    return real_.offer_fields(policy);
  }
  Body parse_share(ByteView body) const noexcept override { return real_.parse_share(body); }
  Body parse_answer(ByteView body) const noexcept override { return real_.parse_answer(body); }
  Body parse_proof(const Protection& protection, ByteView body) const noexcept override {
    return real_.parse_proof(protection, body);
  }
  Result<ByteView> write_share(const Body& body, ByteSpan out) const noexcept override {
    return real_.write_share(body, out);
  }
  Result<ByteView> write_answer(const Body& body, ByteSpan out) const noexcept override {
    return real_.write_answer(body, out);
  }
  Result<ByteView> write_proof(const Protection& protection, const Body& body,
                               ByteSpan out) const noexcept override {
    return real_.write_proof(protection, body, out);
  }
  Result<> fill_offer(const DeviceSide& side, ByteView suites, Offer& offer) const override {
    return real_.fill_offer(side, suites, offer);
  }
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& share, ByteSpan out,
                       Agreed& agreed) const override {
    return real_.respond(side, run, share, out, agreed);
  }
  Result<> check_proof(const ProofSeal& seal, ByteView serial, ByteView expected, const Body& proof,
                       ByteSpan scratch) const override {
    return real_.check_proof(seal, serial, expected, proof, scratch);
  }
  Result<Body> start(const ClientSide& side, const Body& offer, KeyExchangeState& state,
                     ByteSpan out) const override {
    return real_.start(side, offer, state, out);
  }
  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    return real_.finish(side, run, state, answer, secret);
  }
  Result<Body> prove(const ProofSeal& seal, Random& random, ByteView serial,
                     const KeyExchangeState& state, ByteSpan out) const override {
    return real_.prove(seal, random, serial, state, out);
  }

 protected:
  ~SameExchange() = default;
  const KeyExchange& real_ = spake2plus();
};

class SameFreshness : public Freshness {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  OfferFields offer_fields() const noexcept override { return real_.offer_fields(); }
  Result<std::uint64_t> next_epoch(Store& store) const override { return real_.next_epoch(store); }

 protected:
  ~SameFreshness() = default;
  const Freshness& real_ = persisted_epoch();
};

class SameSchedule : public KeySchedule {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  bool binds_transcript() const noexcept override { return real_.binds_transcript(); }
  Result<> derive(Crypto& crypto, ByteView secret, ByteView transcript, Keys& keys) const override {
    return real_.derive(crypto, secret, transcript, keys);
  }

 protected:
  ~SameSchedule() = default;
  const KeySchedule& real_ = hkdf_transcript();
};

class SameProtection : public Protection {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  std::string_view reading() const noexcept override { return real_.reading(); }
  bool acknowledges() const noexcept override { return real_.acknowledges(); }
  Body parse_sealed(ByteView body) const noexcept override { return real_.parse_sealed(body); }
  Result<ByteView> write_sealed(const Body& body, ByteSpan out) const noexcept override {
    return real_.write_sealed(body, out);
  }
  std::size_t sealed_size(std::size_t size) const noexcept override {
    return real_.sealed_size(size);
  }
  Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys& keys,
                    const SealContext& context, ByteView plaintext, ByteSpan out) const override {
    return real_.seal(crypto, random, keys, context, plaintext, out);
  }
  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext& context,
                        const Body& sealed, ByteSpan out) const override {
    return real_.open(crypto, keys, context, sealed, out);
  }

 protected:
  ~SameProtection() = default;
  const Protection& real_ = aes256_gcm_aead();
};

class SameSessions : public SessionPolicy {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  bool strict() const noexcept override { return real_.strict(); }
  std::size_t max_sessions() const noexcept override { return real_.max_sessions(); }
  Instant window() const noexcept override { return real_.window(); }
  Instant lifetime() const noexcept override { return real_.lifetime(); }

 protected:
  ~SameSessions() = default;
  const SessionPolicy& real_ = single_session();
};

class SameLimit : public AttemptLimit {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  bool limits() const noexcept override { return real_.limits(); }
  Result<> may_open(Store& store, bool long_press) const override {
    return real_.may_open(store, long_press);
  }
  Result<> charge(Store& store, AttemptState& state) const override {
    return real_.charge(store, state);
  }
  Result<> refund(Store& store, AttemptState& state) const override {
    return real_.refund(store, state);
  }
  bool exhausted(Store& store, const AttemptState& state) const override {
    return real_.exhausted(store, state);
  }

 protected:
  ~SameLimit() = default;
  const AttemptLimit& real_ = limited_attempts();
};

class SameGate : public EntropyGate {
 public:
  std::string_view name() const noexcept override { return real_.name(); }
  bool gates() const noexcept override { return real_.gates(); }
  Result<> ready(Crypto& crypto, NoiseSource& noise, GateState& state) const override {
    return real_.ready(crypto, noise, state);
  }
  Result<> fill(Crypto& crypto, Random& random, GateState& state, ByteSpan out) const override {
    return real_.fill(crypto, random, state, out);
  }

 protected:
  ~SameGate() = default;
  const EntropyGate& real_ = sp800_90b_gate();
};

// What more than one bug has: nothing that is sealed, and no key, depends on the transcript.
[[nodiscard]] const Protection& protection_without_transcript();
[[nodiscard]] const KeySchedule& schedule_without_transcript();
// The Context of SPAKE2+ without the epoch.
[[nodiscard]] const KeyExchange& exchange_without_epoch();

}  // namespace wib::fuzz
