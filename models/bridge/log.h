// SPDX-License-Identifier: Apache-2.0
//
// Log: a trace (attacks/world/trace.h) in the model's own words, for models/maude/trace.maude to
// follow: who did what, with which cookie, and what came of it. Steps that no party notices (learn,
// check), requests that HTTP itself refused, and answers to a client whose run is over are no
// events. What was in a body is told by name where it is an honest party's, else it is open.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/outcome.h"
#include "protocol/suites.h"

namespace wib::models {

struct LogEvent {
  std::string term;      // of sort Entry
  std::size_t step = 0;  // of the trace, from 1
  std::string text;      // "post-auth with ck(d, 0) was answered 204"
};

struct Log {
  std::string suite;  // its name
  std::string begin;  // a term of sort Cfg: suite, generator, budgets, what is known, clients
  std::string clock;  // of sort Clock
  bool may_fail = false;
  std::vector<LogEvent> events;

  // The whole question, of sort Run. Two traces are the same log if it is the same.
  [[nodiscard]] std::string term() const;
};

// Reads a trace as write_trace() has it. Errors say which line or step, and what was expected: a
// text that is no trace, a suite that is not known, and what has no name in the model (a session
// that gets an earlier one's cookie from a generator that does not repeat itself).
[[nodiscard]] Outcome<Log> read_log(std::string_view trace);

}  // namespace wib::models
