// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "attacks/cli/commands.h"
#include "attacks/cli/progress.h"
#include "attacks/cli/target.h"
#include "attacks/live/files.h"
#include "attacks/report/report.h"
#include "attacks/scenarios/runner.h"

namespace wib::attacks {
namespace {

// --- list ---------------------------------------------------------------------------------------

int list(bool as_json) {
  if (as_json) {
    auto out = nlohmann::ordered_json::array();
    for (const Scenario& scenario : scenarios()) {
      const Family& family = family_of(scenario);
      auto aims = nlohmann::ordered_json::array();
      for (const Property aim : scenario.aims) aims.push_back(std::string(id(aim)));
      auto expected = nlohmann::ordered_json::object();
      for (const std::string_view suite : expected_suites()) {
        const auto known = expectation(scenario, suite);
        if (known) expected[std::string(suite)] = std::string(name(known->kind));
      }
      out.push_back({{"id", scenario.id()},
                     {"family", std::string(family.id)},
                     {"name", std::string(family.name)},
                     {"title", std::string(scenario.title)},
                     {"control", scenario.control},
                     {"aims", aims},
                     {"device_entropy", scenario.device_entropy.text()},
                     {"initial_knowledge", scenario.initial},
                     {"expected", expected},
                     {"cwe", std::string(family.cwe)}});
    }
    std::cout << out.dump(2) << "\n";
    return exit_as_expected;
  }
  std::cout << std::left << std::setw(28) << "" << std::setw(15) << "as_posted" << "hardened\n";
  std::string_view family;
  for (const Scenario& scenario : scenarios()) {
    if (scenario.family != family) {
      family = scenario.family;
      const Family& told = family_of(scenario);
      std::cout << told.id << "  " << told.name << "  (" << told.cwe << ")\n";
    }
    std::cout << "  " << std::left << std::setw(26) << scenario.id();
    for (const std::string_view suite : {"as_posted", "hardened"}) {
      const auto known = expectation(scenario, suite);
      std::cout << std::setw(15) << (known ? name(known->kind) : "unknown");
    }
    std::cout << (scenario.control ? "control: " : "") << scenario.title << "\n";
  }
  return exit_as_expected;
}

// --- run ----------------------------------------------------------------------------------------

struct RunArguments {
  std::vector<std::string> ids;
  std::vector<std::string> suites;  // none: those with names, and the table of defences
  std::string device;
  std::string client;
  std::string seed = "1";
  std::string report;
  std::string model;  // what `wib model check --json` wrote
  TargetArguments target;
};

using Selected = std::expected<std::vector<const Scenario*>, std::string>;

// "D14" selects the family, "D14.takeover" the one.
Selected select(const std::vector<std::string>& ids) {
  std::vector<const Scenario*> selected;
  for (const std::string& wanted : ids) {
    const auto before = selected.size();
    for (const Scenario& scenario : scenarios()) {
      if (scenario.id() == wanted || scenario.family == wanted) selected.push_back(&scenario);
    }
    if (selected.size() == before) {
      return std::unexpected("unknown attack \"" + wanted + "\"; see: wib attack list");
    }
  }
  if (ids.empty()) {
    for (const Scenario& scenario : scenarios()) selected.push_back(&scenario);
  }
  return selected;
}

std::expected<std::vector<Backend*>, std::string> choose_backends(const std::string& text) {
  if (text.empty()) return std::vector<Backend*>(backends().begin(), backends().end());
  const auto backend = parse_backend(text);
  if (!backend) return std::unexpected(backend.error());
  return std::vector<Backend*>{*backend};
}

std::expected<std::vector<const Suite*>, std::string> choose_suites(const RunArguments& arguments) {
  std::vector<const Suite*> chosen;
  std::vector<std::string> names = arguments.suites;
  if (names.empty() && !arguments.target.url.empty()) names = {"as_posted"};
  if (names.empty()) names = {"as_posted", "hardened"};
  for (const std::string& name : names) {
    const auto parsed = parse_suites(name);
    if (!parsed) return std::unexpected("--suite: " + parsed.error());
    for (const Suite* suite : *parsed) {
      const bool twice = std::ranges::any_of(chosen, [&](const Suite* c) { return *c == *suite; });
      if (!twice) chosen.push_back(suite);
    }
  }
  return chosen;
}

std::string trace_name(const RunRecord& record) {
  return record.id + "_" + record.suite + "-" + record.reading + "_" + record.device_backend + "-" +
         record.client_backend + ".jsonl";
}

std::string command_of(const RunArguments& arguments) {
  std::string command = "wib attack run";
  for (const std::string& id : arguments.ids) command += " " + id;
  for (const std::string& suite : arguments.suites) command += " --suite " + suite;
  if (!arguments.device.empty()) command += " --device " + arguments.device;
  if (!arguments.client.empty()) command += " --client " + arguments.client;
  if (arguments.target.url.empty()) {
    command += " --seed " + arguments.seed;
  } else {
    command += " --target " + arguments.target.url;
  }
  if (!arguments.report.empty()) command += " --report " + arguments.report;
  if (!arguments.model.empty()) command += " --model " + arguments.model;
  return command;
}

// Found out before anything runs: can the report be written?
LiveResult<> make_report_directory(const std::filesystem::path& directory) {
  std::error_code error;
  for (const auto& each : {directory, directory / "traces"}) {
    std::filesystem::create_directories(each, error);
    if (!error && std::filesystem::is_directory(each, error) &&
        ::access(each.c_str(), W_OK | X_OK) == 0) {
      continue;
    }
    const std::string why = error ? error.message() : std::strerror(errno);
    return std::unexpected(LiveError{"cannot write to " + each.string() + ": " + why});
  }
  return {};
}

// The models' verdicts, before anything runs: hours may go by until they are needed.
using Models = std::optional<report::ModelVerdicts>;
std::expected<Models, std::string> read_models(const std::string& path) {
  if (path.empty()) return Models();
  constexpr std::size_t most = 64U << 20U;
  const auto text = read_file(path, most);
  if (!text) return std::unexpected("--model: " + text.error().message);
  auto models = report::ModelVerdicts::parse(*text);
  if (!models) return std::unexpected("--model: " + path + ": " + models.error());
  return std::move(*models);
}

// A file as a page in `directory` may link to it: relative, and only if it is in there.
std::string link_within(const std::filesystem::path& directory, const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};
  const auto relative = std::filesystem::relative(file, directory, error);
  if (error || relative.empty() || *relative.begin() == "..") return {};
  return relative.generic_string();
}

LiveResult<> write_report(const RunArguments& arguments, const ReportHeader& header,
                          std::vector<Run>& runs, const report::ModelVerdicts* models) {
  const std::filesystem::path directory = arguments.report;
  std::vector<RunRecord> records;
  for (Run& run : runs) {
    if (!run.trace.empty()) {
      run.record.trace = "traces/" + trace_name(run.record);
      if (auto done = write_file(directory / run.record.trace, run.trace); !done) return done;
    }
    records.push_back(run.record);
  }
  if (auto done = write_file(directory / "report.json", to_json(header, records, models)); !done) {
    return done;
  }
  return write_file(directory / "index.html", to_html(header, records, models));
}

// What the searches managed on this machine: the median of each kind.
void print_rates(std::ostream& out, std::span<const RunRecord> records) {
  std::map<std::string, std::vector<double>> rates;
  for (const RunRecord& record : records) {
    for (const Metric& metric : record.metrics) {
      if (metric.unit == "seeds/s") rates[metric.name].push_back(metric.value);
    }
  }
  if (!rates.empty()) out << "\n";
  for (auto& [name, values] : rates) {
    std::ranges::sort(values);
    const auto median = static_cast<std::uint64_t>(values[values.size() / 2]);
    out << name << " " << median << " seeds/s (median of " << values.size()
        << (values.size() == 1 ? " search)\n" : " searches)\n");
  }
}

int finish(const RunArguments& arguments, std::vector<Run>& runs, const Models& models) {
  ReportHeader header{.version = WIB_VERSION, .command = command_of(arguments)};
  for (Backend* backend : backends()) {
    header.libraries.emplace_back(backend->name(), backend->library());
  }
  std::vector<RunRecord> records;
  for (const Run& run : runs) records.push_back(run.record);
  print_matrix(std::cout, records, ::isatty(STDOUT_FILENO) == 1);
  if (models) {
    std::cout << "\n";
    print_models(std::cout, records, *models, ::isatty(STDOUT_FILENO) == 1);
  }
  print_defences(std::cout, records, ::isatty(STDOUT_FILENO) == 1);
  print_rates(std::cout, records);
  if (!arguments.report.empty()) {
    if (models) {
      // What was printed with them stands beside them, by the same name.
      const std::filesystem::path json = arguments.model;
      header.models_json = link_within(arguments.report, json);
      auto table = json;
      header.models_table = link_within(arguments.report, table.replace_extension(".txt"));
    }
    const auto written = write_report(arguments, header, runs, models ? &*models : nullptr);
    if (!written) {
      return usage_error(written.error().message);
    }
    std::cout << "\nreport: " << arguments.report << "/index.html, report.json, traces/\n";
  }
  const bool good = std::ranges::all_of(records, [](const RunRecord& record) {
    return record.verdict == Verdict::pass || record.verdict == Verdict::not_applicable;
  });
  const bool against =
      models && report::tally(*models, records).count(report::Agreement::contradiction) != 0;
  return good && !against ? exit_as_expected : exit_not_as_expected;
}

int run(const RunArguments& arguments) {
  constexpr auto max_seed = std::numeric_limits<std::uint64_t>::max();
  const auto seed = parse_number("--seed", arguments.seed, 0, max_seed);
  if (!seed) return usage_error(seed.error());
  const auto selected = select(arguments.ids);
  if (!selected) return usage_error(selected.error());
  const auto suites = choose_suites(arguments);
  if (!suites) return usage_error(suites.error());
  const auto devices = choose_backends(arguments.device);
  if (!devices) return usage_error(devices.error());
  const auto clients = choose_backends(arguments.client);
  if (!clients) return usage_error(clients.error());
  const auto models = read_models(arguments.model);
  if (!models) return usage_error(models.error());

  std::vector<Run> runs;
  const auto make_report = [&]() -> LiveResult<> {
    if (arguments.report.empty()) return {};
    return make_report_directory(arguments.report);
  };
  if (!arguments.target.url.empty()) {
    const auto scenario = select_for_target(arguments.ids);
    if (!scenario) return usage_error(scenario.error().message);
    Backend* const usual = arguments.client.empty() ? find_backend("openssl") : nullptr;
    Backend& backend = usual != nullptr ? *usual : *clients->front();
    auto target = open_target(**scenario, backend, arguments.target);
    if (!target) return usage_error(target.error().message);
    if (auto made = make_report(); !made) return usage_error(made.error().message);
    auto targeted =
        run_on_target(**scenario, *suites->front(), backend, std::move(*target), std::cout);
    if (!targeted) return usage_error(targeted.error().message);
    runs.push_back(std::move(*targeted));
    return finish(arguments, runs, *models);
  }
  if (auto made = make_report(); !made) return usage_error(made.error().message);

  // What is run: the matrix first, then one defence at a time, on one pair.
  struct Planned {
    const Scenario* scenario;
    const Suite* suite;
    Backend* device;
    Backend* client;
    bool for_defences;
  };
  std::vector<Planned> plan;
  for (const Scenario* scenario : *selected) {
    const Suite* done_once = nullptr;
    for (const Suite* suite : *suites) {
      for (Backend* device : *devices) {
        for (Backend* client : *clients) {
          // Once for each suite by name.
          const bool again =
              done_once != nullptr && done_once->name().view() == suite->name().view();
          if (scenario->once && again) continue;
          done_once = suite;
          plan.push_back({scenario, suite, device, client, false});
        }
      }
    }
  }
  if (arguments.suites.empty()) {
    for (const std::string_view name : expected_suites()) {
      const auto mix = parse_suites(std::string(name));
      if (!mix || find_suite(name) != nullptr) continue;
      for (const Scenario* scenario : *selected) {
        plan.push_back({scenario, mix->front(), devices->front(), clients->front(), true});
      }
    }
  }
  ProgressLine progress;
  for (const Planned& next : plan) {
    progress.begin(runs.size() + 1, plan.size(),
                   next.scenario->id() + " " + std::string(next.suite->id().view()) + " " +
                       std::string(next.device->name()) + " > " + std::string(next.client->name()));
    runs.push_back(run_scenario(
        *next.scenario, {.suite = *next.suite,
                         .device_backend = *next.device,
                         .client_backend = *next.client,
                         .seed = *seed,
                         .progress = [&](const SearchProgress& at) { progress.search(at); }}));
    runs.back().record.for_defences = next.for_defences;
  }
  progress.end();
  return finish(arguments, runs, *models);
}

// --- replay -------------------------------------------------------------------------------------

struct ReplayArguments {
  std::string trace;
  std::string device;
  std::string client;
};

int replay(const ReplayArguments& arguments) {
  const auto text = read_file(arguments.trace, max_trace_size);
  if (!text) return usage_error(text.error().message);
  const auto trace = read_trace(*text);
  if (!trace) {
    return usage_error(arguments.trace + ":" + std::to_string(trace.error().offset) +
                       ": expected: " + std::string(trace.error().where));
  }
  const auto device =
      parse_backend(arguments.device.empty() ? trace->header.device_backend : arguments.device);
  if (!device) return usage_error(device.error());
  const auto client =
      parse_backend(arguments.client.empty() ? trace->header.client_backend : arguments.client);
  if (!client) return usage_error(client.error());
  const auto replayed = replay_trace(*trace, **device, **client);
  if (!replayed) {
    return usage_error(arguments.trace + ": " + std::string(replayed.error().where));
  }

  const RunRecord& record = replayed->run.record;
  std::cout << record.id << " on " << record.suite << "/" << record.reading << ", "
            << record.device_backend << " device, " << record.client_backend
            << " client (recorded: " << trace->header.device_backend << ", "
            << trace->header.client_backend << ")\n"
            << trace->steps.size() << " steps, " << replayed->same_bytes << " of "
            << replayed->messages << " messages byte for byte as recorded\n";
  for (const PropertyResult& property : record.properties) {
    if (property.finding != Finding::broken) continue;
    std::cout << "broken: " << id(property.property) << ": " << property.witness << "\n";
  }
  for (const std::string& irregularity : record.irregularities) {
    std::cout << "irregular: " << irregularity << "\n";
  }
  for (const std::string& difference : replayed->differences) {
    std::cout << "differs: " << difference << "\n";
  }
  const bool good = replayed->differences.empty() && record.irregularities.empty();
  std::cout << (good ? "the replay agrees with the trace" : "the replay does not agree") << "\n";
  return good ? exit_as_expected : exit_not_as_expected;
}

}  // namespace

