// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/html_parts.h"

namespace wib::attacks::report {
namespace {

struct Look {
  std::string_view sign;   // tells it apart without colour
  std::string_view style;  // class
  std::string_view words;  // as short as a cell of the matrix needs it
};

const Look& look(Standing standing) noexcept {
  static constexpr std::array<Look, standing_count> looks = {{
      {"✗", "unexpected", "unexpected"},
      {"!", "error", "error"},
      {"?", "proved-nothing", "no proof"},
      {"✓", "as-expected", "expected"},
      {"n", "not-applicable", "not applicable"},
      {"–", "nothing-expected", "not judged"},
  }};
  return looks[static_cast<std::size_t>(standing)];
}

std::string_view sign(Outcome outcome) noexcept {
  return outcome == Outcome::succeeded ? "●" : "○";
}

}  // namespace

std::string anchor(std::string_view kind, std::string_view name) {
  std::string id(kind);
  id += '-';
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '.' || c == '-';
    if (plain) {
      id += c;
    } else {
      ((id += '_') += digits[byte >> 4U]) += digits[byte & 15U];
    }
  }
  return id;
}

std::string run_anchor(std::size_t run) { return "run-" + std::to_string(run); }

std::string_view sign(Standing standing) noexcept { return look(standing).sign; }

void write_outcome(Markup& out, const RunRecord& record) {
  const Standing how = standing(record);
  const std::string what(attacks::name(record.outcome));
  if (how == Standing::not_applicable) {
    out.element("span", {{"class", "outcome none"}}, "n not applicable");
    return;
  }
  if (how == Standing::error) {
    out.element("span", {{"class", "outcome none"}}, "no outcome");
  } else {
    out.element("span", {{"class", "outcome " + what}},
                std::string(sign(record.outcome)) + " " + what);
  }
  const auto& [mark, style, words] = look(how);
  out.text(" ").element("span", {{"class", "standing " + std::string(style)}},
                        std::string(mark) + " " + std::string(words));
}

std::string place_of(const RunRecord& record) {
  return suite_name(record) + ", device on " + record.device_backend + ", client on " +
         record.client_backend;
}

}  // namespace wib::attacks::report
