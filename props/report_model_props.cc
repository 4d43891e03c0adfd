// SPDX-License-Identifier: Apache-2.0
//
// What the formal models said, in the report: read, merged, and held against the runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "attacks/report/model_verdicts.h"
#include "attacks/report/report.h"
#include "props/support/report_records.h"
#include "props/support/xml_reader.h"

namespace wib::attacks {
namespace {

using namespace props;   // NOLINT: the whole test is made of it
using namespace report;  // NOLINT: and it is about this
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

json said(const std::string& scenario, const std::string& property, const std::string& engine,
          const std::string& found) {
  return {{"suite", "as_posted"}, {"scenario", scenario},  {"property", property},
          {"engine", engine},     {"bound", "2 sessions"}, {"states", engine == "maude" ? 1200 : 1},
          {"seconds", 0.5},       {"good", true},          {"expected", found},
          {"found", found}};
}

ModelVerdicts models_of(const std::vector<json>& items) {
  auto models = ModelVerdicts::parse(json{{"verdicts", items}}.dump());
  if (!models) throw std::runtime_error(models.error());
  return std::move(*models);
}

// What is said of P-S2, which the sample's runs aim at.
ModelVerdicts both(const std::string& found) {
  return models_of({said("active", "P-S2", "maude", found), said("active", "P-S2", "spin", found)});
}

json failed(const std::string& engine, const std::string& problem) {
  json item = said("active", "P-S2", engine, "holds");
  item.erase("found");
  item["good"] = false;
  item["problem"] = problem;
  return item;
}

std::string words_of(const std::vector<json>& items) {
  return models_of(items).find("as_posted", "active", "P-S2")->words();
}

// --- reading ------------------------------------------------------------------------------------

TEST(ModelVerdicts, AreFoundBySuiteScenarioAndProperty) {
  const ModelVerdicts models = both("attack");
  const ModelVerdict* verdict = models.find("as_posted", "active", "P-S2");
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->answers.size(), 2U);
  EXPECT_EQ(verdict->answers[0].engine, "maude");
  EXPECT_EQ(verdict->answers[0].states, 1200U);
  EXPECT_EQ(models.find("as_posted", "passive", "P-S2"), nullptr);
  EXPECT_EQ(models.find("as_posted", "active", "P-S1"), nullptr);
  EXPECT_EQ(models.find("as_poste", "active", "P-S2"), nullptr);
  EXPECT_TRUE(models.knows("as_posted"));
  EXPECT_FALSE(models.knows("as_poste"));
  EXPECT_FALSE(models.knows("hardened"));
}

TEST(ModelVerdicts, NameThePlaceOfWhatIsWrong) {
  const auto error_of = [](const std::string& text) {
    const auto models = ModelVerdicts::parse(text);
    return models ? std::string("none") : models.error();
  };
  const auto error_with = [&](const char* name, const json& value) {
    json item = said("active", "P-S2", "spin", "attack");
    if (value.is_null()) {
      item.erase(name);
    } else {
      item[name] = value;
    }
    return error_of(json{{"verdicts", {said("active", "P-S2", "maude", "attack"), item}}}.dump());
  };
  EXPECT_EQ(error_of("{"), "is not JSON");
  EXPECT_THAT(error_of("[]"), StartsWith("has no \"verdicts\""));
  EXPECT_EQ(error_of("{\"verdicts\": 3}"), "verdicts: expected a list");
  EXPECT_EQ(error_of("{\"verdicts\": [3]}"), "verdicts[0]: expected an object");
  for (const char* name : {"suite", "scenario", "property", "engine", "bound"}) {
    const std::string place = "verdicts[1]." + std::string(name) + ": ";
    EXPECT_EQ(error_with(name, nullptr), place + "missing");
    EXPECT_EQ(error_with(name, ""), place + "is empty");
    EXPECT_EQ(error_with(name, 3), place + "expected text");
  }
  EXPECT_EQ(error_with("states", -1), "verdicts[1].states: expected a whole number");
  EXPECT_EQ(error_with("good", "yes"), "verdicts[1].good: expected true or false");
  EXPECT_EQ(error_with("problem", 3), "verdicts[1].problem: expected text");
  EXPECT_EQ(error_with("found", "maybe\x1b"),
            "verdicts[1].found: expected attack, holds, reachable or unreachable, not "
            "\"maybe\\x1b\"");
  EXPECT_THAT(error_with("found", nullptr), StartsWith("verdicts[1].found: missing, and no"));
  EXPECT_EQ(error_with("engine", "maude"),
            "verdicts[1]: maude answers P-S2 of as_posted in scenario active twice");
  EXPECT_EQ(error_with("bound", "3 sessions"), "none");
}

// --- merging ------------------------------------------------------------------------------------

TEST(ModelVerdicts, MergeTheEngines) {
  const json maude = said("active", "P-S2", "maude", "holds");
  const json spin = said("active", "P-S2", "spin", "holds");
  EXPECT_EQ(words_of({maude, spin}), "holds for 2 sessions, Maude and Spin");
  EXPECT_EQ(words_of({spin}), "holds for 2 sessions, Spin");
  const ModelVerdicts attack = both("attack");
  const ModelVerdict* verdict = attack.find("as_posted", "active", "P-S2");
  EXPECT_EQ(verdict->words(), "attack, 2 sessions, Maude and Spin");
  EXPECT_EQ(verdict->effort(), "Maude saw 1,200 states, Spin saw 1 state");
  json deep = spin;
  deep["bound"] = "4 sessions";
  EXPECT_EQ(words_of({maude, deep}), "holds for 2 sessions, Maude; 4 sessions, Spin");
  json surprise = spin;
  surprise["good"] = false;
  EXPECT_EQ(words_of({maude, surprise}),
            "holds for 2 sessions, Maude and Spin; not what models/expected.json has");
}

TEST(ModelVerdicts, SayWhereEnginesDifferOrFail) {
  const json maude = said("active", "P-S2", "maude", "attack");
  const std::vector<json> differ = {maude, said("active", "P-S2", "spin", "holds")};
  EXPECT_EQ(words_of(differ), "the engines differ: Maude says attack, Spin says holds");
  EXPECT_EQ(models_of(differ).find("as_posted", "active", "P-S2")->answer(), std::nullopt);
  const std::vector<json> one = {maude, failed("spin", "took too long")};
  EXPECT_EQ(words_of(one), "attack, 2 sessions, Maude; Spin could not say: took too long");
  EXPECT_EQ(models_of(one).find("as_posted", "active", "P-S2")->answer(), ModelAnswer::attack);
  EXPECT_EQ(words_of({failed("maude", "warned"), failed("spin", "is not there")}),
            "no answer; Maude could not say: warned; Spin could not say: is not there");
}

// --- held against runs --------------------------------------------------------------------------

// The attack of the sample, by somebody who has not the serial number: P-L1 is not in question.
RunRecord attack() {
  RunRecord record = run("A00", "cbc", "openssl", "openssl");
  record.properties[static_cast<std::size_t>(Property::l1)].finding = Finding::not_applicable;
  return record;
}

RunRecord blocked(const RunRecord& record) {
  RunRecord other = control(record);
  other.properties[static_cast<std::size_t>(Property::l1)] =
      record.properties[static_cast<std::size_t>(Property::l1)];
  return other;
}

Agreement agreement_of(const ModelVerdicts& models, const RunRecord& record) {
  const auto all = models_on(models, record);
  return all.size() == 1 ? all[0].agreement : throw std::runtime_error("not one aim");
}

TEST(ModelAgreement, IsOfTheFindingAndTheVerdict) {
  const RunRecord broken = attack();
  const RunRecord held = blocked(broken);
  EXPECT_EQ(agreement_of(both("attack"), broken), Agreement::agrees);
  EXPECT_EQ(agreement_of(both("holds"), held), Agreement::agrees);
  EXPECT_EQ(agreement_of(both("attack"), held), Agreement::other_attack);
  EXPECT_EQ(agreement_of(both("holds"), broken), Agreement::contradiction);
  // One engine is enough for it, and two that differ say nothing.
  EXPECT_EQ(agreement_of(models_of({said("active", "P-S2", "maude", "holds"),
                                    failed("spin", "took too long")}),
                         broken),
            Agreement::contradiction);
  EXPECT_EQ(agreement_of(models_of({said("active", "P-S2", "maude", "holds"),
                                    said("active", "P-S2", "spin", "attack")}),
                         broken),
            Agreement::unclear);
  EXPECT_EQ(agreement_of(models_of({failed("maude", "warned")}), broken), Agreement::unclear);
}

TEST(ModelAgreement, IsSilentWithAReason) {
  const ModelVerdicts models = both("holds");
  const auto why = [&](RunRecord record) {
    const auto all = models_on(models, record);
    EXPECT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].agreement, Agreement::silent);
    EXPECT_EQ(all[0].verdict, nullptr);
    EXPECT_EQ(all[0].words(), "–: " + all[0].why);
    return all[0].why;
  };
  const RunRecord broken = attack();
  RunRecord record = broken;
  record.aims = {Property::w1};
  EXPECT_THAT(why(record), HasSubstr("symbolic models do not see it"));
  record = broken;
  record.suite = "hardened";
  EXPECT_EQ(why(record), "the models were not asked about this suite");
  record = broken;
  record.aims = {Property::a1};
  record.suite = "as_posted";
  EXPECT_EQ(why(record), "the models were not asked that of this suite");
  record = broken;
  record.verdict = Verdict::error;
  EXPECT_EQ(why(record), "the run is in error and proves nothing");
  record.verdict = Verdict::not_applicable;
  EXPECT_EQ(why(record), "the attack means nothing on this suite");
  record = blocked(broken);
  record.verdict = Verdict::inconclusive;
  EXPECT_EQ(why(record), "the run proved nothing");
  record = broken;
  record.properties[static_cast<std::size_t>(Property::s2)].finding = Finding::not_applicable;
  EXPECT_EQ(why(record), "the run did not meet the condition of this property");
  // The models' device has good randomness where P-S2 is asked.
  record = broken;
  record.device_entropy = "seeded:16";
  EXPECT_EQ(why(record), "the models are not asked that under the conditions of this run");
  record.device_entropy = "a coin";
  EXPECT_EQ(why(record), "the models do not know this kind of generator");
}

