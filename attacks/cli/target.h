// SPDX-License-Identifier: Apache-2.0
//
// Attacks on a real device, and on a real client that is pointed at us.
#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>
#include <memory>
#include <optional>

#include "attacks/live/files.h"
#include "attacks/live/stream.h"
#include "attacks/scenarios/runner.h"

namespace wib::attacks {

// As they stand on the command line.
struct TargetArguments {
  std::string url;                     // empty: no target, a simulation
  std::string listen = "127.0.0.1:0";  // where the client is to connect
  std::string owner_certificate;       // what the client wants installed
  std::string tls;                     // where the device serves TLS afterwards
  std::string serial;                  // known to the attacker, for attacks that need it
  std::string timeout = "60";          // seconds
};

// Adds --target and what goes with it; returns --target.
CLI::Option* add_target_options(CLI::App& command, TargetArguments& arguments);

// What they come to.
struct Target {
  std::string url;
  Address device;
  std::shared_ptr<StreamListener> listener;
  ByteVector certificate;
  std::optional<Address> tls;
  std::map<std::string, ByteVector> initial;
  Timeout timeout{};
};

// The one scenario that `ids` names, if it can be judged on a real device. The error names those
// that can.
[[nodiscard]] LiveResult<const Scenario*> select_for_target(const std::vector<std::string>& ids);

// Checks all that can be checked before anything runs, and listens for the client.
[[nodiscard]] LiveResult<Target> open_target(const Scenario& scenario, Backend& backend,
                                             const TargetArguments& arguments);

// Runs one scenario between a real client and the device. Says on `out` what a person has to do:
// press the button, start the client. An error if the device cannot be reached, or its window does
// not open in time. The attacker's draws are fresh, and not to be had from the record or the trace.
[[nodiscard]] LiveResult<Run> run_on_target(const Scenario& scenario, const Suite& suite,
                                            Backend& backend, Target target, std::ostream& out);

}  // namespace wib::attacks
