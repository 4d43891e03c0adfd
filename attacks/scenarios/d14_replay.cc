// SPDX-License-Identifier: Apache-2.0
//
// D14, serial replay: the serial number is the only authenticator, it never changes, and it proves
// nothing about the run in which it is said. Whoever has it once, has it for good; and where the
// device's generator repeats itself, not even that is needed.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/mitm.h"

namespace wib::attacks {
namespace {

// A whole run of the attacker's own, as a client with `credentials`, to install `bundle`.
void install(Script& script, std::uint32_t draws, Credentials credentials, const TermRef& bundle) {
  AsClient own(script, draws, std::move(credentials));
  own.open("the attacker as a client");
  own.share();
  own.prove("the authenticator is all that it takes");
  own.install(bundle);
}

TermRef thief_bundle() {
  return term::apply(Op::bundle, {term::initial("thief.certificate"), term::initial("thief.key")});
}

void takeover(Script& script) {
  script.press("the button is pressed, by the owner or by anybody near");
  install(script, 0, {term::initial("serial"), nullptr}, thief_bundle());
}

void code_leaked(Script& script) {
  script.press("the button is pressed, by the owner or by anybody near");
  install(script, 0, {term::initial("serial"), term::initial("code")}, thief_bundle());
}

// The attacker does not take no for an answer; and the device that said no is in order, since its
// owner sets it up afterwards.
void wrong_authenticator(Script& script) {
  script.press("the button is pressed");
  AsClient own(script, 0, {term::initial("wrong-serial"), term::initial("wrong-code")});
  own.open("the attacker as a client");
  own.share();
  own.prove("a wrong serial number, a wrong code", true);
  own.install(thief_bundle(), "and its key all the same", true);
  (void)listen(script, "owner");
}

// The serial number is recorded from a run that the attacker answers in the device's place as far
// as it takes, then used in a run of the attacker's own.
void recorded_serial(Script& script) {
  script.press("the owner presses the button");
  const auto get = script.start("owner", "the owner sets up the device");
  const auto offer = script.forward_request(get);
  const auto client_share = script.forward_response(offer, "owner");
  if (!script.going()) return;
  AsDevice towards_client(script, 8, offer, client_share);
  const auto proof =
      towards_client.answer("the attacker answers for the device; the device never hears of it");
  if (!script.going() || wants_code(script, offer)) return;
  const TermRef serial = towards_client.serial(proof);
  if (!script.learn("serial number", serial, "recorded; the owner's run is left to fail")) return;
  script.wait(61'000,
              "until the session that the owner had begun is over, if there may be but one");
  install(script, 0, {serial, nullptr}, thief_bundle());
}

void reinstall(Script& script) {
  script.press("the owner presses the button");
  const Intercepted seen = intercept(script, "owner");
  if (!script.going()) return;
  script.press("later, the button is pressed again");
  install(script, intercept_draws, {seen.serial, nullptr}, seen.bundle);
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
       .aims = {Property::l1, Property::a2},
       .any_aim = true,
       .run = takeover},
      {.family = "D14",
       .variant = "code",
       .title = "a setup code that leaked authenticates the attacker, who installs its own key",
       .initial = {"serial", "code", "thief"},
       .aims = {Property::l1},
       .run = code_leaked},
      {.family = "D14",
       .variant = "recorded",
       .title = "a serial number recorded from one run authenticates the attacker in another",
       .initial = {"thief"},
       .aims = {Property::a2},
       .run = recorded_serial},
      {.family = "D14",
       .variant = "reinstall",
       .title = "a thief installs a stolen bundle again after a second press",
       .aims = {Property::a3},
       .needs_completion = true,
       .run = reinstall},
      {.family = "D14",
       .variant = "recorder",
       .title = "a recorded run installs again on a device whose generator repeats",
       .device_entropy = {EntropyKind::repeat, 0},
       .aims = {Property::a3_recorder},
       .needs_completion = true,
       .restarts = true,
       .run = recorder},
      {.family = "D14",
       .variant = "wrong-serial",
       .title = "the attacker as a client, with a wrong serial number or setup code",
       .control = true,
       .initial = {"wrong-serial", "wrong-code", "thief"},
       .aims = {Property::a2},
       .needs_completion = true,
       .run = wrong_authenticator},
      {.family = "D14",
       .variant = "recorder-strong-rng",
       .title = "a recorded run against a device whose generator does not repeat",
       .control = true,
       .aims = {Property::a3},
       .needs_completion = true,
       .restarts = true,
       .run = recorder},
  };
}

}  // namespace wib::attacks
