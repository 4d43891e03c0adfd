// SPDX-License-Identifier: Apache-2.0
//
// Story: a log told as lines for a reader, and a theft told as a derivation.
#pragma once

#include "attacks/scenarios/record.h"
#include "attacks/world/referee.h"

namespace wib::attacks {

[[nodiscard]] std::vector<StoryLine> tell(const Log& log);

[[nodiscard]] std::vector<Theft> explain(const Log& log, const Judgement& judgement);

}  // namespace wib::attacks
