// SPDX-License-Identifier: Apache-2.0
#include "attacks/scenarios/sides.h"

namespace wib::attacks {
namespace {

constexpr std::uint32_t guess_size = 2 * p256_scalar_size;  // w0 || w1

TermRef nothing() { return term::hex({}); }

TermRef field_or_nothing(const Script& script, Script::Message message, const char* name) {
  return script.has_field(message, name) ? field(message, name) : nothing();
}

std::uint32_t exponent_size_of(const Script& script, Script::Message offer) {
  if (!script.has_field(offer, "group")) return exponent_size;
  const auto number = script.value(field(offer, "group"));
  if (!number || number->size() != 2) return exponent_size;
  const auto group = find_group(static_cast<std::uint16_t>((*number)[0] << 8U | (*number)[1]));
  return group ? static_cast<std::uint32_t>(exponent_size_for(*group)) : exponent_size;
}

}  // namespace

// --- Conversation -------------------------------------------------------------------------------

void Conversation::saw(Script::Message message) {
  if (!suite_.key_schedule.binds_transcript() && !suite_.protection.acknowledges()) return;
  const TermRef entry = field(message, "entry");
  transcript_ = transcript_ == nullptr ? term::apply(Op::transcript, {entry})
                                       : term::apply(Op::absorb, {transcript_, entry});
}

TermRef Conversation::transcript() const {
  return transcript_ == nullptr ? nothing() : transcript_;
}

TermRef Conversation::keys(const TermRef& secret) const {
  return term::apply(Op::derive_keys, {secret, transcript()});
}

// --- Payloads -----------------------------------------------------------------------------------

std::map<std::string, TermRef> seal(const TermRef& keys, const TermRef& transcript, Place place,
                                    std::uint32_t iv, const TermRef& plaintext) {
  const TermRef iv_term = term::random(iv, aes_block_size);
  const std::vector<TermRef> arguments = {keys, transcript, term::place(place), iv_term, plaintext};
  return {{"iv", iv_term},
          {"ciphertext", term::apply(Op::seal_ciphertext, arguments)},
          {"tag", term::apply(Op::seal_tag, arguments)}};
}

TermRef unseal(const Script& script, const TermRef& keys, const TermRef& transcript, Place place,
               Script::Message message) {
  return term::apply(Op::unseal,
                     {keys, transcript, term::place(place), field_or_nothing(script, message, "iv"),
                      field(message, "ciphertext"), field(message, "tag")});
}

// --- Key exchange -------------------------------------------------------------------------------

bool wants_code(const Script& script, Script::Message offer) {
  return script.has_field(offer, "salt");
}

TermRef shared_secret(const Script& script, Script::Message offer, const TermRef& peer_share,
                      const TermRef& exponent) {
  if (script.has_field(offer, "group")) {
    return term::apply(Op::dh_shared, {peer_share, exponent, field(offer, "group")});
  }
  return term::apply(Op::mod_exp, {peer_share, exponent, field(offer, "p")});
}

TermRef one(const Script& script, Script::Message offer) {
  if (script.has_field(offer, "p")) {
    return term::apply(Op::mod_exp, {field(offer, "g"), nothing(), field(offer, "p")});  // g^0
  }
  static constexpr std::array<Byte, 1> value = {1};
  return term::hex(value);
}

TermRef pake_context(const Script& script, Script::Message offer) {
  return term::apply(
      Op::pake_context,
      {field(offer, "suites"), field_or_nothing(script, offer, "epoch"), field(offer, "cookie")});
}

TermRef pake_register(const TermRef& code, const TermRef& serial, Script::Message offer) {
  return term::apply(Op::pake_register,
                     {code, serial, field(offer, "salt"), field(offer, "iterations")});
}

namespace {

TermRef own_share(const Script& script, Script::Message offer, const TermRef& exponent) {
  if (script.has_field(offer, "group")) {
    return term::apply(Op::dh_public, {exponent, field(offer, "group")});
  }
  return term::apply(Op::mod_exp, {field(offer, "g"), exponent, field(offer, "p")});
}

}  // namespace

// --- The attacker as a client -------------------------------------------------------------------

Script::Message AsClient::post(Endpoint endpoint, std::map<std::string, TermRef> fields,
                               std::string note, bool insist) {
  return insist ? script_.insist(endpoint, cookie_, std::move(fields), std::move(note))
                : script_.request(endpoint, cookie_, std::move(fields), std::move(note));
}

void AsClient::open(std::string note) {
  const auto offer = script_.request(Endpoint::get_dh, nullptr, {}, std::move(note));
  if (script_.going()) take(offer);
}

void AsClient::take(Script::Message offer) {
  offer_ = offer;
  cookie_ = field(offer, "cookie");
  conversation_.saw(offer);
}

Script::Message AsClient::share(std::string note) {
  if (!script_.going()) return 0;
  const TermRef x = term::random(draws_, exponent_size_of(script_, offer_));
  const bool pake = wants_code(script_, offer_);
  TermRef w;
  if (pake) {
    w = credentials_.code == nullptr
            ? term::random(draws_ + 3, guess_size)
            : pake_register(credentials_.code, credentials_.serial, offer_);
  }
  TermRef own = pake ? term::apply(Op::pake_share_p, {w, x}) : own_share(script_, offer_, x);
  if (degenerate_) own = one(script_, offer_);
  const auto answer =
      script_.request(Endpoint::post_dh, cookie_, {{"share", own}}, std::move(note));
  if (!script_.going()) return 0;
  conversation_.saw(script_.delivered());
  conversation_.saw(answer);
  if (pake) {
    const TermRef serial = credentials_.serial == nullptr ? nothing() : credentials_.serial;
    secrets_ = term::apply(Op::pake_prover, {w, x, own, field(answer, "share"),
                                             pake_context(script_, offer_), serial});
    keys_ = conversation_.keys(term::apply(Op::pake_shared, {secrets_}));
  } else {
    keys_ =
        conversation_.keys(degenerate_ ? one(script_, offer_)
                                       : shared_secret(script_, offer_, field(answer, "share"), x));
  }
  return answer;
}

Script::Message AsClient::prove(std::string note, bool insist) {
  if (!script_.going()) return 0;
  std::map<std::string, TermRef> fields;
  if (secrets_ != nullptr) {
    fields["confirm"] = term::apply(Op::pake_confirm_p, {secrets_});
  } else {
    fields = seal(keys_, conversation_.transcript(), Place::auth, draws_ + 1, credentials_.serial);
  }
  const auto answer = post(Endpoint::post_auth, std::move(fields), std::move(note), insist);
  if (script_.going()) conversation_.saw(script_.delivered());
  return answer;
}

Script::Message AsClient::install(const TermRef& bundle, std::string note, bool insist) {
  if (!script_.going()) return 0;
  const auto answer = post(Endpoint::post_key,
                           seal(keys_, conversation_.transcript(), Place::key, draws_ + 2, bundle),
                           std::move(note), insist);
  if (script_.going()) conversation_.saw(script_.delivered());
  return answer;
}

TermRef AsClient::acknowledgement(Script::Message answer) const {
  return unseal(script_, keys_, conversation_.transcript(), Place::acknowledgement, answer);
}

// --- The attacker as a device -------------------------------------------------------------------

AsDevice::AsDevice(Script& script, std::uint32_t draws, Script::Message offer,
                   Script::Message client_share)
    : script_(script),
      draws_(draws),
      offer_(offer),
      client_share_(client_share),
      conversation_(script.suite()) {
  conversation_.saw(offer);
  conversation_.saw(client_share);
}

Script::Message AsDevice::answer(std::string note) {
  if (!script_.going()) return 0;
  const std::string& client = script_.sender(client_share_);
  const TermRef x = term::random(draws_, exponent_size_of(script_, offer_));
  TermRef secret;
  std::map<std::string, TermRef> fields;
  if (wants_code(script_, offer_)) {
    // It does not have the verifier either: the code is guessed.
    const TermRef w = term::random(draws_ + 1, guess_size);
    fields["share"] = term::apply(Op::pake_share_v, {w, x});
    const TermRef secrets =
        term::apply(Op::pake_verifier, {w, x, field(client_share_, "share"), fields["share"],
                                        pake_context(script_, offer_), nothing()});
    fields["confirm"] = term::apply(Op::pake_confirm_v, {secrets});
    secret = term::apply(Op::pake_shared, {secrets});
  } else {
    fields["share"] = degenerate_ ? one(script_, offer_) : own_share(script_, offer_, x);
    secret = degenerate_ ? one(script_, offer_)
                         : shared_secret(script_, offer_, field(client_share_, "share"), x);
  }
  const auto proof = script_.respond(client, std::move(fields), std::move(note));
  if (!script_.going()) return 0;
  conversation_.saw(script_.delivered());
  keys_ = conversation_.keys(secret);
  return proof;
}

TermRef AsDevice::serial(Script::Message proof) const {
  return unseal(script_, keys_, conversation_.transcript(), Place::auth, proof);
}

TermRef AsDevice::bundle(Script::Message key) const {
  return unseal(script_, keys_, conversation_.transcript(), Place::key, key);
}

void AsDevice::acknowledge(Script::Message key, const TermRef& what, std::string note) {
  conversation_.saw(key);
  script_.respond_last(
      script_.sender(key),
      seal(keys_, conversation_.transcript(), Place::acknowledgement, draws_ + 2, what),
      std::move(note));
}

// --- Of a run that was only listened to ---------------------------------------------------------

Conversation heard_conversation(const Script& script, const Overheard& heard) {
  Conversation conversation(script.suite());
  for (const auto message : {heard.offer, heard.client_share, heard.device_share}) {
    conversation.saw(message);
  }
  return conversation;
}

TermRef heard_keys(const Script& script, const Overheard& heard, const TermRef& exponent,
                   const PakeKnowledge& pake) {
  const Conversation conversation = heard_conversation(script, heard);
  if (!wants_code(script, heard.offer)) {
    return conversation.keys(
        shared_secret(script, heard.offer, field(heard.client_share, "share"), exponent));
  }
  const TermRef w = pake.w == nullptr ? term::random(1, guess_size) : pake.w;
  const TermRef serial = pake.serial == nullptr ? nothing() : pake.serial;
  const TermRef secrets =
      term::apply(Op::pake_verifier,
                  {w, exponent, field(heard.client_share, "share"),
                   field(heard.device_share, "share"), pake_context(script, heard.offer), serial});
  return conversation.keys(term::apply(Op::pake_shared, {secrets}));
}

namespace {

TermRef heard_payload(const Script& script, const Overheard& heard, const TermRef& keys,
                      Place place) {
  Conversation conversation = heard_conversation(script, heard);
  if (place == Place::key) conversation.saw(heard.auth);
  return unseal(script, keys, conversation.transcript(), place,
                place == Place::key ? heard.key : heard.auth);
}

}  // namespace

TermRef heard_serial(const Script& script, const Overheard& heard, const TermRef& keys) {
  return heard_payload(script, heard, keys, Place::auth);
}

TermRef heard_bundle(const Script& script, const Overheard& heard, const TermRef& keys) {
  return heard_payload(script, heard, keys, Place::key);
}

}  // namespace wib::attacks
