// SPDX-License-Identifier: Apache-2.0
//
// A00, MITM on DH: plain Diffie-Hellman authenticates nobody, so an attacker on the wire agrees on
// one key with the client and on another with the device, and reads everything in between.
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
  const TermRef keys = session_keys(field(heard.client_share, "share"), term::random(0, 32),
                                    field(heard.offer, "p"));
  if (!script.learn("K", keys, "an exponent of the attacker's own is in neither share")) return;
  const TermRef bundle = unseal(keys, heard.key);
  if (!script.learn("bundle", bundle)) return;
  script.learn("private key", term::apply(Op::bundle_key, {bundle}));
}

}  // namespace

Intercepted intercept(Script& script, const std::string& client) {
  Intercepted seen;
  const TermRef x = term::random(0, exponent_size);
  const auto get = script.start(client, "the owner sets up the device");
  const auto offer = script.forward_request(get);
  const auto client_share =
      script.forward_response(offer, client, "p, g and the cookie go through unchanged");
  const TermRef p = field(offer, "p");
  seen.cookie = field(offer, "cookie");
  const TermRef own_share = term::apply(Op::mod_exp, {field(offer, "g"), x, p});
  const auto device_share = script.request(Endpoint::post_dh, seen.cookie, {{"share", own_share}},
                                           "the attacker's share in place of the client's");
  const auto auth = script.respond(client, {{"share", own_share}},
                                   "and in place of the device's: nothing tells them apart");
  seen.client_keys = session_keys(field(client_share, "share"), x, p);
  seen.device_keys = session_keys(field(device_share, "share"), x, p);
  script.learn("K with the client", seen.client_keys);
  script.learn("K with the device", seen.device_keys);

  seen.serial = unseal(seen.client_keys, auth);
  script.learn("serial number", seen.serial, "the client proves it to the attacker");
  const auto auth_result =
      script.request(Endpoint::post_auth, seen.cookie, seal(seen.device_keys, 1, seen.serial),
                     "sealed again, under the device's key");
  const auto key = script.forward_response(auth_result, client);

  seen.bundle = unseal(seen.client_keys, key);
  script.learn("bundle", seen.bundle);
  const auto key_result =
      script.request(Endpoint::post_key, seen.cookie, seal(seen.device_keys, 2, seen.bundle),
                     "the device installs what its owner wanted");
  script.forward_last_response(key_result, client, "and the owner sees success");
  return seen;
}

std::vector<Scenario> a00_scenarios() {
  return {
      {.family = "A00",
       .variant = "",
       .title = "MITM on DH: the attacker ends up with the private key, nobody notices",
       .aims = {Property::s2},
       .needs_completion = true,
       .expected = Outcome::succeeded,
       .run = mitm},
      {.family = "A00",
       .variant = "passive",
       .title = "the same attacker on a wire that it can only listen to",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .expected = Outcome::blocked,
       .run = passive},
  };
}

}  // namespace wib::attacks
