// SPDX-License-Identifier: Apache-2.0
#include "models/diagram/diagram.h"

#include <algorithm>

#include "models/diagram/words.h"

namespace wib::models {
namespace {

// An edge without its ends.
struct Cause {
  std::string event;
  std::string judged;
  std::string output;
};
Cause cause(const Edge& edge) { return {edge.event, edge.judged, edge.output}; }

// The causes as lines: judgements with the same outcome in one, then events with the same outcome.
std::vector<std::string> lines(Party party, std::vector<Cause> causes) {
  struct Line {
    std::vector<std::string> events;
    std::vector<std::string> judged;
    std::string output;
  };
  std::vector<Line> merged;
  const std::string any(name(Judged::any));
  while (!causes.empty()) {
    const Cause first = causes.front();
    const auto same = [&](const Cause& each) {
      return each.event == first.event && each.output == first.output &&
             (each.judged == any) == (first.judged == any);
    };
    std::vector<std::string> judged;
    for (const Cause& each : causes) {
      if (same(each)) judged.push_back(each.judged);
    }
    std::erase_if(causes, same);
    // A row that is there twice must not look like one.
    const std::size_t copies = first.judged == any ? judged.size() : 1;
    if (first.judged == any) judged.clear();

    const auto& events = words(party).events;
    const std::string& text = std::ranges::find(events, first.event, &EventWord::word)->label;
    const auto line = std::ranges::find_if(merged, [&](const Line& each) {
      return each.judged == judged && each.output == first.output;
    });
    Line& target =
        line != merged.end() ? *line : merged.emplace_back(Line{{}, judged, first.output});
    target.events.insert(target.events.end(), copies, text);
  }

  std::vector<std::string> text;
  for (const Line& line : merged) {
    std::string& each = text.emplace_back(join(line.events, list_mark));
    if (!line.output.empty()) each += " " + line.output;
    if (!line.judged.empty()) each += " (" + join(line.judged, list_mark) + ")";
  }
  return text;
}

// The states of `words.alike` have these in common, and nothing of them is left in `edges`.
struct Common {
  Cause cause;
  std::string to;  // empty: each stays where it is
};
std::vector<Common> take_common(const Words& words, std::vector<Edge>& edges) {
  std::vector<Common> common;
  const auto edge_of = [](const Common& what, const std::string& state) {
    const auto& [event, judged, output] = what.cause;
    return Edge{state, event, judged, output, what.to.empty() ? state : what.to};
  };
  const auto take_if_common = [&](const Common& what) {
    std::vector<Edge> left = edges;
    for (const std::string& state : words.alike) {
      const auto edge = std::ranges::find(left, edge_of(what, state));
      if (edge == left.end()) return false;
      left.erase(edge);
    }
    edges = left;
    common.push_back(what);
    return true;
  };
  const std::vector<Edge> all = edges;
  for (const Edge& edge : all) {
    if (edge.from != words.alike.front()) continue;
    if (!take_if_common({cause(edge), ""})) take_if_common({cause(edge), edge.to});
  }
  return common;
}

// Where something stands in a README.
struct Span {
  std::size_t begin;
  std::size_t end;
};

std::string opening(std::string_view name) { return "<!-- diagram: " + std::string(name) + " -->"; }
constexpr std::string_view closing = "<!-- end diagram -->";
constexpr std::string_view fence = "```mermaid\n";
constexpr std::string_view fence_end = "\n```\n";

// A whole line, from `from` on.
std::size_t find_line(std::string_view text, std::string_view line, std::size_t from) {
  for (std::size_t at = from; (at = text.find(line, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + line.size();
    if ((at == 0 || text[at - 1] == '\n') && (end == text.size() || text[end] == '\n')) return at;
  }
  return std::string_view::npos;
}

std::optional<Span> find_diagram(std::string_view readme, std::string_view name) {
  const std::string open = opening(name);
  const std::size_t at = find_line(readme, open, 0);
  if (at == std::string_view::npos) return {};
  if (find_line(readme, open, at + 1) != std::string_view::npos) return {};
  const std::size_t begin = at + open.size() + 1 + fence.size();
  if (begin > readme.size() || !readme.substr(0, begin).ends_with(fence)) return {};
  const std::size_t end = readme.find(fence_end, begin - 1);
  if (end == std::string_view::npos || end < begin) return {};
  if (find_line(readme, closing, end) != end + fence_end.size()) return {};
  return Span{begin, end};
}

}  // namespace

std::vector<Edge> edges(std::span<const DeviceRow> table, Traits suite) {
  std::vector<Edge> all;
  for (const DeviceRow& row : table) {
    if (!suite.has(row.when)) continue;
    std::string output;
    if (row.status != Status::none) output = std::to_string(static_cast<unsigned>(row.status));
    if (has(row.effects, Effects::create))
      output += output.empty() ? "new session" : " new session";
    all.push_back({std::string(name(row.on)), std::string(name(row.event)),
                   std::string(name(row.judged)), output, std::string(name(row.next))});
  }
  sort(Party::device, all);
  return all;
}

std::vector<Edge> edges(std::span<const ClientRow> table, Traits suite) {
  std::vector<Edge> all;
  for (const ClientRow& row : table) {
    if (!suite.has(row.when)) continue;
    all.push_back(
        {std::string(name(row.on)), std::string(name(row.event)), std::string(name(row.judged)),
         row.sends ? "sends " + label(name(row.request)) : "", std::string(name(row.next))});
  }
  sort(Party::client, all);
  return all;
}

std::string draw(Party party, std::span<const Edge> edges) {
  const Words& all = words(party);
  std::vector<Edge> left(edges.begin(), edges.end());
  sort(party, left);
  const std::vector<Common> common = take_common(all, left);
  const auto lines_between = [&](const std::string& from, const std::string& to) {
    std::vector<Cause> causes;
    for (const Edge& edge : left) {
      if (edge.from == from && edge.to == to) causes.push_back(cause(edge));
    }
    return lines(party, causes);
  };

  std::string text(head_line);
  const auto line = [&text](std::string_view indent) -> std::string& {
    return (text += '\n') += indent;
  };
  for (const std::string& state : all.states) {
    // The first line of a box is its title: without one, Mermaid shows no name.
    line("  ") += state + std::string(label_mark) + state;
    for (const std::string& each : lines_between(state, state)) {
      line("  ") += state + std::string(label_mark) + each;
    }
  }
  line("  ") += std::string(initial_mark) + all.states.front();
  for (const std::string& from : all.states) {
    for (const std::string& to : all.states) {
      const std::vector<std::string> labels = lines_between(from, to);
      if (from == to || labels.empty()) continue;
      line("  ") +=
          from + std::string(arrow_mark) + to + std::string(label_mark) + join(labels, break_mark);
    }
  }
  if (common.empty()) return text;

  line("  ") += std::string(note_mark) + all.note_at;
  line("    ") += join(all.alike, list_mark) + std::string(alike_mark);
  const auto say = [&](const std::string& to, const std::string& before) {
    std::vector<Cause> causes;
    for (const Common& each : common) {
      if (each.to == to) causes.push_back(each.cause);
    }
    for (const std::string& each : lines(party, causes)) line("    ") += before + each;
  };
  for (const std::string& to : all.states) {
    say(to, std::string(to_mark) + to + std::string(on_mark));
  }
  say("", std::string(stay_mark));
  line("  ") += note_end;
  return text;
}

std::string device_diagram(Traits suite) {
  return draw(Party::device, edges(device_table(), suite));
}
std::string client_diagram(Traits suite) {
  return draw(Party::client, edges(client_table(), suite));
}

std::optional<std::string> extract(std::string_view readme, std::string_view name) {
  const auto at = find_diagram(readme, name);
  if (!at) return {};
  return std::string(readme.substr(at->begin, at->end - at->begin));
}

std::string update(std::string_view readme, std::string_view name, std::string_view diagram) {
  std::string text(readme);
  if (const auto at = find_diagram(readme, name)) {
    return text.replace(at->begin, at->end - at->begin, diagram);
  }
  const std::string open = opening(name);
  if (find_line(readme, open, 0) != std::string_view::npos) return text;
  if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
  text += open + "\n";
  text += fence;
  text += diagram;
  text += fence_end;
  text += closing;
  return text += '\n';
}

}  // namespace wib::models
