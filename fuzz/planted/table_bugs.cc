// SPDX-License-Identifier: Apache-2.0
//
// Bugs in the transition tables: rows that say something else.
#include "fuzz/planted/bugs.h"

namespace wib::fuzz {
namespace {

using S = DeviceState;
using V = DeviceEvent;
using J = Judged;
using E = Effects;
using C = ClientState;
using W = ClientEvent;
using P = attacks::Property;

constexpr E shut = E::drop_all | E::close_window;
constexpr auto unanswered = Status::none;
constexpr std::array sessions = {S::await_share, S::await_auth, S::await_key};
constexpr std::array open_states = {S::no_session, S::await_share, S::await_auth, S::await_key};

// The press opens the window anew and does `of_session` to each session by its state.
template <class OfSession>
void press_without_end(Planting& p, V event, J judged, OfSession of_session) {
  for (const S on : open_states) {
    const bool session = on != S::no_session;
    const E effects = session ? of_session(on) : E::open_window;
    const S next = session && effects == E::none ? on : S::no_session;
    p.set(on, event, judged, unanswered, next, effects);
  }
}

const std::vector<Bug>& device_list() {
  static const std::vector<Bug> list = {
      // --- What is taken too early --------------------------------------------------------------
      {"key-before-auth", "key.wib is taken from whoever has keys, proof or none", falls(P::c1),
       [](Planting& p) {
         p.set(S::await_auth, V::post_key, J::any, Status::no_content, S::closed,
               E::install | shut);
       }},
      {"auth-before-dh", "auth.wib is taken before any key was agreed", falls(P::f1),
       [](Planting& p) {
         p.set(S::await_share, V::post_auth, J::any, Status::no_content, S::await_key, E::none);
       }},
      {"wrong-proof-accepted", "auth.wib is answered 204 whatever it says", falls(P::f1),
       [](Planting& p) {
         p.set(S::await_auth, V::post_auth, J::bad, Status::no_content, S::await_key, E::none);
       }},
      {"second-dh-accepted",
       "a second share in a session is answered, and no guess is charged for it", falls(P::c5),
       [](Planting& p) {
         p.set(S::await_auth, V::post_dh, J::any, Status::ok, S::await_auth, E::set_keys);
       }},
      {"late-share-uncharged",
       "a share behind the proof is answered, and no guess is charged for it", falls(P::c5),
       [](Planting& p) {
         p.set(S::await_key, V::post_dh, J::any, Status::ok, S::await_key, E::set_keys);
       }},
      {"closed-accepts", "GET dh.wib is answered while the window is closed", falls(P::c4),
       [](Planting& p) {
         p.set(S::closed, V::get_dh, J::any, Status::ok, S::await_share, E::create);
       }},
      {"closed-answers-auth", "auth.wib is answered 204 while the window is closed", falls(P::c4),
       [](Planting& p) {
         p.set(S::closed, V::post_auth, J::any, Status::no_content, S::closed, E::none);
       }},
      {"bad-key-stored", "a key.wib that cannot be read is stored all the same", falls(P::a2),
       [](Planting& p) {
         p.set(S::await_key, V::post_key, J::bad, Status::bad_request, S::closed,
               E::install | shut);
       }},
      {"acknowledged-not-stored", "the device acknowledges a key that it does not store",
       falls(P::a1), [](Planting& p) { p.row(S::await_key, V::post_key, J::good).effects = shut; }},
      {"proof-taken-twice", "a right proof is answered, and the session waits for it as before",
       falls(P::f1),
       [](Planting& p) { p.row(S::await_auth, V::post_auth, J::good).next = S::await_auth; }},
      {"second-proof-unread", "a second auth.wib is answered 204 unread", falls(P::f1),
       [](Planting& p) {
         p.set(S::await_key, V::post_auth, J::any, Status::no_content, S::await_key, E::none);
       }},

      // --- What ought to be dead, and lives -----------------------------------------------------
      {"cookie-survives-401", "a wrong auth.wib leaves the session as it was", falls(P::c2),
       [](Planting& p) {
         p.set(S::await_auth, V::post_auth, J::bad, Status::unauthorized, S::await_auth, E::none);
       }},
      {"cookie-survives-last-401",
       "the guess that was the last one leaves the session as it was",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_auth, V::post_auth, J::exhausted, Status::unauthorized, S::await_auth,
               E::none);
       },
       {},
       attempts_per_life - 1},
      {"cookie-survives-early-key", "a key.wib before auth.wib is refused, and the cookie lives on",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_auth, V::post_key, J::any, Status::conflict, S::await_auth, E::none);
       }},
      {"cookie-survives-first-key", "a key.wib before any share leaves the session as it was",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_share, V::post_key, J::any, Status::conflict, S::await_share, E::none);
       }},
      {"cookie-survives-key",
       "a key.wib that cannot be read leaves session and window as they were", falls(P::c2),
       [](Planting& p) {
         p.set(S::await_key, V::post_key, J::bad, Status::bad_request, S::await_key, E::none);
       }},
      {"cookie-survives-bad-share", "a share that is none leaves the session as it was",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_share, V::post_dh, J::bad, Status::bad_request, S::await_share, E::none);
       }},
      {"cookie-survives-early-auth", "an auth.wib before any share leaves the session as it was",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_share, V::post_auth, J::any, Status::conflict, S::await_share, E::none);
       }},
      {"cookie-survives-second-share", "a second share is refused, and the cookie lives on",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_auth, V::post_dh, J::any, Status::conflict, S::await_auth, E::none);
       }},
      {"cookie-survives-late-share", "a share behind the proof is refused, and the cookie lives on",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_key, V::post_dh, J::any, Status::conflict, S::await_key, E::none);
       }},
      {"cookie-survives-second-proof", "a second proof is refused, and the cookie lives on",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_key, V::post_auth, J::any, Status::conflict, S::await_key, E::none);
       }},
      {"session-survives-expiry", "a session's time is over, and its cookie lives on", falls(P::c2),
       [](Planting& p) {
         for (const S on : sessions) {
           p.set(on, V::session_expired, J::any, unanswered, on, E::none);
         }
       }},
      {"keyed-session-never-expires", "a session that has keys has all the time in the world",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_auth, V::session_expired, J::any, unanswered, S::await_auth, E::none);
       }},
      {"proven-session-never-expires", "a session that was proven has all the time in the world",
       falls(P::c2),
       [](Planting& p) {
         p.set(S::await_key, V::session_expired, J::any, unanswered, S::await_key, E::none);
       }},
      {"session-survives-restart", "sessions and the window come back after a power cut",
       falls(P::c2),
       [](Planting& p) {
         for (const S on : open_states) p.set(on, V::restart, J::any, unanswered, on, E::none);
       }},
      {"press-keeps-sessions",
       "a press opens the window anew, and the sessions of the last one live on", falls(P::c2),
       [](Planting& p) {
         press_without_end(p, V::press, J::good, [](S) { return E::none; });
         press_without_end(p, V::long_press, J::any, [](S) { return E::none; });
       }},
      {"long-press-keeps-sessions", "a long press leaves the sessions alone", falls(P::c2),
       [](Planting& p) { press_without_end(p, V::long_press, J::any, [](S) { return E::none; }); }},
      {"press-keeps-proven-session", "a press leaves a session alone that was proven", falls(P::c2),
       [](Planting& p) {
         press_without_end(p, V::press, J::good,
                           [](S on) { return on == S::await_key ? E::none : E::drop; });
       }},

      // --- The window ---------------------------------------------------------------------------
      {"window-stays-open",
       "a key.wib that cannot be read drops its session, and the window stays open", falls(P::c3),
       [](Planting& p) {
         p.set(S::await_key, V::post_key, J::bad, Status::bad_request, S::no_session, E::drop);
       }},
      {"window-open-after-install", "a key is stored, and the window stays open", falls(P::c3),
       [](Planting& p) {
         p.set(S::await_key, V::post_key, J::good, Status::ok, S::no_session,
               E::install | E::drop_all);
       }},
      {"session-survives-install", "a key is stored, and its session goes on", falls(P::c3),
       [](Planting& p) {
         p.set(S::await_key, V::post_key, J::good, Status::ok, S::await_key, E::install);
       }},
      {"window-survives-expiry", "the window's time is over, and it stays open", falls(P::c4),
       [](Planting& p) {
         for (const S on : open_states) {
           p.set(on, V::window_expired, J::any, unanswered, on, E::none);
         }
       }},
      {"restart-keeps-window", "the window is open after a power cut, and there is no session",
       falls(P::c4),
       [](Planting& p) {
         for (const S on : open_states) {
           p.set(on, V::restart, J::any, unanswered, S::no_session, E::drop_all);
         }
       }},

      // --- Attempts -----------------------------------------------------------------------------
      {"exhausted-guess-answered",
       "a share is answered, with a confirmation, when no attempt is left", falls(P::c5),
       [](Planting& p) {
         p.set(S::await_share, V::post_dh, J::exhausted, Status::ok, S::await_auth, E::set_keys);
       }},
  };
  return list;
}

const std::vector<Bug>& client_list() {
  static const std::vector<Bug> list = {
      {"client-takes-bare-204",
       "the client takes a bare 204 for success although there is an acknowledgement", falls(P::a1),
       [](Planting& p) { p.set(C::expect_key_result, W::no_content, J::any, C::completed); }},
      {"client-takes-any-acknowledgement", "the client does not open the acknowledgement",
       falls(P::a1), [](Planting& p) { p.set(C::expect_key_result, W::ok, J::bad, C::completed); }},
      {"client-takes-a-refusal", "the client is content whatever the status of the last answer is",
       falls(P::a1),
       [](Planting& p) { p.set(C::expect_key_result, W::refusal, J::any, C::completed); }},
      {"client-completes-at-auth", "the client is content when its proof was taken", falls(P::a1),
       [](Planting& p) { p.set(C::expect_auth_result, W::no_content, J::good, C::completed); }},
  };
  return list;
}

}  // namespace

std::span<const Bug> device_table_bugs() { return device_list(); }
std::span<const Bug> client_table_bugs() { return client_list(); }

}  // namespace wib::fuzz
