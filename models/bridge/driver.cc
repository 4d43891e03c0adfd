// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/driver.h"

#include <algorithm>
#include <map>
#include <optional>

#include "attacks/scenarios/sides.h"
#include "attacks/world/takes_code.h"
#include "protocol/registration.h"

namespace wib::models {
namespace {

using attacks::Op;
using attacks::Place;
using attacks::Script;
using attacks::TermRef;
using Message = Script::Message;
namespace term = attacks::term;

constexpr const char* owner = "owner";
constexpr std::uint32_t first_cookie = 50, first_iv = 100, first_junk = 200;  // draws, by use

TermRef nothing() { return term::hex({}); }

class Driver {
 public:
  explicit Driver(Script& script) : script_(script) {}

  void step(const ModelStep& step) {
    const std::string note = "model: " + step.text();
    const std::string& name = step.name;
    if (name == "press") return script_.press(note);
    if (name == "restart") return script_.restart(note);
    if (name == "window-expired") return script_.wait(minutes(5), note);
    if (name == "session-expired") return script_.wait(minutes(1), note);
    if (name == "c-start") {
      get_ = script_.start(owner, note);
    } else if (name == "get-dh") {
      get(step, note);
    } else if (name == "post-dh") {
      share(step, note);
    } else if (name == "post-auth") {
      post(step, Endpoint::post_auth, "c-proven", note);
    } else if (name == "post-key") {
      post(step, Endpoint::post_key, "c-done", note);
    } else if (name == "c-offer") {
      give_offer(step, note);
    } else if (name == "c-share") {
      give_share(step, note);
    } else if (name == "c-proven") {
      give_proven(step, note);
    } else if (name == "c-done") {
      give_done(step, note);
    }
  }

  void steal() {
    const TermRef bundle = plaintext(MaudeTerm{"bundle", {{"c", {}}, {"0", {}}}});
    if (bundle != nullptr) {
      script_.learn("private key", term::apply(Op::bundle_key, {bundle}),
                    "the key that the device will serve TLS with");
    }
  }

 private:
  static std::uint32_t minutes(std::uint32_t count) { return count * 60'000 + 1'000; }

  // --- What the device is given ------------------------------------------------------------------

  void get(const ModelStep& step, const std::string& note) {
    Message offer = 0;
    if (step.status != 200) {
      (void)script_.insist(Endpoint::get_dh, nullptr, {}, note);
      return;
    }
    if (get_) {
      offer = script_.forward_request(*get_, note);  // again, if it was before: it says nothing
    } else {
      offer = script_.request(Endpoint::get_dh, nullptr, {}, note);
    }
    if (!script_.going()) return;
    offer_ = offer;
    cookies_.push_back(offer);
    pending_offers_.push_back({step.answer, offer});
    if (step.answer[1].is("ep", 1)) seen_[step.answer[1].text()] = attacks::field(offer, "epoch");
  }

  TermRef cookie(const MaudeTerm& name) {
    if (name[0].head == "d") {
      const auto number = name[1].number();
      if (number < cookies_.size()) return attacks::field(cookies_[number], "cookie");
    }
    return term::random(first_cookie + name[1].number(), cookie_size);
  }

  void share(const ModelStep& step, const std::string& note) {
    const std::string key = "post-dh|" + step.cookie.text() + "|" + step.body.text();
    Message answer = 0;
    if (step.body.is("junk", 0)) {
      (void)script_.insist(Endpoint::post_dh, cookie(step.cookie), {{"share", nothing()}}, note);
      return;
    }
    if (const auto sent = sent_.find(key); sent != sent_.end()) {
      answer = script_.forward_request(sent->second, note);
      entries_["share|" + step.body.text()] = sent->second;
    } else {
      const TermRef value = element(step.body);
      if (value == nullptr) return give_up(step);
      answer =
          step.status == 200
              ? script_.request(Endpoint::post_dh, cookie(step.cookie), {{"share", value}}, note)
              : script_.insist(Endpoint::post_dh, cookie(step.cookie), {{"share", value}}, note);
      if (!script_.going() || step.status != 200) return;
      entries_["share|" + step.body.text()] = script_.delivered();
    }
    if (!script_.going()) return;
    const bool confirmed = step.answer.is("ans", 2);
    const MaudeTerm& own = confirmed ? step.answer[0] : step.answer;
    seen_[own.text()] = attacks::field(answer, "share");
    if (confirmed) seen_[step.answer[1].text()] = attacks::field(answer, "confirm");
    entries_["answer|" + own.text()] = answer;
    answers_["c-share|" + step.answer.text()] = answer;
  }

