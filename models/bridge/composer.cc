// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/composer.h"

#include "attacks/scenarios/sides.h"

namespace wib::models {
namespace {

using attacks::Op;
using attacks::Place;
using attacks::Script;
using attacks::TermRef;
namespace term = attacks::term;

constexpr std::uint32_t first_cookie = 50, first_iv = 100;  // draws, by use

TermRef nothing() { return term::hex({}); }

bool own_exponent(const MaudeTerm& exponent) {
  return exponent.is("rnd", 2) && exponent[0].head == "i";
}

TermRef draw(const MaudeTerm& exponent) {
  return term::random(exponent[1].number(), exponent_size);
}

Place place_of(const MaudeTerm& seal) {
  if (seal[1].is("ad", 2)) {
    if (seal[1][0].head == "key") return Place::key;
    return seal[1][0].head == "ack" ? Place::acknowledgement : Place::auth;
  }
  return seal[2].is("serial", 0) ? Place::auth : Place::key;
}

}  // namespace

TermRef Composer::cookie(const MaudeTerm& name) {
  if (name[0].head == "d") {
    const auto number = name[1].number();
    if (number < known_.cookies.size()) return attacks::field(known_.cookies[number], "cookie");
  }
  return term::random(first_cookie + name[1].number(), cookie_size);
}

// An element: seen, or a power of one that can be made by an exponent of the attacker's own.
TermRef Composer::element(const MaudeTerm& value) {
  if (const auto seen = known_.values.find(value.text()); seen != known_.values.end())
    return seen->second;
  if (!known_.offer) return nullptr;
  const bool named = script_.has_field(*known_.offer, "group");
  if (value.is("one", 0)) return attacks::one(script_, *known_.offer);
  if (value.is("g", 0)) {
    static constexpr std::array<Byte, 1> two = {2};  // of every group of RFC 7919
    return named ? term::hex(two) : attacks::field(*known_.offer, "g");
  }
  if (value.is("msk", 3)) return masked(value);
  if (!value.is("exp", 2)) return nullptr;
  const auto factors = value[1].members("*");
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (!own_exponent(*factors[i])) continue;
    MaudeTerm rest = value[0];
    if (factors.size() > 1) {
      std::vector<MaudeTerm> others;
      for (std::size_t k = 0; k < factors.size(); ++k) {
        if (k != i) others.push_back(*factors[k]);
      }
      MaudeTerm product = others.size() == 1 ? others.front() : MaudeTerm{"*", others};
      rest = MaudeTerm{"exp", {value[0], std::move(product)}};
    }
    if (named && rest.is("g", 0)) {
      return term::apply(Op::dh_public,
                         {draw(*factors[i]), attacks::field(*known_.offer, "group")});
    }
    const TermRef base = element(rest);
    if (base == nullptr) continue;
    return attacks::shared_secret(script_, *known_.offer, base, draw(*factors[i]));
  }
  return nullptr;
}

// w0 || w1 of a code: the one on the label, if it is known, or a wrong one.
TermRef Composer::registered(const MaudeTerm& w0) {
  if (!known_.offer || !w0.is("w0", 1)) return nullptr;
  const char* name = w0[0].is("code", 0) ? "code" : "wrong-code";
  return attacks::pake_register(term::initial(name), term::initial("serial"), *known_.offer);
}
TermRef Composer::masked(const MaudeTerm& value) {
  const TermRef w = registered(value[1]);
  if (w == nullptr || !value[2].is("exp", 2) || !own_exponent(value[2][1])) return nullptr;
  return term::apply(value[0].head == "pm" ? Op::pake_share_p : Op::pake_share_v,
                     {w, draw(value[2][1])});
}

// SPAKE2+'s three secrets, by whichever side the attacker plays.
TermRef Composer::pake_secrets(const MaudeTerm& pk) {
  const MaudeTerm& run = pk[3];
  const MaudeTerm &share_p = run[2], &share_v = run[3];
  const auto offer = known_.entries.find("offer|" + run[1].text() + "|" + run[0].text());
  const std::optional<Message> from =
      offer != known_.entries.end() ? std::optional(offer->second) : offer_with(run[1]);
  const TermRef w = registered(pk[0]);
  if (!from || w == nullptr) return nullptr;
  const TermRef p = element(share_p), v = element(share_v);
  if (p == nullptr || v == nullptr) return nullptr;
  const TermRef context = attacks::pake_context(script_, *from);
  const auto own = [](const MaudeTerm& share) {
    return share.is("msk", 3) && share[2].is("exp", 2) && own_exponent(share[2][1]);
  };
  if (own(share_p)) {
    return term::apply(Op::pake_prover,
                       {w, draw(share_p[2][1]), p, v, context, term::initial("serial")});
  }
  if (own(share_v)) {
    return term::apply(Op::pake_verifier,
                       {w, draw(share_v[2][1]), p, v, context, term::initial("serial")});
  }
  return nullptr;
}
std::optional<Script::Message> Composer::offer_with(const MaudeTerm& cookie) {
  if (cookie[0].head != "d" || cookie[1].number() >= known_.cookies.size()) return std::nullopt;
  return known_.cookies[cookie[1].number()];
}

