// SPDX-License-Identifier: Apache-2.0
//
// Accept: whether the Maude model can do what a log says the code did. The model is asked for one
// run that gives the log, event by event (models/maude/trace.maude); that it can is no proof that
// the code is right, that it cannot is a deviation of the one or the other.
#pragma once

#include <span>

#include "models/bridge/log.h"
#include "models/engine/maude.h"

namespace wib::models {

struct Acceptance {
  bool accepted = false;
  std::size_t consumed = 0;  // events, of the longest prefix that the model can do
  // Of the next event, if it is refused: "step 12: post-auth with ck(d, 0) was answered 204; the
  // model of as_posted has: 401, 409".
  std::string stuck;
  double seconds = 0;  // of this log, in Maude
};

// In the order of `logs`. Logs that are the same are asked once. An error if Maude cannot be asked
// or does not answer within a minute and a second a log.
[[nodiscard]] Outcome<std::vector<Acceptance>> accept(std::span<const Log> logs,
                                                      const ModelFiles& files);
[[nodiscard]] Outcome<Acceptance> accept(const Log& log, const ModelFiles& files);

}  // namespace wib::models
