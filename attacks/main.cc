// SPDX-License-Identifier: Apache-2.0
//
// The `wib` command.
#include <csignal>
#include <iostream>

#include "attacks/cli/commands.h"
#include "fuzz/cli/commands.h"
#include "models/cli/commands.h"

int main(int argc, char** argv) {
  using namespace wib::attacks;
  // A peer that closes early is an error of that connection, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);

  CLI::App app{
      "wib: a protocol test harness for device key set-up.\n"
      "Runs the protocol, attacks it, and lets a referee judge what came of it.",
      "wib"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "wib " WIB_VERSION);
  Action action;
  add_attack_commands(app, action);
  add_live_commands(app, action);
  wib::models::add_model_commands(app, action);
  wib::fuzz::add_hunt_command(app, action);
  app.footer("wib COMMAND --help tells more of each.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return usage_error(error.what());
  }
  try {
    return action();
  } catch (const std::exception& error) {
    return usage_error(error.what());
  }
}
