// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/bodies.h"
#include "protocol/defences/key_exchange.h"
#include "protocol/secrets.h"

namespace wib {
namespace {

class PlainDh final : public KeyExchange {
 public:
  std::string_view name() const noexcept override { return "plain_dh"; }
  bool reveals_with_share() const noexcept override { return false; }

  OfferFields offer_fields(const GroupPolicy& policy) const noexcept override {
    return policy.offer_fields();
  }
  Body parse_share(ByteView body) const noexcept override {
    return to_body(wib::parse_share(body));
  }
  Body parse_answer(ByteView body) const noexcept override { return parse_share(body); }
  Body parse_proof(const Protection& protection, ByteView body) const noexcept override {
    return protection.parse_sealed(body);
  }

  Result<ByteView> write_share(const Body& body, ByteSpan out) const noexcept override {
    const auto share = take<Share>(body, "dh.wib");
    if (!share) return std::unexpected(share.error());
    return wib::write_share(*share, out);
  }
  Result<ByteView> write_answer(const Body& body, ByteSpan out) const noexcept override {
    return write_share(body, out);
  }
  Result<ByteView> write_proof(const Protection& protection, const Body& body,
                               ByteSpan out) const noexcept override {
    return protection.write_sealed(body, out);
  }

  Result<> fill_offer(const DeviceSide& side, ByteView, Offer& offer) const override {
    side.policy.fill_offer(side.configured, offer);
    return {};
  }

  Result<Body> respond(const DeviceSide& side, const RunInfo&, const Body& client_share,
                       ByteSpan out, Agreed& agreed) const override {
    const auto peer = take<Share>(client_share, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    const Group group = side.policy.group(side.configured);
    if (auto good = side.policy.check_share(side.crypto, group, peer->value); !good) {
      return std::unexpected(good.error());
    }
    SecretBuffer<max_exponent_size> exponent;
    auto share = draw_share(side.crypto, side.random, group, exponent, out);
    if (!share) return share;
    if (auto done = agree(side.crypto, group, exponent.view(), peer->value, agreed.secret); !done) {
      return std::unexpected(done.error());
    }
    return share;
  }

  Result<> check_proof(const ProofSeal& seal, ByteView serial, ByteView, const Body& proof,
                       ByteSpan scratch) const override {
    const auto said = seal.protection.open(seal.crypto, seal.keys, seal.context, proof, scratch);
    if (!said) return std::unexpected(said.error());
    if (!seal.crypto.equal(*said, serial)) return fail(Errc::bad_identity, "auth.wib: serial");
    ++seal.context.counter;
    return {};
  }

  Result<Body> start(const ClientSide& side, const Body& body, KeyExchangeState& state,
                     ByteSpan share_out) const override {
    const auto offer = take<Offer>(body, "offer");
    if (!offer) return std::unexpected(offer.error());
    const auto group = side.policy.take_offer(*offer);
    if (!group) return std::unexpected(group.error());
    state.group = group->name;
    if (!state.p.assign(group->p)) return fail(Errc::capacity, "offer: p");
    return draw_share(side.crypto, side.random, *group, state.exponent, share_out);
  }

  Result<> finish(const ClientSide& side, const RunInfo&, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    const auto peer = take<Share>(answer, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    const Group group{state.p.view(), {}, state.group};
    if (auto good = side.policy.check_share(side.crypto, group, peer->value); !good) return good;
    auto agreed = agree(side.crypto, group, state.exponent.view(), peer->value, secret);
    state.exponent.clear();
    return agreed;
  }

  Result<Body> prove(const ProofSeal& seal, Random& random, ByteView serial,
                     const KeyExchangeState&, ByteSpan out) const override {
    auto sealed = seal.protection.seal(seal.crypto, random, seal.keys, seal.context, serial, out);
    if (sealed) ++seal.context.counter;
    return sealed;
  }

 private:
  // Draws `exponent` and computes its share into the front of `out`.
  static Result<Body> draw_share(Crypto& crypto, Random& random, const Group& group,
                                 SecretBuffer<max_exponent_size>& exponent, ByteSpan out) {
    const std::size_t size = share_size(group);
    if (out.size() < size) return fail(Errc::capacity, "dh.wib: share");
    if (!exponent.resize(exponent_size_for(group))) {
      return fail(Errc::capacity, "dh.wib: exponent");
    }
    if (auto drawn = random.fill(exponent.span()); !drawn) return std::unexpected(drawn.error());
    const ByteSpan share = out.first(size);
    if (auto done = make_public(crypto, group, exponent.view(), share); !done) {
      return std::unexpected(done.error());
    }
    declassify(share);  // it is sent
    return Share{share, {}};
  }
};

}  // namespace

const KeyExchange& plain_dh() noexcept {
  static constinit const PlainDh choice;
  return choice;
}

}  // namespace wib
