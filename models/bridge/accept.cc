// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/accept.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace wib::models {
namespace {

// One answer of Maude's: what its solutions were, and how long it took.
struct Answer {
  std::vector<std::string> results;
  double seconds = 0;
};

std::size_t number_at(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Between " in " and "ms cpu (1ms real)": what the command took so far.
double seconds_in(std::string_view line) {
  const auto at = line.find("ms cpu (");
  return at == std::string_view::npos ? 0
                                      : static_cast<double>(number_at(line.substr(at + 8))) / 1000;
}

// Asks one question a log. `command` is what comes before the term, `strategy` what follows it.
Outcome<std::vector<Answer>> ask(const ModelFiles& files, const std::vector<const Log*>& logs,
                                 const std::string& command, const std::string& strategy) {
  if (logs.empty()) return std::vector<Answer>{};
  MaudeScript script(files, "WIB-EXPORT");
  script.command("load " + files.directory + "/trace.maude\nselect WIB-FOLLOW");
  script.command("set show command off");
  for (const Log* log : logs) {
    // Each question ends with a mark, whatever it gives.
    script.command(command + " " + log->term() + " using " + strategy);
    script.command("reduce in WIB-FOLLOW : accepted(0)");
  }
  constexpr std::string_view result = "result Run: ";
  std::vector<Answer> answers(1);
  const auto done =
      script.stream(60 + static_cast<unsigned>(logs.size()), [&](std::string_view line) {
        if (line.starts_with("rewrites: ")) {
          answers.back().seconds = std::max(answers.back().seconds, seconds_in(line));
        } else if (line == "result Run: accepted(0)") {
          answers.emplace_back();
        } else if (line.starts_with(result)) {
          answers.back().results.emplace_back(line.substr(result.size()));
        }
      });
  if (!done) return std::unexpected(done.error());
  answers.pop_back();
  if (answers.size() != logs.size()) {
    return std::unexpected("maude: " + std::to_string(answers.size()) + " answers to " +
                           std::to_string(logs.size()) + " logs");
  }
  return answers;
}

// "stuck(5)", or "stuck(5, 401, nothing)": after five events, the model has a 401.
struct Stuck {
  std::size_t consumed = 0;
  std::string has;
};
Outcome<Stuck> read_stuck(const std::string& text) {
  constexpr std::string_view begin = "stuck(";
  if (!text.starts_with(begin) || !text.ends_with(")")) {
    return std::unexpected("maude: not an answer: " + text.substr(0, 200));
  }
  Stuck stuck{.consumed = number_at(std::string_view(text).substr(begin.size())), .has = {}};
  const auto comma = text.find(", ");
  if (comma == std::string::npos) return stuck;
  const auto stored = text.find(", ", comma + 2);
  if (stored == std::string::npos) return std::unexpected("maude: not an answer: " + text);
  stuck.has = text.substr(comma + 2, stored - comma - 2);
  const std::string what = text.substr(stored + 2, text.size() - stored - 3);
  if (what != "nothing") stuck.has += " (" + what + " installed)";
  return stuck;
}

Outcome<> explain(const Log& log, const Answer& answer, Acceptance& acceptance) {
  std::vector<Stuck> all;
  for (const std::string& result : answer.results) {
    auto stuck = read_stuck(result);
    if (!stuck) return std::unexpected(stuck.error());
    acceptance.consumed = std::max(acceptance.consumed, stuck->consumed);
    all.push_back(std::move(*stuck));
  }
  if (all.empty() || acceptance.consumed >= log.events.size()) {
    return std::unexpected("maude: a log that is refused, and no event of it");
  }
  const LogEvent& event = log.events[acceptance.consumed];
  std::vector<std::string> has;
  for (const Stuck& stuck : all) {
    const bool here = stuck.consumed == acceptance.consumed && !stuck.has.empty();
    // A client's rules and the button answer nothing.
    if (here && stuck.has != "0" && std::ranges::find(has, stuck.has) == has.end())
      has.push_back(stuck.has);
  }
  std::ranges::sort(has);
  acceptance.stuck = "step " + std::to_string(event.step) + ": " + event.text + "; the model of " +
                     log.suite + " has";
  if (has.empty()) acceptance.stuck += " no such thing there";
  for (std::size_t i = 0; i < has.size(); ++i) acceptance.stuck += (i == 0 ? ": " : ", ") + has[i];
  return {};
}

}  // namespace

Outcome<std::vector<Acceptance>> accept(std::span<const Log> logs, const ModelFiles& files) {
  std::map<std::string, std::size_t> known;  // which question a term is
  std::vector<std::size_t> question;
  std::vector<const Log*> asked;
  for (const Log& log : logs) {
    const auto [at, fresh] = known.emplace(log.term(), asked.size());
    if (fresh) asked.push_back(&log);
    question.push_back(at->second);
  }
  const auto answers = ask(files, asked, "dsrewrite [1]", "follow");
  if (!answers) return std::unexpected(answers.error());
  std::vector<Acceptance> verdicts(asked.size());
  std::vector<const Log*> refused;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Acceptance& verdict = verdicts[i];
    verdict.seconds = (*answers)[i].seconds;
    verdict.consumed = asked[i]->events.size();
    const std::string all = "accepted(" + std::to_string(verdict.consumed) + ")";
    verdict.accepted = (*answers)[i].results == std::vector{all};
    if (!verdict.accepted && !(*answers)[i].results.empty()) {
      return std::unexpected("maude: not an answer: " + (*answers)[i].results[0].substr(0, 200));
    }
    if (!verdict.accepted) refused.push_back(asked[i]);
  }
  const auto reasons = ask(files, refused, "srewrite", "reason");
  if (!reasons) return std::unexpected(reasons.error());
  for (std::size_t i = 0, next = 0; i < asked.size(); ++i) {
    if (verdicts[i].accepted) continue;
    verdicts[i].consumed = 0;
    if (auto done = explain(*asked[i], (*reasons)[next++], verdicts[i]); !done) {
      return std::unexpected(done.error());
    }
  }
  std::vector<Acceptance> all;
  all.reserve(question.size());
  for (const std::size_t number : question) all.push_back(verdicts[number]);
  return all;
}

Outcome<Acceptance> accept(const Log& log, const ModelFiles& files) {
  auto all = accept(std::span(&log, 1), files);
  if (!all) return std::unexpected(all.error());
  return std::move(all->front());
}

}  // namespace wib::models
