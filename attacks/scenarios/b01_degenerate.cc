// SPDX-License-Identifier: Apache-2.0
//
// B01, degenerate share: with a share of 1 the secret is 1, whatever the exponents are. An attacker
// on the wire puts it in place of both shares; what both sides then have, it has as well.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/mitm.h"

namespace wib::attacks {
namespace {

void degenerate(Script& script) {
  script.press("the owner presses the button");
  const Intercepted seen = intercept(script, "owner", true);
  if (!script.going()) return;
  script.learn("private key", term::apply(Op::bundle_key, {seen.bundle}));
}

// The same mathematics, with the shares left as they are.
void good_shares(Script& script) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  const Conversation conversation = heard_conversation(script, heard);
  const TermRef keys = conversation.keys(one(script, heard.offer));
  if (!script.learn("K", keys, "1 to any power is 1")) return;
  const TermRef bundle = heard_bundle(script, heard, keys);
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
       .run = degenerate},
      {.family = "B01",
       .variant = "good-shares",
       .title = "the same mathematics, with the shares left as they are",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = good_shares},
  };
}

}  // namespace wib::attacks
