// SPDX-License-Identifier: Apache-2.0
//
// Covers: the session cookie in Cookie and Set-Cookie fields (RFC 6265 section 4).
#include "props/support/more_cases.h"
#include "protocol/cookie.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <regex>
#include <string>
#include <vector>

namespace wib {
namespace {

[[maybe_unused]] const bool enough = props::more_cases(2000);

const std::string digits = "00112233445566778899aabbccddeeff";
constexpr Cookie cookie = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                           0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
const std::string ours = "wib=" + digits;

std::string text_of(const Result<std::string_view>& result) {
  return result ? std::string(*result) : "refused";
}

rc::Gen<Cookie> cookies() { return rc::gen::container<Cookie>(rc::gen::arbitrary<Byte>()); }

TEST(CookieWriters, WriteExactly) {
  std::array<char, 128> out{};
  EXPECT_EQ(text_of(write_cookie_field(cookie, out)), ours);
  EXPECT_EQ(text_of(write_set_cookie_field(cookie, out)),
            ours + "; Path=/setup; HttpOnly; SameSite=Strict");
}

TEST(CookieWriters, NeedRoom) {
  std::array<char, 128> out{};
  for (std::size_t room = 0; room < out.size(); ++room) {
    const auto field = write_cookie_field(cookie, std::span(out).first(room));
    EXPECT_EQ(field.has_value(), room >= 36) << room;
    if (!field) {
      EXPECT_EQ(field.error().code, Errc::capacity) << room;
    }
    const auto set = write_set_cookie_field(cookie, std::span(out).first(room));
    EXPECT_EQ(set.has_value(), room >= 76) << room;
    if (!set) {
      EXPECT_EQ(set.error().code, Errc::capacity) << room;
    }
  }
}

TEST(CookieField, FindsOurs) {
  for (const std::string& value : std::vector<std::string>{
           ours,
           "a=b; " + ours,
           ours + "; a=b",
           "a=b; " + ours + "; c=\"d\"",
           "a=; " + ours,
           "a=\"\"; " + ours,
           "a=b=c; " + ours,
           "WIB=x; " + ours,
           "wibb=x; wi=y; " + ours,
           "!#$%&'*+-.^_`|~09=!#$%&'()*+-./:<=>?@[]^_`{|}~; " + ours,
       }) {
    const auto parsed = parse_cookie_field(value);
    ASSERT_TRUE(parsed) << value;
    EXPECT_EQ(*parsed, cookie) << value;
  }
}

TEST(CookieField, TakesOtherSpellingsForOtherCookies) {
  for (const std::string& value : std::vector<std::string>{
           std::string("a=b"),
           std::string("wib="),
           "wib=\"" + digits + "\"",
           "wib=00112233445566778899AABBCCDDEEFF",
           "wib=00112233445566778899aabbccddeefF",
           "wib=" + digits.substr(1),
           "wib=" + digits.substr(2),
           ours + "0",
           ours + "00",
           "wib=0x112233445566778899aabbccddeeff",
           "wib=00112233445566778899aabbccddeefg",
           "wib=00112233445566778899aabbccddee/f",
           "wib=00112233445566778899aabbccddee:f",
           "wib=00112233445566778899aabbccddee`f",
           "WIB=" + digits,
           "Wib=" + digits,
           "xwib=" + digits,
           "wibx=" + digits,
           "a=" + ours,
       }) {
    const auto parsed = parse_cookie_field(value);
    ASSERT_TRUE(parsed) << value;
    EXPECT_FALSE(parsed->has_value()) << value;
  }
}

struct Refused {
  std::string value;
  std::uint32_t offset;
};

TEST(CookieField, Refuses) {
  const std::vector<Refused> table = {
      {"", 0},
      {" " + ours, 0},
      {ours + " ", 36},
      {ours + ";", 37},
      {ours + "; ", 38},
      {ours + ";a=b", 37},
      {ours + ";  a=b", 38},
      {ours + " ; a=b", 36},
      {ours + "\t; a=b", 36},
      {ours + ";\ta=b", 37},
      {ours + ", a=b", 36},
      {ours + "; a", 39},
      {ours + "; =b", 38},
      {"wib", 3},
      {"wib =" + digits, 3},
      {"wib= " + digits, 4},
      {"=" + digits, 0},
      {";", 0},
      {"; " + ours, 0},
      {"a=b,c", 3},
      {"a=b\\c", 3},
      {"a=b\"c", 3},
      {"a=\"b", 4},
      {"a=\"", 3},
      {"a=\"b\"c", 5},
      {"a=\"b c\"", 4},
      {"a=\"b;c\"", 4},
      {"a=\x7f", 2},
      {std::string("a=\0", 3), 2},
      {"a=\xc3\xbc", 2},
      {"\xc3\xbc=a", 0},
      {"a(=b", 1},
      {"a\"=b", 1},
      {"$Version=1; a b=c", 13},
      // Our name twice: also with the same value, and if one of the values is not of our form.
      {ours + "; " + ours, 38},
      {ours + "; wib=", 38},
      {"wib=; a=b; " + ours, 11},
      {"wib=\"\"; wib=\"\"", 8},
  };
  for (const auto& [value, offset] : table) {
    const auto parsed = parse_cookie_field(value);
    ASSERT_FALSE(parsed) << value;
    EXPECT_EQ(parsed.error().code, Errc::malformed) << value;
    EXPECT_EQ(parsed.error().offset, offset) << value;
    EXPECT_FALSE(parsed.error().where.empty()) << value;
  }
}

TEST(SetCookieField, FindsOurs) {
  for (const std::string& attributes :
       std::vector<std::string>{"", "; Secure", "; Path=/setup; HttpOnly; SameSite=Strict",
                                "; Path=", "; Max-Age=0", "; Expires=Wed, 21 Oct 2015 07:28:00 GMT",
                                "; x", "; \"quoted\\\"", "; a; b; c", "; wib=1"}) {
    const auto parsed = parse_set_cookie_field(ours + attributes);
    ASSERT_TRUE(parsed) << attributes;
    EXPECT_EQ(*parsed, cookie) << attributes;
  }
}

TEST(SetCookieField, Refuses) {
  struct Case {
    std::string value;
    Errc code;
    std::uint32_t offset;
  };
  const std::vector<Case> table = {
      {"", Errc::malformed, 0},
      {"wib", Errc::malformed, 3},
      {"=" + digits, Errc::malformed, 0},
      {ours + ";", Errc::malformed, 37},
      {ours + "; ", Errc::malformed, 38},
      {ours + ";Path=/setup", Errc::malformed, 37},
      {ours + "; Path=/setup;", Errc::malformed, 50},
      {ours + "; Path=/setup; ", Errc::malformed, 51},
      {ours + "; ; Secure", Errc::malformed, 38},
      {ours + " ; Secure", Errc::malformed, 36},
      {ours + ", a=b", Errc::malformed, 36},
      {ours + "; a\x7f", Errc::malformed, 39},
      {ours + "; a\tb", Errc::malformed, 39},
      {ours + std::string("; a\0b", 5), Errc::malformed, 39},
      {ours + "; a\xc3\xbc", Errc::malformed, 39},
      {" " + ours, Errc::malformed, 0},
      {"wib=\"" + digits, Errc::malformed, 37},
      // In the grammar, but not ours. The grammar of the whole comes first.
      {"a=b", Errc::missing_field, 0},
      {"WIB=" + digits, Errc::missing_field, 0},
      {"a=b; " + ours, Errc::missing_field, 0},
      {"wib=", Errc::missing_field, 4},
      {"wib=\"" + digits + "\"", Errc::missing_field, 4},
      {"wib=" + digits.substr(1), Errc::missing_field, 4},
      {ours + "0", Errc::missing_field, 4},
      {"wib=00112233445566778899AABBCCDDEEFF; Secure", Errc::missing_field, 4},
      {"a=b; ", Errc::malformed, 5},
  };
  for (const auto& [value, code, offset] : table) {
    const auto parsed = parse_set_cookie_field(value);
    ASSERT_FALSE(parsed) << value;
    EXPECT_EQ(name(parsed.error().code), name(code)) << value;
    EXPECT_EQ(parsed.error().offset, offset) << value;
  }
}

RC_GTEST_PROP(CookieField, ReadsBackAsWritten, ()) {
  const Cookie any = *cookies();
  std::array<char, 128> out{};
  const auto field = write_cookie_field(any, out);
  RC_ASSERT(field.has_value());
  const auto parsed = parse_cookie_field(*field);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->value() == any);
  const auto set = write_set_cookie_field(any, out);
  RC_ASSERT(set.has_value());
  const auto set_parsed = parse_set_cookie_field(*set);
  RC_ASSERT(set_parsed.has_value());
  RC_ASSERT(*set_parsed == any);
}

// Strings that are in the grammar, or nearly: pairs, what parts them, and now and then noise.
rc::Gen<std::string> near_fields() {
  return rc::gen::exec([] {
    using Strings = std::vector<std::string>;
    const auto noise = rc::gen::elementOf(Strings{"", "wib", ";", " ", "\"", "=", ",", "\\", "\x7f",
                                                  "\x80", "\t", std::string(1, '\0'), digits});
    const auto pieces = rc::gen::weightedOneOf<std::string>(
        {{4, rc::gen::just(ours)},
         {8, rc::gen::elementOf(Strings{"a=b", "c=\"d\"", "e=", "Path=/setup"})},
         {2, rc::gen::elementOf(Strings{"wib=", "WIB=x", "Secure", "wib=\"" + digits + "\""})},
         {1, noise}});
    const auto separators =
        rc::gen::weightedOneOf<std::string>({{15, rc::gen::just<std::string>("; ")}, {1, noise}});
    std::string value = *pieces;
    const auto more = *rc::gen::inRange(0, 4);
    for (int i = 0; i < more; ++i) {
      value += *separators;
      value += *pieces;
    }
    return value;
  });
}

// The grammar of RFC 6265 section 4.1.1 and 4.2.1 once more, as regular expressions.
const std::string token = R"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)";
const std::string octets = R"([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*)";
const std::string pair = token + "=(?:\"" + octets + "\"|" + octets + ")";

RC_GTEST_PROP(CookieField, AgreesWithTheGrammar, ()) {
  static const std::regex field(pair + "(?:; " + pair + ")*");
  static const std::regex ours_in("(?:^|; )wib=([^;]*)");
  static const std::regex form("[0-9a-f]{32}");
  const std::string value = *near_fields();
  std::vector<std::string> values;
  for (std::sregex_iterator it(value.begin(), value.end(), ours_in), end; it != end; ++it) {
    values.push_back((*it)[1]);
  }
  const bool allowed = std::regex_match(value, field) && values.size() <= 1;
  const bool present = values.size() == 1 && std::regex_match(values[0], form);
  const auto parsed = parse_cookie_field(value);
  RC_CLASSIFY(parsed.has_value(), "accepted");
  RC_ASSERT(parsed.has_value() == allowed);
  if (parsed) {
    RC_ASSERT(parsed->has_value() == present);
  } else {
    RC_ASSERT(parsed.error().offset <= value.size());
  }
}

RC_GTEST_PROP(SetCookieField, AgreesWithTheGrammar, ()) {
  static const std::regex field(pair + R"((?:; [\x20-\x3a\x3c-\x7e]+)*)");
  static const std::regex ours_first("wib=[0-9a-f]{32}(?:;[^]*)?");
  const std::string value = *near_fields();
  const bool grammatical = std::regex_match(value, field);
  const bool present = std::regex_match(value, ours_first);
  const auto parsed = parse_set_cookie_field(value);
  RC_CLASSIFY(parsed.has_value(), "accepted");
  RC_ASSERT(parsed.has_value() == (grammatical && present));
  if (!parsed) {
    RC_ASSERT(parsed.error().code == (grammatical ? Errc::missing_field : Errc::malformed));
    RC_ASSERT(parsed.error().offset <= value.size());
  }
}

// What is accepted is the one spelling of a cookie.
RC_GTEST_PROP(CookieField, OneSpelling, ()) {
  const Cookie any = *cookies();
  std::array<char, 64> out{};
  std::string value(*write_cookie_field(any, out));
  const auto at = *rc::gen::inRange<std::size_t>(0, value.size());
  const char before = value[at];
  value[at] = *rc::gen::arbitrary<char>();
  const auto parsed = parse_cookie_field(value);
  if (value[at] == before) return;
  RC_ASSERT((!parsed || *parsed != any));  // RC_ASSERT alone would evaluate both sides
}

}  // namespace
}  // namespace wib
