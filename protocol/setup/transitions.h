// SPDX-License-Identifier: Apache-2.0
//
// The two transition tables: everything that changes a party's state is a row here. A table is data
// that is handed to a core, so a planted bug can be an edited row. One table serves every suite: a
// row may belong to the suites of one choice alone. protocol/README.md has the same tables, written
// by hand; props/table_props.cc holds them against each other.
#pragma once

#include <span>

#include "protocol/messages/message.h"

namespace wib {

// Whose row it is: every suite's, or that of the suites with this choice at a slot. They come in
// pairs, of which each suite has one.
enum class When : std::uint8_t {
  always,
  several,      // session_policy several
  single,       // session_policy single
  unlimited,    // attempt_limit unlimited
  limited,      // attempt_limit limited
  bare,         // protection without an acknowledgement
  acknowledged  // protection with one
};
inline constexpr std::size_t when_count = 7;

// What a suite is to the tables: a set of choices.
class Traits {
 public:
  constexpr explicit Traits(When when) noexcept : set_(1U | bit(when)) {}
  [[nodiscard]] constexpr Traits with(When when) const noexcept {
    Traits more = *this;
    more.set_ |= bit(when);
    return more;
  }
  [[nodiscard]] constexpr bool has(When when) const noexcept { return (set_ & bit(when)) != 0; }

 private:
  static constexpr unsigned bit(When when) noexcept { return 1U << static_cast<unsigned>(when); }
  unsigned set_;
};

// --- Device -----------------------------------------------------------------------------------

// Of the session that a request's cookie names; the first two say why it names none.
enum class DeviceState : std::uint8_t {
  closed,       // the window is closed: there is no session
  no_session,   // the window is open; the cookie is missing, unknown or dead
  await_share,  // the cookie was issued
  await_auth,   // keys are set
  await_key     // the serial number was proven
};
inline constexpr std::size_t device_state_count = 5;

enum class DeviceEvent : std::uint8_t {
  press,            // the button
  long_press,       // the button, held
  restart,          // power went and came
  window_expired,   // the window's time is over
  session_expired,  // the session's time is over
  get_dh,           // requests, in the order of Endpoint
  post_dh,
  post_auth,
  post_key
};
inline constexpr std::size_t device_event_count = 9;

[[nodiscard]] constexpr DeviceEvent to_event(Endpoint endpoint) noexcept {
  return static_cast<DeviceEvent>(static_cast<unsigned>(DeviceEvent::get_dh) +
                                  static_cast<unsigned>(endpoint));
}

// What the core found of a request that is in order, or of a press. For each suite a (state, event)
// pair has either the one row `any`, and then nothing is looked at, or the three rows good, bad and
// failed, and perhaps exhausted.
enum class Judged : std::uint8_t {
  any,
  good,
  bad,       // the peer's fault, or a policy says no
  failed,    // our own: randomness, backend, store
  exhausted  // the peer's fault, and no attempt is left
};
inline constexpr std::size_t judged_count = 5;

// A set of effects, applied in the order of the bits.
enum class Effects : std::uint16_t {
  none = 0,
  install = 1 << 0,      // store the pair; if that fails, the row `failed` applies instead
  drop = 1 << 1,         // the addressed session's cookie dies
  drop_all = 1 << 2,     // every session's cookie dies
  open_window = 1 << 3,  // and its time begins
  close_window = 1 << 4,
  create = 1 << 5,    // a session with a new cookie; `next` is *its* state
  set_keys = 1 << 6,  // the session takes the keys that were agreed
};
[[nodiscard]] constexpr Effects operator|(Effects a, Effects b) noexcept {
  return static_cast<Effects>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Effects set, Effects effect) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(effect)) != 0;
}

struct DeviceRow {
  DeviceState on;
  DeviceEvent event;
  Judged judged;
  Status status;     // Status::none where nothing is answered
  DeviceState next;  // of the addressed session, or of the one that `create` makes
  Effects effects;
  When when = When::always;
};

// What a state waits for, in words, for whoever sent something else.
[[nodiscard]] std::string_view awaits(DeviceState state) noexcept;

// Complete: for each suite and each (state, event) exactly one row, or one set of judged rows.
[[nodiscard]] std::span<const DeviceRow> device_table() noexcept;

// The suite's row, or null where the table has none.
[[nodiscard]] const DeviceRow* find_row(std::span<const DeviceRow> table, Traits suite,
                                        DeviceState on, DeviceEvent event, Judged judged) noexcept;

// --- Client -----------------------------------------------------------------------------------

enum class ClientState : std::uint8_t {
  idle,
  expect_offer,
  expect_share,
  expect_auth_result,
  expect_key_result,
  completed,
  failed
};
inline constexpr std::size_t client_state_count = 7;

enum class ClientEvent : std::uint8_t {
  start,
  ok,          // 200
  no_content,  // 204
  refusal,     // any other status
  lost         // the connection ended, timed out, or what came was not HTTP
};
inline constexpr std::size_t client_event_count = 5;

struct ClientRow {
  ClientState on;
  ClientEvent event;
  Judged judged;
  ClientState next;
  bool sends;        // the next request goes out
  Endpoint request;  // which, if it does
  When when = When::always;
};

[[nodiscard]] std::span<const ClientRow> client_table() noexcept;

[[nodiscard]] const ClientRow* find_row(std::span<const ClientRow> table, Traits suite,
                                        ClientState on, ClientEvent event, Judged judged) noexcept;

// --- Names, as tables, traces and messages have them --------------------------------------------

[[nodiscard]] std::string_view name(When when) noexcept;
[[nodiscard]] std::string_view name(DeviceState state) noexcept;
[[nodiscard]] std::string_view name(DeviceEvent event) noexcept;
[[nodiscard]] std::string_view name(Judged judged) noexcept;
[[nodiscard]] std::string_view name(ClientState state) noexcept;
[[nodiscard]] std::string_view name(ClientEvent event) noexcept;
// Of one effect, not of a set.
[[nodiscard]] std::string_view name(Effects effect) noexcept;

}  // namespace wib
