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

inline constexpr int trace_version = 2;

// What a trace may be at most. Beyond it is refused before it is parsed.
inline constexpr std::size_t max_trace_size = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t max_trace_line = std::size_t{1024} * 1024;
inline constexpr std::size_t max_trace_steps = 10'000;

struct TraceHeader {
  std::string scenario;  // its id, or what made the trace
  std::string suite;
  std::string reading;
  std::string device_backend;
  std::string client_backend;
  std::optional<std::uint64_t> seed;  // nullopt: nothing of the run follows from a seed
  std::string serial;
  EntropyProfile device_entropy;
  std::set<std::string> initial;
  // The finite-field group that a device offers as explicit p and g: one of those that have a name.
  NamedGroup group = NamedGroup::ffdhe2048;
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

// Writes a trace. If `redact`, what was learnt is written as its SHA-256 alone, and the seed and
// the constants in terms (a seed that was found is one) are left out: the secrets of a real device
// do not belong in a file. What was on the wire stays: everybody on the wire has seen it, and it
// opens to nobody who has not the attacker's draws.
[[nodiscard]] std::string write_trace(const TraceHeader& header, const Log& log,
                                      const Judgement& judgement, Crypto& crypto, bool redact);

// Errc::malformed (Errc::capacity beyond the limits above) with the line in `offset` (counting from
// 1) and what was expected in `where`. Only a trace of a real target may be without a seed.
[[nodiscard]] Result<Trace> read_trace(std::string_view text);

}  // namespace wib::attacks