void add_attack_commands(CLI::App& app, Action& action) {
  CLI::App* attack = app.add_subcommand("attack", "List, run and replay attacks");
  attack->require_subcommand(1);

  auto as_json = std::make_shared<bool>(false);
  CLI::App* list_command = attack->add_subcommand("list", "What there is, and what is expected");
  list_command->add_flag("--json", *as_json, "As JSON");
  list_command->callback([&action, as_json] { action = [as_json] { return list(*as_json); }; });

  auto arguments = std::make_shared<RunArguments>();
  CLI::App* run_command = attack->add_subcommand(
      "run", "Run attacks on every suite, reading and pair of backends, and judge them");
  run_command->add_option("id", arguments->ids, "Attacks (D14) or variants (D14.takeover); all");
  run_command->add_option(
      "--suite", arguments->suites,
      "A suite, or one reading of it: " + suite_names() +
          "; or one with other choices: NAME+SLOT=CHOICE,... May be given several times. Without "
          "it: all of those, and on the first pair of backends each with one defence changed");
  CLI::Option* const device = run_command->add_option("--device", arguments->device,
                                                      "Device's backend (all): " + backend_names());
  run_command->add_option("--client", arguments->client,
                          "Client's backend (all): " + backend_names());
  CLI::Option* const seed =
      run_command->add_option("--seed", arguments->seed, "Everything random follows from it");
  seed->capture_default_str();
  run_command->add_option("--report", arguments->report,
                          "Directory for index.html, report.json and traces/");
  run_command->add_option("--model", arguments->model,
                          "What `wib model check --json FILE` wrote: the report gains what the "
                          "models said; a run that broke what they say holds is a failure");
  // A real device has a backend of its own, and the attacker's draws are fresh.
  CLI::Option* const target = add_target_options(*run_command, arguments->target);
  target->excludes(device)->excludes(seed);
  run_command->footer(
      "Examples:\n  wib attack run --report build/report\n  wib attack run A00 --device wolfssl\n"
      "  wib attack run A00 --target http://127.0.0.1:8080 --listen 127.0.0.1:8081 \\\n"
      "    --owner-cert device.crt     (then point the client at port 8081)\n"
      "Exit: 0 every verdict is as expected, 1 one is not or contradicts the models, 2 it could "
      "not be run.");
  run_command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });

  auto replay_arguments = std::make_shared<ReplayArguments>();
  CLI::App* replay_command = attack->add_subcommand(
      "replay", "Run a trace again, on these or other backends, and compare");
  replay_command->add_option("trace", replay_arguments->trace, "A trace file (.jsonl)")->required();
  replay_command->add_option("--device", replay_arguments->device,
                             "Device's backend (as recorded): " + backend_names());
  replay_command->add_option("--client", replay_arguments->client,
                             "Client's backend (as recorded): " + backend_names());
  replay_command->callback([&action, replay_arguments] {
    action = [replay_arguments] { return replay(*replay_arguments); };
  });
}

}  // namespace wib::attacks
