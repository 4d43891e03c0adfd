// SPDX-License-Identifier: Apache-2.0
#include "models/cli/commands.h"

#include <memory>

#include "models/cli/attack_command.h"
#include "models/cli/check_command.h"
#include "models/cli/conform_command.h"
#include "models/cli/mutants_command.h"
#include "models/cli/trace_command.h"
#include "models/mutants/in_code.h"

namespace wib::models {

void add_model_commands(CLI::App& app, attacks::Action& action) {
  CLI::App* model = app.add_subcommand("model", "Ask the formal models, and bind them to the code");
  model->require_subcommand(1);

  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* check_command = model->add_subcommand(
      "check", "Every property in every scenario, in both engines, against models/expected.json");
  check_command->add_option("--suite", arguments->suites,
                            "A suite; may be given several times (all of expected.json)");
  check_command->add_flag("--deep", arguments->deep, "More sessions, presses and restarts");
  check_command->add_flag("--all", arguments->everything,
                          "A whole table for each suite, also for those that change a named one");
  check_command->add_option("--json", arguments->json, "Write the verdicts to this file as well");
  check_command->footer(
      "A verdict is for its bound, which stands beside it.\n"
      "Exit: 0 every verdict is as expected and the engines agree, 1 not, 2 it could not be "
      "asked.");
  check_command->callback(
      [&action, arguments] { action = [arguments] { return run_check(*arguments); }; });

  auto probing = std::make_shared<ConformArguments>();
  CLI::App* conform_command = model->add_subcommand(
      "conform", "Do to the real code, in every state of the bounded model, everything it knows");
  conform_command->add_option("--suite", probing->suites,
                              "A suite, or one reading of it; may be given several times "
                              "(those with names)");
  conform_command->add_option("--backend", probing->backends,
                              "A backend; may be given several times (ideal, and every real one)");
  conform_command->callback(
      [&action, probing] { action = [probing] { return run_conform(*probing); }; });

  auto attacking = std::make_shared<AttackArguments>();
  CLI::App* attack_command = model->add_subcommand(
      "attack", "Let the engine find an attack, and do it to the real device and client");
  attack_command->add_option("property", attacking->property, "P-S2, P-A1, P-A2, P-A3, ...")
      ->required();
  attack_command->add_option("--suite", attacking->suite, "The suite")->capture_default_str();
  attack_command->add_flag("--undetected", attacking->undetected,
                           "An honest run has to complete as well: nobody notices");
  attack_command->add_flag("--own-share", attacking->own_share,
                           "The attacker sends no share of 1 or g");
  attack_command->add_flag("--deep", attacking->deep, "In the larger bound");
  attack_command->add_option("--trace", attacking->trace, "Write the run as a trace");
  attack_command->footer(
      "Exit: 0 the referee confirms it on every pair of backends, or the model has none; 1 not\n"
      "confirmed; 2 it could not be asked.");
  attack_command->callback(
      [&action, attacking] { action = [attacking] { return run_attack(*attacking); }; });

  auto traces = std::make_shared<TraceArguments>();
  CLI::App* trace_command =
      model->add_subcommand("trace", "Hold traces of the code against the model");
  trace_command->add_option("paths", traces->paths, "Trace files, or directories of *.jsonl")
      ->required();
  trace_command->callback([&action, traces] { action = [traces] { return run_trace(*traces); }; });

  auto mutants = std::make_shared<MutantsArguments>();
  CLI::App* mutants_command =
      model->add_subcommand("mutants", "Plant bugs in the models, and tell who notices");
  mutants_command->add_option("id", mutants->ids, "Bugs, by id (all of models/mutants.json)");
  mutants_command->callback([&action, mutants] {
    action = [mutants] {
      if (mutants->code == nullptr) mutants->code = killed_by_probing;
      return run_mutants(*mutants);
    };
  });
}

}  // namespace wib::models
