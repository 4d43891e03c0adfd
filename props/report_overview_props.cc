// SPDX-License-Identifier: Apache-2.0
//
// The overview of a report and the order of a story.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacks/report/overview.h"
#include "attacks/report/report.h"
#include "attacks/report/storyboard.h"
#include "props/support/report_records.h"
#include "props/support/xml_reader.h"

namespace wib::attacks {
namespace {

using namespace props;  // NOLINT: the whole test is made of it
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ReportOverview, PutsControlsBehindTheirAttack) {
  const std::vector<RunRecord> records = {
      run("E02.share", "cbc", "a", "a"),
      run("E02.share-20-bit", "cbc", "a", "a"),
      run("E02.cookie", "cbc", "a", "a"),
      control(run("E02.cookie-full-entropy", "cbc", "a", "a")),
      control(run("E02.share-full-entropy", "cbc", "a", "a")),
      control(run("E02.other", "cbc", "a", "a")),
  };
  const report::Overview overview(records);
  std::vector<std::string> order;
  for (const auto& scenario : overview.families().at(0).scenarios) order.push_back(scenario.id);
  EXPECT_THAT(order, ElementsAre("E02.share", "E02.share-full-entropy", "E02.other",
                                 "E02.share-20-bit", "E02.cookie", "E02.cookie-full-entropy"));
}

TEST(ReportOverview, NoRunsAreNotASuccess) {
  EXPECT_EQ(report::Overview({}).summary(), "No runs: nothing was tested.");
  EXPECT_THAT(to_html(header(), {}), HasSubstr("No runs: nothing was tested."));
  check_page(to_html(header(), {}));
}

TEST(ReportOverview, TellsLackOfProofFromLackOfExpectation) {
  RunRecord record = run("A00", "cbc", "a", "a");
  record.verdict = Verdict::inconclusive;
  EXPECT_TRUE(needs_attention(report::standing(record)));
  record.expected.reset();
  EXPECT_FALSE(needs_attention(report::standing(record)));
}

std::vector<std::string> rows_of(const std::vector<StoryLine>& story) {
  std::vector<std::string> words;
  for (const report::Row& row : report::arrange(story)) words.push_back(report::in_words(row));
  return words;
}

TEST(ReportStory, JoinsWhatIsPassedOnAndTellsReplays) {
  using Kind = StoryLine::Kind;
  const auto message = [](const char* from, const char* to, const char* label, bool forged) {
    return StoryLine{Kind::message, 1, from, to, label, "d", {}, forged, false};
  };
  const std::vector<StoryLine> story = {
      message("owner", "attacker", "GET", false),
      message("attacker", "device", "GET", false),
      message("device", "attacker", "200 OK", false),
      {Kind::event, 1, "device", {}, "installs the pair", {}, {}, false, false},
      message("attacker", "owner", "200 OK", false),
      message("owner", "attacker", "POST", false),
      {Kind::knowledge, 1, "attacker", {}, "learns: K", {}, {}, false, false},
      message("attacker", "device", "POST", false),
      message("attacker", "device", "POST", true),
      message("attacker", "device", "GET", false),
      {Kind::message, 1, "device", "attacker", "connection refused", {}, {}, false, true},
      message("owner/2", "attacker", "GET", false),
  };
  EXPECT_THAT(
      rows_of(story),
      ElementsAre("owner to device, passed on unchanged: #0 GET", "device: installs the pair",
                  "device to owner, passed on unchanged: #1 200 OK", "owner to attacker: #2 POST",
                  "attacker: learns: K", "attacker to device: #2 POST",
                  "attacker to device, forged: #3 POST", "attacker to device, replayed: #0 GET",
                  "device to attacker: connection refused", "owner/2 to attacker: #4 GET"));
  EXPECT_THAT(report::lanes(story), ElementsAre("owner", "owner/2", "attacker", "device"));
}

}  // namespace
}  // namespace wib::attacks
