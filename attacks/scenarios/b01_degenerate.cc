// SPDX-License-Identifier: Apache-2.0
//
// B01, degenerate share: with a share of 1 the secret is 1, whatever the exponents are. An attacker
// on the wire puts it in place of both shares; both sides then have the same key, and so has it.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/sides.h"

namespace wib::attacks {
namespace {

TermRef one() {
  static constexpr std::array<Byte, 1> value = {1};
  return term::hex(value);
}

// `for_both`: without it the shares go through as they are.
void replace_shares(Script& script, bool for_both) {
  script.press("the owner presses the button");
  const auto get = script.start("owner", "the owner sets up the device");
  const auto offer = script.forward_request(get);
  auto client_share = script.forward_response(offer, "owner");
  if (!script.going()) return;
  Conversation conversation(script.suite());
  conversation.saw(offer);
  conversation.saw(client_share);
  Script::Message device_share = 0;
  Script::Message proof = 0;
  if (for_both) {
    device_share = script.request(Endpoint::post_dh, field(offer, "cookie"), {{"share", one()}},
                                  "a share of 1 in place of the client's");
    if (!script.going()) return;
    std::map<std::string, TermRef> answer = {{"share", one()}};
    if (script.has_field(device_share, "confirm")) {
      answer["confirm"] = field(device_share, "confirm");
    }
    proof = script.respond("owner", answer, "and in place of the device's");
    conversation.saw(script.delivered());
  } else {
    device_share = script.forward_request(client_share);
    proof = script.forward_response(device_share, "owner");
    conversation.saw(device_share);
  }
  const auto accepted =
      script.forward_request(proof, "one key on both sides: nothing to seal again");
  const auto key = script.forward_response(accepted, "owner");
  const auto installed = script.forward_request(key);
  script.forward_last_response(installed, "owner");
  if (!script.going()) return;

  const TermRef keys = conversation.keys(shared_secret(script, offer, one(), one()));
  script.learn("K", keys, "1 to any power is 1");
  conversation.saw(proof);
  const TermRef bundle = unseal(script, keys, conversation.transcript(), Place::key, key);
  if (!script.learn("bundle", bundle)) return;
  script.learn("private key", term::apply(Op::bundle_key, {bundle}));
}

}  // namespace

std::vector<Scenario> b01_scenarios() {
  return {
      {.family = "B01",
       .variant = "",
       .title = "degenerate share: a share of 1 is taken by both sides, and the key is known",
       .aims = {Property::s2},
       .needs_completion = true,
       .run = [](Script& script) { replace_shares(script, true); }},
      {.family = "B01",
       .variant = "good-shares",
       .title = "the same mathematics, with the shares left as they are",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = [](Script& script) { replace_shares(script, false); }},
  };
}

}  // namespace wib::attacks
