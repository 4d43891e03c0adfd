// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/graph.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace wib::models {
namespace {

// Cuts `line` at each |, into exactly N parts.
template <std::size_t N>
bool split(std::string_view line, std::array<std::string_view, N>& parts) {
  for (std::size_t i = 0; i + 1 < N; ++i) {
    const auto bar = line.find('|');
    if (bar == std::string_view::npos) return false;
    parts[i] = line.substr(0, bar);
    line.remove_prefix(bar + 1);
  }
  parts[N - 1] = line;
  return true;
}

}  // namespace

TermTable::Id TermTable::id(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
  const auto id = static_cast<Id>(texts_.size());
  const auto added = ids_.emplace(std::string(text), id).first;
  texts_.push_back(&added->first);
  terms_.emplace_back();
  return id;
}

const MaudeTerm& TermTable::term(Id id) {
  if (terms_[id] == nullptr) {
    auto parsed = parse_term(*texts_[id]);
    if (!parsed) {
      std::fprintf(stderr, "wib: %s\n", parsed.error().c_str());
      std::abort();
    }
    terms_[id] = std::make_unique<MaudeTerm>(std::move(*parsed));
  }
  return *terms_[id];
}

Outcome<Graph> explore(const ModelFiles& files, const std::string& initial, unsigned seconds,
                       const std::string& condition) {
  Graph graph;
  std::unordered_map<GraphState, std::uint32_t, GraphStateHash> numbers;
  std::optional<std::uint32_t> from;
  std::uint32_t looked_at = 0;
  std::string wrong;
  bool solved = false;

  const auto number_of = [&](const GraphState& state) {
    const auto [found, added] =
        numbers.emplace(state, static_cast<std::uint32_t>(graph.states.size()));
    if (added) graph.states.push_back(state);
    return found->second;
  };
  // The three last parts are told apart as one text.
  const auto state_of = [&](std::string_view clients, std::string_view device,
                            std::string_view installed, std::string_view rest) {
    return number_of({graph.terms.id(clients), graph.terms.id(device), graph.terms.id(installed),
                      graph.terms.id(rest)});
  };

  MaudeScript script(files, "WIB-GRAPH");
  script.command("set print attribute on");
  script.search(initial, condition);
  const auto done = script.stream(seconds, [&](std::string_view line) {
    if (!wrong.empty()) return;
    if (line.starts_with("SRC ")) {
      std::array<std::string_view, 4> parts;
      if (!split(line.substr(4), parts)) {
        wrong = line;
        return;
      }
      from = state_of(parts[0], parts[1], parts[2], parts[3]);
      ++looked_at;
    } else if (line.starts_with("ARC ")) {
      std::array<std::string_view, 9> parts;
      if (!split(line.substr(4), parts) || !from) {
        wrong = line;
        return;
      }
      Arc arc{.from = *from};
      arc.action = {.name = graph.terms.id(parts[0]),
                    .cookie = graph.terms.id(parts[1]),
                    .body = graph.terms.id(parts[2]),
                    .answer = graph.terms.id(parts[4]),
                    .status = static_cast<unsigned>(
                        std::strtoul(std::string(parts[3]).c_str(), nullptr, 10))};
      arc.to = state_of(parts[5], parts[6], parts[7], parts[8]);
      graph.arcs.push_back(arc);
    } else if (line.starts_with("Solution 1 ")) {
      solved = true;
    }
  });
  if (!done) return std::unexpected(done.error());
  if (!wrong.empty())
    return std::unexpected("maude: not a line of a graph: " + wrong.substr(0, 200));
  if (solved) {
    // A state is tried as soon as it is made: it is where the last arc leads.
    if (graph.arcs.empty()) return std::unexpected("maude: the first state is the one looked for");
    graph.target = graph.arcs.back().to;
    return graph;
  }
  if (looked_at != graph.states.size()) {
    return std::unexpected("maude: looked at " + std::to_string(looked_at) + " of " +
                           std::to_string(graph.states.size()) + " states");
  }
  return graph;
}

std::string Graph::text(const GraphAction& action) const {
  std::string text = terms.text(action.name).substr(1);
  for (const auto part : {action.cookie, action.body}) {
    const std::string& word = terms.text(part);
    if (word != "no-cookie" && word != "junk") text += " " + word;
  }
  return text;
}

std::vector<std::size_t> path_to_target(const Graph& graph) {
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> reached_by(graph.states.size(), none);
  for (std::size_t i = 0; i < graph.arcs.size(); ++i) {
    const Arc& arc = graph.arcs[i];
    if (arc.to != 0 && reached_by[arc.to] == none) reached_by[arc.to] = i;
  }
  std::vector<std::size_t> path;
  for (std::uint32_t at = *graph.target; at != 0; at = graph.arcs[reached_by[at]].from) {
    path.push_back(reached_by[at]);
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace wib::models
