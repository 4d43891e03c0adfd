// SPDX-License-Identifier: Apache-2.0
//
// Bugs at the slot key_exchange.
#include "fuzz/planted/bugs.h"
#include "fuzz/planted/wrappers.h"

namespace wib::fuzz {
namespace {

using P = attacks::Property;

// --- What the Context says ----------------------------------------------------------------------

// Both sides leave something out of what a run is.
class OtherContext : public SameExchange {
 public:
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& share, ByteSpan out,
                       Agreed& agreed) const override {
    RunInfo other = run;
    leave_out(other);
    return real_.respond(side, other, share, out, agreed);
  }
  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    RunInfo other = run;
    other.suites = state.suites.view();
    other.epoch = state.epoch.view();
    leave_out(other);
    KeyExchangeState changed = state;  // finish() takes these two from there
    if (other.suites.empty()) changed.suites.clear();
    if (other.epoch.empty()) changed.epoch.clear();
    const auto done = real_.finish(side, other, changed, answer, secret);
    changed.suites = state.suites;
    changed.epoch = state.epoch;
    state = changed;
    return done;
  }

 protected:
  ~OtherContext() = default;
  virtual void leave_out(RunInfo& run) const noexcept = 0;
};

class WithoutCookie final : public OtherContext {
  void leave_out(RunInfo& run) const noexcept override { run.cookie = {}; }
};
class WithoutEpoch final : public OtherContext {
  void leave_out(RunInfo& run) const noexcept override { run.epoch = {}; }
};

// And the client does not look whether its suite is among those that are offered.
class WithoutSuites final : public OtherContext {
 public:
  Result<Body> start(const ClientSide& side, const Body& body, KeyExchangeState& state,
                     ByteSpan out) const override {
    const Offer* offer = std::get_if<Offer>(&body);
    if (offer == nullptr) return real_.start(side, body, state, out);
    Offer any = *offer;
    any.suites = as_bytes(side.suite);
    return real_.start(side, any, state, out);
  }

 private:
  void leave_out(RunInfo& run) const noexcept override { run.suites = {}; }
};

// --- An exchange without the code ---------------------------------------------------------------

// What both would have if there were no code: an ephemeral Diffie-Hellman, with confirmations.
struct PlainSecrets {
  std::array<Byte, sha256_size> shared, confirm_prover, confirm_verifier;
};
Result<> agree_plainly(Crypto& crypto, ByteView own, ByteView peer, ByteView share_p,
                       ByteView share_v, PlainSecrets& secrets) {
  std::array<Byte, p256_point_size> z;
  if (auto good = crypto.check_p256_share(peer); !good) return good;
  if (auto done = crypto.p256_mul(own, peer, z); !done) return done;
  if (auto done = crypto.hmac_sha256(z, as_bytes("shared"), secrets.shared); !done) return done;
  if (auto done = crypto.hmac_sha256(z, share_v, secrets.confirm_prover); !done) return done;
  return crypto.hmac_sha256(z, share_p, secrets.confirm_verifier);
}

class CodeIsNothing : public SameExchange {
 public:
  Result<Body> respond(const DeviceSide& side, const RunInfo&, const Body& body, ByteSpan out,
                       Agreed& agreed) const override {
    const Share* peer = std::get_if<Share>(&body);
    if (peer == nullptr) return fail(Errc::missing_field, "dh.wib");
    if (auto good = side.crypto.check_p256_share(peer->value); !good) {
      return std::unexpected(good.error());
    }
    std::array<Byte, p256_scalar_size> y;
    if (auto drawn = side.random.fill(y); !drawn) return std::unexpected(drawn.error());
    const ByteSpan share = out.first(p256_point_size);
    PlainSecrets secrets;
    if (auto done = side.crypto.p256_base_mul(y, share); !done) {
      return std::unexpected(done.error());
    }
    if (auto done = agree_plainly(side.crypto, y, peer->value, peer->value, share, secrets);
        !done) {
      return std::unexpected(done.error());
    }
    const ByteSpan confirmation = out.subspan(p256_point_size, confirmation_size);
    std::ranges::copy(secrets.confirm_verifier, confirmation.begin());
    if (!agreed.proof.assign(secrets.confirm_prover) || !agreed.secret.assign(secrets.shared)) {
      return fail(Errc::capacity, "dh.wib");
    }
    return Share{share, confirmation};
  }
  Result<Body> start(const ClientSide& side, const Body& offer, KeyExchangeState& state,
                     ByteSpan out) const override {
    const auto begun = real_.start(side, offer, state, out);
    if (!begun) return begun;
    return share_plainly(side, state, out);
  }
  Result<> finish(const ClientSide& side, const RunInfo&, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    return finish_plainly(side, state, answer, secret);
  }

 protected:
  static Result<Body> share_plainly(const ClientSide& side, KeyExchangeState& state, ByteSpan out) {
    if (auto done = side.crypto.p256_base_mul(state.exponent.view(), state.share.span()); !done) {
      return std::unexpected(done.error());
    }
    std::ranges::copy(state.share.view(), out.begin());
    return Share{out.first(p256_point_size), {}};
  }
  static Result<> finish_plainly(const ClientSide& side, KeyExchangeState& state,
                                 const Body& answer, SharedSecret& secret) {
    const Share* peer = std::get_if<Share>(&answer);
    if (peer == nullptr) return fail(Errc::missing_field, "dh.wib");
    PlainSecrets secrets;
    if (auto done = agree_plainly(side.crypto, state.exponent.view(), peer->value,
                                  state.share.view(), peer->value, secrets);
        !done) {
      return done;
    }
    if (!side.crypto.equal(peer->confirmation, secrets.confirm_verifier)) {
      return fail(Errc::bad_tag, "dh.wib: confirmation");
    }
    const bool kept = state.proof.assign(secrets.confirm_prover) && secret.assign(secrets.shared);
    return kept ? Result<>{} : fail(Errc::capacity, "dh.wib");
  }
  ~CodeIsNothing() = default;
};
class CodeIsNothingAtAll final : public CodeIsNothing {};

