// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/storyboard.h"

#include <algorithm>
#include <tuple>

namespace wib::attacks::report {
namespace {

using Kind = StoryLine::Kind;

// Where a message that an honest party has sent is, until it is delivered.
struct Sent {
  std::size_t line = 0;
  std::size_t message = 0;
  bool delivered = false;
};

// A line of the story that is no message although it has two ends: nobody listened. Everything else
// that the device sends begins with a status.
bool is_no_answer(const StoryLine& line) {
  return line.refused && line.from == device_lane &&
         (line.label.empty() || line.label[0] < '0' || line.label[0] > '9');
}

class Arranger {
 public:
  explicit Arranger(std::span<const StoryLine> story) : story_(story), merged_(story.size()) {}

  std::vector<Row> arrange() {
    for (std::size_t i = 0; i < story_.size(); ++i) place(i);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < story_.size(); ++i) {
      if (!merged_[i]) rows.push_back(std::move(rows_[i]));
    }
    return rows;
  }

 private:
  static auto content(const StoryLine& line) { return std::tie(line.label, line.detail); }

  void place(std::size_t i) {
    const StoryLine& line = story_[i];
    Row row{.line = &line, .from = line.from, .to = line.to, .note = line.note};
    if (line.kind == Kind::message) {
      if (line.forged) {
        row.origin = Origin::forged;
        row.message = next_message_++;
      } else if (line.from == attacker_lane) {
        pass_on(i, row);
      } else if (!is_no_answer(line)) {
        row.message = next_message_;
        sent_.push_back({i, next_message_++});
      }
    }
    rows_.push_back(std::move(row));
  }

  // A delivery: of the message that was sent last with these contents. None left: a replay.
  void pass_on(std::size_t i, Row& row) {
    const auto same = [&](const Sent& one) {
      return content(story_[one.line]) == content(story_[i]);
    };
    const auto sent = std::find_if(sent_.rbegin(), sent_.rend(),
                                   [&](const Sent& one) { return !one.delivered && same(one); });
    if (sent == sent_.rend()) {
      row.origin = Origin::replayed;
      const auto original = std::find_if(sent_.rbegin(), sent_.rend(), same);
      if (original != sent_.rend()) row.message = original->message;
      return;
    }
    sent->delivered = true;
    row.message = sent->message;
    if (!only_events(sent->line + 1, i)) return;
    merged_[sent->line] = true;
    row.relayed = true;
    row.from = story_[sent->line].from;
    const std::string& earlier = story_[sent->line].note;
    if (!earlier.empty()) row.note = row.note.empty() ? earlier : earlier + "; " + row.note;
  }

  bool only_events(std::size_t first, std::size_t last) const {
    return std::ranges::all_of(story_.subspan(first, last - first),
                               [](const StoryLine& line) { return line.kind == Kind::event; });
  }

  std::span<const StoryLine> story_;
  std::vector<bool> merged_;
  std::vector<Row> rows_;
  std::vector<Sent> sent_;
  std::size_t next_message_ = 0;
};

}  // namespace

std::vector<Row> arrange(std::span<const StoryLine> story) { return Arranger(story).arrange(); }

std::vector<std::string> lanes(std::span<const StoryLine> story) {
  std::vector<std::string> found;
  for (const StoryLine& line : story) {
    for (const std::string* lane : {&line.from, &line.to}) {
      if (lane->empty() || *lane == attacker_lane || *lane == device_lane) continue;
      if (std::ranges::find(found, *lane) == found.end()) found.push_back(*lane);
    }
  }
  found.emplace_back(attacker_lane);
  found.emplace_back(device_lane);
  return found;
}

std::string in_words(const Row& row) {
  if (row.line->kind != Kind::message) return row.from + ": " + row.line->label;
  std::string text = row.from + " to " + row.to;
  if (row.relayed) text += ", passed on unchanged";
  if (row.origin != Origin::honest) (text += ", ") += name(row.origin);
  return text + ": " + numbered_label(row);
}

std::string numbered_label(const Row& row) {
  if (!row.message) return row.line->label;
  return "#" + std::to_string(*row.message) + " " + row.line->label;
}

bool same_steps(std::span<const StoryLine> left, std::span<const StoryLine> right) {
  return std::ranges::equal(left, right, [](const StoryLine& a, const StoryLine& b) {
    const auto shape = [](const StoryLine& line) {
      return std::tie(line.kind, line.step, line.from, line.to, line.label, line.forged,
                      line.refused);
    };
    return shape(a) == shape(b);
  });
}

}  // namespace wib::attacks::report
