// SPDX-License-Identifier: Apache-2.0
//
// Runner: one scenario on one suite and pair of backends, judged and recorded; and the replay of a
// trace, judged again.
#pragma once

#include "attacks/scenarios/record.h"
#include "attacks/scenarios/script.h"
#include "attacks/world/simulation.h"
#include "attacks/world/trace.h"

namespace wib::attacks {

struct RunOptions {
  const Suite& suite;
  Backend& device_backend;
  Backend& client_backend;
  std::uint64_t seed = 1;
  // What the cores run on: another table is a repaired or a broken device.
  std::span<const DeviceRow> device_transitions = device_table();
  std::span<const ClientRow> client_transitions = client_table();
  // The finite-field group that a device offers where it may choose p and g.
  NamedGroup group = NamedGroup::ffdhe2048;
  Progress progress;  // of searches; may be empty
};

struct Run {
  RunRecord record;
  std::string trace;  // as write_trace() has it
};

// Runs `scenario` in a simulation.
[[nodiscard]] Run run_scenario(const Scenario& scenario, const RunOptions& options);

// Runs `scenario` in a world that is already there (a real target, say). `header` is for the trace,
// `redact` keeps learnt values out of it.
[[nodiscard]] Run run_scenario_in(World& world, const Scenario& scenario, const TraceHeader& header,
                                  const Conditions& conditions, Certificates& certificates,
                                  Crypto& crypto, const Progress& progress, bool redact);

// What a replay found. It agrees if every step has the recorded status (or refusal of connection)
// and the referee finds the same properties broken.
struct Replay {
  Run run;
  std::vector<std::string> differences;  // empty: it agrees
  std::size_t same_bytes = 0;            // messages that came out byte for byte as recorded
  std::size_t messages = 0;
};

// Replays `trace` on the given backends. Errc::out_of_range if the trace names a suite that is not
// known, Errc::unexpected if it was recorded on a real target.
[[nodiscard]] Result<Replay> replay_trace(const Trace& trace, Backend& device_backend,
                                          Backend& client_backend);

}  // namespace wib::attacks