// The client does without the code where its own suite is not offered: a downgrade.
class FallsBack final : public CodeIsNothing {
 public:
  Result<Body> start(const ClientSide& side, const Body& body, KeyExchangeState& state,
                     ByteSpan out) const override {
    auto begun = real_.start(side, body, state, out);
    const Offer* offer = std::get_if<Offer>(&body);
    if (begun || begun.error().code != Errc::weak_suite || offer == nullptr) return begun;
    Offer own = *offer;
    own.suites = as_bytes(side.suite);
    begun = real_.start(side, own, state, out);
    if (!begun) return begun;
    state.suites.clear();  // by which it knows
    return share_plainly(side, state, out);
  }
  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    return state.suites.empty() ? finish_plainly(side, state, answer, secret)
                                : real_.finish(side, run, state, answer, secret);
  }
};

// --- Confirmations and keys ---------------------------------------------------------------------

ByteView confirmation_of(const Body& body) {
  const Share* share = std::get_if<Share>(&body);
  return share == nullptr ? ByteView{} : share->confirmation;
}

class OneConfirmation final : public SameExchange {
 public:
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& share, ByteSpan out,
                       Agreed& agreed) const override {
    auto answer = real_.respond(side, run, share, out, agreed);
    if (answer && !agreed.proof.assign(confirmation_of(*answer))) {
      return fail(Errc::capacity, "dh.wib");
    }
    return answer;
  }
  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    auto done = real_.finish(side, run, state, answer, secret);
    if (done && !state.proof.assign(confirmation_of(answer))) {
      return fail(Errc::capacity, "dh.wib");
    }
    return done;
  }
};

class ConfirmationForKey final : public SameExchange {
 public:
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& share, ByteSpan out,
                       Agreed& agreed) const override {
    auto answer = real_.respond(side, run, share, out, agreed);
    if (answer && !agreed.secret.assign(confirmation_of(*answer))) {
      return fail(Errc::capacity, "dh.wib");
    }
    return answer;
  }
  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    auto done = real_.finish(side, run, state, answer, secret);
    if (done && !secret.assign(confirmation_of(answer))) return fail(Errc::capacity, "dh.wib");
    return done;
  }
};

// A share that is no point of the curve is taken for the generator.
class AnyPoint final : public SameExchange {
 public:
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& body, ByteSpan out,
                       Agreed& agreed) const override {
    auto answer = real_.respond(side, run, body, out, agreed);
    const bool bad = !answer && answer.error().code == Errc::out_of_range;
    return bad ? real_.respond(side, run, Share{p256_generator(), {}}, out, agreed) : answer;
  }
};

// The attempt is charged when the proof comes, and not when the confirmation goes.
class ChargedLater final : public SameExchange {
 public:
  bool reveals_with_share() const noexcept override { return false; }
};

template <class Choice>
void both_sides(Planting& p) {
  static const Choice choice;
  p.both<KeyExchange>(&Choices::key_exchange, choice);
}
template <class Choice>
void device_side(Planting& p) {
  static const Choice choice;
  p.device.key_exchange = &choice;
}
template <class Choice>
void client_side(Planting& p) {
  static const Choice choice;
  p.client.key_exchange = &choice;
}

const std::vector<Bug>& list() {
  static const std::vector<Bug> all = {
      {"cookie-not-in-context", "the confirmations say nothing of the cookie", falls(P::f1),
       both_sides<WithoutCookie>},
      {"epoch-not-in-context", "the confirmations say nothing of the epoch", falls(P::f1),
       both_sides<WithoutEpoch>},
      {"suites-unbound", "the offered suites are neither looked at nor confirmed", falls(P::f1),
       both_sides<WithoutSuites>},
      {"code-is-nothing", "the exchange does without the setup code: the key is injected",
       falls(P::a2), both_sides<CodeIsNothingAtAll>},
      {"code-is-nothing-to-the-client", "the exchange does without the setup code: the key is read",
       falls(P::s2), both_sides<CodeIsNothingAtAll>},
      {"client-falls-back", "the client does without the setup code where its suite is not offered",
       falls(P::s2), client_side<FallsBack>},
      {"one-confirmation", "both confirmations are the same", falls(P::f1),
       both_sides<OneConfirmation>},
      {"confirmation-for-a-key", "the keys are made from the confirmation, which is sent",
       falls(P::s2), both_sides<ConfirmationForKey>},
      {"any-point", "a share that is no point of the curve is taken for the generator",
       falls(P::d1), device_side<AnyPoint>},
      {"charge-after-answer",
       "a guess is not charged when it is answered: who goes away pays nothing", falls(P::c5),
       device_side<ChargedLater>},
  };
  return all;
}

}  // namespace

const KeyExchange& exchange_without_epoch() {
  static const WithoutEpoch choice;
  return choice;
}

std::span<const Bug> exchange_bugs() { return list(); }

}  // namespace wib::fuzz
