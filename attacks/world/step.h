// SPDX-License-Identifier: Apache-2.0
//
// Steps: everything that can happen in a world, as data. A scripted attack, a replayed trace and
// (later) a model's counterexample or a fuzzer's finding are all lists of steps.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "attacks/world/term.h"
#include "protocol/messages/message.h"

namespace wib::attacks {

enum class StepKind : std::uint8_t {
  press,       // somebody presses the button on the device
  long_press,  // and holds it
  restart,     // the device loses power and comes back
  wait,        // time passes
  start,       // an honest client begins a run: its first request appears on the wire
  request,     // a request reaches the device; its answer appears on the wire
  response,    // a response reaches the client; its next request appears on the wire
  learn,       // the attacker computes a term and keeps the value
  check        // the attacker finds two terms equal
};

[[nodiscard]] std::string_view name(StepKind kind) noexcept;

// What reaches a party: a message that was on the wire before, as it was, or one that the attacker
// has made from terms.
struct Delivery {
  std::optional<std::size_t> forward;  // the message's number
  // Made by the attacker, else:
  Endpoint endpoint = Endpoint::get_dh;   // request
  Status status = Status::ok;             // response
  TermRef cookie;                         // null: none
  std::map<std::string, TermRef> fields;  // by name: those of WireMessage::fields
};

struct Step {
  StepKind kind = StepKind::press;
  std::string client;    // start, response: which
  std::uint32_t ms = 0;  // wait
  Delivery delivery;     // request, response
  std::string label;     // learn: what the attacker calls it
  TermRef term;          // learn, check
  TermRef other;         // check
  std::string note;      // for the reader: what the step is for
};

}  // namespace wib::attacks
