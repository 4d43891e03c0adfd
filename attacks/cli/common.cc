// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <iostream>

#include "attacks/cli/commands.h"

namespace wib::attacks {

int usage_error(const std::string& message) {
  std::string line = message;
  std::ranges::replace_if(line, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  std::cerr << "wib: " << line << std::endl;
  return exit_usage;
}

std::expected<std::uint64_t, std::string> parse_number(const std::string& option,
                                                       const std::string& text, std::uint64_t min,
                                                       std::uint64_t max) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < min || number > max) {
    return std::unexpected(option + " \"" + text + "\": expected a whole number from " +
                           std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

std::string suite_names() {
  std::string names;
  for (const Suite& suite : suites()) {
    if (!names.empty()) names += ", ";
    names += std::string(suite.name) + "/" + std::string(suite.reading);
  }
  return names;
}

std::string backend_names() {
  std::string names;
  for (const Backend* backend : backends()) {
    if (!names.empty()) names += ", ";
    names += backend->name();
  }
  return names;
}

std::expected<std::vector<const Suite*>, std::string> parse_suites(const std::string& text) {
  const auto slash = text.find('/');
  const std::string name = text.substr(0, slash);
  const std::string reading = slash == std::string::npos ? "" : text.substr(slash + 1);
  std::vector<const Suite*> found;
  for (const Suite& suite : suites()) {
    if (suite.name == name && (reading.empty() || suite.reading == reading)) {
      found.push_back(&suite);
    }
  }
  if (found.empty() || text.ends_with('/')) {
    return std::unexpected("unknown suite \"" + text + "\"; there is: " + suite_names());
  }
  return found;
}

std::expected<Backend*, std::string> parse_backend(const std::string& name) {
  Backend* const backend = find_backend(name);
  if (std::ranges::find(backends(), backend) != backends().end()) return backend;
  if (backend != nullptr) {
    return std::unexpected(
        "backend \"" + name + "\" " +
        (backend->manifest().real ? "lacks what the suites need" : "has no security") +
        "; there is: " + backend_names());
  }
  return std::unexpected("unknown backend \"" + name + "\"; there is: " + backend_names());
}

}  // namespace wib::attacks
