// SPDX-License-Identifier: Apache-2.0
//
// A03, online guessing: the device answers every guess at the authenticator, so whoever knows how
// serial numbers are made tries them one after the other.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/sides.h"

namespace wib::attacks {
namespace {

constexpr std::uint32_t draws_of_a_run = 4;

// One run of the attacker's own that ends with a wrong guess.
void guess(Script& script, std::uint32_t number) {
  AsClient own(script, number * draws_of_a_run,
               {term::initial("wrong-serial"), term::initial("wrong-code")});
  own.open();
  own.share();
  own.prove("guess number " + std::to_string(number + 1), true);
}

// Eleven wrong guesses within one press.
void enumerate(Script& script) {
  script.press("the button is pressed, by the owner or by anybody near");
  for (std::uint32_t number = 0; number <= 10; ++number) guess(script, number);
}

// A few wrong ones, which anybody may make, and then the owner.
void mistype(Script& script) {
  script.press("the owner presses the button");
  for (std::uint32_t number = 0; number < 9; ++number) guess(script, number);
  (void)listen(script, "owner");
}

}  // namespace

std::vector<Scenario> a03_scenarios() {
  return {
      {.family = "A03",
       .variant = "",
       .title = "online guessing: an eleventh guess at the authenticator is answered",
       .initial = {"wrong-serial", "wrong-code"},
       .aims = {Property::c5},
       .run = enumerate},
      {.family = "A03",
       .variant = "nine",
       .title = "nine wrong guesses, and then the owner",
       .control = true,
       .initial = {"wrong-serial", "wrong-code"},
       .aims = {Property::c5},
       .needs_completion = true,
       .run = mistype},
  };
}

}  // namespace wib::attacks
