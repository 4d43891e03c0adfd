// SPDX-License-Identifier: Apache-2.0
//
// Setup codes, as people type them.
#include "protocol/setup_code.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "What is typed is accepted exactly if its 11 symbols are a code and its check by Crockford's "
    "rules, parted by lone separators; every spelling of a code gives the one that is written.";

namespace {

// The value of a symbol among 32 (or, for the check, 37), or -1.
int value_of(char c, bool check) {
  constexpr std::string_view symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (!check && c == 'O') c = '0';
  if (!check && (c == 'I' || c == 'L')) c = '1';
  const std::size_t at = symbols.find(c);
  if (at == std::string_view::npos || (!check && at >= 32)) return -1;
  return static_cast<int>(at);
}

bool is_separator(char c) { return c == '-' || c == ' '; }

// True if the grammar has `text`; the code's number then.
bool read_plainly(std::string_view text, std::uint64_t& number) {
  int symbols = 0;
  number = 0;
  int check = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_separator(text[i])) {
      if (i == 0 || i + 1 == text.size()) return false;
      if (text[i] == ' ' && text[i - 1] == ' ') return false;
      continue;
    }
    if (symbols == 11) return false;
    const int value = value_of(text[i], symbols == 10);
    if (value < 0) return false;
    if (symbols == 10) check = value;
    if (symbols < 10) number = number * 32 + static_cast<unsigned>(value);
    ++symbols;
  }
  return symbols == 11 && number % 37 == static_cast<unsigned>(check);
}

}  // namespace

void one_input(ByteView input) {
  const std::string_view text = as_text(input);
  std::uint64_t number = 0;
  const bool expected = read_plainly(text, number);
  const auto code = parse_setup_code(text);
  expect(code.has_value() == expected, "accepted if the grammar has it");
  if (!code) {
    expect(code.error().code == Errc::malformed || code.error().code == Errc::out_of_range,
           "one of its errors");
    expect_error(code.error(), input.size());
    return;
  }
  std::uint64_t digits = 0;
  for (const Byte symbol : code->view()) {
    digits = digits * 32 + static_cast<unsigned>(value_of(static_cast<char>(symbol), false));
  }
  expect(digits == number, "the code is what was typed");
  std::array<char, setup_code_text_size> buffer;
  const auto written = write_setup_code(*code, buffer);
  expect(written.has_value(), "a code that was parsed can be written");
  const auto again = parse_setup_code(*written);
  expect(again && same_bytes(again->view(), code->view()), "what is written reads the same");
  expect(!write_setup_code(*code, std::span(buffer).first(12)), "no room is an error");
}

}  // namespace wib::fuzz