TEST(ModelAgreement, IsUnderTheConditionsOfTheRun) {
  struct Case {
    Property property;
    const char* entropy;
    const char* conduct;
    bool leaked;
    const char* scenario;
  };
  const std::vector<Case> cases = {
      {Property::s1, "full", "passive", false, "passive"},
      {Property::s2, "full", "active", false, "active"},
      {Property::s3_detectable, "stuck:128", "passive", false, "passive-stuck"},
      {Property::s3_prng, "seeded:16", "passive", false, "passive-prng"},
      {Property::a1, "full", "active", false, "active"},
      {Property::a2, "full", "active", false, "active"},
      {Property::a2, "full", "active", true, ""},
      {Property::a3, "full", "recorder", false, "active"},
      {Property::a3, "repeat", "active", false, "active-repeat"},
      {Property::a3_recorder, "repeat", "recorder", false, "recorder-repeat"},
      {Property::l1, "full", "active", true, "leaked"},
      {Property::c1, "full", "active", false, "active"},
      {Property::c1, "full", "active", true, "life"},
      {Property::c2, "full", "active", false, "life"},
      {Property::c3, "full", "active", false, "active"},
      {Property::c4, "full", "active", false, "active"},
      {Property::c5, "full", "active", false, "active"},
      {Property::d1, "full", "active", false, "active"},
      {Property::f1, "full", "active", false, "active"},
      {Property::r0, "full", "passive", false, "passive"},
      {Property::r0, "full", "active", false, "active"},
      {Property::r0, "full", "active", true, "leaked"},
      {Property::r0, "stuck:128", "passive", false, "passive-stuck"},
      {Property::r0, "seeded:16", "passive", false, "passive-prng"},
      {Property::r0, "repeat", "recorder", false, "recorder-repeat"},
      {Property::r0, "repeat", "active", false, "active-repeat"},
  };
  for (const Case& each : cases) {
    RunRecord record = attack();
    record.aims = {each.property};
    record.device_entropy = each.entropy;
    record.conduct = each.conduct;
    record.properties[static_cast<std::size_t>(Property::l1)].finding =
        each.leaked ? Finding::holds : Finding::not_applicable;
    const auto all = models_on(both("attack"), record);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].scenario, each.scenario) << id(each.property) << " " << each.entropy;
  }
  // That an honest run came where the model says that none does is a contradiction too.
  RunRecord record = attack();
  record.aims = {Property::r0};
  const auto models = models_of({said("active", "P-R0", "maude", "unreachable")});
  EXPECT_EQ(agreement_of(models, record), Agreement::contradiction);
}

