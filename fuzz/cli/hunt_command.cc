// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <list>
#include <set>

#include "attacks/report/report.h"
#include "fuzz/cli/commands.h"
#include "fuzz/cli/summary.h"

namespace wib::fuzz {
namespace {

struct Arguments {
  std::vector<std::string> suites;
  double minutes = 1;
  std::uint64_t traces = 0;
  std::string entropy = "strong";
  bool leaked = false;
  std::uint64_t seed = 1;
  bool no_confirm = false;
  std::string json;
  std::string html;
  std::string report;
  std::string corpus;
};

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int /*signal*/) { interrupted = 1; }

// One line on stderr that says what goes on; nothing where that is no terminal.
class StatusLine {
 public:
  StatusLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void say(const std::string& suite, const CampaignStatus& status) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(250)) return;
    last_ = now;
    const Hunter& hunter = status.hunter;
    std::string fell;
    for (const Find& find : hunter.finds()) fell += " " + std::string(id(find.violation));
    // The known attack that it is nearest to, of those that it has not found.
    std::string near;
    double best = 0;
    for (std::size_t i = 0; i < known_attack_count; ++i) {
      const Ladder steps = ladder(static_cast<KnownAttack>(i));
      const double part =
          static_cast<double>(hunter.stages()[i]) / static_cast<double>(steps.rungs.size());
      if (part >= 1 || part < best) continue;
      best = part;
      near = joined(0, steps.name, " ", unsigned{hunter.stages()[i]}, "/", steps.rungs.size());
    }
    const double rate =
        status.seconds > 0 ? static_cast<double>(hunter.traces()) / status.seconds : 0;
    std::cerr << "\r\033[K"
              << joined(0, suite, " ", status.doing, ": ", status.seconds, "/", status.of, " s, ",
                        rate, " traces/s, ", hunter.states(), " states, ", hunter.features(),
                        " features, fell:", fell.empty() ? " nothing" : fell,
                        near.empty() ? "" : "; nearest: ", near)
              << std::flush;
  }
  void clear() {
    if (terminal_) std::cerr << "\r\033[K" << std::flush;
  }

 private:
  bool terminal_;
  std::chrono::steady_clock::time_point last_;
};

// A file is there whole or not at all.
bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  const std::filesystem::path partial = path.string() + ".partial";
  {
    std::ofstream file(partial, std::ios::binary);
    file << text;
    if (!file.flush()) return false;
  }
  std::filesystem::rename(partial, path, ignored);
  return !ignored;
}

// --- The corpus on disk: one file a trace, named by what is in it --------------------------------

std::filesystem::path corpus_folder(const Arguments& arguments, const Suite& suite) {
  std::string name(suite.id().view());
  std::ranges::replace(name, '/', '-');
  return std::filesystem::path(arguments.corpus) /
         (name + "-" + arguments.entropy + (arguments.leaked ? "-leaked" : ""));
}

std::vector<Bytes> load_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.is_regular_file() && entry.path().extension().empty()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Bytes> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    corpus.emplace_back(text.begin(), text.end());
  }
  return corpus;
}

// What is no champion any more goes once all that are have been written.
bool save_corpus(const std::filesystem::path& folder, const std::vector<Bytes>& corpus) {
  std::set<std::string> names;
  for (const Bytes& trace : corpus) {
    std::uint64_t hash = trace.size();
    for (const Byte byte : trace) hash = mix(hash, byte);
    std::ostringstream name;
    name << std::hex << std::setw(16) << std::setfill('0') << hash;
    names.insert(name.str());
    if (std::filesystem::exists(folder / name.str())) continue;
    if (!write_file(folder / name.str(), std::string(trace.begin(), trace.end()))) return false;
  }
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.is_regular_file() && !names.contains(entry.path().filename().string())) {
      std::filesystem::remove(entry.path(), ignored);
    }
  }
  return true;
}

std::string command_of(const Arguments& arguments) {
  std::string command = "wib hunt";
  for (const std::string& suite : arguments.suites) command += " --suite " + suite;
  std::ostringstream minutes;
  minutes << arguments.minutes;
  command += joined(0, " --minutes ", minutes.str(), " --entropy ", arguments.entropy, " --seed ",
                    arguments.seed);
  if (arguments.traces > 0) command += joined(0, " --traces ", arguments.traces);
  if (arguments.leaked) command += " --leaked";
  return command;
}

