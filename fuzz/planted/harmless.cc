// SPDX-License-Identifier: Apache-2.0
//
// What looks like a bug and violates nothing here.
#include "fuzz/planted/bugs.h"

namespace wib::fuzz {

std::span<const Harmless> harmless() {
  static constexpr std::array<Harmless, 19> all = {{
      // Of models/mutants.json.
      {"cookie-survives-503", "no port of a trace fails, so the row is never asked"},
      {"wrong-cookie-is-fatal", "a denial of service: P-W1, which no trace judges"},
      {"right-guess-not-refunded", "a denial of service, as above"},
      {"second-session-under-single",
       "each session is charged and judged for itself; no property says that there is one"},
      {"client-takes-any-confirmation",
       "the acknowledgement proves what the confirmation does, and nothing that the client sends "
       "helps who has no key"},
      {"degenerate-share-accepted",
       "no share makes the secret a constant where w0 is unknown; any-point is the same slip"},
      {"gate-ignored", "the noise of a trace is good"},
      {"raw-key-in-spite-of-hkdf",
       "SPAKE2+'s own transcript binds all but the salt and the iterations, which are in w0"},
      {"transcript-not-in-associated-data", "the keys are made from the transcript"},
      {"static-exponent", "cookie and epoch make every run's secret another"},
      // Others that were tried on paper.
      {"serial-not-in-context", "there is one device, so one serial number"},
      {"one-key-both-ways", "nonce and associated data have the direction"},
      {"direction-not-bound", "the keys have the direction"},
      {"acknowledgement-under-null-key",
       "it has to be the bundle's digest, which nobody else can compute"},
      {"refused-proof-goes-on",
       "401, and the session waits for key.wib: the device's transcript lacks the proof, so "
       "nothing opens"},
      {"client-goes-on-after-refusal",
       "that auth.wib was answered is authenticated by nothing anyway: the attacker can say 204"},
      {"known-exponent", "a device's y does not help who has no w0: symbolically, w0 is no guess"},
      {"life-limit-ignored",
       "P-C5 counts a press; that a life has an end is no property of the oracle's"},
      {"exhausted-leaves-window", "the charge is refused again and again: nothing is revealed"},
  }};
  return all;
}

}  // namespace wib::fuzz
