// SPDX-License-Identifier: Apache-2.0
//
// The Cookie field, as a device reads it.
#include "fuzz/parsers/cookie_grammar.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A Cookie field is accepted exactly if RFC 6265's strict grammar has it and our name comes at "
    "most once; the session cookie is then what that grammar says, and is written as it was.";

namespace {

struct Expected {
  bool accepted = true;
  std::optional<Cookie> cookie;
};

Expected read_plainly(std::string_view text) {
  Expected expected;
  bool seen = false;
  bool more = true;
  while (more) {
    const auto pair = cookie_pair(cut_part(text, more));
    if (!pair) return {.accepted = false};
    if (pair->name != "wib") continue;
    if (seen) return {.accepted = false};
    seen = true;
    expected.cookie = session_cookie(pair->value);
  }
  return expected;
}

}  // namespace

void one_input(ByteView input) {
  const std::string_view text = as_text(input);
  const Expected expected = read_plainly(text);
  const auto parsed = parse_cookie_field(text);
  expect(parsed.has_value() == expected.accepted, "accepted if the grammar has it");
  if (!parsed) {
    expect(parsed.error().code == Errc::malformed, "Errc::malformed");
    expect(parsed.error().offset <= input.size(), "an offset within the value");
    return;
  }
  expect(*parsed == expected.cookie, "the session cookie");
  if (!*parsed) return;
  std::array<char, 36> buffer;
  const auto written = write_cookie_field(**parsed, buffer);
  expect(written && text.find(*written) != std::string_view::npos, "written as it was spelt");
  expect(parse_cookie_field(*written) == parsed, "what is written reads the same");
  expect(!write_cookie_field(**parsed, std::span(buffer).first(35)), "no room is an error");
}

}  // namespace wib::fuzz
