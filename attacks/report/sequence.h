// SPDX-License-Identifier: Apache-2.0
//
// Sequence diagram: the story of a run as inline SVG. Colours come from the page's style sheet
// (style.h); every difference that matters shows without colour too.
#pragma once

#include <span>
#include <string_view>

#include "attacks/report/markup.h"
#include "attacks/report/storyboard.h"

namespace wib::attacks::report {

// Writes one <svg role="img"> with `title`: lanes for the clients, the attacker and the device, a
// row for each step. Long text is wrapped, then elided; a tooltip has all of it.
void write_sequence(Markup& out, std::span<const StoryLine> story, std::string_view title);

// What the signs of the diagram mean: a row of samples with words.
void write_sequence_legend(Markup& out);

}  // namespace wib::attacks::report
