// SPDX-License-Identifier: Apache-2.0
//
// The state diagrams of the READMEs, drawn from the transition tables as Mermaid's
// `stateDiagram-v2`. Nothing of a suite's rows is left out but their effects:
//
//   A --> B : LINE<br/>LINE      what leads from A to B
//   A : LINE                     in A's box: what leads from A to A
//   A, B, C alike                in a note: what several states have in common, said once
//   to D on LINE
//   stay on LINE
//
// A LINE is "EVENT, EVENT OUTPUT (JUDGED, JUDGED)". Where nothing is said or sent there is no
// OUTPUT, and where nothing is looked at there are no brackets. `new session` in an output says
// that the arrow is the new session's, and the addressed one stays as it is. Of the effects, that
// is the only one to be seen: the others are in the tables, which props/table_props.cc holds.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/setup/transitions.h"

namespace wib::models {

enum class Party : std::uint8_t { device, client };

// A row, as a diagram has it. All words but `output` are the tables' own ("post_auth", "bad").
struct Edge {
  std::string from;
  std::string event;
  std::string judged;
  std::string output;  // "204", "200 new session"; of the client "sends POST auth"; or empty
  std::string to;

  friend auto operator<=>(const Edge&, const Edge&) = default;
};

// One for each row of the suite, in the tables' order of states, events and judgements, whatever
// order the rows are in. A row that is there twice is an edge twice.
[[nodiscard]] std::vector<Edge> edges(std::span<const DeviceRow> table, Traits suite);
[[nodiscard]] std::vector<Edge> edges(std::span<const ClientRow> table, Traits suite);

// The diagram, without a line break at its end. The first state of the enumeration is the initial
// one.
[[nodiscard]] std::string draw(Party party, std::span<const Edge> edges);
[[nodiscard]] std::string device_diagram(Traits suite);
[[nodiscard]] std::string client_diagram(Traits suite);

// A block of a README:
//
//   <!-- diagram: NAME -->
//   ```mermaid
//   DIAGRAM
//   ```
//   <!-- end diagram -->
//
// The diagram of that name, without a line break at its end; nothing where the block is not there
// exactly once and whole.
[[nodiscard]] std::optional<std::string> extract(std::string_view readme, std::string_view name);

// The README with that diagram in that block. A block that is not there is added at the end. Where
// extract() finds nothing though the name is announced, the text comes back as it is: a person has
// to look.
[[nodiscard]] std::string update(std::string_view readme, std::string_view name,
                                 std::string_view diagram);

}  // namespace wib::models