  void post(const ModelStep& step, Endpoint endpoint, const std::string& taken_by,
            const std::string& note) {
    const std::string what = endpoint == Endpoint::post_auth ? "post-auth" : "post-key";
    const std::string key = what + "|" + step.cookie.text() + "|" + step.body.text();
    const bool good = step.status < 400;
    Message answer = 0;
    if (const auto sent = sent_.find(key); sent != sent_.end() && good) {
      answer = script_.forward_request(sent->second, note);
    } else {
      std::map<std::string, TermRef> fields;
      if (step.body.is("junk", 0)) {
        fields = junk(endpoint);
      } else {
        auto made = payload(step.body);
        if (!made) return give_up(step);
        fields = std::move(*made);
      }
      answer = good ? script_.request(endpoint, cookie(step.cookie), std::move(fields), note)
                    : script_.insist(endpoint, cookie(step.cookie), std::move(fields), note);
      if (!script_.going() || !good) return;
      entries_[step.body.text()] = script_.delivered();
    }
    if (!script_.going()) return;
    answers_[taken_by + "|" + step.cookie.text()] = answer;
    if (step.answer.is("seal", 3)) {
      sealed_[step.answer.text()] = {step.answer, answer};
      answers_[taken_by + "|" + step.answer.text()] = answer;
    }
  }

  std::map<std::string, TermRef> junk(Endpoint endpoint) {
    if (endpoint == Endpoint::post_auth && attacks::takes_code(script_.suite())) {
      return {{"confirm", term::random(first_junk, 32)}};
    }
    const bool aead = script_.suite().protection.acknowledges();
    std::map<std::string, TermRef> fields = {{"ciphertext", term::random(first_junk + 1, 32)},
                                             {"tag", term::random(first_junk + 2, aead ? 16 : 64)}};
    if (!aead) fields["iv"] = term::random(first_junk, 16);
    return fields;
  }

  // --- What the client is given ------------------------------------------------------------------

  void give_offer(const ModelStep& step, const std::string& note) {
    Message share = 0;
    const bool device = step.cookie[0].head == "d";
    const auto number = device ? step.cookie[1].number() : 0;
    const bool as_it_was =
        device && number < pending_offers_.size() && pending_offers_[number].first == step.body;
    const std::string key = "offer|" + step.cookie.text() + "|" + step.body.text();
    if (as_it_was) {
      share = script_.forward_response(pending_offers_[number].second, owner, note);
      entries_[key] = pending_offers_[number].second;
    } else {
      auto fields = offer_fields(step.body);
      if (!fields) return give_up(step);
      share = script_.respond(owner, std::move(*fields), note, cookie(step.cookie));
      if (!script_.going()) return;
      entries_[key] = script_.delivered();
      if (!offer_) offer_ = script_.delivered();
    }
    if (!script_.going()) return;
    sent_["post-dh|" + step.cookie.text() + "|" + step.answer.text()] = share;
    seen_[step.answer.text()] = attacks::field(share, "share");
    entries_["share|" + step.answer.text()] = share;
  }

  // An offer of the attacker's own. Where it has seen none it brings a group: anybody takes it.
  std::optional<std::map<std::string, TermRef>> offer_fields(const MaudeTerm& offer) {
    std::map<std::string, TermRef> fields;
    static constexpr std::array<Byte, 1> unit = {1};
    if (offer_) {
      for (const char* name : {"p", "g", "group", "suites", "salt", "iterations", "epoch"}) {
        if (script_.has_field(*offer_, name)) fields[name] = attacks::field(*offer_, name);
      }
      if (offer[1].is("ep", 1)) {
        const auto seen = seen_.find(offer[1].text());
        fields["epoch"] = seen != seen_.end() ? seen->second : constant_epoch(offer[1]);
      }
    } else {
      if (attacks::takes_code(script_.suite())) return std::nullopt;
      static constexpr std::array<Byte, 4> p = {0x7f, 0xff, 0xff, 0xff};  // 2^31 - 1 is a prime
      static constexpr std::array<Byte, 1> g = {7};
      static constexpr std::array<Byte, 2> number = {0x01, 0x00};  // ffdhe2048
      if (script_.suite().group_policy.name() == "take_any") {
        fields["p"] = term::hex(p);
        fields["g"] = term::hex(g);
      } else {
        fields["group"] = term::hex(number);
      }
      if (offer[1].is("ep", 1)) fields["epoch"] = constant_epoch(offer[1]);
    }
    if (offer[0].is("one", 0)) fields["g"] = term::hex(unit);
    return fields;
  }
  static TermRef constant_epoch(const MaudeTerm& epoch) {
    std::array<Byte, 8> bytes{};
    bytes.back() = static_cast<Byte>(epoch[0].number());
    return term::hex(bytes);
  }

