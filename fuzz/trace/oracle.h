// SPDX-License-Identifier: Apache-2.0
//
// Oracle: the properties of PROTOCOL, judged while a trace runs, from what the honest parties
// claim, what they answer and what the attacker knows. It keeps what has to be remembered for that
// (ghost state); it never asks a party what state it is in, but for whether its window is open.
#pragma once

#include <string_view>

#include "attacks/world/property.h"
#include "fuzz/trace/knowledge.h"
#include "fuzz/trace/stages.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"

namespace wib::fuzz {

// What can be violated: the referee's properties by their numbers, and behind them what only this
// oracle knows.
enum class Violation : Byte {
  c6 = attacks::property_count,  // a counter went back: the same epoch twice
  differs,                       // an answer is not that of a device without the bug (shadow)
  // Not a violation, but a way to one: the key was stolen, and nobody noticed.
  mitm
};
inline constexpr std::size_t violation_count = attacks::property_count + 3;
[[nodiscard]] constexpr Violation to_violation(attacks::Property property) noexcept {
  return static_cast<Violation>(property);
}
[[nodiscard]] std::string_view id(
    Violation violation) noexcept;  // "P-S2", "P-C6", "shadow", "MITM"
[[nodiscard]] std::string_view title(Violation violation) noexcept;  // for a person

class Violations {
 public:
  constexpr void add(Violation violation) noexcept { bits_ |= bit(violation); }
  constexpr void add(attacks::Property property) noexcept { add(to_violation(property)); }
  constexpr void remove(Violation violation) noexcept { bits_ &= ~bit(violation); }
  [[nodiscard]] constexpr bool has(Violation violation) const noexcept {
    return (bits_ & bit(violation)) != 0;
  }
  [[nodiscard]] constexpr bool has(attacks::Property property) const noexcept {
    return has(to_violation(property));
  }
  [[nodiscard]] constexpr bool none() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr Violations without(Violations other) const noexcept {
    Violations left = *this;
    left.bits_ &= ~other.bits_;
    return left;
  }
  constexpr void operator|=(Violations other) noexcept { bits_ |= other.bits_; }

 private:
  static constexpr std::uint32_t bit(Violation violation) noexcept {
    return std::uint32_t{1} << static_cast<unsigned>(violation);
  }
  std::uint32_t bits_ = 0;
};

// What is expected of a suite by PROTOCOL's table: its properties that are known to fall.
struct Conditions {
  bool repeats = false;  // the device's generator begins again at every boot
  bool leaked = false;   // the authenticator is known to the attacker
};
[[nodiscard]] Violations expected_of(const Suite& suite, const Conditions& conditions);

inline constexpr std::size_t max_runs = 3;  // of honest clients in one trace

class Oracle {
 public:
  Oracle(const Suite& suite, const Conditions& conditions)
      : suite_(suite), conditions_(conditions) {}

  void begin() noexcept;

  // --- What happens ----------------------------------------------------------------------------
  void pressed(Instant now, bool open) noexcept;
  void restarted() noexcept;
  // A client's run began with this bundle (its fingerprint, and the private key's atom).
  void started(std::size_t run, const Claim& claim, Ref private_key) noexcept;
  // A request was answered. `open_before`: the window was open; `at` is when.
  void answered(Instant at, const Request& request, const Reply& reply, bool open_before,
                bool open_after, const Terms& terms);
  // A client took a response.
  void stepped(std::size_t run, const Response& response, const ClientStep& step,
               const ClientSnapshot& client, ClientState before, const Terms& terms);
  void differs() noexcept { found_.add(Violation::differs); }

  // What was violated, once the trace is over.
  [[nodiscard]] Violations finish(const Knowledge& knowledge);

  // An honest client completed, and the device has its bundle and no other.
  [[nodiscard]] bool honest_completion() const noexcept { return honest_; }

  // --- For feedback ----------------------------------------------------------------------------
  [[nodiscard]] unsigned guesses() const noexcept { return guesses_; }
  [[nodiscard]] unsigned installs() const noexcept { return installs_; }
  // Of those, of honest bundles that the attacker does not know.
  [[nodiscard]] unsigned secret_installs(const Knowledge& knowledge) const noexcept;
  // How often the keys of the newest sessions were those of a session before: 0..2.
  [[nodiscard]] unsigned repeated_keys() const noexcept { return std::min(repeated_, 2U); }
  // A bundle that the attacker does not know was installed twice.
  [[nodiscard]] bool replayed(const Knowledge& knowledge) const noexcept;
  // The session has these keys (the first 8 bytes of one, which tell it from others); a secret one
  // counts when it comes again.
  void keyed(const std::optional<Cookie>& cookie, std::uint64_t keys, bool secret) noexcept;
  [[nodiscard]] bool has_keys(std::uint64_t keys) const noexcept;
  // How far the trace came on the way to each known attack (stages.h).
  void stage(KnownAttack attack, unsigned reached) noexcept {
    Byte& so_far = stages_[static_cast<std::size_t>(attack)];
    so_far = std::max(so_far, static_cast<Byte>(reached));
  }
  [[nodiscard]] const Stages& stages() const noexcept { return stages_; }
  [[nodiscard]] bool foreign_install() const noexcept { return foreign_install_; }
  [[nodiscard]] bool completed_without_install() const noexcept {
    return found_.has(attacks::Property::a1);
  }
  // A small number for what is remembered of the session of that cookie.
  [[nodiscard]] unsigned ghost_of(const std::optional<Cookie>& cookie) const noexcept;

 private:
  struct Ghost {
    Cookie cookie{};
    Instant opened{};
    std::uint64_t keys = 0;  // what tells its keys from others'
    bool dead = false;
    bool revealed = false;  // what lets a peer check a guess
    bool authenticated = false;
  };
  struct Run {
    bool started = false;
    bool content = false;  // completed, and its bundle was installed by then
    Ref private_key = 0;
    unsigned installs = 0;
    std::array<Byte, sha256_size> fingerprint{};
    std::array<Byte, sha256_size> proven{};  // the transcript when it proved itself
    std::array<Byte, sha256_size> sent{};    // ... when it sent key.wib
    bool has_proven = false;
    bool has_sent = false;
    bool confused = false;  // installed from another conversation than its own
  };
  [[nodiscard]] Ghost* find(const std::optional<Cookie>& cookie) noexcept;
  void kill_all() noexcept;
  [[nodiscard]] bool accepted(const Reply& reply) const noexcept {
    return reply.status == Status::ok || reply.status == Status::no_content;
  }
  void installed(const Claim& claim, const Ghost* session);

  const Suite& suite_;
  Conditions conditions_;
  std::array<Ghost, 100> sessions_{};  // a trace has no more steps (Harness::max_steps)
  std::size_t session_count_ = 0;
  std::array<Run, max_runs> runs_{};
  std::optional<Instant> closes_;  // when the window's time is over
  std::uint64_t epoch_ = 0;
  bool any_epoch_ = false;
  unsigned guesses_ = 0;
  unsigned installs_ = 0;
  unsigned repeated_ = 0;
  bool honest_ = false;
  bool foreign_install_ = false;
  Violations found_;
  Stages stages_{};
};

}  // namespace wib::fuzz