TEST(ModelAgreement, OfSeveralRunsIsTheLoudest) {
  std::vector<RunRecord> records(3, attack());
  records[0].verdict = Verdict::not_applicable;
  records[1] = blocked(records[1]);
  const ModelVerdicts models = both("holds");
  const auto over = [&](std::vector<std::size_t> runs) {
    const auto all = models_on(models, records, runs);
    return all.size() == 1 ? all[0].agreement : throw std::runtime_error("not one aim");
  };
  EXPECT_EQ(over({0}), Agreement::silent);
  EXPECT_EQ(over({0, 1}), Agreement::agrees);
  EXPECT_EQ(over({0, 1, 2}), Agreement::contradiction);
  const ModelTally sum = tally(models, records);
  EXPECT_THAT(sum.counts, ElementsAre(1, 0, 0, 1, 1));
  EXPECT_EQ(sum.line(),
            "the models: 1 CONTRADICTION: the code was broken where the model says holds; 1 of 2 "
            "aims agree with the code; 1 cannot be compared");
}

// --- the report ---------------------------------------------------------------------------------

// The sample with its runs as far from P-L1 as P-S2 asks.
std::vector<RunRecord> unleaked() {
  auto records = sample();
  for (RunRecord& record : records) {
    record.properties[static_cast<std::size_t>(Property::l1)].finding = Finding::not_applicable;
  }
  return records;
}