  void give_share(const ModelStep& step, const std::string& note) {
    const bool confirmed = step.body.is("ans", 2);
    const MaudeTerm& value = confirmed ? step.body[0] : step.body;
    Message proof = 0;
    const auto sent = answers_.find("c-share|" + step.body.text());
    if (sent != answers_.end()) {
      proof = script_.forward_response(sent->second, owner, note);
      entries_["answer|" + value.text()] = sent->second;
    } else {
      std::map<std::string, TermRef> fields{{"share", element(value)}};
      if (fields["share"] == nullptr) return give_up(step);
      if (confirmed) {
        fields["confirm"] = confirmation(step.body[1]);
        if (fields["confirm"] == nullptr) return give_up(step);
      }
      proof = script_.respond(owner, std::move(fields), note);
      if (!script_.going()) return;
      entries_["answer|" + value.text()] = script_.delivered();
    }
    if (script_.going()) client_sent("post-auth", step, proof);
  }

  void client_sent(const std::string& what, const ModelStep& step, Message message) {
    sent_[what + "|" + step.cookie.text() + "|" + step.answer.text()] = message;
    entries_[step.answer.text()] = message;
    if (step.answer.is("seal", 3)) {
      sealed_[step.answer.text()] = {step.answer, message};
    } else {
      seen_[step.answer.text()] = attacks::field(message, "confirm");
    }
  }

  void give_proven(const ModelStep& step, const std::string& note) {
    Message key = 0;
    if (const auto sent = answers_.find("c-proven|" + step.cookie.text()); sent != answers_.end()) {
      key = script_.forward_response(sent->second, owner, note);
    } else {
      script_.respond_status(owner, Status::no_content, note);
      if (!script_.going()) return;
      key = script_.delivered() + 1;
    }
    if (script_.going()) client_sent("post-key", step, key);
  }

  void give_done(const ModelStep& step, const std::string& note) {
    const bool sealed = step.body.is("seal", 3);
    const std::string key = "c-done|" + (sealed ? step.body.text() : step.cookie.text());
    if (const auto sent = answers_.find(key); sent != answers_.end()) {
      script_.forward_last_response(sent->second, owner, note);
    } else if (sealed) {
      auto fields = payload(step.body);
      if (!fields) return give_up(step);
      script_.respond_last(owner, std::move(*fields), note);
    } else {
      script_.respond_status(owner, Status::no_content, note);
    }
  }

  // --- What the attacker makes -------------------------------------------------------------------

  static bool own_exponent(const MaudeTerm& exponent) {
    return exponent.is("rnd", 2) && exponent[0].head == "i";
  }
  static TermRef draw(const MaudeTerm& exponent) {
    return term::random(exponent[1].number(), exponent_size);
  }

  // An element: seen, or a power of one that can be made by an exponent of the attacker's own.
  TermRef element(const MaudeTerm& value) {
    if (const auto seen = seen_.find(value.text()); seen != seen_.end()) return seen->second;
    if (!offer_) return nullptr;
    const bool named = script_.has_field(*offer_, "group");
    if (value.is("one", 0)) return attacks::one(script_, *offer_);
    if (value.is("g", 0)) {
      static constexpr std::array<Byte, 1> two = {2};  // of every group of RFC 7919
      return named ? term::hex(two) : attacks::field(*offer_, "g");
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
        return term::apply(Op::dh_public, {draw(*factors[i]), attacks::field(*offer_, "group")});
      }
      const TermRef base = element(rest);
      if (base == nullptr) continue;
      return attacks::shared_secret(script_, *offer_, base, draw(*factors[i]));
    }
    return nullptr;
  }

  // w0 || w1 of a code: the one on the label, if it is known, or a wrong one.
  TermRef registered(const MaudeTerm& w0) {
    if (!offer_ || !w0.is("w0", 1)) return nullptr;
    const char* name = w0[0].is("code", 0) ? "code" : "wrong-code";
    return attacks::pake_register(term::initial(name), term::initial("serial"), *offer_);
  }
  TermRef masked(const MaudeTerm& value) {
    const TermRef w = registered(value[1]);
    if (w == nullptr || !value[2].is("exp", 2) || !own_exponent(value[2][1])) return nullptr;
    return term::apply(value[0].head == "pm" ? Op::pake_share_p : Op::pake_share_v,
                       {w, draw(value[2][1])});
  }

