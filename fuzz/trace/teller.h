// SPDX-License-Identifier: Apache-2.0
//
// Teller: plays a recorded trace in a world, with terms for everything that the attacker made.
#pragma once

#include "attacks/scenarios/script.h"
#include "fuzz/trace/harness.h"

namespace wib::fuzz {

class Teller {
 public:
  Teller(const Configuration& configuration, const Recording& recording, attacks::Script& script);

  // Every step, and then what the attacker has learnt.
  void play();

 private:
  using TermRef = attacks::TermRef;
  using View = Recording::View;

  void play(const Event& event);
  void take_offer(const Event& event, std::map<std::string, TermRef>& fields) const;
  void learn();
  const attacks::LoggedStep& execute(attacks::Step step);

  [[nodiscard]] TermRef wire(std::optional<std::size_t> message, const char* field) const;
  [[nodiscard]] bool has(std::optional<std::size_t> message, const char* field) const;
  [[nodiscard]] std::optional<std::size_t> any_offer() const;
  [[nodiscard]] TermRef exponent(std::size_t number) const;
  // A field's term; null if there is none that the attacker could say.
  [[nodiscard]] TermRef element(const Source& source) const;
  [[nodiscard]] TermRef leaf(const Source& source) const;
  [[nodiscard]] TermRef raised(TermRef base, const Source& source) const;
  [[nodiscard]] TermRef value(std::string_view field, const Source& source, const Event& event);

  // Of one side's conversation, as the attacker can derive them; null where it cannot. `share` is
  // what the attacker answers with where that is not on the wire yet.
  [[nodiscard]] TermRef secret(const View& view, bool device, const TermRef& share) const;
  [[nodiscard]] TermRef pake(const View& view, bool device, const TermRef& share) const;
  [[nodiscard]] TermRef power(const TermRef& peer, const Source& source) const;
  [[nodiscard]] TermRef transcript(const View& view, bool with_auth) const;
  [[nodiscard]] TermRef keys(const View& view, bool device) const;
  [[nodiscard]] TermRef opened(const View& view, bool device, attacks::Place place,
                               std::size_t message) const;
  [[nodiscard]] TermRef serial() const;
  [[nodiscard]] TermRef bundle_of(std::size_t run) const;
  [[nodiscard]] TermRef wish(std::string_view field, const Event& event) const;
  [[nodiscard]] const View* session(const std::optional<Cookie>& cookie) const;

  const Configuration& configuration_;
  const Recording& recording_;
  attacks::Script& script_;
  std::map<std::size_t, std::size_t> numbers_;  // of messages: the harness's to the world's
  std::map<std::size_t, Source> shares_;        // by message: where an attacker's share came from
  TermRef answer_;                              // the share of the answer that is being made
};

// The name of a run's client, as a world knows it.
[[nodiscard]] std::string_view client_name(std::size_t run) noexcept;

}  // namespace wib::fuzz
