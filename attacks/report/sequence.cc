// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/sequence.h"

#include <algorithm>
#include <cstdio>

#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

using Kind = StoryLine::Kind;

// Pixels. Fonts have no metrics here: labels are monospaced at 0.61 em and captions are assumed to
// be as wide as the widest of the usual sans-serifs.
constexpr double gutter = 40;  // step numbers
constexpr double half_lane = 112;
constexpr double gaps[] = {420, 316, 256};  // between two, three, more lanes
constexpr double head_height = 30, head_width = 190;
constexpr double label_column = 13 * 0.61, detail_column = 11 * 0.61, caption_column = 13 * 0.58;
constexpr double caption_line = 18, label_line = 17, detail_line = 14;
constexpr double box_padding = 10, row_gap = 15;
constexpr double note_width = 420, event_width = 214;
constexpr double band_width = 34;
constexpr double arrow_length = 10, arrow_half = 4.5;
constexpr double cross_distance = 22, cross_half = 5.5;
constexpr double tall = 620;  // from here on the lanes' names are repeated below

std::string px(double value) {
  std::string text(24, '\0');
  const int size = std::snprintf(text.data(), text.size(), "%.1f", value);
  text.resize(static_cast<std::size_t>(size));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::size_t fit(double width, double column) {
  return static_cast<std::size_t>(std::max(4.0, width / column));
}

void line(Markup& out, std::string_view style, double x1, double y1, double x2, double y2) {
  out.empty("line", {{"class", std::string(style)},
                     {"x1", px(x1)},
                     {"y1", px(y1)},
                     {"x2", px(x2)},
                     {"y2", px(y2)}});
}

void box(Markup& out, std::string_view style, double x, double y, double width, double height,
         double radius) {
  out.empty("rect", {{"class", std::string(style)},
                     {"x", px(x)},
                     {"y", px(y)},
                     {"width", px(width)},
                     {"height", px(height)},
                     {"rx", px(radius)}});
}

void words(Markup& out, std::string_view style, double x, double y, std::string_view text) {
  out.element("text", {{"class", std::string(style)}, {"x", px(x)}, {"y", px(y)}}, text);
}

void cross(Markup& out, double x, double y) {
  line(out, "cross", x - cross_half, y - cross_half, x + cross_half, y + cross_half);
  line(out, "cross", x - cross_half, y + cross_half, x + cross_half, y - cross_half);
}

void arrow(Markup& out, std::string_view style, double from, double to, double y) {
  const double back = to > from ? -arrow_length : arrow_length;
  line(out, std::string("arrow ").append(style), from, y, to + back, y);
  const std::string points = px(to) + "," + px(y) + " " + px(to + back) + "," + px(y - arrow_half) +
                             " " + px(to + back) + "," + px(y + arrow_half);
  out.empty("polygon", {{"class", std::string("head ").append(style)}, {"points", points}});
}

// A message that begins and ends at one party.
void loop(Markup& out, std::string_view style, double x, double y) {
  const double reach = x + 36;
  line(out, std::string("arrow ").append(style), x, y - 8, reach, y - 8);
  line(out, std::string("arrow ").append(style), reach, y - 8, reach, y);
  arrow(out, style, reach, x, y);
}

class Diagram {
 public:
  Diagram(Markup& out, std::span<const StoryLine> story)
      : out_(out), rows_(arrange(story)), lanes_(lanes(story)) {
    gap_ = gaps[std::min(lanes_.size(), std::size(gaps) + 1) - 2];
    width_ = gutter + 2 * half_lane + gap_ * static_cast<double>(lanes_.size() - 1);
    for (const Row& row : rows_) plan(row);
    bottom_ = y_;
    height_ = y_ + (is_tall() ? head_height + 1 : 1);
  }

  void write(std::string_view title) {
    const auto svg = out_.in("svg", {{"class", lanes_.size() > 4 ? "sequence wide" : "sequence"},
                                     {"role", "img"},
                                     {"width", px(width_)},
                                     {"height", px(height_)},
                                     {"viewBox", "0 0 " + px(width_) + " " + px(height_)}});
    out_.element("title", title);
    background();
    std::size_t last_step = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      draw(rows_[i], plans_[i], rows_[i].line->step != last_step);
      last_step = rows_[i].line->step;
    }
  }

 private:
  // What a row shows and where: caption, then the arrow with its label and detail, or a box.
  struct Plan {
    double top = 0;
    std::vector<std::string> caption, label, detail;
    double box_width = 0, box_height = 0;
  };

  [[nodiscard]] bool is_tall() const { return bottom_ > tall; }

  // A party that no lane is for stands with the attacker.
  [[nodiscard]] double x(const std::string& lane) const {
    auto found = std::ranges::find(lanes_, lane);
    if (found == lanes_.end()) found = std::ranges::find(lanes_, attacker_lane);
    return gutter + half_lane + gap_ * static_cast<double>(found - lanes_.begin());
  }

  static double stacked(const std::vector<std::string>& lines, double height) {
    return height * static_cast<double>(lines.size());
  }

  static double widest(const std::vector<std::string>& lines, double column) {
    double width = 0;
    for (const std::string& text : lines) {
      width = std::max(width, static_cast<double>(columns(text)) * column);
    }
    return width;
  }

  void plan(const Row& row) {
    Plan plan{.top = y_};
    const StoryLine& line = *row.line;
    const double room = room_for(row);
    plan.caption = wrap(row.note, fit(room, caption_column), 4);
    double height = stacked(plan.caption, caption_line);
    if (line.kind == Kind::message) {
      plan.label = wrap(label_of(row), fit(room, label_column), 2);
      plan.detail = wrap(line.detail, fit(room, detail_column), 2);
      height += stacked(plan.label, label_line) + 8 + stacked(plan.detail, detail_line);
    } else {
      plan.label = wrap(line.label, fit(room - 2 * box_padding, label_column), 2);
      plan.detail = wrap(line.detail, fit(room - 2 * box_padding, detail_column), 3);
      plan.box_width = 2 * box_padding + std::max(widest(plan.label, label_column),
                                                  widest(plan.detail, detail_column));
      plan.box_height = 10 + stacked(plan.label, label_line) + stacked(plan.detail, detail_line);
      height += plan.box_height + 4;
    }
    y_ += height + row_gap;
    plans_.push_back(std::move(plan));
  }

  // How wide a row may be: a message, what is between its ends.
  [[nodiscard]] double room_for(const Row& row) const {
    if (row.line->kind == Kind::event) return event_width;
    if (row.line->kind == Kind::knowledge) return std::min(note_width, 2 * (x(row.from) - gutter));
    return std::max(std::abs(x(row.to) - x(row.from)), gap_) - 20;
  }

  static std::string label_of(const Row& row) {
    std::string text = numbered_label(row);
    if (row.origin != Origin::honest) text += " · " + std::string(report::name(row.origin));
    return text;
  }

  void background() {
    box(out_, "band", x(std::string(attacker_lane)) - band_width / 2, head_height, band_width,
        bottom_ - head_height, 0);
    for (const std::string& lane : lanes_) {
      line(out_, "life", x(lane), head_height, x(lane), bottom_);
      head(lane, 1);
      if (is_tall()) head(lane, bottom_);
    }
  }

  void head(const std::string& lane, double top) {
    const bool attacker = lane == attacker_lane;
    const auto group = out_.in("g", {{"class", attacker ? "lane attacker" : "lane"}});
    out_.element("title", lane);
    box(out_, "head-box", x(lane) - head_width / 2, top, head_width, head_height - 1, 4);
    std::string text = lane;
    if (!attacker && lane != device_lane) text += " (client)";
    words(out_, "head-text", x(lane), top + 20, elide(text, fit(head_width - 8, label_column)));
  }

  void draw(const Row& row, const Plan& plan, bool numbered) {
    const StoryLine& line = *row.line;
    const auto group = out_.in("g");
    out_.element("title", tooltip(row));
    double y = plan.top;
    const double middle = line.kind == Kind::message ? (x(row.from) + x(row.to)) / 2 : x(row.from);
    for (const std::string& text : plan.caption) {
      words(out_, "caption", middle, y + 13, text);
      y += caption_line;
    }
    if (numbered && line.step != 0) {
      words(out_, "step", gutter - 12, plan.top + 13, std::to_string(line.step));
    }
    if (line.kind == Kind::message) {
      draw_message(row, plan, y);
    } else {
      draw_box(row, plan, y + 2);
    }
  }

  void draw_message(const Row& row, const Plan& plan, double y) {
    const double from = x(row.from);
    const double to = x(row.to);
    const bool self = from == to;
    const double middle = self ? from : (from + to) / 2;
    const std::string style(report::name(row.origin));
    for (const std::string& text : plan.label) {
      words(out_, "label " + style, middle, y + 13, text);
      y += label_line;
    }
    y += 4;
    if (self) {
      loop(out_, style, from, y);
    } else {
      arrow(out_, style, from, to, y);
    }
    const double attacker = x(std::string(attacker_lane));
    if (row.relayed && (from - attacker) * (attacker - to) > 0) {
      out_.empty("circle",
                 {{"class", "passes"}, {"cx", px(attacker)}, {"cy", px(y)}, {"r", "4.5"}});
    }
    // It is the device that refuses; between others, the sender.
    if (row.line->refused) {
      const bool at_end = row.to == device_lane;
      const double towards = (to > from) == at_end ? -cross_distance : cross_distance;
      cross(out_, (at_end ? to : from) + towards, y);
    }
    y += 13;
    for (const std::string& text : plan.detail) {
      words(out_, "detail", middle, y + 2, text);
      y += detail_line;
    }
  }

  void draw_box(const Row& row, const Plan& plan, double y) {
    const bool knowledge = row.line->kind == Kind::knowledge;
    const double centre = x(row.from);
    const double left = centre - plan.box_width / 2;
    box(out_, knowledge ? "knowledge" : "event", left, y, plan.box_width, plan.box_height,
        knowledge ? 2 : plan.box_height / 2);
    if (row.line->refused) cross(out_, left + plan.box_width + 14, y + plan.box_height / 2);
    y += 18;
    for (const std::string& text : plan.label) {
      words(out_, knowledge ? "label forged" : "label", centre, y, text);
      y += label_line;
    }
    y -= 3;
    for (const std::string& text : plan.detail) {
      words(out_, "detail", centre, y, text);
      y += detail_line;
    }
  }

  static std::string tooltip(const Row& row) {
    std::string text = in_words(row);
    if (row.line->refused) text += " (refused)";
    if (!row.line->detail.empty()) text += "\n" + row.line->detail;
    if (!row.note.empty()) text += "\n" + row.note;
    return text;
  }

  Markup& out_;
  std::vector<Row> rows_;
  std::vector<std::string> lanes_;
  std::vector<Plan> plans_;
  double gap_ = 0, width_ = 0, height_ = 0, bottom_ = 0;
  double y_ = head_height + 18;
};