  // SPAKE2+'s three secrets, by whichever side the attacker plays.
  TermRef pake_secrets(const MaudeTerm& pk) {
    const MaudeTerm& run = pk[3];
    const MaudeTerm &share_p = run[2], &share_v = run[3];
    const auto offer = entries_.find("offer|" + run[1].text() + "|" + run[0].text());
    const std::optional<Message> from =
        offer != entries_.end() ? std::optional(offer->second) : offer_with(run[1]);
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
  std::optional<Message> offer_with(const MaudeTerm& cookie) {
    if (cookie[0].head != "d" || cookie[1].number() >= cookies_.size()) return std::nullopt;
    return cookies_[cookie[1].number()];
  }

  TermRef confirmation(const MaudeTerm& value) {
    if (const auto seen = seen_.find(value.text()); seen != seen_.end()) return seen->second;
    const TermRef secrets = pake_secrets(value[0]);
    if (secrets == nullptr) return nullptr;
    return term::apply(value.head == "conf-p" ? Op::pake_confirm_p : Op::pake_confirm_v, {secrets});
  }

  TermRef transcript(const MaudeTerm& run) {
    if (run.is("nil", 0)) return nothing();
    const auto entry = [&](const std::string& key) -> TermRef {
      const auto found = entries_.find(key);
      return found == entries_.end() ? nullptr : attacks::field(found->second, "entry");
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
  TermRef keys(const MaudeTerm& kb) {
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
  TermRef bound(const MaudeTerm& seal) {
    return seal[1].is("ad", 2) ? transcript(seal[1][1]) : nothing();
  }
  static Place place_of(const MaudeTerm& seal) {
    if (seal[1].is("ad", 2)) {
      if (seal[1][0].head == "key") return Place::key;
      return seal[1][0].head == "ack" ? Place::acknowledgement : Place::auth;
    }
    return seal[2].is("serial", 0) ? Place::auth : Place::key;
  }

  // What the attacker has in plain: its own, what it was given, or what it can open.
  TermRef plaintext(const MaudeTerm& value) {
    if (value.is("bundle", 2) && value[0].head == "i") {
      return term::apply(Op::bundle,
                         {term::initial("thief.certificate"), term::initial("thief.key")});
    }
    if (value.is("fp", 1)) {
      const TermRef bundle = plaintext(value[0]);
      return bundle == nullptr ? nullptr : term::apply(Op::sha256, {bundle});
    }
    for (const auto& [text, capture] : sealed_) {
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
  std::optional<std::map<std::string, TermRef>> payload(const MaudeTerm& body) {
    if (!body.is("seal", 3)) {
      const TermRef value = confirmation(body);
      if (value == nullptr) return std::nullopt;
      return std::map<std::string, TermRef>{{"confirm", value}};
    }
    // Sealed by somebody else, for somewhere else: it is sent on.
    const auto capture = sealed_.find(body.text());
    const TermRef under = keys(body[0][0]);
    const TermRef run = bound(body);
    const TermRef plain = under == nullptr ? nullptr : plaintext(body[2]);
    if (under != nullptr && run != nullptr && plain != nullptr) {
      return attacks::seal(under, run, place_of(body), first_iv + ivs_++, plain);
    }
    if (capture == sealed_.end()) return std::nullopt;
    std::map<std::string, TermRef> fields;
    for (const char* name : {"iv", "ciphertext", "tag"}) {
      if (script_.has_field(capture->second.second, name)) {
        fields[name] = attacks::field(capture->second.second, name);
      }
    }
    return fields;
  }

  // A message of the model's that this driver cannot make: it says so, and ends the script.
  void give_up(const ModelStep& step) {
    (void)script_.check(nothing(), term::random(0, 1), "cannot be made: " + step.text());
    (void)script_.request(Endpoint::post_dh, nullptr, {{"share", nothing()}},
                          "cannot be made: " + step.text());
  }

  Script& script_;
  std::optional<Message> get_, offer_;
  std::vector<Message> cookies_;
  std::vector<std::pair<MaudeTerm, Message>> pending_offers_;
  std::map<std::string, TermRef> seen_;                          // elements, confirmations
  std::map<std::string, Message> entries_;                       // what transcripts take in
  std::map<std::string, Message> sent_, answers_;                // by honest parties
  std::map<std::string, std::pair<MaudeTerm, Message>> sealed_;  // by whomever
  std::uint32_t ivs_ = 0;
};

}  // namespace

std::string ModelStep::text() const {
  std::string line = name;
  if (!cookie.is("no-cookie", 0)) line += " " + cookie.text();
  if (!body.is("junk", 0)) line += " " + body.text();
  if (status != 0 && !name.starts_with("c-")) line += " -> " + std::to_string(status);
  return line;
}

void drive(attacks::Script& script, const std::vector<ModelStep>& steps, bool theft) {
  Driver driver(script);
  for (const ModelStep& step : steps) {
    if (!script.going()) return;
    driver.step(step);
  }
  if (theft && script.going()) driver.steal();
}

}  // namespace wib::models
