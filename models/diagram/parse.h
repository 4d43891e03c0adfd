// SPDX-License-Identifier: Apache-2.0
//
// The reverse of diagram.h: the edges of a diagram, back from its text. It does not draw to
// compare: it reads, so that what was changed in a README by hand is seen as the edge that it is.
#pragma once

#include <expected>

#include "models/diagram/diagram.h"

namespace wib::models {

// In edges()' order. The forms are those of diagram.h and no other: a line that is none of them, a
// word that the tables have not, another initial state, or a state that has no box is an error,
// with the line. What is read is never more or less than what is written.
[[nodiscard]] std::expected<std::vector<Edge>, std::string> parse(Party party,
                                                                  std::string_view diagram);

}  // namespace wib::models