TermRef Composer::confirmation(const MaudeTerm& value) {
  if (const auto seen = known_.values.find(value.text()); seen != known_.values.end())
    return seen->second;
  const TermRef secrets = pake_secrets(value[0]);
  if (secrets == nullptr) return nullptr;
  return term::apply(value.head == "conf-p" ? Op::pake_confirm_p : Op::pake_confirm_v, {secrets});
}

TermRef Composer::transcript(const MaudeTerm& run) {
  if (run.is("nil", 0)) return nothing();
  const auto entry = [&](const std::string& key) -> TermRef {
    const auto found = known_.entries.find(key);
    return found == known_.entries.end() ? nullptr : attacks::field(found->second, "entry");
  };
  if (run.is("ab", 2)) {
    const TermRef before = transcript(run[0]);
    const TermRef piece = entry(run[1].text());
    if (before == nullptr || piece == nullptr) return nullptr;
    return term::apply(Op::absorb, {before, piece});
  }
  TermRef offer = entry("offer|" + run[1].text() + "|" + run[0].text());
  if (offer == nullptr) {
    const auto message = offer_with(run[1]);
    if (message) offer = attacks::field(*message, "entry");
  }
  const TermRef client = entry("share|" + run[2].text());
  const TermRef device = entry("answer|" + run[3].text());
  if (offer == nullptr || client == nullptr || device == nullptr) return nullptr;
  return term::apply(
      Op::absorb,
      {term::apply(Op::absorb, {term::apply(Op::transcript, {offer}), client}), device});
}

// The four keys of kb(secret, transcript).
TermRef Composer::keys(const MaudeTerm& kb) {
  TermRef secret;
  if (kb[0].is("pk", 4)) {
    const TermRef secrets = pake_secrets(kb[0]);
    if (secrets != nullptr) secret = term::apply(Op::pake_shared, {secrets});
  } else {
    secret = element(kb[0]);
  }
  const TermRef run = transcript(kb[1]);
  if (secret == nullptr || run == nullptr) return nullptr;
  return term::apply(Op::derive_keys, {secret, run});
}

// What a payload is sealed under: the transcript of its associated data.
TermRef Composer::bound(const MaudeTerm& seal) {
  return seal[1].is("ad", 2) ? transcript(seal[1][1]) : nothing();
}

// What the attacker has in plain: its own, what it was given, or what it can open.
TermRef Composer::plaintext(const MaudeTerm& value) {
  if (value.is("bundle", 2) && value[0].head == "i") {
    return term::apply(Op::bundle,
                       {term::initial("thief.certificate"), term::initial("thief.key")});
  }
  if (value.is("fp", 1)) {
    const TermRef bundle = plaintext(value[0]);
    return bundle == nullptr ? nullptr : term::apply(Op::sha256, {bundle});
  }
  for (const auto& [text, capture] : known_.sealed) {
    const auto& [seal, message] = capture;
    if (seal[2] != value) continue;
    const TermRef under = keys(seal[0][0]);
    const TermRef run = bound(seal);
    if (under == nullptr || run == nullptr) continue;
    return attacks::unseal(script_, under, run, place_of(seal), message);
  }
  if (value.is("serial", 0)) return term::initial("serial");
  return nullptr;
}

// Fields of auth.wib, of key.wib, of an acknowledgement.
std::optional<std::map<std::string, TermRef>> Composer::payload(const MaudeTerm& body) {
  if (!body.is("seal", 3)) {
    const TermRef value = confirmation(body);
    if (value == nullptr) return std::nullopt;
    return std::map<std::string, TermRef>{{"confirm", value}};
  }
  // Sealed by somebody else, for somewhere else: it is sent on.
  const auto capture = known_.sealed.find(body.text());
  const TermRef under = keys(body[0][0]);
  const TermRef run = bound(body);
  const TermRef plain = under == nullptr ? nullptr : plaintext(body[2]);
  if (under != nullptr && run != nullptr && plain != nullptr) {
    return attacks::seal(under, run, place_of(body), first_iv + ivs_++, plain);
  }
  if (capture == known_.sealed.end()) return std::nullopt;
  std::map<std::string, TermRef> fields;
  for (const char* name : {"iv", "ciphertext", "tag"}) {
    if (script_.has_field(capture->second.second, name)) {
      fields[name] = attacks::field(capture->second.second, name);
    }
  }
  return fields;
}

}  // namespace wib::models
