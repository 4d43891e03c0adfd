// SPDX-License-Identifier: Apache-2.0
#include "protocol/big_endian.h"
#include "protocol/defences/bodies.h"
#include "protocol/defences/key_exchange.h"
#include "protocol/secrets.h"

namespace wib {
namespace {

// What is wrong with a share is said of the field.
Error of_share(const Error& error) noexcept {
  return error.code == Errc::out_of_range ? Error{Errc::out_of_range, "dh.wib: share"} : error;
}

// True if the suite is one of the list, whose names stand apart by single spaces.
bool offered(std::string_view suites, std::string_view suite) noexcept {
  while (true) {
    const std::size_t end = suites.find(' ');
    if (suites.substr(0, end) == suite) return true;
    if (end == std::string_view::npos) return false;
    suites.remove_prefix(end + 1);
  }
}

class Spake2plus final : public KeyExchange {
 public:
  std::string_view name() const noexcept override { return "spake2plus"; }
  bool reveals_with_share() const noexcept override { return true; }  // confirmV

  OfferFields offer_fields(const GroupPolicy&) const noexcept override {
    return OfferFields::password;
  }
  Body parse_share(ByteView body) const noexcept override {
    return to_body(wib::parse_share(body));
  }
  Body parse_answer(ByteView body) const noexcept override {
    return to_body(parse_confirmed_share(body));
  }
  Body parse_proof(const Protection&, ByteView body) const noexcept override {
    return to_body(wib::parse_proof(body));
  }
  Result<ByteView> write_share(const Body& body, ByteSpan out) const noexcept override {
    const auto share = take<Share>(body, "dh.wib");
    if (!share) return std::unexpected(share.error());
    return wib::write_share(*share, out);
  }
  Result<ByteView> write_answer(const Body& body, ByteSpan out) const noexcept override {
    const auto share = take<Share>(body, "dh.wib");
    if (!share) return std::unexpected(share.error());
    return write_confirmed_share(*share, out);
  }
  Result<ByteView> write_proof(const Protection&, const Body& body,
                               ByteSpan out) const noexcept override {
    const auto proof = take<Proof>(body, "auth.wib");
    if (!proof) return std::unexpected(proof.error());
    return wib::write_proof(*proof, out);
  }

  Result<> fill_offer(const DeviceSide& side, ByteView suites, Offer& offer) const override {
    if (side.verifier == nullptr) return fail(Errc::storage, "store: no verifier");
    offer.suites = suites;
    offer.salt = side.verifier->salt;
    offer.iterations = side.verifier->iterations;
    return {};
  }

