// SPDX-License-Identifier: Apache-2.0
//
// Composer: what the attacker makes of what it knows, as terms: the model says that it can, this
// finds how. Whatever was seen on the wire is taken as it was; the rest is composed from parts.
#pragma once

#include <map>
#include <optional>

#include "attacks/scenarios/script.h"
#include "models/bridge/term.h"

namespace wib::models {

// What has been on the wire, by the model's names for it.
struct Knowledge {
  using Message = attacks::Script::Message;
  std::optional<Message> offer;                                 // any: it says the group
  std::vector<Message> cookies;                                 // by number: the offer that gave it
  std::map<std::string, attacks::TermRef> values;               // elements, confirmations, epochs
  std::map<std::string, Message> entries;                       // what transcripts take in
  std::map<std::string, std::pair<MaudeTerm, Message>> sealed;  // payloads, by whomever
};

// Null, or nullopt, for what it cannot make.
class Composer {
 public:
  Composer(const attacks::Script& script, const Knowledge& known)
      : script_(script), known_(known) {}

  [[nodiscard]] attacks::TermRef cookie(const MaudeTerm& name);
  // An element: seen, or a power of one that can be made by an exponent of the attacker's own.
  [[nodiscard]] attacks::TermRef element(const MaudeTerm& value);
  [[nodiscard]] attacks::TermRef confirmation(const MaudeTerm& value);
  // What the attacker has in plain: its own, what it was given, or what it can open.
  [[nodiscard]] attacks::TermRef plaintext(const MaudeTerm& value);
  // Fields of auth.wib, of key.wib, of an acknowledgement.
  [[nodiscard]] std::optional<std::map<std::string, attacks::TermRef>> payload(
      const MaudeTerm& body);

 private:
  using Message = Knowledge::Message;
  // w0 || w1 of a code: the one on the label, if it is known, or a wrong one.
  [[nodiscard]] attacks::TermRef registered(const MaudeTerm& w0);
  [[nodiscard]] attacks::TermRef masked(const MaudeTerm& value);
  // SPAKE2+'s three secrets, by whichever side the attacker plays.
  [[nodiscard]] attacks::TermRef pake_secrets(const MaudeTerm& pk);
  [[nodiscard]] std::optional<Message> offer_with(const MaudeTerm& cookie);
  [[nodiscard]] attacks::TermRef transcript(const MaudeTerm& run);
  // The four keys of kb(secret, transcript).
  [[nodiscard]] attacks::TermRef keys(const MaudeTerm& kb);
  // What a payload is sealed under: the transcript of its associated data.
  [[nodiscard]] attacks::TermRef bound(const MaudeTerm& seal);

  const attacks::Script& script_;
  const Knowledge& known_;
  std::uint32_t ivs_ = 0;
};

}  // namespace wib::models
