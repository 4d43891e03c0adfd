// SPDX-License-Identifier: Apache-2.0
//
// The Set-Cookie field, as a client reads it.
#include "fuzz/parsers/cookie_grammar.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A Set-Cookie field is accepted exactly if RFC 6265's strict grammar has it and it is our "
    "session cookie; what the device writes for that cookie reads the same.";

namespace {

// The cookie, or the code of the error.
std::expected<Cookie, Errc> read_plainly(std::string_view text) {
  bool more = true;
  const auto pair = cookie_pair(cut_part(text, more));
  if (!pair) return std::unexpected(Errc::malformed);
  while (more) {
    const std::string_view attribute = cut_part(text, more);
    if (attribute.empty()) return std::unexpected(Errc::malformed);
    for (const char c : attribute) {
      if (c < 0x20 || c > 0x7e || c == ';') return std::unexpected(Errc::malformed);
    }
  }
  const auto cookie = session_cookie(pair->value);
  if (pair->name != "wib" || !cookie) return std::unexpected(Errc::missing_field);
  return *cookie;
}

}  // namespace

void one_input(ByteView input) {
  const auto expected = read_plainly(as_text(input));
  const auto parsed = parse_set_cookie_field(as_text(input));
  expect(parsed.has_value() == expected.has_value(), "accepted if the grammar has it");
  if (!parsed) {
    expect(parsed.error().code == expected.error(), "outside the grammar, or not our cookie");
    expect(parsed.error().offset <= input.size(), "an offset within the value");
    return;
  }
  expect(*parsed == *expected, "the session cookie");
  std::array<char, 80> buffer;
  const auto written = write_set_cookie_field(*parsed, buffer);
  expect(written && parse_set_cookie_field(*written) == *parsed, "what is written reads the same");
  const std::string_view pair = written->substr(0, 36);
  expect(parse_cookie_field(pair).value_or(std::nullopt) == *parsed,
         "and so does what is sent back");
}

}  // namespace wib::fuzz