  // The device draws y. What was revealed with the answer is confirmV: the caller has charged the
  // attempt by the time that the answer goes out.
  Result<Body> respond(const DeviceSide& side, const RunInfo& run, const Body& client_share,
                       ByteSpan out, Agreed& agreed) const override {
    const auto peer = take<Share>(client_share, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    if (side.verifier == nullptr) return fail(Errc::storage, "store: no verifier");
    const Spake2plusVerifier& verifier = side.verifier->secrets;
    std::array<Byte, p256_point_size> bare;
    const WipeGuard wipe(bare);
    if (auto good = spake2plus_unmask_p(side.crypto, verifier, peer->value, bare); !good) {
      return std::unexpected(of_share(good.error()));
    }
    if (out.size() < p256_point_size + confirmation_size) return fail(Errc::capacity, "dh.wib");
    std::array<Byte, max_run_context_size> buffer;
    const auto context = write_run_context(run, buffer);
    if (!context) return std::unexpected(context.error());
    SecretBuffer<p256_scalar_size> y;
    if (!y.resize(p256_scalar_size)) return fail(Errc::capacity, "dh.wib: exponent");
    if (auto drawn = side.random.fill(y.span()); !drawn) return std::unexpected(drawn.error());

    const ByteSpan share = out.first(p256_point_size);
    if (auto done = spake2plus_share_v(side.crypto, verifier, y.view(), share); !done) {
      return std::unexpected(done.error());
    }
    Spake2plusSecrets secrets;
    const Spake2plusIdentity identity{*context, as_bytes(prover_identity), run.serial};
    if (auto done = spake2plus_finish_v_unmasked(side.crypto, verifier, identity, y.view(),
                                                 peer->value, bare, share, secrets);
        !done) {
      return std::unexpected(done.error());
    }
    const ByteSpan confirmation = out.subspan(p256_point_size, confirmation_size);
    std::ranges::copy(secrets.confirm_verifier.view(), confirmation.begin());
    declassify(confirmation);  // it is sent
    agreed.proof = secrets.confirm_prover;
    if (!agreed.secret.assign(secrets.shared.view())) return fail(Errc::capacity, "dh.wib: Z");
    return Share{share, confirmation};
  }

  Result<> check_proof(const ProofSeal& seal, ByteView, ByteView expected, const Body& body,
                       ByteSpan) const override {
    const auto proof = take<Proof>(body, "auth.wib");
    if (!proof) return std::unexpected(proof.error());
    if (expected.empty() || !declassified(seal.crypto.equal(proof->confirmation, expected))) {
      return fail(Errc::bad_tag, "auth.wib: confirmation");
    }
    return {};
  }

  Result<Body> start(const ClientSide& side, const Body& body, KeyExchangeState& state,
                     ByteSpan share_out) const override {
    const auto offer = take<Offer>(body, "offer");
    if (!offer) return std::unexpected(offer.error());
    if (!offered(as_text(offer->suites), side.suite)) {
      return fail(Errc::weak_suite, "offer: suites");
    }
    if (side.password == nullptr) return fail(Errc::storage, "client: no setup code");
    const auto iterations = static_cast<std::uint32_t>(read_u64(offer->iterations));
    const auto prover = side.password->prover(side.crypto, offer->salt, iterations);
    if (!prover) return std::unexpected(prover.error());
    state.prover = **prover;
    if (!state.suites.assign(offer->suites) || !state.epoch.assign(offer->epoch) ||
        !state.exponent.resize(p256_scalar_size) || !state.share.resize(p256_point_size) ||
        share_out.size() < p256_point_size) {
      return fail(Errc::capacity, "dh.wib: share");
    }
    if (auto drawn = side.random.fill(state.exponent.span()); !drawn) {
      return std::unexpected(drawn.error());
    }
    if (auto done = spake2plus_share_p(side.crypto, state.prover, state.exponent.view(),
                                       state.share.span());
        !done) {
      return std::unexpected(done.error());
    }
    std::ranges::copy(state.share.view(), share_out.begin());
    return Share{share_out.first(p256_point_size), {}};
  }

  Result<> finish(const ClientSide& side, const RunInfo& run, KeyExchangeState& state,
                  const Body& answer, SharedSecret& secret) const override {
    const auto peer = take<Share>(answer, "dh.wib");
    if (!peer) return std::unexpected(peer.error());
    RunInfo whole = run;
    whole.suites = state.suites.view();
    whole.epoch = state.epoch.view();
    std::array<Byte, max_run_context_size> buffer;
    const auto context = write_run_context(whole, buffer);
    if (!context) return std::unexpected(context.error());
    const Spake2plusIdentity identity{*context, as_bytes(prover_identity), run.serial};
    Spake2plusSecrets secrets;
    if (auto done = spake2plus_finish_p(side.crypto, state.prover, identity, state.exponent.view(),
                                        state.share.view(), peer->value, secrets);
        !done) {
      return std::unexpected(of_share(done.error()));
    }
    state.exponent.clear();
    state.prover = {};
    const bool confirmed = side.crypto.equal(peer->confirmation, secrets.confirm_verifier.view());
    if (!declassified(confirmed)) return fail(Errc::bad_tag, "dh.wib: confirmation");
    state.proof = secrets.confirm_prover;
    return secret.assign(secrets.shared.view()) ? Result<>{} : fail(Errc::capacity, "dh.wib: Z");
  }

  Result<Body> prove(const ProofSeal&, Random&, ByteView, const KeyExchangeState& state,
                     ByteSpan out) const override {
    if (out.size() < confirmation_size) return fail(Errc::capacity, "auth.wib");
    std::ranges::copy(state.proof.view(), out.begin());
    declassify(out.first(confirmation_size));  // it is sent
    return Proof{out.first(confirmation_size)};
  }
};

}  // namespace

Result<ByteView> write_run_context(const RunInfo& run, ByteSpan out) noexcept {
  static constexpr std::array<Byte, 1> zero{};
  static constexpr std::array<Byte, 8> no_epoch{};
  const std::array<ByteView, 8> parts = {as_bytes("wib/1"),
                                         zero,
                                         as_bytes(run.suite),
                                         zero,
                                         run.suites,
                                         zero,
                                         run.epoch.empty() ? ByteView(no_epoch) : run.epoch,
                                         run.cookie};
  std::size_t size = 0;
  for (const ByteView part : parts) {
    if (part.size() > out.size() - size) return fail(Errc::capacity, "spake2+: context");
    std::ranges::copy(part, out.begin() + static_cast<std::ptrdiff_t>(size));
    size += part.size();
  }
  return ByteView(out).first(size);
}

const KeyExchange& spake2plus() noexcept {
  static constinit const Spake2plus choice;
  return choice;
}

}  // namespace wib
