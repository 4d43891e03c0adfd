// SPDX-License-Identifier: Apache-2.0
#include "attacks/cli/progress.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace wib::attacks {
namespace {

constexpr std::size_t bar_width = 24;

std::string rate_text(double rate) {
  char text[32];
  if (rate >= 1e6) {
    std::snprintf(text, sizeof text, "%.1f M/s", rate / 1e6);
  } else if (rate >= 1e3) {
    std::snprintf(text, sizeof text, "%.1f k/s", rate / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.0f /s", rate);
  }
  return text;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::begin(std::size_t number, std::size_t total, const std::string& what) {
  head_ = "[" + std::to_string(number) + "/" + std::to_string(total) + "] " + what;
  draw("");
}

void ProgressLine::search(const SearchProgress& at) {
  if (at.total == 0) return;
  const auto filled =
      static_cast<std::size_t>(static_cast<double>(bar_width) * static_cast<double>(at.tried) /
                               static_cast<double>(at.total));
  std::string bar(std::min(filled, bar_width), '#');
  bar.resize(bar_width, '.');
  std::string tail = "  [" + bar + "] " + rate_text(at.rate);
  if (at.rate > 0) {
    const auto left = static_cast<unsigned>(static_cast<double>(at.total - at.tried) / at.rate);
    tail += ", at most " + std::to_string(left) + " s left";
  }
  draw(tail);
}

void ProgressLine::end() {
  if (terminal_ && !head_.empty()) std::cerr << "\r\033[K" << std::flush;
  head_.clear();
}

void ProgressLine::draw(const std::string& tail) {
  if (terminal_) std::cerr << "\r\033[K" << head_ << tail << std::flush;
}

}  // namespace wib::attacks
