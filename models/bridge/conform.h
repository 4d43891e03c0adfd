// SPDX-License-Identifier: Apache-2.0
//
// Conform: the model's search graph, probed on the real device and the real client. At every state
// everything that the model knows to do is done to the code, from a snapshot of that state: status,
// what goes out, and the state afterwards must be exactly the model's.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "backends/backend.h"
#include "models/bridge/graph.h"
#include "protocol/setup/transitions.h"

namespace wib::models {

// What is explored of one suite. Together they have everything that the life cycle can reach in
// their bounds; one alone with all of it would be a hundred times as large.
struct Exploration {
  std::string_view id;  // "with-owner", "alone", "with-owner-leaked"
  std::string_view about;
  Scenario scenario;
  Bound bound;
  std::string_view clients;  // a term of the model
};
[[nodiscard]] std::span<const Exploration> explorations();

// Its graph for that suite, made once in this process (a cipher is no difference to the model).
[[nodiscard]] Outcome<Graph*> graph_of(const Suite& suite, const Exploration& exploration);

// A row of the device's table, as Conformance names it: "await_auth post_auth bad".
[[nodiscard]] std::string row_name(DeviceState on, DeviceEvent event, Judged judged);

// The suite's rows that requests can take, but for those that no exploration reaches: a full table
// takes eight sessions, with one session at a time a GET beside it is `bad` whatever else is wrong,
// and `failed` is our own fault, which is no part of the model.
[[nodiscard]] std::set<std::string> reachable_rows(const Suite& suite);

struct ConformOptions {
  Suite suite;                   // what the code runs
  const Suite* model = nullptr;  // what the graph is of, where that is another one
  Backend& backend;              // of both sides
  bool memoise = false;          // ask the library each costly question once
  std::span<const DeviceRow> device_transitions = device_table();
  std::span<const ClientRow> client_transitions = client_table();
  std::size_t most_mismatches = 20;  // then it stops
};

struct Mismatch {
  std::vector<std::string> path;  // what was done, from the beginning; the last is what differs
  std::string what;               // "status 204, the model says 401"
};

struct Conformance {
  std::uint64_t states = 0;
  std::uint64_t arcs = 0;    // of the graph
  std::uint64_t probed = 0;  // arcs that were tried on the code
  std::uint64_t probes = 0;  // things done to the code: an arc may be several (malformed bodies)
  double seconds = 0;        // of probing alone
  std::vector<Mismatch> mismatches;
  // Rows of the device's table that a probe took, by row_name().
  std::set<std::string> rows;

  [[nodiscard]] bool covered() const noexcept { return probed == arcs; }
};

// An error if a term of the model has no bytes on this suite, or a party fails by itself.
[[nodiscard]] Outcome<Conformance> conform(Graph& graph, const Exploration& exploration,
                                           const ConformOptions& options);

}  // namespace wib::models
