// SPDX-License-Identifier: Apache-2.0
#include "models/cli/trace_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <set>

#include "attacks/cli/commands.h"
#include "attacks/world/trace.h"
#include "models/bridge/accept.h"

namespace wib::models {
namespace {

namespace fs = std::filesystem;
using attacks::usage_error;

// A file, or all *.jsonl that are in a folder, in order.
Outcome<std::vector<std::string>> files_in(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return std::unexpected(path + ": there is no such file or folder");
  if (!fs::is_directory(status)) return std::vector{path};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".jsonl") files.push_back(at->path().string());
  }
  if (error) return std::unexpected(path + ": " + error.message());
  if (files.empty()) return std::unexpected(path + ": there is no *.jsonl in this folder");
  std::ranges::sort(files);
  return files;
}

Outcome<Log> log_in(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  // A byte more than a trace may have: read_log() says so.
  std::string text;
  std::array<char, 65536> buffer;
  while (in && text.size() <= attacks::max_trace_size) {
    in.read(buffer.data(), buffer.size());
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.empty()) return std::unexpected(path + ": cannot be read, or is empty");
  auto log = read_log(text);
  if (!log) return std::unexpected(path + ": " + log.error());
  return log;
}

}  // namespace

int run_trace(const TraceArguments& arguments) {
  std::vector<std::string> files;
  for (const std::string& path : arguments.paths) {
    const auto more = files_in(path);
    if (!more) return usage_error(more.error());
    files.insert(files.end(), more->begin(), more->end());
  }
  if (files.empty()) return usage_error("no trace is given");
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const auto progress = [&](const std::string& text) {
    if (terminal) std::cerr << "\r\x1b[K" << text << std::flush;
  };
  const auto began = std::chrono::steady_clock::now();
  std::vector<Log> logs;
  std::set<std::string> different;
  for (const std::string& file : files) {
    auto log = log_in(file);
    if (!log) {
      progress("");
      return usage_error(log.error());
    }
    different.insert(log->term());
    logs.push_back(std::move(*log));
    progress(std::to_string(logs.size()) + " of " + std::to_string(files.size()) + " traces read");
  }
  progress(std::to_string(different.size()) + " logs to the model");
  const auto verdicts = accept(logs, project_model());
  progress("");
  if (!verdicts) return usage_error(verdicts.error());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if ((*verdicts)[i].accepted) continue;
    ++refused;
    std::cout << files[i] << ": " << (*verdicts)[i].stuck << "\n";
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << files.size() << (files.size() == 1 ? " trace, " : " traces, ") << different.size()
            << (different.size() == 1 ? " log" : " different logs") << ", "
            << (refused == 0 ? "all accepted" : std::to_string(refused) + " REFUSED") << ", "
            << std::fixed << std::setprecision(1) << took.count() << " s\n";
  return refused == 0 ? attacks::exit_as_expected : attacks::exit_not_as_expected;
}

}  // namespace wib::models