TEST(ReportModel, ChangesNothingWhereNoneWasAsked) {
  const std::string html = to_html(header(), sample());
  EXPECT_THAT(html, Not(HasSubstr("the model")));
  EXPECT_THAT(html, Not(HasSubstr("id=\"models\"")));
  EXPECT_THAT(to_json(header(), sample()), Not(HasSubstr("\"model\"")));
}

TEST(ReportModel, HasAColumnAndALineInWords) {
  const auto records = unleaked();
  const ModelVerdicts models = both("attack");
  ReportHeader head = header();
  head.models_table = "model.txt";
  const std::string html = to_html(head, records, &models);
  check_page(html);
  XmlReader page(html);
  EXPECT_EQ(page.text_of("pair said").size(), 1U);
  const auto cells = page.text_of("cell said");
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[0], "● attack ✓ agrees");
  EXPECT_EQ(cells[1], "● attack ~ another");
  EXPECT_THAT(page.text_of("agrees").at(0),
              HasSubstr("P-S2: attack, 2 sessions, Maude and Spin. Code and model agree."));
  EXPECT_THAT(page.text_of("other-attack").at(0),
              HasSubstr("The model knows an attack on this property; this script is not it."));
  EXPECT_THAT(html, HasSubstr("Scenario active; Maude saw 1,200 states, Spin saw 1 state."));
  EXPECT_THAT(html, HasSubstr("href=\"./model.txt\""));
  EXPECT_THAT(page.text_of("headline").at(0), StartsWith("✗ 5 runs"));
  EXPECT_EQ(page.text_of("headline").size(), 1U);
  EXPECT_TRUE(page.text_of("attention contradictions").empty());
}

