// SPDX-License-Identifier: Apache-2.0
//
// The report as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "attacks/report/report.h"
#include "props/support/report_records.h"

namespace wib::attacks {
namespace {

using namespace props;  // NOLINT: the whole test is made of it
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ReportJson, HasWhatIsPromised) {
  const auto records = sample();
  const json document = json::parse(to_json(header(), records));
  EXPECT_EQ(document.at("schema"), report_schema_version);
  EXPECT_EQ(document.at("header").at("version"), "0.1.0");
  EXPECT_EQ(document.at("header").at("libraries").at(1).at("backend"), "wolfssl");
  EXPECT_EQ(document.at("summary").at("runs"), 5);
  EXPECT_EQ(document.at("summary").at("pass"), 4);
  EXPECT_EQ(document.at("summary").at("fail"), 1);
  EXPECT_EQ(document.at("summary").at("attention"), json::array({3}));
  ASSERT_EQ(document.at("results").size(), records.size());
  for (const json& result : document.at("results")) {
    for (const char* key : {"id",       "family",  "variant",        "title",          "control",
                            "suite",    "reading", "device_backend", "client_backend", "outcome",
                            "expected", "verdict", "reason",         "aims",           "properties",
                            "cwe",      "trace",   "seed",           "device_entropy", "conduct",
                            "target",   "thefts",  "metrics",        "irregularities", "seconds"}) {
      EXPECT_TRUE(result.contains(key)) << key;
    }
    EXPECT_EQ(result.at("properties").size(), property_count);
  }
  const json& first = document.at("results").at(0);
  EXPECT_EQ(first.at("id"), "A00");
  EXPECT_EQ(first.at("cwe"), "CWE-300");
  EXPECT_EQ(first.at("aims"), json::array({"P-S2"}));
  EXPECT_EQ(first.at("properties").at(2),
            json({{"id", "P-S2"}, {"finding", "broken"}, {"witness", "the witness"}}));
  EXPECT_EQ(first.at("thefts").at(0).at("steps").at(0).at("name"), "K");
  EXPECT_EQ(document.at("results").at(3).at("verdict"), "fail");
  EXPECT_EQ(document.at("results").at(4).at("metrics").at(0).at("value"), 2.5e6);
}

TEST(ReportJson, KeepsItsOrderAndItsNumbers) {
  auto records = sample();
  records[0].seed = 0xffffffffffffffff;
  records[0].expected.reset();
  records[0].trace.clear();
  const std::string text = to_json(header(), records);
  EXPECT_EQ(text, to_json(header(), records));
  EXPECT_THAT(text, StartsWith("{\n  \"schema\": 1,\n  \"header\": {\n    \"tool\": \"wib\","));
  EXPECT_LT(text.find("\"id\""), text.find("\"family\""));
  const json first = json::parse(text).at("results").at(0);
  EXPECT_EQ(first.at("seed"), 0xffffffffffffffff);
  EXPECT_TRUE(first.at("expected").is_null());
  EXPECT_TRUE(first.at("trace").is_null());
}

TEST(ReportJson, SurvivesHostileText) {
  const std::vector<RunRecord> records = {poisoned(run("A00", "cbc", "a", "a"))};
  const json document = json::parse(to_json(header(), records));
  EXPECT_THAT(document.at("results").at(0).at("title").get<std::string>(),
              HasSubstr("<script>alert('x')</script>"));
}

}  // namespace
}  // namespace wib::attacks
