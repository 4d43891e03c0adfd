// SPDX-License-Identifier: Apache-2.0
//
// ProgressLine: one line on stderr that says what runs, with a bar, rate and time left for
// searches. Silent where stderr is no terminal.
#pragma once

#include <string>

#include "attacks/search/seed_search.h"

namespace wib::attacks {

class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { end(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void begin(std::size_t number, std::size_t total, const std::string& what);
  void search(const SearchProgress& at);
  // Clears the line.
  void end();

 private:
  void draw(const std::string& tail);

  bool terminal_;
  std::string head_;
};

}  // namespace wib::attacks
