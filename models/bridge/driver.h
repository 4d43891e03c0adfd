// SPDX-License-Identifier: Apache-2.0
//
// Driver: does what the model's path says to a world. What an honest party sent and is delivered as
// it was is forwarded; everything else the attacker makes, as the model says that it can: seen on
// the wire, or composed from what was.
#pragma once

#include "attacks/scenarios/script.h"
#include "models/bridge/term.h"

namespace wib::models {

// One act of the model's.
struct ModelStep {
  std::string name;  // "press", "get-dh", "c-share", ...
  MaudeTerm cookie, body;
  unsigned status = 0;
  MaudeTerm answer;

  [[nodiscard]] std::string text() const;
};

// Issues the steps; the script ends by itself where the world does not do what the model says. If
// `theft`, the attacker then computes the client's private key.
void drive(attacks::Script& script, const std::vector<ModelStep>& steps, bool theft);

}  // namespace wib::models
