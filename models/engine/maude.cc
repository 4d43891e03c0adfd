// SPDX-License-Identifier: Apache-2.0
#include "models/engine/maude.h"

#include <algorithm>

#include "models/engine/process.h"

namespace wib::models {
namespace {

constexpr std::string_view separator = "==========================================";

// The code's names, as Maude takes them: an underscore is a place for an argument there.
std::string choice_term(std::string_view slot, std::string_view choice) {
  if (slot == "freshness" && choice == "none") return "no-freshness";
  if (slot == "entropy_gate" && choice == "none") return "no-gate";
  if (slot == "group_policy" && choice.starts_with("named")) return "named";
  std::string term(choice);
  std::ranges::replace(term, '_', '-');
  return term;
}

// Maude's own complaint, in one line; empty if it has none.
std::string complaint(std::string_view output) {
  for (const std::string_view word : {"Advisory:", "Warning:", "Internal error"}) {
    const auto at = output.find(word);
    if (at == std::string_view::npos) continue;
    std::string text(output.substr(at, std::min<std::size_t>(300, output.size() - at)));
    std::ranges::replace(text, '\n', ' ');
    return text;
  }
  return {};
}

double number_behind(std::string_view text, std::string_view before, double none) {
  const auto at = text.find(before);
  if (at == std::string_view::npos) return none;
  return std::strtod(std::string(text.substr(at + before.size(), 32)).c_str(), nullptr);
}

}  // namespace

const ModelFiles& project_model() {
  static const ModelFiles files{WIB_MODELS_DIR "/maude"};
  return files;
}

std::string suite_term(const Suite& suite) {
  std::string term = "suite(";
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (slot != 0) term += ", ";
    term += choice_term(slot_names()[slot], choice_name(suite, slot));
  }
  return term + ")";
}

std::string initial_term(const Suite& suite, const Scenario& scenario, const Bound& bound,
                         std::string_view clients, std::string_view besides) {
  const std::string term = suite_term(suite);
  std::string knows = "none";
  if (scenario.knows == "authenticator") knows = "authenticator(" + term + ")";
  if (scenario.knows == "verifier") knows = "verifier(" + term + ")";
  if (scenario.knows == "dictionary") knows = "(verifier(" + term + ") ; dictionary)";
  const auto n = [](unsigned value) { return std::to_string(value); };
  return "init(" + term + ", env(" + std::string(scenario.attacker) + ", " +
         std::string(scenario.entropy) + ", " + n(bound.tries) + ", 100), " + n(bound.presses) +
         ", " + n(bound.sessions) + ", " + n(bound.restarts) + ", " + n(bound.expiries) + ", " +
         "(" + knows + " ; " + std::string(besides) + "), " + std::string(clients) + ")";
}

Outcome<Answers> ask_maude(const ModelFiles& files, const std::string& from,
                           const std::vector<std::string_view>& goals, std::string_view stop,
                           unsigned seconds) {
  constexpr std::string_view mark = "BROKEN ";
  std::string condition;
  for (const std::string_view goal : goals) {
    if (!condition.empty()) condition += " && ";
    condition += goal;
  }
  condition = "(C:Cfg notes (" + condition + "))";
  if (!stop.empty()) condition += " or-else (C:Cfg breaks " + std::string(stop) + ")";
  MaudeScript script(files, "WIB-ASK");
  script.command("set print attribute on");
  script.search(from, condition);
  Answers answers;
  bool stopped = false;
  bool counted = false;
  const auto done = script.stream(seconds, [&](std::string_view line) {
    if (line.starts_with(mark)) {
      answers.broken.emplace(line.substr(mark.size()));
    } else if (line.starts_with("Solution 1 ")) {
      stopped = true;
    } else if (line == "No solution.") {
      answers.complete = true;
    } else if (line.starts_with("states: ")) {
      counted = true;
      answers.states = static_cast<std::uint64_t>(number_behind(line, "states: ", 0));
      answers.seconds = number_behind(line, " in ", 0) / 1000;
    }
  });
  if (!done) return std::unexpected(done.error());
  if (stopped == answers.complete || !counted) return std::unexpected("maude: no answer");
  if (stopped) answers.broken.emplace(stop);
  return answers;
}

MaudeScript::MaudeScript(const ModelFiles& files, std::string_view module) {
  for (const char* name : {"algebra", "suite", "setup", "views"}) {
    text_ += "load " + files.directory + "/" + name + ".maude\n";
  }
  text_ += "select " + std::string(module) + " .\n";
}

void MaudeScript::search(const std::string& from, const std::string& condition) {
  ++asked_;
  command("search [1] " + from + " =>* C:Cfg such that " + condition);
}

Outcome<> MaudeScript::stream(unsigned seconds,
                              const std::function<void(std::string_view)>& line) const {
  const std::string maude = find_program("maude");
  if (maude.empty()) return std::unexpected("maude is not on PATH; ci/setup installs it");
  const ScratchDirectory scratch;
  const std::string script = scratch.write("script.maude", text_ + "q\n");
  std::string first_complaint;
  const auto ran = run_program({maude, "-no-banner", "-no-wrap", script}, {}, seconds,
                               [&](std::string_view text) {
                                 if (first_complaint.empty()) first_complaint = complaint(text);
                                 line(text);
                               });
  if (!ran) return std::unexpected(ran.error());
  if (first_complaint.empty()) first_complaint = complaint(ran->output);
  if (!first_complaint.empty()) return std::unexpected("maude: " + first_complaint);
  if (ran->exit_code != 0) {
    return std::unexpected("maude: exit code " + std::to_string(ran->exit_code) + ": " +
                           ran->output);
  }
  return {};
}

Outcome<std::vector<std::string>> MaudeScript::run(unsigned seconds) const {
  std::vector<std::string> blocks;
  const auto done = stream(seconds, [&](std::string_view line) {
    if (line == separator) {
      blocks.emplace_back();
    } else if (!blocks.empty()) {
      blocks.back().append(line).append("\n");
    }
  });
  if (!done) return std::unexpected(done.error());
  return blocks;
}

Outcome<std::vector<Search>> MaudeScript::run_searches(unsigned seconds) const {
  const auto blocks = run(seconds);
  if (!blocks) return std::unexpected(blocks.error());
  std::vector<Search> searches;
  for (const std::string& block : *blocks) {
    Search search;
    search.found = block.find("\nSolution 1 ") != std::string::npos;
    const bool none = block.find("\nNo solution.") != std::string::npos;
    if (search.found == none || block.find("\nstates: ") == std::string::npos)
      return std::unexpected("maude: no answer in: " + block.substr(0, 200));
    const std::string_view count = std::string_view(block).substr(block.find("\nstates: "));
    search.states = static_cast<std::uint64_t>(number_behind(count, "\nstates: ", 0));
    search.seconds = number_behind(count, " in ", 0) / 1000;
    searches.push_back(std::move(search));
  }
  if (searches.size() != asked_) {
    return std::unexpected("maude: " + std::to_string(searches.size()) + " answers to " +
                           std::to_string(asked_) + " questions");
  }
  return searches;
}

}  // namespace wib::models