TEST(ReportModel, ShowsAContradictionLoudly) {
  std::vector<RunRecord> records = {unleaked().front(), unleaked().front()};
  records[1].for_defences = true;
  const ModelVerdicts models = both("holds");
  const std::string html = to_html(header(), records, &models);
  check_page(html);
  XmlReader page(html);
  EXPECT_THAT(page.text_of("headline"),
              ElementsAre("✓ 2 runs, all as expected.",
                          "✗ 2 runs broke on the code what the models say holds."));
  EXPECT_THAT(html, HasSubstr("class=\"summary bad against\""));
  EXPECT_THAT(page.text_of("attention contradictions").at(0),
              HasSubstr("A00 on as_posted/cbc, device on openssl, client on openssl: P-S2 was "
                        "broken, the model says: holds for 2 sessions, Maude and Spin (scenario "
                        "active)"));
  EXPECT_EQ(page.text_of("cell said").at(0), "○ holds ✗ CONTRADICTS");
  std::ostringstream terminal;
  print_models(terminal, records, models, false);
  EXPECT_THAT(terminal.str(), StartsWith("the models: 2 CONTRADICTIONS: "));
  EXPECT_THAT(terminal.str(), HasSubstr("\n    P-S2 was broken, the model says: holds for"));
}

TEST(ReportModel, HasADashWithAReason) {
  auto records = unleaked();
  records.resize(1);
  records[0].aims = {Property::w1};
  const ModelVerdicts models = both("holds");
  const std::string html = to_html(header(), records, &models);
  XmlReader page(html);
  EXPECT_EQ(page.text_of("cell said").at(0), "– silent");
  EXPECT_THAT(html, HasSubstr("P-W1: no model speaks of it here (symbolic models do not see it"));
  EXPECT_THAT(page.text_of("where").at(0), HasSubstr("A00 (P-W1)"));
  std::ostringstream terminal;
  print_models(terminal, records, models, false);
  EXPECT_EQ(terminal.str(), "the models: 0 of 0 aims agree with the code; 1 cannot be compared\n");
}

TEST(ReportModel, IsInTheJson) {
  const auto records = unleaked();
  const ModelVerdicts models =
      models_of({said("active", "P-S2", "maude", "attack"), failed("spin", "took too long")});
  const json document = json::parse(to_json(header(), records, &models));
  EXPECT_EQ(document.at("schema"), 1);
  const json& first = document.at("results").at(0).at("model").at(0);
  EXPECT_EQ(first.at("property"), "P-S2");
  EXPECT_EQ(first.at("scenario"), "active");
  EXPECT_EQ(first.at("says"), "attack");
  EXPECT_EQ(first.at("agreement"), "agrees");
  EXPECT_TRUE(first.at("why").is_null());
  EXPECT_EQ(first.at("engines").at(0), json({{"engine", "maude"},
                                             {"found", "attack"},
                                             {"bound", "2 sessions"},
                                             {"states", 1200},
                                             {"problem", nullptr}}));
  EXPECT_EQ(first.at("engines").at(1).at("problem"), "took too long");
  EXPECT_EQ(document.at("summary").at("model").at("other_attack"), 1);
  EXPECT_EQ(document.at("summary").at("model").at("agrees"), 4);
  EXPECT_EQ(document.at("summary").at("model").at("contradiction"), 0);
}

TEST(ReportModel, EscapesEverything) {
  // No JSON text has bytes that are not UTF-8.
  const std::string nasty = hostile.substr(0, hostile.find('\xff')) + "\xe2\x80\xae";
  auto records = unleaked();
  json item = failed("spin" + nasty, nasty);
  item["suite"] = "as_posted";
  json maude = said("active", "P-S2", "maude" + nasty, "holds");
  maude["bound"] = nasty;
  const ModelVerdicts models = models_of({maude, item});
  ReportHeader head = header();
  head.models_table = "javascript:" + nasty;
  head.models_json = nasty;
  const std::string html = to_html(head, records, &models);
  check_page(html);
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
  std::ostringstream terminal;
  print_models(terminal, records, models, false);
  EXPECT_THAT(terminal.str(), HasSubstr("CONTRADICTION"));
  EXPECT_THAT(terminal.str(), Not(HasSubstr("\x1b")));
  EXPECT_THAT(terminal.str(), Not(HasSubstr("\xe2\x80\xae")));
}

}  // namespace
}  // namespace wib::attacks
