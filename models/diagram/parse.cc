// SPDX-License-Identifier: Apache-2.0
#include "models/diagram/parse.h"

#include <algorithm>

#include "models/diagram/words.h"

namespace wib::models {
namespace {

class Reader {
 public:
  explicit Reader(Party party) : words_(words(party)) {}

  // False, with why(), if the line is in none of the forms.
  bool line(std::string_view text) {
    if (!seen_head_) return (seen_head_ = text == head_line) || fails("no \"stateDiagram-v2\"");
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (note_ == Note::head) return note_head(text);
    if (note_ == Note::lines) return note_line(text);
    if (text.starts_with(initial_mark)) return initial(text.substr(initial_mark.size()));
    if (text.starts_with(note_mark)) {
      note_ = Note::head;
      return known(text.substr(note_mark.size()));
    }
    const auto colon = text.find(label_mark);
    if (colon == std::string_view::npos) return fails("no label");
    const std::string_view ends = text.substr(0, colon);
    const std::string_view what = text.substr(colon + label_mark.size());
    const auto arrow = ends.find(arrow_mark);
    if (arrow == std::string_view::npos) return box(ends, what);
    const std::string_view from = ends.substr(0, arrow);
    const std::string_view to = ends.substr(arrow + arrow_mark.size());
    return known(from) && known(to) &&
           std::ranges::all_of(split(what, break_mark),
                               [&](auto& each) { return label_of(from, to, each); });
  }

  bool end() {
    if (note_ != Note::none) return fails("a note without an end");
    if (!seen_initial_) return fails("no initial state");
    if (boxes_.size() != words_.states.size()) return fails("a state without a box");
    return true;
  }

  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }

 private:
  enum class Note { none, head, lines };
  using Strings = std::vector<std::string>;

  static Strings::const_iterator find(const Strings& list, std::string_view word) {
    return std::ranges::find(list, word);
  }

  bool fails(std::string why) {
    why_ = std::move(why);
    return false;
  }

  bool known(std::string_view state) {
    if (find(words_.states, state) != words_.states.end()) return true;
    return fails("no state \"" + std::string(state) + "\"");
  }

  bool initial(std::string_view state) {
    if (seen_initial_) return fails("two initial states");
    seen_initial_ = state == words_.states.front();
    return seen_initial_ || fails("not the initial state");
  }

  // The first line of a box is its title, the others are labels.
  bool box(std::string_view state, std::string_view what) {
    if (!known(state)) return false;
    if (find(boxes_, state) != boxes_.end()) return label_of(state, state, what);
    boxes_.emplace_back(state);
    return what == state || fails("a box without a title");
  }

  bool note_head(std::string_view text) {
    if (!text.ends_with(alike_mark)) return fails("a note about nothing");
    text.remove_suffix(alike_mark.size());
    alike_ = split(text, list_mark);
    note_ = Note::lines;
    return std::ranges::all_of(alike_, [this](const auto& state) { return known(state); });
  }

  bool note_line(std::string_view text) {
    if (text == note_end) {
      note_ = Note::none;
      return true;
    }
    std::string_view to;
    if (text.starts_with(stay_mark)) {
      text.remove_prefix(stay_mark.size());
    } else {
      const auto on = text.find(on_mark);
      if (!text.starts_with(to_mark) || on == std::string_view::npos) return fails("not of a note");
      to = text.substr(to_mark.size(), on - to_mark.size());
      text.remove_prefix(on + on_mark.size());
      if (!known(to)) return false;
    }
    return std::ranges::all_of(alike_, [&](const auto& from) {
      return label_of(from, to.empty() ? std::string_view(from) : to, text);
    });
  }

  // "EVENT, EVENT OUTPUT (JUDGED, JUDGED)"
  bool label_of(std::string_view from, std::string_view to, std::string_view text) {
    Strings judged = {std::string(name(Judged::any))};
    if (text.ends_with(')')) {
      const auto bracket = text.rfind(" (");
      if (bracket == std::string_view::npos) return fails("a bracket");
      judged = split(text.substr(bracket + 2, text.size() - bracket - 3), list_mark);
      text = text.substr(0, bracket);
      for (const std::string& each : judged) {
        if (each == name(Judged::any) || find(words_.judged, each) == words_.judged.end()) {
          return fails("no judgement \"" + each + "\"");
        }
      }
    }
    const Strings items = split(text, list_mark);
    Strings events;
    std::string output;
    for (const std::string& item : items) {
      const EventWord* event = event_of(item);
      if (!event) return fails("no event \"" + item + "\"");
      events.push_back(event->word);
      if (item.size() == event->label.size()) continue;
      if (&item != &items.back()) return fails("an output in the midst");
      output = item.substr(event->label.size() + 1);
    }
    for (const std::string& event : events) {
      for (const std::string& each : judged) {
        edges_.push_back({std::string(from), event, each, output, std::string(to)});
      }
    }
    return true;
  }

  // The event that the text is, or begins with.
  [[nodiscard]] const EventWord* event_of(std::string_view text) const {
    for (const EventWord& event : words_.events) {
      if (text == event.label || text.starts_with(event.label + " ")) return &event;
    }
    return nullptr;
  }

  const Words& words_;
  bool seen_head_ = false;
  bool seen_initial_ = false;
  Note note_ = Note::none;
  Strings alike_;
  Strings boxes_;
  std::vector<Edge> edges_;
  std::string why_;
};

}  // namespace

std::expected<std::vector<Edge>, std::string> parse(Party party, std::string_view diagram) {
  Reader reader(party);
  for (const std::string& line : split(diagram, "\n")) {
    if (!reader.line(line)) return std::unexpected(reader.why() + ": " + line);
  }
  if (!reader.end()) return std::unexpected(reader.why());
  std::vector<Edge> edges = reader.edges();
  sort(party, edges);
  return edges;
}

}  // namespace wib::models
