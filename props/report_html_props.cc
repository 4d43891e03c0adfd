// SPDX-License-Identifier: Apache-2.0
//
// The report as one HTML page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacks/report/report.h"
#include "props/support/report_records.h"
#include "props/support/xml_reader.h"

namespace wib::attacks {
namespace {

using namespace props;  // NOLINT: the whole test is made of it
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReportHtml, IsOneWellFormedFile) { check_page(to_html(header(), sample())); }

TEST(ReportHtml, EscapesEverything) {
  auto records = sample();
  for (RunRecord& record : records) record = poisoned(record);
  records.push_back(poisoned(control(run("Z99", "cbc", "a", "a"))));
  ReportHeader head = header();
  for (std::string* text : {&head.tool, &head.version, &head.command}) *text += hostile;
  head.libraries.emplace_back(hostile, hostile);
  const std::string html = to_html(head, records);
  check_page(html);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(ReportHtml, NamesUnexpectedResultsFirst) {
  const std::string html = to_html(header(), sample());
  XmlReader page(html);
  ASSERT_EQ(page.text_of("headline").size(), 1U);
  EXPECT_EQ(page.text_of("headline")[0], "✗ 5 runs: 1 not as expected, 4 as expected.");
  ASSERT_EQ(page.text_of("attention").size(), 1U);
  EXPECT_THAT(page.text_of("attention")[0],
              HasSubstr("D14.takeover on as_posted/cbc, device on openssl, client on openssl: "
                        "not as expected: the attack was expected to succeed and was blocked"));
  EXPECT_LT(html.find("class=\"attention\""), html.find("class=\"matrix\""));
  EXPECT_THAT(html, HasSubstr("href=\"#run-3\""));

  auto good = sample();
  good.erase(good.begin() + 3);
  XmlReader good_page(to_html(header(), good));
  EXPECT_EQ(good_page.text_of("headline")[0], "✓ 4 runs, all as expected.");
  EXPECT_TRUE(good_page.text_of("attention").empty());
}

TEST(ReportHtml, SaysInWordsWhatCellsShowInColour) {
  auto records = sample();
  records[0].verdict = Verdict::inconclusive;
  records[4].verdict = Verdict::error;
  XmlReader page(to_html(header(), records));
  std::vector<std::string> cells;
  for (const char* style : {"cell first", "cell", "cell none first", "cell none"}) {
    for (const std::string& text : page.text_of(style)) {
      EXPECT_GE(text.size(), 8U) << text;
      cells.push_back(text);
    }
  }
  for (const char* words : {"● succeeded ? no proof", "○ blocked ✓ expected",
                            "○ blocked ✗ unexpected", "no outcome ! error", "· not run"}) {
    EXPECT_THAT(cells, ::testing::Contains(words));
  }
}

TEST(ReportHtml, TellsTheStory) {
  const std::string html = to_html(header(), sample());
  XmlReader page(html);
  EXPECT_THAT(html, HasSubstr("role=\"img\""));
  EXPECT_THAT(html, HasSubstr("#1 200 OK · forged"));
  EXPECT_THAT(html, HasSubstr("wib attack replay traces/A00.jsonl"));
  EXPECT_THAT(html, HasSubstr("CWE-300"));
  EXPECT_THAT(html, HasSubstr("control of A00"));
  EXPECT_THAT(html, HasSubstr("seeds/s"));
  EXPECT_THAT(html, HasSubstr("wib attack run --seed 7 &amp;&amp; echo"));
  EXPECT_THAT(page.text_of("derivation").at(0), HasSubstr("bundle = unseal(K)"));
}

TEST(ReportHtml, ShowsAnEmptyStoryAndAnUnknownFamily) {
  RunRecord record = run("Z99.new", "cbc", "a", "a");
  record.story.clear();
  record.target = "http://192.0.2.1";
  const std::string html = to_html(header(), std::vector{record});
  check_page(html);
  EXPECT_THAT(html, HasSubstr("No steps were recorded."));
  EXPECT_THAT(html, HasSubstr("not in the catalogue"));
  EXPECT_THAT(html, Not(HasSubstr("wib attack replay")));
}

}  // namespace
}  // namespace wib::attacks
