// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/driver.h"

#include <algorithm>
#include <map>
#include <optional>

#include "attacks/world/takes_code.h"
#include "models/bridge/composer.h"

namespace wib::models {
namespace {

using attacks::Op;
using attacks::Script;
using attacks::TermRef;
using Message = Script::Message;
namespace term = attacks::term;

constexpr const char* owner = "owner";
constexpr std::uint32_t first_junk = 200;  // of the draws; the composer has those before

TermRef nothing() { return term::hex({}); }

class Driver {
 public:
  explicit Driver(Script& script) : script_(script), composer_(script, known_) {}

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
    const TermRef bundle = composer_.plaintext(MaudeTerm{"bundle", {{"c", {}}, {"0", {}}}});
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
    known_.offer = offer;
    known_.cookies.push_back(offer);
    pending_offers_.push_back({step.answer, offer});
    if (step.answer[1].is("ep", 1))
      known_.values[step.answer[1].text()] = attacks::field(offer, "epoch");
  }

  void share(const ModelStep& step, const std::string& note) {
    const std::string key = "post-dh|" + step.cookie.text() + "|" + step.body.text();
    Message answer = 0;
    if (step.body.is("junk", 0)) {
      (void)script_.insist(Endpoint::post_dh, composer_.cookie(step.cookie), {{"share", nothing()}},
                           note);
      return;
    }
    if (const auto sent = sent_.find(key); sent != sent_.end()) {
      answer = script_.forward_request(sent->second, note);
      known_.entries["share|" + step.body.text()] = sent->second;
    } else {
      const TermRef value = composer_.element(step.body);
      if (value == nullptr) return give_up(step);
      answer = step.status == 200
                   ? script_.request(Endpoint::post_dh, composer_.cookie(step.cookie),
                                     {{"share", value}}, note)
                   : script_.insist(Endpoint::post_dh, composer_.cookie(step.cookie),
                                    {{"share", value}}, note);
      if (!script_.going() || step.status != 200) return;
      known_.entries["share|" + step.body.text()] = script_.delivered();
    }
    if (!script_.going()) return;
    const bool confirmed = step.answer.is("ans", 2);
    const MaudeTerm& own = confirmed ? step.answer[0] : step.answer;
    known_.values[own.text()] = attacks::field(answer, "share");
    if (confirmed) known_.values[step.answer[1].text()] = attacks::field(answer, "confirm");
    known_.entries["answer|" + own.text()] = answer;
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
        auto made = composer_.payload(step.body);
        if (!made) return give_up(step);
        fields = std::move(*made);
      }
      answer =
          good ? script_.request(endpoint, composer_.cookie(step.cookie), std::move(fields), note)
               : script_.insist(endpoint, composer_.cookie(step.cookie), std::move(fields), note);
      if (!script_.going() || !good) return;
      known_.entries[step.body.text()] = script_.delivered();
    }
    if (!script_.going()) return;
    answers_[taken_by + "|" + step.cookie.text()] = answer;
    if (step.answer.is("seal", 3)) {
      known_.sealed[step.answer.text()] = {step.answer, answer};
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
      known_.entries[key] = pending_offers_[number].second;
    } else {
      auto fields = offer_fields(step.body);
      if (!fields) return give_up(step);
      share = script_.respond(owner, std::move(*fields), note, composer_.cookie(step.cookie));
      if (!script_.going()) return;
      known_.entries[key] = script_.delivered();
      if (!known_.offer) known_.offer = script_.delivered();
    }
    if (!script_.going()) return;
    sent_["post-dh|" + step.cookie.text() + "|" + step.answer.text()] = share;
    known_.values[step.answer.text()] = attacks::field(share, "share");
    known_.entries["share|" + step.answer.text()] = share;
  }

  // An offer of the attacker's own. Where it has seen none it brings a group: anybody takes it.
  std::optional<std::map<std::string, TermRef>> offer_fields(const MaudeTerm& offer) {
    std::map<std::string, TermRef> fields;
    static constexpr std::array<Byte, 1> unit = {1};
    if (known_.offer) {
      for (const char* name : {"p", "g", "group", "suites", "salt", "iterations", "epoch"}) {
        if (script_.has_field(*known_.offer, name))
          fields[name] = attacks::field(*known_.offer, name);
      }
      if (offer[1].is("ep", 1)) {
        const auto seen = known_.values.find(offer[1].text());
        fields["epoch"] = seen != known_.values.end() ? seen->second : constant_epoch(offer[1]);
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
      known_.entries["answer|" + value.text()] = sent->second;
    } else {
      std::map<std::string, TermRef> fields{{"share", composer_.element(value)}};
      if (fields["share"] == nullptr) return give_up(step);
      if (confirmed) {
        fields["confirm"] = composer_.confirmation(step.body[1]);
        if (fields["confirm"] == nullptr) return give_up(step);
      }
      proof = script_.respond(owner, std::move(fields), note);
      if (!script_.going()) return;
      known_.entries["answer|" + value.text()] = script_.delivered();
    }
    if (script_.going()) client_sent("post-auth", step, proof);
  }

  void client_sent(const std::string& what, const ModelStep& step, Message message) {
    sent_[what + "|" + step.cookie.text() + "|" + step.answer.text()] = message;
    known_.entries[step.answer.text()] = message;
    if (step.answer.is("seal", 3)) {
      known_.sealed[step.answer.text()] = {step.answer, message};
    } else {
      known_.values[step.answer.text()] = attacks::field(message, "confirm");
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
      auto fields = composer_.payload(step.body);
      if (!fields) return give_up(step);
      script_.respond_last(owner, std::move(*fields), note);
    } else {
      script_.respond_status(owner, Status::no_content, note);
    }
  }

  // A message of the model's that this driver cannot make: it says so, and ends the script.
  void give_up(const ModelStep& step) {
    (void)script_.check(nothing(), term::random(0, 1), "cannot be made: " + step.text());
    (void)script_.request(Endpoint::post_dh, nullptr, {{"share", nothing()}},
                          "cannot be made: " + step.text());
  }

  Script& script_;
  std::optional<Message> get_;
  std::vector<std::pair<MaudeTerm, Message>> pending_offers_;
  std::map<std::string, Message> sent_, answers_;  // by honest parties
  Knowledge known_;
  Composer composer_;
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
