// SPDX-License-Identifier: Apache-2.0
//
// The two sides of a run, as an attacker plays them, in terms: whatever the suite's slots have
// chosen. What it does follows from what it is offered, as a real attacker's does.
#pragma once

#include <optional>

#include "attacks/scenarios/script.h"

namespace wib::attacks {

// What an attacker has to authenticate with. A null code is a guess: as good as any other.
struct Credentials {
  TermRef serial;
  TermRef code;
};

// One run's messages as one side saw them, and what follows from them.
class Conversation {
 public:
  explicit Conversation(const Suite& suite) : suite_(suite) {}

  // A message that this side sent or took.
  void saw(Script::Message message);
  // The transcript up to here. Empty where the suite binds nothing to it.
  [[nodiscard]] TermRef transcript() const;
  // The four keys, from the shared secret and the transcript up to here.
  [[nodiscard]] TermRef keys(const TermRef& secret) const;

 private:
  const Suite& suite_;
  TermRef transcript_;
};

// Fields of a sealed payload that the attacker makes, with its own IV (draw `iv`).
[[nodiscard]] std::map<std::string, TermRef> seal(const TermRef& keys, const TermRef& transcript,
                                                  Place place, std::uint32_t iv,
                                                  const TermRef& plaintext);

// The plaintext of a sealed payload that was seen.
[[nodiscard]] TermRef unseal(const Script& script, const TermRef& keys, const TermRef& transcript,
                             Place place, Script::Message message);

// The attacker in the client's place, towards the device. Each call is one request; the script
// stops where the device refuses. Takes three of the attacker's draws from `draws` on, and a fourth
// where it has to guess a setup code.
class AsClient {
 public:
  AsClient(Script& script, std::uint32_t draws, Credentials credentials)
      : script_(script),
        draws_(draws),
        credentials_(std::move(credentials)),
        conversation_(script.suite()) {}

  // From here on its share is 1, and so is every secret.
  void degenerate() noexcept { degenerate_ = true; }
  // GET: an offer of its own.
  void open(std::string note = {});
  // Goes on from an offer that was made to somebody else.
  void take(Script::Message offer);
  // POST dh.wib.
  Script::Message share(std::string note = {});
  // POST auth.wib. `insist`: a refusal is no end.
  Script::Message prove(std::string note = {}, bool insist = false);
  // POST key.wib.
  Script::Message install(const TermRef& bundle, std::string note = {}, bool insist = false);

  // What the device's acknowledgement says.
  [[nodiscard]] TermRef acknowledgement(Script::Message answer) const;

  [[nodiscard]] const TermRef& cookie() const noexcept { return cookie_; }
  [[nodiscard]] const TermRef& keys() const noexcept { return keys_; }
  void authenticate_with(TermRef serial) { credentials_.serial = std::move(serial); }

 private:
  Script::Message post(Endpoint endpoint, std::map<std::string, TermRef> fields, std::string note,
                       bool insist);

  Script& script_;
  std::uint32_t draws_;
  Credentials credentials_;
  Conversation conversation_;
  bool degenerate_ = false;
  Script::Message offer_ = 0;
  TermRef cookie_, keys_, secrets_;
};

// The attacker in the device's place, towards a client that has taken the offer `offer` and sent
// `client_share`. Takes one of the attacker's draws, and a second where it has to guess.
class AsDevice {
 public:
  AsDevice(Script& script, std::uint32_t draws, Script::Message offer,
           Script::Message client_share);

  // As AsClient's.
  void degenerate() noexcept { degenerate_ = true; }
  // Answers POST dh.wib; gives the client's proof.
  Script::Message answer(std::string note = {});
  // The keys of its session with the client; null before answer().
  [[nodiscard]] const TermRef& keys() const noexcept { return keys_; }
  // What the client's proof says, where it is a sealed serial number.
  [[nodiscard]] TermRef serial(Script::Message proof) const;
  // The client went on: its proof is part of the conversation.
  void proven(Script::Message proof) { conversation_.saw(proof); }
  // The bundle in the client's key.wib.
  [[nodiscard]] TermRef bundle(Script::Message key) const;
  // The client's last answer, which says `what`.
  void acknowledge(Script::Message key, const TermRef& what, std::string note);

 private:
  Script& script_;
  std::uint32_t draws_;
  bool degenerate_ = false;
  Script::Message offer_, client_share_;
  Conversation conversation_;
  TermRef keys_;
};

// --- Of a run that was only listened to ---------------------------------------------------------

// The conversation up to both shares.
[[nodiscard]] Conversation heard_conversation(const Script& script, const Overheard& heard);

// The keys, for whoever knows the device's exponent and, where a setup code was used, w0 || w1 (a
// null term: a guess) and the serial number. The first transcript is that up to both shares.
struct PakeKnowledge {
  TermRef w;
  TermRef serial;
};
[[nodiscard]] TermRef heard_keys(const Script& script, const Overheard& heard,
                                 const TermRef& exponent, const PakeKnowledge& pake);
// What the payloads said, for whoever has the keys.
[[nodiscard]] TermRef heard_serial(const Script& script, const Overheard& heard,
                                   const TermRef& keys);
[[nodiscard]] TermRef heard_bundle(const Script& script, const Overheard& heard,
                                   const TermRef& keys);

// True if the offer asks for a setup code.
[[nodiscard]] bool wants_code(const Script& script, Script::Message offer);

// The secret of a Diffie-Hellman exchange in the group of that offer.
[[nodiscard]] TermRef shared_secret(const Script& script, Script::Message offer,
                                    const TermRef& peer_share, const TermRef& exponent);

// The number 1 in the offer's group, as long as p: a share of it makes every secret the same.
[[nodiscard]] TermRef one(const Script& script, Script::Message offer);

// SPAKE2+'s Context, from what the offer says.
[[nodiscard]] TermRef pake_context(const Script& script, Script::Message offer);
// w0 || w1 of a setup code, for the offer's salt and iterations.
[[nodiscard]] TermRef pake_register(const TermRef& code, const TermRef& serial,
                                    Script::Message offer);

}  // namespace wib::attacks
