// SPDX-License-Identifier: Apache-2.0
//
// Referee: judges the properties of a run from what the honest parties claimed, what was on the
// wire, and what the attacker can show to know. It never asks a scenario. What an attacker says
// that it knows is derived again from the wire, from declared initial knowledge and from the
// attacker's own draws; constants of more than 8 bytes, in one piece or in many, are no derivation,
// by whichever message they come. What it knew before, it did not steal.
#pragma once

#include <vector>

#include "attacks/world/entropy.h"
#include "attacks/world/property.h"
#include "attacks/world/world.h"
#include "protocol/certificates.h"

namespace wib::attacks {

// The conditions of the run that are not in its log.
struct Conditions {
  EntropyProfile device_entropy;
  Instant window = std::chrono::minutes(5);  // as the suite has it
  Instant lifetime = std::chrono::minutes(1);
  // What the device authenticates a client by: its serial number, or its setup code where the suite
  // has one. Empty: what the device takes for its serial number has to tell.
  std::string authenticator;
};

// What the attacker did, from the log alone.
enum class Conduct : std::uint8_t {
  // In each conversation, every message that was delivered was the next one: the client's last
  // request, or the device's answer to it, once, to whom it was meant for.
  passive,
  recorder,  // only messages of honest parties were delivered, but not as they were meant
  active     // at least one message was of the attacker's making
};
[[nodiscard]] std::string_view name(Conduct conduct) noexcept;
[[nodiscard]] Conduct conduct_of(const Log& log);

// A private key that the attacker has proved to have: it signs what `certificate` verifies.
struct StolenKey {
  std::string owner;       // the honest client whose bundle it is from
  std::size_t fact = 0;    // index into Log::facts
  std::string derivation;  // the term, for a person
};

struct Judgement {
  Conduct conduct = Conduct::passive;
  std::vector<PropertyResult> properties;  // one for each Property, in order
  std::vector<StolenKey> stolen;
  // A fact or a message whose term is no derivation, a fact that is not what its term gives, a
  // "stolen" key that the attacker had before: the run is void.
  std::vector<std::string> irregularities;

  [[nodiscard]] const PropertyResult& operator[](Property property) const {
    return properties[static_cast<std::size_t>(property)];
  }
};

// Judges `world` under `conditions`. `certificates` belongs to the referee.
[[nodiscard]] Judgement judge(World& world, const Conditions& conditions,
                              Certificates& certificates);

}  // namespace wib::attacks
