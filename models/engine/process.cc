// SPDX-License-Identifier: Apache-2.0
#include "models/engine/process.h"

#define BOOST_PROCESS_USE_STD_FS 1
#include <atomic>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/io.hpp>
#include <boost/process/pipe.hpp>
#include <boost/process/search_path.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

namespace wib::models {
namespace {

constexpr int timed_out = 124;  // what timeout(1) says

}  // namespace

std::string find_program(std::string_view name) {
  return boost::process::search_path(std::string(name)).string();
}

Outcome<Ran> run_program(const std::vector<std::string>& command,
                         const std::map<std::string, std::string>& environment, unsigned seconds,
                         const std::function<void(std::string_view)>& line) {
  namespace bp = boost::process;
  const std::string timeout = find_program("timeout");
  if (timeout.empty()) return std::unexpected("timeout (coreutils) is not on PATH");
  std::vector<std::string> arguments = {"--kill-after=2", std::to_string(seconds)};
  arguments.insert(arguments.end(), command.begin(), command.end());
  bp::environment variables = boost::this_process::environment();
  for (const auto& [name, value] : environment) variables[name] = value;

  Ran ran;
  const ScratchDirectory scratch;
  const std::string errors = scratch.path() + "/stderr";
  bp::ipstream out;
  std::error_code failed;
  bp::child child(timeout, bp::args(arguments), variables, bp::std_in<bp::null, bp::std_out> out,
                  bp::std_err > errors, failed);
  if (failed) return std::unexpected(command.front() + ": " + failed.message());
  std::string text;
  while (std::getline(out, text)) {
    if (line) {
      line(text);
    } else {
      ran.output += text + "\n";
    }
  }
  child.wait(failed);
  ran.exit_code = child.exit_code();
  std::ifstream said(errors);
  ran.output.append(std::istreambuf_iterator<char>(said), {});
  if (ran.exit_code == timed_out) {
    return std::unexpected(command.front() + ": not done after " + std::to_string(seconds) + " s");
  }
  return ran;
}

ScratchDirectory::ScratchDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "wib-model-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchDirectory::write(const std::string& name, std::string_view text) const {
  std::string path = path_ + "/" + name;
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
  return path;
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto worker = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = std::min<std::size_t>(count, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(worker);
  worker();
}

}  // namespace wib::models
