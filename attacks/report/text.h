// SPDX-License-Identifier: Apache-2.0
//
// Text for reports. What a run recorded may hold anything that a hostile peer sent, so nothing of
// it reaches a terminal, a page or a command line except through here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wib::attacks::report {

// One line of valid UTF-8 that shows what is there: control characters, line ends, characters that
// are invisible or turn the direction of writing, and bytes that are not UTF-8 come out as \n,
// \x1b, \u{202e}. Other text is unchanged.
[[nodiscard]] std::string visible(std::string_view text);

// Text for HTML, XML and SVG, between tags or inside a quoted attribute: visible(), but line ends
// and tabs stay, with & < > " ' as entities.
[[nodiscard]] std::string escape(std::string_view text);

// Columns that visible text takes: one a code point (wide and combining characters are not known).
[[nodiscard]] std::size_t columns(std::string_view text);

// `text` followed by spaces, at least `width` columns.
[[nodiscard]] std::string pad(std::string text, std::size_t width);

// At most `width` columns (1 or more) of visible text, the last one "…" if something was cut off.
[[nodiscard]] std::string elide(std::string_view text, std::size_t width);

// Lines of at most `width` columns, broken at spaces, else after punctuation, else anywhere; what
// does not go into `lines` lines is elided. Empty for empty text.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width,
                                            std::size_t lines);

// A path as a word for a POSIX shell: never an option, quoted if it has to be.
[[nodiscard]] std::string shell_path(std::string_view path);

// A relative path as a reference: always relative, never a scheme of its own ("javascript:").
[[nodiscard]] std::string href(std::string_view path);

// For a person: "65,536", "0.0312", "2.4 million", "not a number".
[[nodiscard]] std::string number(double value);

// "1 run", "2 runs".
[[nodiscard]] std::string count(std::size_t number, std::string_view noun);

}  // namespace wib::attacks::report
