// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/concrete.h"

#include "attacks/search/stream_random.h"
#include "attacks/world/takes_code.h"
#include "protocol/big_endian.h"

namespace wib::models {
namespace {

using attacks::takes_code;
using Item = Transcript::Item;

std::unexpected<std::string> no_bytes(const MaudeTerm& term) {
  return std::unexpected("no bytes for " + term.text());
}
std::unexpected<std::string> refused(const MaudeTerm& term, const Error& error) {
  return std::unexpected(term.text() + ": " + std::string(name(error.code)) + ": " +
                         std::string(error.where));
}

// The IV that a sealed payload gets.
class NamedRandom final : public Random {
 public:
  explicit NamedRandom(std::string_view name) : name_(name) {}
  Result<> fill(ByteSpan out) override {
    std::ranges::copy(Concrete::drawn(name_, out.size()), out.begin());
    return {};
  }

 private:
  std::string_view name_;
};

// x * P for every factor of the exponent.
Result<> p256_power(Crypto& crypto, const std::vector<ByteVector>& factors, ByteSpan out) {
  std::array<Byte, p256_point_size> point;
  std::ranges::copy(p256_generator(), point.begin());
  for (const ByteVector& factor : factors) {
    const auto before = point;
    if (auto done = crypto.p256_mul(factor, before, point); !done) {
      return std::unexpected(done.error());
    }
  }
  std::ranges::copy(point, out.begin());
  return {};
}

}  // namespace

ByteVector Concrete::drawn(std::string_view name, std::size_t size) {
  ByteVector bytes(size);
  attacks::stream_bytes(attacks::seed_bytes(2015), "model/" + std::string(name), 0, bytes);
  return bytes;
}

Outcome<ByteVector> Concrete::bytes(const MaudeTerm& term) {
  std::string text = term.text();
  if (const auto found = known_.find(text); found != known_.end()) return found->second;
  auto value = compute(term);
  if (value) known_.emplace(std::move(text), *value);
  return value;
}

Outcome<ByteVector> Concrete::compute(const MaudeTerm& term) {
  const bool pake_suite = takes_code(world_.suite);
  if (term.is("ck", 2)) return drawn(term.text(), cookie_size);
  if (term.is("rnd", 2) || term.is("weak", 2)) {
    return drawn(term.text(), pake_suite ? p256_scalar_size : exponent_size_for(world_.group));
  }
  if (term.is("serial", 0)) return ByteVector(world_.serial.begin(), world_.serial.end());
  if (term.is("ep", 1)) {
    ByteVector out(8);
    write_u64(term[0].number(), out);
    return out;
  }
  if (term.is("g", 0)) {
    if (pake_suite) return ByteVector(p256_generator().begin(), p256_generator().end());
    ByteVector out(share_size(world_.group));
    const Group named = world_.group;
    std::ranges::copy(named.g, out.end() - static_cast<std::ptrdiff_t>(named.g.size()));
    return out;
  }
  if (term.is("one", 0)) {
    ByteVector out(pake_suite ? p256_point_size : share_size(world_.group));
    if (!pake_suite) out.back() = 1;
    return out;
  }
  if (term.is("exp", 2)) return element(term[0], term[1]);
  if (term.is("msk", 3)) return masked(term);
  if (term.is("conf-p", 1) || term.is("conf-v", 1)) {
    const auto secrets = pake(term[0]);
    if (!secrets) return std::unexpected(secrets.error());
    const ByteView view = term.head == "conf-p" ? (*secrets)->confirm_prover.view()
                                                : (*secrets)->confirm_verifier.view();
    return ByteVector(view.begin(), view.end());
  }
  if (term.is("bundle", 2)) {
    ByteVector out(max_bundle_size);
    const auto written = write_bundle(term[0].head == "c" ? world_.owner : world_.thief, out);
    if (!written) return refused(term, written.error());
    out.resize(written->size());
    return out;
  }
  if (term.is("fp", 1)) {
    const auto bundle = bytes(term[0]);
    if (!bundle) return bundle;
    ByteVector out(sha256_size);
    if (auto done = world_.crypto.sha256(*bundle, out); !done) return refused(term, done.error());
    return out;
  }
  return no_bytes(term);
}

Outcome<ByteVector> Concrete::element(const MaudeTerm& base, const MaudeTerm& exponent) {
  if (!base.is("g", 0)) return no_bytes(base);
  std::vector<ByteVector> factors;
  for (const MaudeTerm* factor : exponent.members("*")) {
    auto value = bytes(*factor);
    if (!value) return value;
    factors.push_back(std::move(*value));
  }
  if (takes_code(world_.suite)) {
    ByteVector out(p256_point_size);
    if (auto done = p256_power(world_.crypto, factors, out); !done) {
      return refused(exponent, done.error());
    }
    return out;
  }
  ByteVector out(share_size(world_.group));
  if (auto done = make_public(world_.crypto, world_.group, factors.front(), out); !done) {
    return refused(exponent, done.error());
  }
  for (std::size_t i = 1; i < factors.size(); ++i) {
    SharedSecret secret;
    if (auto done = agree(world_.crypto, world_.group, factors[i], out, secret); !done) {
      return refused(exponent, done.error());
    }
    out.assign(secret.view().begin(), secret.view().end());
  }
  return out;
}

// w0*M + E or w0*N + E, for E a power of g, or infinity.
Outcome<ByteVector> Concrete::masked(const MaudeTerm& term) {
  const MaudeTerm& code = term[1][0];
  const std::string text = code.head == "code" ? world_.code : "0000000000";
  static constexpr std::array<Byte, 1> nought{};
  const ByteView salt = world_.verifier == nullptr ? ByteView(nought) : world_.verifier->salt;
  Verifier verifier;
  if (world_.verifier == nullptr ||
      !register_verifier(world_.crypto, as_bytes(text), as_bytes(world_.serial), salt,
                         min_iterations, verifier)) {
    return no_bytes(term);
  }
  Spake2plusProver prover;
  prover.w0 = verifier.secrets.w0;
  const bool infinity = term[2].is("one", 0);
  std::array<Byte, p256_scalar_size> unit{};
  unit.back() = 1;
  ByteVector exponent(unit.begin(), unit.end());
  if (!infinity) {
    if (!term[2].is("exp", 2)) return no_bytes(term);
    auto value = bytes(term[2][1]);
    if (!value) return value;
    exponent = std::move(*value);
  }
  ByteVector out(p256_point_size);
  const auto done = term[0].head == "pm"
                        ? spake2plus_share_p(world_.crypto, prover, exponent, out)
                        : spake2plus_share_v(world_.crypto, verifier.secrets, exponent, out);
  if (!done) return refused(term, done.error());
  if (!infinity) return out;
  // With the exponent 1 it is w0*M + P; without P it is the degenerate share.
  ByteVector minus_one(p256_order().begin(), p256_order().end());
  --minus_one.back();
  ByteVector bare(p256_point_size);
  if (auto sum = world_.crypto.p256_mul_add(unit, out, minus_one, p256_generator(), bare); !sum) {
    return refused(term, sum.error());
  }
  return bare;
}

// Of pk(w0, Z, V, t2(..)), or of the transcript alone: everything follows from what it binds.
Outcome<const Spake2plusSecrets*> Concrete::pake(const MaudeTerm& pk) {
  const MaudeTerm& run = pk.is("pk", 4) ? pk[3] : pk;
  if (!run.is("t2", 4) || !run[3].is("msk", 3) || !run[3][2].is("exp", 2)) return no_bytes(pk);
  std::string text = run.text();
  if (const auto found = secrets_.find(text); found != secrets_.end()) return &found->second;
  if (world_.verifier == nullptr || run[3][1][0].head != "code") return no_bytes(pk);
  const auto share_p = bytes(run[2]);
  const auto share_v = bytes(run[3]);
  const auto y = bytes(run[3][2][1]);
  const auto cookie = bytes(run[1]);
  if (!share_p || !share_v || !y || !cookie) return no_bytes(pk);
  ByteVector epoch;
  if (run[0][1].is("ep", 1)) epoch = *bytes(run[0][1]);
  const SuiteName id = world_.suite.id();
  std::array<Byte, max_run_context_size> buffer;
  const auto context = write_run_context(
      {id.view(), as_bytes(world_.offered), epoch, *cookie, as_bytes(world_.serial)}, buffer);
  if (!context) return refused(pk, context.error());
  Spake2plusSecrets secrets;
  const Spake2plusIdentity identity{*context, as_bytes(prover_identity), as_bytes(world_.serial)};
  const auto done = spake2plus_finish_v(world_.crypto, world_.verifier->secrets, identity, *y,
                                        *share_p, *share_v, secrets);
  if (!done) return refused(pk, done.error());
  return &secrets_.emplace(std::move(text), secrets).first->second;
}

Outcome<Transcript> Concrete::transcript(const MaudeTerm& term) {
  Transcript digest;
  const auto absorb = [&](Item item, const Body& body, ByteView cookie = {}) -> Outcome<> {
    if (auto done = digest.absorb(world_.crypto, item, body, cookie); !done) {
      return refused(term, done.error());
    }
    return {};
  };
  if (term.is("nil", 0)) return digest;
  if (term.is("ab", 2)) {
    const auto before = transcript(term[0]);
    if (!before) return before;
    const auto piece = make_body(term[1], "");
    if (!piece) return std::unexpected(piece.error());
    digest = *before;
    if (auto done = absorb(term[0].is("ab", 2) ? Item::key : Item::auth, piece->body); !done) {
      return std::unexpected(done.error());
    }
    return digest;
  }
  if (!term.is("t2", 4)) return no_bytes(term);
  const auto offer = make_body(term[0], "");
  const auto cookie = bytes(term[1]);
  const auto client = make_body(term[2], "");
  auto device = make_body(term[3], "");
  if (!offer || !cookie || !client || !device) return no_bytes(term);
  Share answer = std::get<Share>(device->body);
  if (takes_code(world_.suite)) {
    const auto secrets = pake(term);
    if (!secrets) return std::unexpected(secrets.error());
    answer.confirmation = (*secrets)->confirm_verifier.view();
  }
  for (const auto& done :
       {absorb(Item::offer, offer->body, *cookie), absorb(Item::client_share, client->body),
        absorb(Item::device_share, answer)}) {
    if (!done) return std::unexpected(done.error());
  }
  return digest;
}

Outcome<const Keys*> Concrete::keys(const MaudeTerm& kb) {
  std::string text = kb.text();
  if (const auto found = keys_.find(text); found != keys_.end()) return &found->second;
  if (!kb.is("kb", 2)) return no_bytes(kb);
  ByteVector secret;
  if (kb[0].is("pk", 4)) {
    const auto secrets = pake(kb[0]);
    if (!secrets) return std::unexpected(secrets.error());
    const ByteView shared = (*secrets)->shared.view();
    secret.assign(shared.begin(), shared.end());
  } else {
    auto element = bytes(kb[0]);
    if (!element) return std::unexpected(element.error());
    secret = std::move(*element);
  }
  const auto digest = transcript(kb[1]);
  if (!digest) return std::unexpected(digest.error());
  Keys keys;
  if (auto done = world_.suite.key_schedule.derive(world_.crypto, secret, digest->digest(), keys);
      !done) {
    return refused(kb, done.error());
  }
  return &keys_.emplace(std::move(text), keys).first->second;
}

Outcome<OwnedBody> Concrete::sealed(const MaudeTerm& term, std::string_view iv) {
  const MaudeTerm& key = term[0];
  const auto derived = keys(key[0]);
  if (!derived) return std::unexpected(derived.error());
  const auto plaintext = bytes(term[2]);
  if (!plaintext) return std::unexpected(plaintext.error());
  Transcript digest;
  SealContext context;
  if (term[1].is("ad", 2)) {
    const std::string& place = term[1][0].head;
    const auto run = transcript(term[1][1]);
    if (!run) return std::unexpected(run.error());
    digest = *run;
    context.message = place == "auth" ? Endpoint::post_auth : Endpoint::post_key;
    context.to_client = place == "ack";
    // The bundle is the second payload to the device where the proof was one.
    context.counter = place == "key" && !takes_code(world_.suite) ? 1 : 0;
    context.transcript = digest.digest();
  }
  const DirectionKeys& keys =
      key[1].head == "to-client" ? (*derived)->to_client : (*derived)->to_device;
  NamedRandom random(iv);
  ByteVector room(world_.suite.protection.sealed_size(plaintext->size()));
  const auto body =
      world_.suite.protection.seal(world_.crypto, random, keys, context, *plaintext, room);
  if (!body) return refused(term, body.error());
  OwnedBody owned;
  owned.parts.push_back(std::move(room));  // its bytes stay where they are
  owned.body = *body;
  return owned;
}

Outcome<OwnedBody> Concrete::make_body(const MaudeTerm& term, std::string_view iv) {
  OwnedBody owned;
  const auto keep = [&](ByteVector bytes) {
    owned.parts.push_back(std::move(bytes));
    return ByteView(owned.parts.back());
  };
  owned.parts.reserve(8);
  if (term.is("seal", 3)) return sealed(term, iv);
  if (term.is("offer", 2)) {
    Offer offer;
    if (takes_code(world_.suite)) {
      if (world_.verifier == nullptr) return no_bytes(term);
      offer.suites = as_bytes(world_.offered);
      offer.salt = keep(ByteVector(world_.verifier->salt.begin(), world_.verifier->salt.end()));
      offer.iterations =
          keep(ByteVector(world_.verifier->iterations.begin(), world_.verifier->iterations.end()));
    } else {
      world_.suite.group_policy.fill_offer(world_.group, offer);
      static constexpr std::array<Byte, 1> unit = {1};
      if (term[0].is("one", 0)) offer.g = unit;
    }
    if (term[1].is("ep", 1)) offer.epoch = keep(*bytes(term[1]));
    owned.body = offer;
    return owned;
  }
  if (term.is("ans", 2)) {
    auto share = bytes(term[0]);
    auto confirmation = bytes(term[1]);
    if (!share || !confirmation) return no_bytes(term);
    const ByteView first = keep(std::move(*share));
    owned.body = Share{first, keep(std::move(*confirmation))};
    return owned;
  }
  auto value = bytes(term);
  if (!value) return std::unexpected(value.error());
  if (term.is("conf-p", 1)) {
    owned.body = Proof{keep(std::move(*value))};
  } else {
    owned.body = Share{keep(std::move(*value)), {}};
  }
  return owned;
}

Outcome<const OwnedBody*> Concrete::body(const MaudeTerm& term, std::string_view iv) {
  std::string text = term.text() + "|" + std::string(iv);
  if (const auto found = bodies_.find(text); found != bodies_.end()) return &found->second;
  auto made = make_body(term, iv);
  if (!made) return std::unexpected(made.error());
  return &bodies_.emplace(std::move(text), std::move(*made)).first->second;
}

}  // namespace wib::models
