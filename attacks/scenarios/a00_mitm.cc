// SPDX-License-Identifier: Apache-2.0
//
// A00, MITM on DH: plain Diffie-Hellman authenticates nobody, so an attacker on the wire agrees on
// one key with the client and on another with the device, and reads everything in between. Where
// the key exchange is authenticated it has to guess the setup code, once for each side.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/mitm.h"

namespace wib::attacks {
namespace {

void mitm(Script& script) {
  script.press("the owner presses the button");
  const Intercepted seen = intercept(script, "owner");
  if (!script.going()) return;
  script.learn("private key", term::apply(Op::bundle_key, {seen.bundle}),
               "the key that the device will serve TLS with");
}

// The same attacker, with the same mathematics, on a wire that it can only listen to.
void passive(Script& script) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  const TermRef keys = heard_keys(script, heard, term::random(0, exponent_size), {});
  if (!script.learn("K", keys, "an exponent of the attacker's own is in neither share")) return;
  const TermRef bundle = heard_bundle(script, heard, keys);
  if (!script.learn("bundle", bundle)) return;
  script.learn("private key", term::apply(Op::bundle_key, {bundle}));
}

// The attacker lets the run go on up to its last message, keeps that to itself, and says 204 in the
// device's place.
void drop(Script& script) {
  script.press("the owner presses the button");
  const auto get = script.start("owner", "the owner sets up the device");
  const auto offer = script.forward_request(get);
  const auto client_share = script.forward_response(offer, "owner");
  const auto device_share = script.forward_request(client_share);
  const auto proof = script.forward_response(device_share, "owner");
  const auto accepted = script.forward_request(proof);
  (void)script.forward_response(accepted, "owner", "key.wib goes no further");
  script.respond_status("owner", Status::no_content, "\"the pair works\", says the attacker");
}

}  // namespace

Intercepted intercept(Script& script, const std::string& client, bool degenerate) {
  Intercepted seen;
  const auto get = script.start(client, "the owner sets up the device");
  const auto offer = script.forward_request(get);
  const auto client_share =
      script.forward_response(offer, client, "the offer and the cookie go through unchanged");
  if (!script.going()) return seen;
  AsClient towards_device(script, 0, {});
  towards_device.take(offer);
  if (degenerate) towards_device.degenerate();
  towards_device.share("the attacker's share in place of the client's");
  if (!script.going()) return seen;
  AsDevice towards_client(script, 4, offer, client_share);
  if (degenerate) towards_client.degenerate();
  const auto proof =
      towards_client.answer("and in place of the device's: nothing tells them apart");
  if (!script.going()) return seen;
  script.learn("K with the client", towards_client.keys());
  script.learn("K with the device", towards_device.keys());

  if (!wants_code(script, offer)) {
    seen.serial = towards_client.serial(proof);
    script.learn("serial number", seen.serial, "the client proves it to the attacker");
    towards_device.authenticate_with(seen.serial);
  }
  towards_client.proven(proof);
  const auto accepted = towards_device.prove("sealed again, under the device's key");
  const auto key = script.forward_response(accepted, client);
  if (!script.going()) return seen;

  seen.bundle = towards_client.bundle(key);
  script.learn("bundle", seen.bundle);
  const auto installed =
      towards_device.install(seen.bundle, "the device installs what its owner wanted");
  if (!script.going()) return seen;
  if (script.suite().protection.acknowledges()) {
    towards_client.acknowledge(key, towards_device.acknowledgement(installed),
                               "the acknowledgement is sealed again as well");
  } else {
    script.forward_last_response(installed, client, "and the owner sees success");
  }
  return seen;
}

std::vector<Scenario> a00_scenarios() {
  return {
      {.family = "A00",
       .variant = "",
       .title = "MITM on DH: the attacker ends up with the private key, nobody notices",
       .aims = {Property::s2},
       .needs_completion = true,
       .run = mitm},
      {.family = "A00",
       .variant = "drop",
       .title = "the attacker keeps key.wib and says 204: the owner believes the device set up",
       .aims = {Property::a1},
       .run = drop},
      {.family = "A00",
       .variant = "passive",
       .title = "the same attacker on a wire that it can only listen to",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = passive},
  };
}

}  // namespace wib::attacks