// One sample of the legend: a drawing of 64 by 16, and what it means.
template <typename Draw>
void sample(Markup& out, std::string_view meaning, Draw draw) {
  const auto item = out.in("li");
  {
    const auto svg = out.in("svg", {{"class", "sequence sample"},
                                    {"aria-hidden", "true"},
                                    {"width", "64"},
                                    {"height", "16"},
                                    {"viewBox", "0 0 64 16"}});
    draw();
  }
  out.element("span", meaning);
}

}  // namespace

void write_sequence(Markup& out, std::span<const StoryLine> story, std::string_view title) {
  Diagram(out, story).write(title);
}

void write_sequence_legend(Markup& out) {
  const auto list = out.in("ul", {{"class", "legend samples"}});
  sample(out, "an honest party’s message; #2 is “wire 2” in the attacker’s terms",
         [&] { arrow(out, "honest", 2, 62, 8); });
  sample(out, "… passed on unchanged by the attacker, who reads it", [&] {
    arrow(out, "honest", 2, 62, 8);
    out.empty("circle", {{"class", "passes"}, {"cx", "30"}, {"cy", "8"}, {"r", "4.5"}});
  });
  sample(out, "forged: made by the attacker", [&] { arrow(out, "forged", 2, 62, 8); });
  sample(out, "replayed: an honest message, sent again by the attacker",
         [&] { arrow(out, "replayed", 2, 62, 8); });
  sample(out, "refused (status 400 and above, or no connection)", [&] {
    arrow(out, "honest", 2, 62, 8);
    cross(out, 30, 8);
  });
  sample(out, "something happens at a party", [&] { box(out, "event", 8, 2, 48, 12, 6); });
  sample(out, "the attacker computes something", [&] { box(out, "knowledge", 8, 2, 48, 12, 1); });
}

}  // namespace wib::attacks::report
