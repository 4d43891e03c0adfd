// SPDX-License-Identifier: Apache-2.0
//
// The sub-commands of `wib`. Each adds itself to the parser; what it was asked to do runs after
// parsing and gives the exit code:
//   0  everything is as expected
//   1  something is not: a verdict, a refusal by the device
//   2  the command could not be carried out: an option, a file, an address
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "backends/registry.h"
#include "protocol/suites.h"

namespace wib::attacks {

inline constexpr int exit_as_expected = 0;
inline constexpr int exit_not_as_expected = 1;
inline constexpr int exit_usage = 2;

// What the parsed command line wants done. Set by at most one sub-command.
using Action = std::function<int()>;

void add_attack_commands(CLI::App& app, Action& action);  // attack list, run, replay
void add_live_commands(CLI::App& app, Action& action);    // device, setup, backends

// --- Shared ------------------------------------------------------------------------------------

// Prints "wib: MESSAGE" on stderr, in one line whatever is in the message; returns exit_usage.
int usage_error(const std::string& message);

// "as_posted", or "as_posted/ctr" for one reading, or "as_posted+SLOT=CHOICE,SLOT=CHOICE". They
// live as long as the program.
[[nodiscard]] std::expected<std::vector<const Suite*>, std::string> parse_suites(
    const std::string& text);
[[nodiscard]] std::expected<Backend*, std::string> parse_backend(const std::string& name);

// A whole number in decimal digits and nothing else, from `min` to `max`. `option` is named in the
// error.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_number(const std::string& option,
                                                                     const std::string& text,
                                                                     std::uint64_t min,
                                                                     std::uint64_t max);

[[nodiscard]] std::string suite_names();    // "as_posted/cbc, as_posted/ctr, ..."
[[nodiscard]] std::string choices_text();   // "key_exchange=plain_dh|spake2plus, ..."
[[nodiscard]] std::string backend_names();  // "openssl, wolfssl"

}  // namespace wib::attacks
