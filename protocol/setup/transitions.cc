// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/transitions.h"

#include <array>

namespace wib {
namespace {

using S = DeviceState;
using V = DeviceEvent;
using J = Judged;
using E = Effects;
using enum When;

constexpr Status silent = Status::none;
constexpr Status ok = Status::ok;
constexpr Status no_content = Status::no_content;
constexpr Status bad_request = Status::bad_request;
constexpr Status unauthorized = Status::unauthorized;
constexpr Status forbidden = Status::forbidden;
constexpr Status conflict = Status::conflict;
constexpr Status unavailable = Status::service_unavailable;

constexpr E reopen = E::drop_all | E::open_window;
constexpr E shut = E::drop_all | E::close_window;

// clang-format off
constexpr auto device_rows = std::to_array<DeviceRow>({
    // The window is closed: nothing but the button does anything.
    {S::closed, V::press,           J::any,    silent,       S::no_session,  reopen, unlimited},
    {S::closed, V::press,           J::good,   silent,       S::no_session,  reopen, limited},
    {S::closed, V::press,           J::bad,    silent,       S::closed, E::none, limited},
    {S::closed, V::press,           J::failed, silent,       S::closed, E::none, limited},
    {S::closed, V::long_press,      J::any,    silent,       S::no_session,  reopen},
    {S::closed, V::restart,         J::any, silent,    S::closed,     E::none},
    {S::closed, V::window_expired,  J::any, silent,    S::closed,     E::none},
    {S::closed, V::session_expired, J::any, silent,    S::closed,     E::none},
    {S::closed, V::get_dh,          J::any, forbidden, S::closed,     E::none},
    {S::closed, V::post_dh,         J::any, forbidden, S::closed,     E::none},
    {S::closed, V::post_auth,       J::any, forbidden, S::closed,     E::none},
    {S::closed, V::post_key,        J::any, forbidden, S::closed,     E::none},

    // The window is open and the cookie names no session. A POST changes nothing here: closing the
    // window would be a one-packet denial of service.
    {S::no_session, V::press,           J::any,    silent,       S::no_session,  reopen, unlimited},
    {S::no_session, V::press,           J::good,   silent,       S::no_session,  reopen, limited},
    {S::no_session, V::press,           J::bad,    silent,       S::no_session, E::none, limited},
    {S::no_session, V::press,           J::failed, silent,       S::no_session, E::none, limited},
    {S::no_session, V::long_press,      J::any,    silent,       S::no_session,  reopen},
    {S::no_session, V::restart,         J::any,    silent,       S::closed,      shut},
    {S::no_session, V::window_expired,  J::any,    silent,       S::closed,      shut},
    {S::no_session, V::session_expired, J::any,    silent,       S::no_session,  E::none},
    {S::no_session, V::get_dh,          J::good,   ok,           S::await_share, E::create},
    {S::no_session, V::get_dh,          J::bad,    unavailable,  S::no_session,  E::none},
    {S::no_session, V::get_dh,          J::failed, unavailable,  S::no_session,  E::none},
    {S::no_session, V::post_dh,         J::any,    unauthorized, S::no_session,  E::none},
    {S::no_session, V::post_auth,       J::any,    unauthorized, S::no_session,  E::none},
    {S::no_session, V::post_key,        J::any,    unauthorized, S::no_session,  E::none},

    // The cookie was issued.
    {S::await_share, V::press,           J::any,    silent,       S::no_session,  reopen, unlimited},
    {S::await_share, V::press,           J::good,   silent,       S::no_session,  reopen, limited},
    {S::await_share, V::press,           J::bad,    silent,       S::await_share, E::none, limited},
    {S::await_share, V::press,           J::failed, silent,       S::await_share, E::none, limited},
    {S::await_share, V::long_press,      J::any,    silent,       S::no_session,  reopen},
    {S::await_share, V::restart,         J::any,    silent,      S::closed,      shut},
    {S::await_share, V::window_expired,  J::any,    silent,      S::closed,      shut},
    {S::await_share, V::session_expired, J::any,    silent,      S::no_session,  E::drop},
    {S::await_share, V::get_dh,          J::good,   ok,          S::await_share, E::create},
    {S::await_share, V::get_dh,          J::bad,    unavailable, S::await_share, E::none},
    {S::await_share, V::get_dh,          J::failed, unavailable, S::await_share, E::none},
    {S::await_share, V::post_dh,         J::good,   ok,          S::await_auth,  E::set_keys},
    {S::await_share, V::post_dh,         J::bad,    bad_request, S::await_share, E::none, several},
    {S::await_share, V::post_dh,         J::bad,    bad_request, S::no_session,  E::drop, single},
    {S::await_share, V::post_dh,         J::failed, unavailable, S::await_share, E::none, several},
    {S::await_share, V::post_dh,         J::failed, unavailable, S::no_session,  E::drop, single},
    {S::await_share, V::post_dh,         J::exhausted, forbidden, S::closed,     shut, limited},
    {S::await_share, V::post_auth,       J::any,    conflict,    S::await_share, E::none, several},
    {S::await_share, V::post_auth,       J::any,    conflict,    S::no_session,  E::drop, single},
    {S::await_share, V::post_key,        J::any,    conflict,    S::no_session,  E::drop},

    // Keys are set.
    {S::await_auth, V::press,           J::any,    silent,       S::no_session,  reopen, unlimited},
    {S::await_auth, V::press,           J::good,   silent,       S::no_session,  reopen, limited},
    {S::await_auth, V::press,           J::bad,    silent,       S::await_auth, E::none, limited},
    {S::await_auth, V::press,           J::failed, silent,       S::await_auth, E::none, limited},
    {S::await_auth, V::long_press,      J::any,    silent,       S::no_session,  reopen},
    {S::await_auth, V::restart,         J::any,    silent,       S::closed,      shut},
    {S::await_auth, V::window_expired,  J::any,    silent,       S::closed,      shut},
    {S::await_auth, V::session_expired, J::any,    silent,       S::no_session,  E::drop},
    {S::await_auth, V::get_dh,          J::good,   ok,           S::await_share, E::create},
    {S::await_auth, V::get_dh,          J::bad,    unavailable,  S::await_auth,  E::none},
    {S::await_auth, V::get_dh,          J::failed, unavailable,  S::await_auth,  E::none},
    {S::await_auth, V::post_dh,         J::any,    conflict,     S::await_auth,  E::none, several},
    {S::await_auth, V::post_dh,         J::any,    conflict,     S::no_session,  E::drop, single},
    {S::await_auth, V::post_auth,       J::good,   no_content,   S::await_key,   E::none},
    {S::await_auth, V::post_auth,       J::bad,    unauthorized, S::no_session,  E::drop},
    {S::await_auth, V::post_auth,       J::failed, unavailable,  S::no_session,  E::drop},
    {S::await_auth, V::post_auth,       J::exhausted, unauthorized, S::closed,   shut, limited},
    {S::await_auth, V::post_key,        J::any,    conflict,     S::no_session,  E::drop},

    // The serial number was proven. key.wib ends the window "no matter what".
    {S::await_key, V::press,           J::any,    silent,       S::no_session,  reopen, unlimited},
    {S::await_key, V::press,           J::good,   silent,       S::no_session,  reopen, limited},
    {S::await_key, V::press,           J::bad,    silent,       S::await_key, E::none, limited},
    {S::await_key, V::press,           J::failed, silent,       S::await_key, E::none, limited},
    {S::await_key, V::long_press,      J::any,    silent,       S::no_session,  reopen},
    {S::await_key, V::restart,         J::any,    silent,      S::closed,      shut},
    {S::await_key, V::window_expired,  J::any,    silent,      S::closed,      shut},
    {S::await_key, V::session_expired, J::any,    silent,      S::no_session,  E::drop},
    {S::await_key, V::get_dh,          J::good,   ok,          S::await_share, E::create},
    {S::await_key, V::get_dh,          J::bad,    unavailable, S::await_key,   E::none},
    {S::await_key, V::get_dh,          J::failed, unavailable, S::await_key,   E::none},
    {S::await_key, V::post_dh,         J::any,    conflict,    S::await_key,   E::none, several},
    {S::await_key, V::post_dh,         J::any,    conflict,    S::no_session,  E::drop, single},
    {S::await_key, V::post_auth,       J::any,    conflict,    S::await_key,   E::none, several},
    {S::await_key, V::post_auth,       J::any,    conflict,    S::no_session,  E::drop, single},
    {S::await_key, V::post_key,        J::good,   no_content,  S::closed,      E::install | shut, bare},
    {S::await_key, V::post_key,        J::good,   ok,          S::closed,      E::install | shut, acknowledged},
    {S::await_key, V::post_key,        J::bad,    bad_request, S::closed,      shut},
    {S::await_key, V::post_key,        J::failed, bad_request, S::closed,      shut},
});

using C = ClientState;
using W = ClientEvent;
constexpr bool send = true;
constexpr bool stop = false;

constexpr auto client_rows = std::to_array<ClientRow>({
    {C::idle, W::start,      J::any, C::expect_offer, send, Endpoint::get_dh},
    {C::idle, W::ok,         J::any, C::idle,         stop, {}},
    {C::idle, W::no_content, J::any, C::idle,         stop, {}},
    {C::idle, W::refusal,    J::any, C::idle,         stop, {}},
    {C::idle, W::lost,       J::any, C::idle,         stop, {}},

    {C::expect_offer, W::start,      J::any,    C::failed,       stop, {}},
    {C::expect_offer, W::ok,         J::good,   C::expect_share, send, Endpoint::post_dh},
    {C::expect_offer, W::ok,         J::bad,    C::failed,       stop, {}},
    {C::expect_offer, W::ok,         J::failed, C::failed,       stop, {}},
    {C::expect_offer, W::no_content, J::any,    C::failed,       stop, {}},
    {C::expect_offer, W::refusal,    J::any,    C::failed,       stop, {}},
    {C::expect_offer, W::lost,       J::any,    C::failed,       stop, {}},

    {C::expect_share, W::start,      J::any,    C::failed,             stop, {}},
    {C::expect_share, W::ok,         J::good,   C::expect_auth_result, send, Endpoint::post_auth},
    {C::expect_share, W::ok,         J::bad,    C::failed,             stop, {}},
    {C::expect_share, W::ok,         J::failed, C::failed,             stop, {}},
    {C::expect_share, W::no_content, J::any,    C::failed,             stop, {}},
    {C::expect_share, W::refusal,    J::any,    C::failed,             stop, {}},
    {C::expect_share, W::lost,       J::any,    C::failed,             stop, {}},

    {C::expect_auth_result, W::start,      J::any,    C::failed,            stop, {}},
    {C::expect_auth_result, W::ok,         J::any,    C::failed,            stop, {}},
    {C::expect_auth_result, W::no_content, J::good,   C::expect_key_result, send, Endpoint::post_key},
    {C::expect_auth_result, W::no_content, J::bad,    C::failed,            stop, {}},
    {C::expect_auth_result, W::no_content, J::failed, C::failed,            stop, {}},
    {C::expect_auth_result, W::refusal,    J::any,    C::failed,            stop, {}},
    {C::expect_auth_result, W::lost,       J::any,    C::failed,            stop, {}},

    {C::expect_key_result, W::start,      J::any, C::failed,    stop, {}},
    {C::expect_key_result, W::ok,         J::any,    C::failed,    stop, {}, bare},
    {C::expect_key_result, W::ok,         J::good,   C::completed, stop, {}, acknowledged},
    {C::expect_key_result, W::ok,         J::bad,    C::failed,    stop, {}, acknowledged},
    {C::expect_key_result, W::ok,         J::failed, C::failed,    stop, {}, acknowledged},
    {C::expect_key_result, W::no_content, J::any,    C::completed, stop, {}, bare},
    {C::expect_key_result, W::no_content, J::any,    C::failed,    stop, {}, acknowledged},
    {C::expect_key_result, W::refusal,    J::any, C::failed,    stop, {}},
    {C::expect_key_result, W::lost,       J::any, C::failed,    stop, {}},

    {C::completed, W::start,      J::any, C::completed, stop, {}},
    {C::completed, W::ok,         J::any, C::completed, stop, {}},
    {C::completed, W::no_content, J::any, C::completed, stop, {}},
    {C::completed, W::refusal,    J::any, C::completed, stop, {}},
    {C::completed, W::lost,       J::any, C::completed, stop, {}},

    {C::failed, W::start,      J::any, C::failed, stop, {}},
    {C::failed, W::ok,         J::any, C::failed, stop, {}},
    {C::failed, W::no_content, J::any, C::failed, stop, {}},
    {C::failed, W::refusal,    J::any, C::failed, stop, {}},
    {C::failed, W::lost,       J::any, C::failed, stop, {}},
});
// clang-format on

// For each suite a pair has the row `any` alone, or good, bad and failed, each once, and at most
// one exhausted.
template <class Row, std::size_t N, class On, class Event>
consteval bool complete(const std::array<Row, N>& rows, Traits suite, On, std::size_t states, Event,
                        std::size_t events) {
  for (std::size_t state = 0; state < states; ++state) {
    for (std::size_t event = 0; event < events; ++event) {
      std::array<int, judged_count> seen{};
      for (const Row& row : rows) {
        if (row.on == static_cast<On>(state) && row.event == static_cast<Event>(event) &&
            suite.has(row.when)) {
          ++seen[static_cast<std::size_t>(row.judged)];
        }
      }
      const bool unjudged = seen == std::array{1, 0, 0, 0, 0};
      const bool judged = seen == std::array{0, 1, 1, 1, 0} || seen == std::array{0, 1, 1, 1, 1};
      if (!unjudged && !judged) return false;
    }
  }
  return true;
}

template <class Row, std::size_t N, class On, class Event>
consteval bool complete_for_all(const std::array<Row, N>& rows, On on, std::size_t states,
                                Event event, std::size_t events) {
  for (const When sessions : {several, single}) {
    for (const When attempts : {unlimited, limited}) {
      for (const When result : {bare, acknowledged}) {
        const Traits suite = Traits(sessions).with(attempts).with(result);
        if (!complete(rows, suite, on, states, event, events)) return false;
      }
    }
  }
  return true;
}
static_assert(complete_for_all(device_rows, S{}, device_state_count, V{}, device_event_count));
static_assert(complete_for_all(client_rows, C{}, client_state_count, W{}, client_event_count));

template <class Row, class On, class Event>
const Row* find_in(std::span<const Row> table, Traits suite, On on, Event event,
                   Judged judged) noexcept {
  for (const Row& row : table) {
    if (row.on == on && row.event == event && row.judged == judged && suite.has(row.when)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace

std::string_view awaits(DeviceState state) noexcept {
  switch (state) {
    case DeviceState::closed: return "state closed waits for the button";
    case DeviceState::no_session: return "state no_session waits for GET dh.wib";
    case DeviceState::await_share: return "state await_share waits for POST dh.wib";
    case DeviceState::await_auth: return "state await_auth waits for POST auth.wib";
    case DeviceState::await_key: return "state await_key waits for POST key.wib";
  }
  return "?";
}

std::span<const DeviceRow> device_table() noexcept { return device_rows; }
std::span<const ClientRow> client_table() noexcept { return client_rows; }

const DeviceRow* find_row(std::span<const DeviceRow> table, Traits suite, DeviceState on,
                          DeviceEvent event, Judged judged) noexcept {
  return find_in(table, suite, on, event, judged);
}

const ClientRow* find_row(std::span<const ClientRow> table, Traits suite, ClientState on,
                          ClientEvent event, Judged judged) noexcept {
  return find_in(table, suite, on, event, judged);
}

std::string_view name(When when) noexcept {
  switch (when) {
    case When::always: return "-";
    case When::several: return "several";
    case When::single: return "single";
    case When::unlimited: return "unlimited";
    case When::limited: return "limited";
    case When::bare: return "bare";
    case When::acknowledged: return "acknowledged";
  }
  return "?";
}

std::string_view name(DeviceState state) noexcept {
  switch (state) {
    case DeviceState::closed: return "closed";
    case DeviceState::no_session: return "no_session";
    case DeviceState::await_share: return "await_share";
    case DeviceState::await_auth: return "await_auth";
    case DeviceState::await_key: return "await_key";
  }
  return "?";
}

std::string_view name(DeviceEvent event) noexcept {
  switch (event) {
    case DeviceEvent::press: return "press";
    case DeviceEvent::long_press: return "long_press";
    case DeviceEvent::restart: return "restart";
    case DeviceEvent::window_expired: return "window_expired";
    case DeviceEvent::session_expired: return "session_expired";
    case DeviceEvent::get_dh: return "get_dh";
    case DeviceEvent::post_dh: return "post_dh";
    case DeviceEvent::post_auth: return "post_auth";
    case DeviceEvent::post_key: return "post_key";
  }
  return "?";
}

std::string_view name(Judged judged) noexcept {
  switch (judged) {
    case Judged::any: return "any";
    case Judged::good: return "good";
    case Judged::bad: return "bad";
    case Judged::failed: return "failed";
    case Judged::exhausted: return "exhausted";
  }
  return "?";
}

std::string_view name(ClientState state) noexcept {
  switch (state) {
    case ClientState::idle: return "idle";
    case ClientState::expect_offer: return "expect_offer";
    case ClientState::expect_share: return "expect_share";
    case ClientState::expect_auth_result: return "expect_auth_result";
    case ClientState::expect_key_result: return "expect_key_result";
    case ClientState::completed: return "completed";
    case ClientState::failed: return "failed";
  }
  return "?";
}

std::string_view name(ClientEvent event) noexcept {
  switch (event) {
    case ClientEvent::start: return "start";
    case ClientEvent::ok: return "ok";
    case ClientEvent::no_content: return "no_content";
    case ClientEvent::refusal: return "refusal";
    case ClientEvent::lost: return "lost";
  }
  return "?";
}

std::string_view name(Effects effect) noexcept {
  switch (effect) {
    case Effects::none: return "none";
    case Effects::install: return "install";
    case Effects::drop: return "drop";
    case Effects::drop_all: return "drop_all";
    case Effects::open_window: return "open_window";
    case Effects::close_window: return "close_window";
    case Effects::create: return "create";
    case Effects::set_keys: return "set_keys";
  }
  return "?";
}

}  // namespace wib
