// SPDX-License-Identifier: Apache-2.0
//
// A model checker is a program of its own: this runs one and reads what it says.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/outcome.h"

namespace wib::models {

struct Ran {
  int exit_code = 0;
  std::string output;  // stdout and stderr, as they came
};

// Where an executable of that name is on PATH; empty if nowhere.
[[nodiscard]] std::string find_program(std::string_view name);

// Runs `command` (a path, then arguments) with `environment` added, stdin empty, and waits. After
// `seconds` it is ended and that is an error, as is a program that cannot be started. If `line` is
// set it gets each line of stdout as it comes, and `output` has stderr alone.
[[nodiscard]] Outcome<Ran> run_program(const std::vector<std::string>& command,
                                       const std::map<std::string, std::string>& environment,
                                       unsigned seconds,
                                       const std::function<void(std::string_view)>& line = {});

// A directory that is gone, with what is in it, at the end.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Writes a file in it and gives its path.
  [[nodiscard]] std::string write(const std::string& name, std::string_view text) const;

 private:
  std::string path_;
};

// Calls work(0) ... work(count - 1), on as many threads as there are cores.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace wib::models
