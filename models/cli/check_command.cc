// SPDX-License-Identifier: Apache-2.0
#include "models/cli/check_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>

#include "attacks/cli/commands.h"
#include "models/check/check.h"

namespace wib::models {

using attacks::usage_error;

int run_check(const CheckArguments& arguments) {
  const auto expectations = Expectations::read(expected_path());
  if (!expectations) return usage_error(expectations.error());
  std::vector<std::string> names = arguments.suites;
  if (names.empty()) names = expectations->suites();
  std::vector<Suite> suites;
  for (const std::string& name : names) {
    const auto parsed = attacks::parse_suites(name);
    if (!parsed) return usage_error("--suite: " + parsed.error());
    // A cipher is no difference to the models: one reading stands for all.
    suites.push_back(*parsed->front());
  }
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  CheckOptions options{.deep = arguments.deep};
  options.seconds = arguments.deep ? 3600 : 300;
  if (terminal) {
    options.progress = [](std::size_t done, std::size_t total) {
      std::cerr << "\r\x1b[K" << done << " of " << total << " questions to the engines"
                << std::flush;
    };
  }
  const auto began = std::chrono::steady_clock::now();
  const std::vector<Verdict> verdicts = check(suites, *expectations, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (terminal) std::cerr << "\r\x1b[K" << std::flush;
  print(std::cout, verdicts, arguments.everything);
  if (!arguments.json.empty()) {
    std::ofstream out(arguments.json);
    out << to_json(verdicts) << "\n";
    if (!out.flush()) return usage_error("cannot write " + arguments.json);
  }
  const auto bad = std::ranges::count_if(verdicts, [](const Verdict& v) { return !v.good(); });
  const auto unknown = static_cast<std::size_t>(
      std::ranges::count_if(verdicts, [](const Verdict& v) { return !v.expected; }));
  const auto differ = disagreements(verdicts).size();
  std::cout << verdicts.size() << " verdicts on " << suites.size()
            << (suites.size() == 1 ? " suite, " : " suites, ")
            << (unknown == verdicts.size() ? "of which nothing is expected"
                : bad == 0                 ? "all as expected"
                                           : std::to_string(bad) + " NOT as expected")
            << (differ == 0 ? "" : ", the engines differ on " + std::to_string(differ)) << ", "
            << std::fixed << std::setprecision(1) << took.count() << " s\n";
  return bad == 0 && differ == 0 ? attacks::exit_as_expected : attacks::exit_not_as_expected;
}

}  // namespace wib::models
