// SPDX-License-Identifier: Apache-2.0
//
// D14, serial replay: the serial number is the only authenticator, it never changes, and it proves
// nothing about the run in which it is said. Whoever has it once, has it for good; and where the
// device's generator repeats itself, not even that is needed.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/mitm.h"

namespace wib::attacks {
namespace {

// The first half of a run of the attacker's own, as a client: a session and its keys.
struct OwnSession {
  TermRef cookie;
  TermRef keys;
};

OwnSession open_session(Script& script, std::uint32_t draws) {
  const TermRef x = term::random(draws, exponent_size);
  const auto offer = script.request(Endpoint::get_dh, nullptr, {}, "the attacker as a client");
  if (!script.going()) return {};
  const TermRef cookie = field(offer, "cookie");
  const TermRef p = field(offer, "p");
  const auto share = script.request(
      Endpoint::post_dh, cookie, {{"share", term::apply(Op::mod_exp, {field(offer, "g"), x, p})}});
  if (!script.going()) return {};
  return {cookie, session_keys(field(share, "share"), x, p)};
}

// A whole run of the attacker's own, as a client with `serial`, to install `bundle`.
void install(Script& script, std::uint32_t draws, const TermRef& serial, const TermRef& bundle) {
  const OwnSession own = open_session(script, draws);
  if (!script.going()) return;
  script.request(Endpoint::post_auth, own.cookie, seal(own.keys, draws + 1, serial),
                 "the serial number is all that it takes");
  script.request(Endpoint::post_key, own.cookie, seal(own.keys, draws + 2, bundle));
}

TermRef thief_bundle() {
  return term::apply(Op::bundle, {term::initial("thief.certificate"), term::initial("thief.key")});
}

void takeover(Script& script) {
  script.press("the button is pressed, by the owner or by anybody near");
  install(script, 0, term::initial("serial"), thief_bundle());
}

// The attacker does not take no for an answer; and the device that said no is in order, since its
// owner sets it up afterwards.
void wrong_serial(Script& script) {
  script.press("the button is pressed");
  const OwnSession own = open_session(script, 0);
  if (!script.going()) return;
  script.try_request(Endpoint::post_auth, own.cookie,
                     seal(own.keys, 1, term::initial("wrong-serial")), "a wrong serial number");
  script.try_request(Endpoint::post_key, own.cookie, seal(own.keys, 2, thief_bundle()),
                     "and its key all the same");
  (void)listen(script, "owner");
}

// The serial number is recorded from a run that the attacker answers in the device's place as far
// as it takes, then used in a run of the attacker's own.
void recorded_serial(Script& script) {
  script.press("the owner presses the button");
  const TermRef x = term::random(0, exponent_size);
  const auto get = script.start("owner", "the owner sets up the device");
  const auto offer = script.forward_request(get);
  const auto client_share = script.forward_response(offer, "owner");
  if (!script.going()) return;
  const TermRef p = field(offer, "p");
  const auto auth =
      script.respond("owner", {{"share", term::apply(Op::mod_exp, {field(offer, "g"), x, p})}},
                     "the attacker answers for the device; the device never hears of it");
  if (!script.going()) return;
  const TermRef serial = unseal(session_keys(field(client_share, "share"), x, p), auth);
  if (!script.learn("serial number", serial, "recorded; the owner's run is left to fail")) return;
  install(script, 1, serial, thief_bundle());
}

void reinstall(Script& script) {
  script.press("the owner presses the button");
  const Intercepted seen = intercept(script, "owner");
  script.press("later, the button is pressed again");
  if (!script.going()) return;
  install(script, 3, seen.serial, seen.bundle);
}

void recorder(Script& script) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  script.restart("the device loses power; its generator will say the same again");
  script.press("the button is pressed again");
  script.forward_request(heard.get, "the recorded requests, byte for byte");
  script.forward_request(heard.client_share);
  script.forward_request(heard.auth);
  script.forward_request(heard.key, "the device installs what it was sent before");
}

}  // namespace

std::vector<Scenario> d14_scenarios() {
  return {
      {.family = "D14",
       .variant = "takeover",
       .title = "a known serial number authenticates the attacker, who installs its own key",
       .initial = {"serial", "thief"},
       .aims = {Property::l1},
       .expected = Outcome::succeeded,
       .run = takeover},
      {.family = "D14",
       .variant = "recorded",
       .title = "a serial number recorded from one run authenticates the attacker in another",
       .initial = {"thief"},
       .aims = {Property::a2},
       .expected = Outcome::succeeded,
       .run = recorded_serial},
      {.family = "D14",
       .variant = "reinstall",
       .title = "a thief installs a stolen bundle again after a second press",
       .aims = {Property::a3},
       .needs_completion = true,
       .expected = Outcome::succeeded,
       .run = reinstall},
      {.family = "D14",
       .variant = "recorder",
       .title = "a recorded run installs again on a device whose generator repeats",
       .device_entropy = {EntropyKind::repeat, 0},
       .aims = {Property::a3_recorder},
       .needs_completion = true,
       .restarts = true,
       .expected = Outcome::succeeded,
       .run = recorder},
      {.family = "D14",
       .variant = "wrong-serial",
       .title = "the attacker as a client, with a wrong serial number",
       .control = true,
       .initial = {"wrong-serial", "thief"},
       .aims = {Property::a2},
       .needs_completion = true,
       .expected = Outcome::blocked,
       .run = wrong_serial},
      {.family = "D14",
       .variant = "recorder-strong-rng",
       .title = "a recorded run against a device whose generator does not repeat",
       .control = true,
       .aims = {Property::a3},
       .needs_completion = true,
       .restarts = true,
       .expected = Outcome::blocked,
       .run = recorder},
  };
}

}  // namespace wib::attacks
