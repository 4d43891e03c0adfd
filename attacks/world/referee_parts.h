// SPDX-License-Identifier: Apache-2.0
//
// The referee's questions, by subject: one source file answers those of one. All of them look at
// the same Case; none changes it.
#pragma once

#include <span>

#include "attacks/world/referee.h"

namespace wib::attacks::referee {

inline std::string step_name(std::size_t number) { return "step " + std::to_string(number); }

inline PropertyResult holds(Property property, std::string witness = {}) {
  return {property, Finding::holds, std::move(witness)};
}
inline PropertyResult broken(Property property, std::string witness) {
  return {property, Finding::broken, std::move(witness)};
}
inline PropertyResult not_applicable(Property property, std::string witness = {}) {
  return {property, Finding::not_applicable, std::move(witness)};
}

inline bool accepted(Status status) { return status == Status::ok || status == Status::no_content; }

// A run, under its conditions.
struct Case {
  World& world;
  const Log& log;
  const Conditions& conditions;
  Conduct conduct;

  [[nodiscard]] const WireMessage& message(std::size_t number) const {
    return log.messages[number];
  }
  // Claims of that kind, in order.
  [[nodiscard]] std::vector<const PartyClaim*> claims(ClaimKind kind) const;
  // Claims that were made in that step.
  [[nodiscard]] std::span<const PartyClaim> claims_of(const LoggedStep& step) const;
  // The request that the device answered in that step, if it is one of `endpoint`; else nullptr.
  [[nodiscard]] const WireMessage* answered(const LoggedStep& step, Endpoint endpoint) const;
  // False if the device is seen from outside alone: it hands out cookies and does not claim to.
  // Then its sessions are not known, and its clock is not the world's.
  [[nodiscard]] bool sees_inside() const;

  // What the payload of message `number` says, to somebody who has not its key: a payload that an
  // honest client made (`from`, its name), or what the attacker's own term seals (`plaintext`).
  struct Payload {
    std::string from;
    TermRef plaintext;
  };
  [[nodiscard]] Payload payload_of(std::size_t number) const;

  // For each message of the attacker's making: the step in which it was made.
  std::map<std::size_t, const LoggedStep*> made;
};

[[nodiscard]] Case make_case(World& world, const Conditions& conditions);

// --- Knowledge (referee_knowledge.cc) -----------------------------------------------------------

// Whether terms are derivations. A constant of more than 8 bytes is none, in one piece or in many,
// and whichever message the attacker sends it through.
class Constants {
 public:
  explicit Constants(const Case& run);

  // True if `term` brings no more than 8 bytes of constants with it.
  [[nodiscard]] bool derivation(const TermRef& term);

 private:
  // Bytes of constants, each time that one is said; seeds of `stream` count once each, without
  // leading zeros, since what comes out of it cannot be steered.
  struct Weight {
    std::size_t bytes = 0;
    std::set<std::uint64_t> seeds;

    [[nodiscard]] std::size_t total() const;
    void add(const Weight& other);
  };
  using Fields = std::map<std::string, Weight>;

  [[nodiscard]] Weight weigh(const TermRef& term);
  [[nodiscard]] static bool is_place(const Term& term, std::size_t argument);
  [[nodiscard]] Weight weigh_stream(const Term& term);
  [[nodiscard]] Fields weigh_delivery(const Delivery& delivery);

  std::map<TermRef, Weight> known_;
  std::map<std::size_t, Fields> messages_;  // what attackers put into them, or parties sent back
};

// Everything that the attacker derived or delivered, checked; and the keys that it has stolen.
void judge_knowledge(const Case& run, Certificates& certificates, Judgement& judgement);

[[nodiscard]] PropertyResult secrecy(const Case& run, const std::vector<StolenKey>& stolen,
                                     Property property);

// --- Agreement (referee_agreement.cc) -----------------------------------------------------------

// Whose bundle is where. Bundles are told apart by their fingerprints; by their certificates where
// a party does not say the one and both sides of the question are known by the other.
class Agreement {
 public:
  explicit Agreement(const Case& run);

  [[nodiscard]] PropertyResult reachability() const;                         // R0
  [[nodiscard]] PropertyResult completion_agrees() const;                    // A1
  [[nodiscard]] PropertyResult installs_asked_for(Property property) const;  // A2, L1
  [[nodiscard]] PropertyResult installs_single(Property property) const;     // A3, A3/recorder

 private:
  using Claims = std::vector<const PartyClaim*>;
  // A client's run that went as far as to send key.wib.
  struct Sent {
    const PartyClaim* started;
    const PartyClaim* accepted;  // the client's claim, if it makes one
    std::size_t step;
  };

  [[nodiscard]] ByteVector certificate_of(const PartyClaim& claim) const;
  [[nodiscard]] const PartyClaim* start_of(const std::string& party, std::size_t step) const;
  [[nodiscard]] bool same_bundle(const PartyClaim& a, const PartyClaim& b) const {
    return bundles_.at(&a) == bundles_.at(&b);
  }
  [[nodiscard]] bool authenticator_leaked() const;
  [[nodiscard]] std::vector<Sent> keys_sent() const;
  // Each completion with the install that it stands for, or nullptr.
  [[nodiscard]] std::vector<std::pair<const PartyClaim*, const PartyClaim*>> agreements() const;

  const Case& run_;
  Claims started_, completed_, installed_;
  std::map<const PartyClaim*, ByteVector> bundles_;
  std::string unknown_;  // why bundles cannot be told apart; empty if they can
};

// --- Sessions and window (referee_sessions.cc) --------------------------------------------------

[[nodiscard]] PropertyResult auth_before_key(const Case& run);   // C1
[[nodiscard]] PropertyResult dead_cookies(const Case& run);      // C2
[[nodiscard]] PropertyResult window_closes(const Case& run);     // C3
[[nodiscard]] PropertyResult closed_is_closed(const Case& run);  // C4
[[nodiscard]] PropertyResult guesses_are_few(const Case& run);   // C5
[[nodiscard]] PropertyResult flood_passes(const Case& run);      // W1

// --- Shares and confusion (referee_shares.cc) ---------------------------------------------------

[[nodiscard]] PropertyResult shares_are_good(const Case& run);  // D1
[[nodiscard]] PropertyResult no_confusion(const Case& run);     // F1

}  // namespace wib::attacks::referee
