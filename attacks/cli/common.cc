// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <iostream>
#include <list>

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
    names += suite.id().view();
  }
  return names;
}

std::string choices_text() {
  // What each slot knows, found by asking: the two named rows differ in all of them.
  std::string text;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (slot != 0) text += ", ";
    text += std::string(slot_names()[slot]) + "=";
    std::string_view before;
    for (const std::string_view choice : choice_names(slot)) {
      text += std::string(before) + std::string(choice);
      before = "|";
    }
  }
  return text;
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
  // Suites that are made from what was typed live as long as the program.
  static std::list<Suite> made;
  const auto slash = text.find('/');
  const std::string name = text.substr(0, slash);
  const std::string reading = slash == std::string::npos ? "" : text.substr(slash + 1);
  std::vector<const Suite*> found;
  for (const Suite& suite : suites()) {
    if (suite.name().view() == name && (reading.empty() || suite.reading() == reading)) {
      found.push_back(&suite);
    }
  }
  if (text.ends_with('/')) {
    return std::unexpected("suite \"" + text + "\": a reading is expected behind the /");
  }
  if (!found.empty()) return found;
  const auto parsed = parse_suite(name, reading);
  if (parsed) return std::vector<const Suite*>{&made.emplace_back(*parsed)};
  std::string message = "suite \"" + text + "\": " + std::string(parsed.error().where);
  const auto offset = parsed.error().offset;
  if (offset != Error::no_offset && offset < name.size()) {
    message += " at \"" + name.substr(offset) + "\"";
  }
  return std::unexpected(
      message + "; there is: " + suite_names() +
      ", and any of them with other choices, NAME+SLOT=CHOICE,...: " + choices_text());
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
