// SPDX-License-Identifier: Apache-2.0
//
// The text of reports: escaping, what would hide, widths, paths, numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

#include "attacks/report/text.h"

namespace wib::attacks {
namespace {

using ::testing::ElementsAre;

TEST(ReportText, EscapesWhatMarkupMeans) {
  EXPECT_EQ(report::escape("<a href=\"x\">&'</a>\n"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;\n");
  EXPECT_EQ(report::escape("Prüfung \u2713"), "Prüfung \u2713");
}

TEST(ReportText, ShowsWhatWouldHide) {
  EXPECT_EQ(report::visible("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(report::visible("\x1b[2J\x7f"), "\\x1b[2J\\x7f");
  EXPECT_EQ(report::visible("\u202eevil\u200b\u0085"), "\\u{202e}evil\\u{200b}\\u{85}");
  EXPECT_EQ(report::visible(std::string("\0", 1)), "\\x00");
  // Not UTF-8: a stray byte, an overlong form, a surrogate, beyond the last, cut off.
  EXPECT_EQ(report::visible("\xff"), "\\xff");
  EXPECT_EQ(report::visible("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(report::visible("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(report::visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(report::visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(report::visible("\xe2\x9c"), "\\xe2\\x9c");
  EXPECT_EQ(report::visible("\xf0\x9f\x94\x92 \U0010ffff"), "\xf0\x9f\x94\x92 \\u{10ffff}");
}

RC_GTEST_PROP(ReportText, EscapedTextIsInert, (const std::string& text)) {
  const std::string escaped = report::escape(text);
  RC_ASSERT(escaped.find_first_of("<>\"'") == std::string::npos);
  for (std::size_t at = escaped.find('&'); at != std::string::npos;
       at = escaped.find('&', at + 1)) {
    const std::size_t end = escaped.find(';', at);
    RC_ASSERT(end != std::string::npos);
    const std::set<std::string> entities = {"amp", "lt", "gt", "quot", "#39"};
    RC_ASSERT(entities.contains(escaped.substr(at + 1, end - at - 1)));
  }
  // Valid UTF-8 throughout: visible() has nothing left to do but line ends and tabs.
  const std::string once = report::visible(text);
  RC_ASSERT(report::visible(once) == once);
}

RC_GTEST_PROP(ReportText, WrapsWithinItsWidth, (const std::string& text)) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 40);
  const auto lines = *rc::gen::inRange<std::size_t>(1, 5);
  const auto wrapped = report::wrap(text, width, lines);
  RC_ASSERT(wrapped.size() <= lines);
  RC_ASSERT(wrapped.empty() == text.empty());
  for (const std::string& line : wrapped) RC_ASSERT(report::columns(line) <= width);
}

TEST(ReportText, WrapsBetweenWordsAndElides) {
  EXPECT_THAT(report::wrap("one two three four", 9, 3), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(report::wrap("one two three four", 9, 2), ElementsAre("one two", "three fo…"));
  EXPECT_THAT(report::wrap("cookie 00 (2 bytes), iv 01", 24, 2),
              ElementsAre("cookie 00 (2 bytes),", "iv 01"));
  EXPECT_THAT(report::wrap("", 9, 2), ElementsAre());
  EXPECT_EQ(report::elide("Prüfung", 7), "Prüfung");
  EXPECT_EQ(report::elide("Prüfungen", 7), "Prüfun…");
}

TEST(ReportText, MakesPathsHarmless) {
  EXPECT_EQ(report::shell_path("traces/A00.jsonl"), "traces/A00.jsonl");
  EXPECT_EQ(report::shell_path("-rf"), "./-rf");
  EXPECT_EQ(report::shell_path("a b'; rm $x"), "'a b'\\''; rm $x'");
  EXPECT_EQ(report::href("traces/A00.jsonl"), "./traces/A00.jsonl");
  EXPECT_EQ(report::href("javascript:alert(1)"), "./javascript%3aalert%281%29");
  EXPECT_EQ(report::href("a#b?c"), "./a%23b%3fc");
}

TEST(ReportText, WritesNumbersForPeople) {
  EXPECT_EQ(report::number(0), "0");
  EXPECT_EQ(report::number(65536), "65,536");
  EXPECT_EQ(report::number(999999), "999,999");
  EXPECT_EQ(report::number(-1234), "-1,234");
  EXPECT_EQ(report::number(2.34e6), "2.34 million");
  EXPECT_EQ(report::number(3e9), "3 billion");
  EXPECT_EQ(report::number(0.03125), "0.0312");
  EXPECT_EQ(report::number(std::numeric_limits<double>::quiet_NaN()), "not a number");
  EXPECT_EQ(report::number(std::numeric_limits<double>::infinity()), "infinite");
}

}  // namespace
}  // namespace wib::attacks
