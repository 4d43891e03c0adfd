// SPDX-License-Identifier: Apache-2.0
//
// Maude, the main engine: a model, a suite as its parameter, and questions. An advisory or a
// warning of Maude's is an error, whatever the answer: "collapse at top" means that terms were
// taken apart where no rule says so.
#pragma once

#include <functional>
#include <set>

#include "models/claims/scenario.h"
#include "models/outcome.h"

namespace wib::models {

// The folder of the .maude files. Another one than the project's is a mutant's.
struct ModelFiles {
  std::string directory;
};
[[nodiscard]] const ModelFiles& project_model();

// The suite as the model writes it: suite(plain-dh, no-freshness, ...).
[[nodiscard]] std::string suite_term(const Suite& suite);

// The first state of a scenario. `clients` is a term of the model's sort Clients, `besides` what
// the attacker knows beyond the scenario.
[[nodiscard]] std::string initial_term(const Suite& suite, const Scenario& scenario,
                                       const Bound& bound, std::string_view clients = "owner",
                                       std::string_view besides = "none");

struct Search {
  bool found = false;
  std::uint64_t states = 0;
  double seconds = 0;
};

// What one search says of several goals.
struct Answers {
  std::set<std::string, std::less<>> broken;  // goals that some state breaks
  bool complete = false;                      // every state was seen; else it stopped at `stop`
  std::uint64_t states = 0;
  double seconds = 0;
};
// Searches from `from` for every goal of `goals` at once, breadth first. It ends early at the first
// state that breaks `stop` (a goal too, or empty).
[[nodiscard]] Outcome<Answers> ask_maude(const ModelFiles& files, const std::string& from,
                                         const std::vector<std::string_view>& goals,
                                         std::string_view stop, unsigned seconds);

// One run of Maude: `module` ("WIB-SEARCH" or "WIB-EXPORT") with commands.
class MaudeScript {
 public:
  MaudeScript(const ModelFiles& files, std::string_view module);

  // A command, without the full stop.
  void command(const std::string& text) { text_ += text + " .\n"; }
  // search [1] from =>* C such that the condition holds of C.
  void search(const std::string& from, const std::string& condition);

  // Everything that Maude said, in blocks, one a command that it echoes. An error if it cannot be
  // run, takes longer than `seconds`, warns, or gives fewer answers than commands.
  [[nodiscard]] Outcome<std::vector<std::string>> run(unsigned seconds) const;
  // The same, where all commands are searches.
  [[nodiscard]] Outcome<std::vector<Search>> run_searches(unsigned seconds) const;
  // Streams each line of the answers.
  [[nodiscard]] Outcome<> stream(unsigned seconds,
                                 const std::function<void(std::string_view)>& line) const;

 private:
  std::string text_;
  std::size_t asked_ = 0;
};

}  // namespace wib::models
