// SPDX-License-Identifier: Apache-2.0
//
// Trace: a run as JSON lines. The first line is the header (everything that a simulation is made
// from), then one line a step with its terms, the bytes that went over the wire as evidence and the
// claims that were made, and last what the referee found. A trace can be replayed on any backend.
#pragma once

#include <string>
#include <vector>

#include "attacks/world/referee.h"
#include "attacks/world/simulation.h"

namespace wib::attacks {

inline constexpr int trace_version = 1;

struct TraceHeader {
  std::string scenario;  // its id, or what made the trace
  std::string suite;
  std::string reading;
  std::string device_backend;
  std::string client_backend;
  std::uint64_t seed = 1;
  std::string serial;
  EntropyProfile device_entropy;
  std::set<std::string> initial;
  std::string target = "simulation";  // or the URL of a real device: evidence, not replayable
};

// A step as it was recorded: what replaying must do, and what it should see.
struct TraceStep {
  Step step;
  Status status = Status::none;
  bool connection_refused = false;
  bool failed = false;
  ByteVector emitted;  // bytes of the message that came of it
};

struct Trace {
  TraceHeader header;
  std::vector<TraceStep> steps;
  std::vector<Property> broken;  // what the referee found broken
};

// Writes a trace. Values that were learnt are written as their SHA-256 alone if `redact`: the
// secrets of a real device do not belong in a file.
[[nodiscard]] std::string write_trace(const TraceHeader& header, const Log& log,
                                      const Judgement& judgement, Crypto& crypto, bool redact);

// Errc::malformed with the line in `offset` (counting from 1) and what was expected in `where`.
[[nodiscard]] Result<Trace> read_trace(std::string_view text);

}  // namespace wib::attacks
