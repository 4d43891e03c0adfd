// SPDX-License-Identifier: Apache-2.0
//
// Attacks on a real device, and on a real client that is pointed at us.
#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>

#include "attacks/live/files.h"
#include "attacks/scenarios/runner.h"

namespace wib::attacks {

struct TargetArguments {
  std::string url;                     // empty: no target, a simulation
  std::string listen = "127.0.0.1:0";  // where the client is to connect
  std::string owner_certificate;       // what the client wants installed
  std::string tls;                     // where the device serves TLS afterwards
  std::string serial;                  // known to the attacker, for attacks that need it
  unsigned timeout_s = 60;
};

void add_target_options(CLI::App& command, TargetArguments& arguments);

// Runs one scenario between a real client and the device at `arguments.url`.
[[nodiscard]] LiveResult<Run> run_on_target(const Scenario& scenario, const Suite& suite,
                                            Backend& backend, std::uint64_t seed,
                                            const TargetArguments& arguments, std::ostream& out);

}  // namespace wib::attacks
