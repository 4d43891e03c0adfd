// SPDX-License-Identifier: Apache-2.0
//
// The words of the diagrams, for those who draw and those who read: the tables' own, and how an
// event looks on an arrow.
#pragma once

#include "models/diagram/diagram.h"

namespace wib::models {

struct EventWord {
  std::string word;   // "post_auth"
  std::string label;  // "POST auth"
};

struct Words {
  std::vector<std::string> states;
  std::vector<EventWord> events;
  std::vector<std::string> judged;
  std::vector<std::string> alike;  // the states whose common edges are said once, in a note
  std::string note_at;             // the state beside which the note reads best
};

// All in the order of the enumerations; states[0] is the initial state.
[[nodiscard]] const Words& words(Party party);

// "post_auth" is "POST auth", "long_press" is "long press".
[[nodiscard]] std::string label(std::string_view word);

// Into edges()' order. What has a word that the tables have not comes last.
void sort(Party party, std::vector<Edge>& edges);

// What the lines of a diagram are made of.
inline constexpr std::string_view head_line = "stateDiagram-v2";
inline constexpr std::string_view arrow_mark = " --> ";
inline constexpr std::string_view label_mark = " : ";
inline constexpr std::string_view break_mark = "<br/>";
inline constexpr std::string_view initial_mark = "[*] --> ";
inline constexpr std::string_view note_mark = "note right of ";
inline constexpr std::string_view note_end = "end note";
inline constexpr std::string_view alike_mark = " alike";
inline constexpr std::string_view to_mark = "to ";
inline constexpr std::string_view on_mark = " on ";
inline constexpr std::string_view stay_mark = "stay on ";
inline constexpr std::string_view list_mark = ", ";

// A list as a text, with the mark between two words, and back.
[[nodiscard]] std::string join(std::span<const std::string> words, std::string_view mark);
[[nodiscard]] std::vector<std::string> split(std::string_view text, std::string_view mark);

}  // namespace wib::models
