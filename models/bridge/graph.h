// SPDX-License-Identifier: Apache-2.0
//
// The search graph of a bounded scenario: every state, and at each everything that can be done and
// what comes of it, refusals included. It is streamed, as Maude goes over it breadth first.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "models/bridge/term.h"
#include "models/engine/maude.h"

namespace wib::models {

// Texts that occur again and again, as numbers; each is parsed once.
class TermTable {
 public:
  using Id = std::uint32_t;
  [[nodiscard]] Id id(std::string_view text);
  [[nodiscard]] const std::string& text(Id id) const { return *texts_[id]; }
  // Ends the program if Maude wrote what is no term.
  [[nodiscard]] const MaudeTerm& term(Id id);
  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, Id, Hash, std::equal_to<>> ids_;
  std::vector<const std::string*> texts_;
  std::vector<std::unique_ptr<MaudeTerm>> terms_;
};

// A state: what the parties are, and what the attacker knows.
struct GraphState {
  TermTable::Id clients = 0, device = 0, installed = 0;
  TermTable::Id rest = 0;  // knowledge, wires, ghosts: told apart, not looked into
  friend bool operator==(const GraphState&, const GraphState&) = default;
};
struct GraphStateHash {
  std::size_t operator()(const GraphState& state) const noexcept {
    std::size_t hash = state.clients;
    for (const auto part : {state.device, state.installed, state.rest}) {
      hash = hash * 0x9e3779b97f4a7c15U + part;
    }
    return hash;
  }
};

// What is done: "post-dh" with a cookie and a body, answered with a status and what went out.
struct GraphAction {
  TermTable::Id name = 0, cookie = 0, body = 0, answer = 0;
  unsigned status = 0;
};

struct Arc {
  std::uint32_t from = 0, to = 0;  // numbers of states, in the order in which they are looked at
  GraphAction action;
};

struct Graph {
  TermTable terms;
  std::vector<GraphState> states;  // the first is the initial one
  std::vector<Arc> arcs;           // by `from`; each state is some earlier arc's `to`
  // The state that was looked for, if one was and it was found: `arcs` ends with the way to it.
  std::optional<std::uint32_t> target;

  // An act, for a person: "post-dh ck(d, 0) g".
  [[nodiscard]] std::string text(const GraphAction& action) const;
};

// All of it, or, with a condition on C:Cfg, all up to the first state of which it holds. An error
// if Maude fails, or what it says is not a graph.
[[nodiscard]] Outcome<Graph> explore(const ModelFiles& files, const std::string& initial,
                                     unsigned seconds, const std::string& condition = "false");

// The shortest way to the target: numbers of arcs, in order.
[[nodiscard]] std::vector<std::size_t> path_to_target(const Graph& graph);

}  // namespace wib::models
