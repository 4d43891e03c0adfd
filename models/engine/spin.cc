// SPDX-License-Identifier: Apache-2.0
#include "models/engine/spin.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "models/engine/process.h"

namespace wib::models {
namespace {

std::string upper(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// The number in front of `behind`; none if it is not there.
std::optional<double> number_before(std::string_view text, std::string_view behind) {
  const auto end = text.find(behind);
  if (end == std::string_view::npos) return std::nullopt;
  const auto begin = text.find_last_of(" \n", end - 1);
  const std::size_t from = begin == std::string_view::npos ? 0 : begin + 1;
  return std::strtod(std::string(text.substr(from, end - from)).c_str(), nullptr);
}

}  // namespace

SpinModel project_spin() { return {WIB_SPIN_VERIFIER}; }

Outcome<SpinModel> compile_spin(const std::string& source, const std::vector<std::string>& flags) {
  const std::string spin = find_program("spin");
  const std::string compiler = find_program("cc");
  if (spin.empty()) return std::unexpected("spin is not on PATH; ci/setup installs it");
  if (compiler.empty()) return std::unexpected("cc is not on PATH");
  const std::filesystem::path directory = std::filesystem::path(source).parent_path();
  // spin writes into the directory that it runs in.
  const std::string script = "cd \"$1\" && \"$2\" -a \"$3\" && shift 3 && exec \"$@\"";
  std::vector<std::string> command = {"/bin/sh", "-c",   script,   "sh",  directory,
                                      spin,      source, compiler, "-O2", "-w"};
  command.insert(command.end(), flags.begin(), flags.end());
  for (const char* part : {"-o", "pan", "pan.c"}) command.emplace_back(part);
  const auto ran = run_program(command, {}, 300);
  if (!ran) return std::unexpected(ran.error());
  if (ran->exit_code != 0) return std::unexpected("spin -a " + source + ": " + ran->output);
  return SpinModel{directory / "pan"};
}

std::map<std::string, std::string> spin_environment(const Suite& suite, const Scenario& scenario,
                                                    const Bound& bound) {
  std::map<std::string, std::string> variables;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const std::string_view choice = choice_name(suite, slot);
    variables["WIB_" + upper(slot_names()[slot])] =
        choice.starts_with("named") ? std::string("named") : std::string(choice);
  }
  variables["WIB_ATTACKER"] = scenario.attacker;
  variables["WIB_ENTROPY"] = scenario.entropy;
  variables["WIB_KNOWS"] = scenario.knows;
  variables["WIB_SESSIONS"] = std::to_string(bound.sessions);
  variables["WIB_PRESSES"] = std::to_string(bound.presses);
  variables["WIB_RESTARTS"] = std::to_string(bound.restarts);
  variables["WIB_EXPIRIES"] = std::to_string(bound.expiries);
  variables["WIB_TRIES"] = std::to_string(bound.tries);
  variables["WIB_LIFE"] = "99";
  variables["WIB_FAULTS"] = "0";
  return variables;
}

Outcome<SpinAnswer> ask_spin(const SpinModel& model,
                             const std::map<std::string, std::string>& environment,
                             std::string_view claim, unsigned seconds, bool fair) {
  const ScratchDirectory scratch;  // a trail is written where pan runs
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::string> command = {"/bin/sh",
                                      "-c",
                                      "cd \"$1\" && shift && exec \"$@\"",
                                      "sh",
                                      scratch.path(),
                                      model.executable,
                                      "-a",
                                      "-m100000",
                                      "-w18",
                                      "-N",
                                      std::string(claim)};
  if (fair) command.insert(command.end() - 2, "-f");
  const auto ran = run_program(command, environment, seconds);
  if (!ran) return std::unexpected(ran.error());
  const std::string& said = ran->output;
  const auto states = number_before(said, " states, stored");
  const auto at = said.find("errors: ");
  if (ran->exit_code != 0 || !states || at == std::string::npos) {
    return std::unexpected("spin, " + std::string(claim) + ": exit code " +
                           std::to_string(ran->exit_code) + ": " + said.substr(0, 400));
  }
  // The model's own assertions are on itself: a row that the table lacks, a step cut in two.
  if (said.find("assertion violated 0") != std::string::npos) {
    return std::unexpected("spin, " + std::string(claim) + ": the model contradicts itself: " +
                           said.substr(said.find("assertion violated 0"), 200));
  }
  SpinAnswer answer;
  answer.violated = said[at + 8] != '0';
  // An incomplete search proves nothing (a violation is one all the same).
  const bool cut = said.find("max search depth too small") != std::string::npos ||
                   said.find("out of memory") != std::string::npos;
  if (!answer.violated && cut) {
    return std::unexpected("spin, " + std::string(claim) + ": the search was cut short");
  }
  answer.states = static_cast<std::uint64_t>(*states);
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return answer;
}

}  // namespace wib::models
