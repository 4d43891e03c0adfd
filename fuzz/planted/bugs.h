// SPDX-License-Identifier: Apache-2.0
//
// Planted bugs: bugs of the protocol in the suite `hardened`, each handed as data to the same core
// that everybody runs: an edited row of a transition table, or another object at one slot of a
// suite. Nothing in the product knows of them. Each violates a property that the oracle judges.
#pragma once

#include <memory>

#include "fuzz/trace/harness.h"

namespace wib::fuzz {

// A suite that is put together choice by choice.
struct Choices {
  const KeyExchange* key_exchange;
  const Freshness* freshness;
  const KeySchedule* key_schedule;
  const Protection* protection;
  const GroupPolicy* group_policy;
  const SessionPolicy* session_policy;
  const AttemptLimit* attempt_limit;
  const EntropyGate* entropy_gate;

  explicit Choices(const Suite& suite) noexcept;
  [[nodiscard]] Suite suite() const noexcept;
  friend bool operator==(const Choices&, const Choices&) = default;
};

// What a bug is planted in: copies of the product's tables and of its suite, for each party.
class Planting {
 public:
  Planting();
  Planting(const Planting&) = delete;
  Planting& operator=(const Planting&) = delete;

  // The row that `hardened` has for it, to be changed. It is there, or the process ends.
  [[nodiscard]] DeviceRow& row(DeviceState on, DeviceEvent event, Judged judged);
  [[nodiscard]] ClientRow& row(ClientState on, ClientEvent event, Judged judged);
  // The row is another one from now on.
  void set(DeviceState on, DeviceEvent event, Judged judged, Status status, DeviceState next,
           Effects effects);
  void set(ClientState on, ClientEvent event, Judged judged, ClientState next);
  // Looks at what nobody looked at: the row `any` becomes three, which do as it did.
  void look(DeviceState on, DeviceEvent event);
  // Another choice of both parties at a slot.
  template <class Choice>
  void both(const Choice* Choices::* slot, const Choice& choice) {
    device.*slot = &choice;
    client.*slot = &choice;
  }

  // What the harness runs; lives no longer than this object.
  [[nodiscard]] Configuration configuration() const noexcept;
  // True if nothing was planted.
  [[nodiscard]] bool sound() const;

  Choices device;
  Choices client;
  std::vector<DeviceRow> device_rows;
  std::vector<ClientRow> client_rows;
  Conditions conditions;
  std::uint32_t charged = 0;

 private:
  mutable std::optional<Suite> device_suite_, client_suite_;
};

struct Bug {
  std::string_view id;     // that of models/mutants.json where it is one of those
  std::string_view title;  // the same
  Violation property;      // that falls
  void (*plant)(Planting&);
  Conditions conditions = {};
  std::uint32_t charged = 0;  // attempts over the device's life when the trace begins
  bool elusive = false;       // too deep to be sure of: the table has it, a test does not demand it

  [[nodiscard]] std::unique_ptr<Planting> make() const;
};

[[nodiscard]] std::span<const Bug> bugs();
[[nodiscard]] const Bug* find_bug(std::string_view id);

// What is no bug here: no property that the oracle judges falls, and why.
struct Harmless {
  std::string_view id;
  std::string_view why;
};
[[nodiscard]] std::span<const Harmless> harmless();

// The suite that the bugs are planted in.
[[nodiscard]] const Suite& planted_suite();

// The parts of bugs(), by where they are planted.
[[nodiscard]] std::span<const Bug> device_table_bugs();
[[nodiscard]] std::span<const Bug> client_table_bugs();
[[nodiscard]] std::span<const Bug> exchange_bugs();
[[nodiscard]] std::span<const Bug> sealing_bugs();
[[nodiscard]] std::span<const Bug> count_bugs();

inline constexpr auto falls(attacks::Property property) { return to_violation(property); }

}  // namespace wib::fuzz
