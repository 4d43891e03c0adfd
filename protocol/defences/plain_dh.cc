// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/key_exchange.h"

#include "protocol/secrets.h"

namespace wib {
namespace {

template <class T>
Body to_body(const Result<T>& parsed) noexcept {
  if (parsed) return *parsed;
  return parsed.error();
}

// The body as a T, or why it is none: what the parser said, or that it is missing.
template <class T>
Result<T> take(const Body& body, std::string_view where) noexcept {
  if (const T* value = std::get_if<T>(&body)) return *value;
  if (const Error* error = std::get_if<Error>(&body)) return std::unexpected(*error);
  return fail(Errc::missing_field, where);
}

class PlainDh final : public KeyExchange {
 public:
  std::string_view name() const noexcept override { return "plain_dh"; }

  Body parse_offer(ByteView body) const noexcept override {
    return to_body(wib::parse_offer(body));
  }
  Body parse_share(ByteView body) const noexcept override {
    return to_body(wib::parse_share(body));
  }

  Result<ByteView> write_offer(const Body& body, ByteSpan out) const noexcept override {
    const auto offer = take<Offer>(body, "offer");
    if (!offer) return std::unexpected(offer.error());
    return wib::write_offer(*offer, out);
  }

  Result<ByteView> write_share(const Body& body, ByteSpan out) const noexcept override {
    const auto share = take<Share>(body, "dh.wib");
    if (!share) return std::unexpected(share.error());
    return wib::write_share(*share, out);
  }

  Result<Body> respond(Crypto& crypto, Random& random, const GroupPolicy& policy,
                       const Offer& group, const Body& client_share, ByteSpan share_out,
                       SharedSecret& secret) const override {
    const auto peer = take<Share>(client_share, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    if (auto good = policy.check_share(group, peer->value); !good) {
      return std::unexpected(good.error());
    }
    SecretBuffer<exponent_size> exponent;
    auto share = make_share(crypto, random, group, exponent, share_out);
    if (!share) return share;
    if (auto agreed = agree(crypto, group.p, exponent.view(), peer->value, secret); !agreed) {
      return std::unexpected(agreed.error());
    }
    return share;
  }

  Result<Body> start(Crypto& crypto, Random& random, const GroupPolicy& policy, const Body& offer,
                     KeyExchangeState& state, ByteSpan share_out) const override {
    const auto group = take<Offer>(offer, "offer");
    if (!group) return std::unexpected(group.error());
    if (auto good = policy.check_group(*group); !good) return std::unexpected(good.error());
    if (!state.p.assign(group->p)) return fail(Errc::capacity, "offer: p");
    return make_share(crypto, random, *group, state.exponent, share_out);
  }

  Result<> finish(Crypto& crypto, const GroupPolicy& policy, KeyExchangeState& state,
                  const Body& device_share, SharedSecret& secret) const override {
    const auto peer = take<Share>(device_share, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    const Offer group{state.p.view(), {}};
    if (auto good = policy.check_share(group, peer->value); !good) {
      return std::unexpected(good.error());
    }
    auto agreed = agree(crypto, group.p, state.exponent.view(), peer->value, secret);
    state.exponent.clear();
    return agreed;
  }

 private:
  // Draws `exponent` and computes g^exponent mod p into the front of `out`.
  static Result<Body> make_share(Crypto& crypto, Random& random, const Offer& group,
                                 SecretBuffer<exponent_size>& exponent, ByteSpan out) {
    if (out.size() < group.p.size()) return fail(Errc::capacity, "dh.wib: share");
    if (!exponent.resize(exponent_size)) return fail(Errc::capacity, "dh.wib: exponent");
    if (auto drawn = random.fill(exponent.span()); !drawn) return std::unexpected(drawn.error());
    const ByteSpan share = out.first(group.p.size());
    if (auto done = crypto.mod_exp(group.g, exponent.view(), group.p, share); !done) {
      return std::unexpected(done.error());
    }
    declassify(share);  // it is sent
    return Share{share};
  }

  static Result<> agree(Crypto& crypto, ByteView p, ByteView exponent, ByteView peer,
                        SharedSecret& secret) {
    if (!secret.resize(p.size())) return fail(Errc::capacity, "dh.wib: Z");
    return crypto.mod_exp(peer, exponent, p, secret.span());
  }
};

}  // namespace

const KeyExchange& plain_dh() noexcept {
  static constinit const PlainDh choice;
  return choice;
}

}  // namespace wib
