// SPDX-License-Identifier: Apache-2.0
//
// Slot session_policy: how many sessions there may be at once, and for how long. What a failure
// does to a session is in the transition table, in rows for the one policy or the other.
#pragma once

#include <chrono>
#include <string_view>

namespace wib {

// Time as the host counts it, from a start of its choice; it never goes back.
using Instant = std::chrono::milliseconds;

// Room that a device has for sessions, whatever the policy.
inline constexpr std::size_t session_capacity = 8;

class SessionPolicy {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // True if a session's first failure is its last: the transition table has rows for it.
  [[nodiscard]] virtual bool strict() const noexcept = 0;

  // Sessions that may exist at once; at most session_capacity.
  [[nodiscard]] virtual std::size_t max_sessions() const noexcept = 0;

  // How long the window stays open after a press, and a session alive after its GET.
  [[nodiscard]] virtual Instant window() const noexcept = 0;
  [[nodiscard]] virtual Instant lifetime() const noexcept = 0;

 protected:
  ~SessionPolicy() = default;
};

// As posted: the post limits nothing but the success. Up to session_capacity sessions; a window of
// five minutes, a lifetime of one minute.
[[nodiscard]] const SessionPolicy& several_sessions() noexcept;

// One session at a time: a GET is turned away (503) until the session there is over. Its cookie
// dies at the first failure, of whichever kind, and keys are agreed on once. Window and lifetime
// are the same.
[[nodiscard]] const SessionPolicy& single_session() noexcept;

}  // namespace wib