int hunt(Arguments arguments) {
  if (arguments.suites.empty()) arguments.suites = {"as_posted", "hardened"};
  std::vector<const Suite*> suites;
  for (const std::string& text : arguments.suites) {
    const auto parsed = attacks::parse_suites(text);
    if (!parsed) return attacks::usage_error("--suite: " + parsed.error());
    suites.push_back(parsed->front());
  }
  std::signal(SIGINT, interrupt);

  std::list<Campaign> campaigns;
  for (const Suite* suite : suites) {
    const std::string name(suite->id().view());
    StatusLine line;
    CampaignConfig config{
        .suite = *suite,
        .conditions = {.repeats = arguments.entropy == "repeat", .leaked = arguments.leaked},
        .seed = arguments.seed,
        .seconds = arguments.minutes * 60 / static_cast<double>(suites.size()),
        .max_traces = arguments.traces,
        .confirm = !arguments.no_confirm};
    if (!arguments.corpus.empty()) config.corpus = load_corpus(corpus_folder(arguments, *suite));
    campaigns.push_back(run_campaign(config, [&](const CampaignStatus& status) {
      line.say(name, status);
      return interrupted == 0;
    }));
    line.clear();
    if (!arguments.corpus.empty() &&
        !save_corpus(corpus_folder(arguments, *suite), campaigns.back().corpus)) {
      return attacks::usage_error("--corpus \"" + arguments.corpus + "\": cannot write");
    }
    print(std::cout, campaigns.back());
    if (interrupted != 0) break;
  }

  const std::vector<Campaign> all(campaigns.begin(), campaigns.end());
  std::map<const Finding*, std::string> traces;
  const std::filesystem::path report(arguments.report);
  if (!arguments.report.empty()) {
    for (const Campaign& campaign : all) {
      for (const Finding& finding : campaign.findings) {
        if (finding.confirmations.empty()) continue;
        std::string name = joined(0, "hunt-", campaign.suite, "-",
                                  entropy_name(campaign.conditions), "-", id(finding.violation));
        std::ranges::replace(name, '/', '-');
        traces[&finding] = "traces/" + name + ".jsonl";
        // Of real libraries, where there are any.
        if (!write_file(report / traces[&finding], finding.confirmations.back().run.trace)) {
          return attacks::usage_error("--report \"" + arguments.report + "\": cannot write");
        }
      }
    }
  }
  const std::string command = command_of(arguments);
  struct Output {
    std::string option;
    std::filesystem::path path;
    std::string text;
  };
  std::vector<Output> outputs;
  if (!arguments.json.empty()) {
    outputs.push_back({"--json", arguments.json, to_json(all, command, traces)});
  }
  if (!arguments.html.empty()) {
    outputs.push_back({"--html", arguments.html, to_html(all, command, traces)});
  }
  if (!arguments.report.empty()) {
    outputs.push_back({"--report", report / "hunt.json", to_json(all, command, traces)});
    outputs.push_back({"--report", report / "hunt.html", to_html(all, command, traces)});
    // And the findings as attacks like any other, with their stories and derivations.
    std::vector<attacks::RunRecord> records;
    for (const Campaign& campaign : all) {
      for (const Finding& finding : campaign.findings) {
        std::ranges::move(records_of(finding, traces[&finding]), std::back_inserter(records));
      }
    }
    attacks::ReportHeader header{.version = WIB_VERSION, .command = command};
    for (const Backend* backend : backends()) {
      header.libraries.emplace_back(backend->name(), backend->library());
    }
    outputs.push_back({"--report", report / "index.html", attacks::to_html(header, records)});
    outputs.push_back({"--report", report / "report.json", attacks::to_json(header, records)});
  }
  for (const Output& output : outputs) {
    if (!write_file(output.path, output.text)) {
      return attacks::usage_error(output.option + " \"" + output.path.string() +
                                  "\": cannot write");
    }
  }
  if (!arguments.report.empty()) {
    std::cout << "summary: " << (report / "hunt.html").string()
              << ", the findings as attacks: " << (report / "index.html").string() << "\n";
  }
  if (std::ranges::any_of(all, &Campaign::unexpected)) return attacks::exit_not_as_expected;
  if (std::ranges::any_of(all, &Campaign::unproven)) return attacks::exit_not_as_expected;
  if (std::ranges::any_of(all, &Campaign::is_void)) return exit_void;
  return attacks::exit_as_expected;
}

}  // namespace

void add_hunt_command(CLI::App& app, attacks::Action& action) {
  auto* const command = app.add_subcommand(
      "hunt",
      "Hunt for traces of a Dolev-Yao attacker that violate a property, on symbolic cryptography, "
      "with the production device and client. What is found is minimised and replayed on every "
      "backend. Exit code 1: a property fell that is to hold, or a finding is not reproduced; 3: "
      "the campaign is void.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("--suite", arguments->suites,
                      "A suite, as wib attack run has them (default: as_posted and hardened)");
  command->add_option("--minutes", arguments->minutes, "CPU time in all (default 1)")
      ->check(CLI::PositiveNumber);
  command->add_option("--traces", arguments->traces, "And no more than so many traces a suite");
  command
      ->add_option("--entropy", arguments->entropy,
                   "The device's generator: strong, or repeat (the same draws at every boot)")
      ->check(CLI::IsMember({"strong", "repeat"}));
  command->add_flag("--leaked", arguments->leaked,
                    "The attacker has the label: serial number and setup code");
  command->add_option("--seed", arguments->seed, "What the hunt follows from (default 1)");
  command->add_flag("--no-confirm", arguments->no_confirm,
                    "Do not replay what is found on the backends");
  command->add_option("--json", arguments->json, "Write the summary as JSON");
  command->add_option("--html", arguments->html, "Write the summary as a page");
  command->add_option("--corpus", arguments->corpus,
                      "Go on from the traces in this folder, and keep the best ones there");
  command->add_option("--report", arguments->report,
                      "Write hunt.json, hunt.html and the findings' traces into a folder");
  command->callback([&action, arguments] { action = [arguments] { return hunt(*arguments); }; });
}

}  // namespace wib::fuzz
