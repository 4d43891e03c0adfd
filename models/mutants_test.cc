// SPDX-License-Identifier: Apache-2.0
//
// Planted bugs (models/mutants.json): each is killed by what the file says and by nothing else that
// it is asked, while the models as they are pass the same questions; a bug's rows in the code are
// the bug of the model; the negative controls of expected.json are real. And that a wrong file, or
// a bug that does not die as it should, is seen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/mutants/mutants.h"

namespace wib::models {
namespace {

using json = nlohmann::ordered_json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<Mutant>& all() {
  static const auto mutants = read_mutants(mutants_path());
  static const std::vector<Mutant> none;
  EXPECT_TRUE(mutants) << mutants.error();
  return mutants ? *mutants : none;
}
const Mutant* find(std::string_view id) {
  const auto found = std::ranges::find(all(), id, &Mutant::id);
  return found == all().end() ? nullptr : &*found;
}
const Expectations& expectations() {
  static const auto read = Expectations::read(expected_path());
  EXPECT_TRUE(read) << read.error();
  return *read;
}

bool killed_by_table(const Mutant& mutant) {
  return std::ranges::find(mutant.killed_by, "table") != mutant.killed_by.end();
}

TEST(Mutants, DieAsTheFileSays) {
  ASSERT_GE(all().size(), 14U);
  for (const Kill& kill : kill_table(all(), expectations())) {
    SCOPED_TRACE(kill.mutant->id);
    EXPECT_EQ(kill.problem, "");
    EXPECT_THAT(kill.model, ::testing::UnorderedElementsAreArray(kill.mutant->killed_by));
    EXPECT_TRUE(kill.as_expected());
  }
}

// One bug in both: the model with the bug and the code's tables with the bug are the same tables.
TEST(Mutants, AreTheSameRowsInTheCode) {
  std::vector<const Mutant*> mutants;
  for (const Mutant& mutant : all()) {
    const bool rows = !mutant.code.device.empty() || !mutant.code.client.empty();
    if (rows && killed_by_table(mutant)) mutants.push_back(&mutant);
  }
  EXPECT_GE(mutants.size(), 10U);
  std::vector<std::string> said(mutants.size());
  in_parallel(mutants.size(), [&](std::size_t i) {
    const auto planted = Planted::plant(mutants[i]->edits);
    if (!planted) {
      said[i] = planted.error();
      return;
    }
    const auto device = mutants[i]->device_rows();
    const auto client = mutants[i]->client_rows();
    const auto found = table_differences(planted->files(), {.device = device, .client = client});
    if (!found) said[i] = found.error();
    if (found && !found->empty()) said[i] = found->front();
  });
  for (std::size_t i = 0; i < mutants.size(); ++i) EXPECT_EQ(said[i], "") << mutants[i]->id;
}

// A suite that is said to have the bug for a choice falls where the bug does.
TEST(Mutants, AreWhatTheirSuitesChoose) {
  for (const Mutant& mutant : all()) {
    if (!mutant.code.suite) continue;
    SCOPED_TRACE(mutant.id);
    EXPECT_FALSE(*mutant.code.suite == mutant.suite);
    std::vector<Ask> asked;
    for (const Ask& ask : mutant.asked) {
      const bool kills = std::ranges::find(mutant.killed_by, ask.text()) != mutant.killed_by.end();
      if (kills && ask.kind == Ask::Kind::maude) asked.push_back(ask);
    }
    if (asked.empty()) continue;  // Spin's watchers ask for the choice themselves
    const auto planted = Planted::plant(mutant.edits);
    ASSERT_TRUE(planted) << planted.error();
    const auto bug = answers(asked, mutant.suite, mutant.bound, planted->files(), project_spin());
    const auto chosen =
        answers(asked, *mutant.code.suite, mutant.bound, project_model(), project_spin());
    ASSERT_TRUE(bug && chosen);
    bool same = false;
    for (std::size_t i = 0; i < asked.size(); ++i) same = same || (*bug)[i] == (*chosen)[i];
    EXPECT_TRUE(same);
  }
}

// Every `control` of expected.json: what it names is attacked where the line holds.
TEST(Controls, AreAttacked) {
  std::size_t controls = 0;
  for (const Scenario& scenario : scenarios()) {
    for (const Question& question : scenario.questions) {
      const std::string control(expectations().control(scenario.id, question.property));
      if (control.empty()) continue;
      ++controls;
      SCOPED_TRACE(std::string(scenario.id) + ", " + std::string(question.property) + ": " +
                   control);
      if (control.starts_with("mutant ")) {
        const Mutant* mutant = find(control.substr(7));
        EXPECT_NE(mutant, nullptr);
        if (mutant == nullptr) continue;
        EXPECT_EQ(expectations().of(mutant->suite.name().view(), scenario.id, question.property),
                  Expected::holds);
        const auto planted = Planted::plant(mutant->edits);
        ASSERT_TRUE(planted) << planted.error();
        const Ask ask{Ask::Kind::maude, &scenario, std::string(question.property)};
        const auto said = answers(std::span(&ask, 1), mutant->suite, mutant->bound,
                                  planted->files(), project_spin());
        ASSERT_TRUE(said) << said.error();
        EXPECT_TRUE(said->front());
        continue;
      }
      const std::string other = control.substr(0, control.find(' '));
      const std::string property = control.substr(control.find(' ') + 1);
      std::size_t attacked = 0;
      for (const std::string& suite : expectations().suites()) {
        if (expectations().of(suite, scenario.id, question.property) != Expected::holds) continue;
        if (!scenario.not_applicable(*parse_suite(suite)).empty()) continue;
        const auto verdict = expectations().of(suite, other, property);
        EXPECT_TRUE(verdict) << "no such line";
        if (verdict && *verdict == Expected::attack) ++attacked;
      }
      EXPECT_GE(attacked, 1U) << "attacked on none of the suites that it is to control";
    }
  }
  EXPECT_GE(controls, 10U);
}

// --- The file ---------------------------------------------------------------------------------

// The file with one mutant, after an edit of it.
std::string refused(const std::function<void(json&)>& edit) {
  std::ifstream in(mutants_path());
  json document = json::parse(in);
  json only = document.at("mutants").at(0);
  for (const json& item : document.at("mutants")) {
    if (item.at("id") == "cookie-survives-401") only = item;
  }
  edit(only);
  document["mutants"] = json::array({only});
  const ScratchDirectory scratch;
  const auto read = read_mutants(scratch.write("mutants.json", document.dump()));
  return read ? "" : read.error();
}

TEST(MutantsFile, SaysWhatIsWrongAndWhere) {
  const auto names = [](std::string_view what) {
    return AllOf(HasSubstr("mutants.json: mutant cookie-survives-401: "),
                 HasSubstr(std::string(what)));
  };
  EXPECT_EQ(refused([](json&) {}), "");
  EXPECT_THAT(refused([](json& m) { m["suite"] = "hard"; }), names("\"hard\" is no suite"));
  EXPECT_THAT(refused([](json& m) { m["code"]["table"][0]["state"] = "await"; }),
              names("state \"await\" is none"));
  EXPECT_THAT(refused([](json& m) { m["code"]["table"][0]["judged"] = "any"; }),
              names("no row of the table has"));
  EXPECT_THAT(refused([](json& m) { m["code"]["table"][0]["effects"] = "drop+fly"; }),
              names("\"fly\" is none"));
  EXPECT_THAT(refused([](json& m) { m["code"]["none"] = "why"; }), names("one of table"));
  EXPECT_THAT(refused([](json& m) { m["code"] = json::object({{"row", 1}}); }),
              names("says nothing"));
  EXPECT_THAT(refused([](json& m) { m["maude"] = json::array(); }), names("no edit"));
  EXPECT_THAT(refused([](json& m) { m["maude"][0]["replace"] = m["maude"][0]["find"]; }),
              names("changes nothing"));
  EXPECT_THAT(refused([](json& m) { m.erase("killed_by"); }), names("killed_by and equivalent"));
  EXPECT_THAT(refused([](json& m) { m["equivalent"] = "so"; }), names("killed_by and equivalent"));
  EXPECT_THAT(refused([](json& m) { m["killed_by"] = {"live P-C2"}; }), names("no scenario"));
  EXPECT_THAT(refused([](json& m) { m["killed_by"] = {"life P-S2"}; }), names("no question"));
  EXPECT_THAT(refused([](json& m) { m["killed_by"] = {"table", "table"}; }), names("twice"));
  EXPECT_THAT(refused([](json& m) { m["killed_by"] = {"verifier P-L3/rogue"}; }),
              names("stores no verifier"));
  // A bound that could not show the bug.
  EXPECT_THAT(refused([](json& m) { m["bound"] = {{"sessions", 1}, {"presses", 1}}; }),
              names("no cookie would expire"));
  EXPECT_THAT(refused([](json& m) { m.erase("title"); }), names("title"));
  EXPECT_THAT(read_mutants("/nowhere/mutants.json").error(), HasSubstr("cannot be read"));
  // The same id again.
  std::ifstream in(mutants_path());
  json document = json::parse(in);
  document["mutants"].push_back(document["mutants"][0]);
  const ScratchDirectory scratch;
  EXPECT_THAT(read_mutants(scratch.write("mutants.json", document.dump())).error(),
              HasSubstr(document["mutants"][0]["id"].get<std::string>() + ": twice"));
}

// An edit whose text is gone, or is not alone, is an error and no surviving bug.
TEST(MutantsFile, EditsMustFindTheirText) {
  EXPECT_THAT(Planted::plant({{"suite.maude", "eq row(S, nowhere", ""}}).error(),
              HasSubstr("suite.maude has not: eq row(S, nowhere"));
  EXPECT_THAT(Planted::plant({{"suite.maude", "eq row(S", ""}}).error(),
              HasSubstr("suite.maude has twice: eq row(S"));
  Mutant mutant = *find("cookie-survives-401");
  mutant.edits.front().find = "no such text";
  const auto kills = kill_table(std::span(&mutant, 1), expectations());
  EXPECT_THAT(kills.front().problem, HasSubstr("suite.maude has not: no such text"));
  EXPECT_FALSE(kills.front().as_expected());
}

// --- The table ----------------------------------------------------------------------------------

TEST(KillTable, SeesABugThatDoesNotDieAsItShould) {
  // It says of itself that less kills it than does; that it dies of what does not; nothing does.
  Mutant less = *find("cookie-survives-401");
  less.killed_by = {"life P-C2"};
  Mutant other = *find("cookie-survives-503");
  other.killed_by = {"table", "life P-C2"};
  other.asked.push_back({Ask::Kind::maude, find_scenario("life"), "P-C2"});
  Mutant none = *find("cookie-survives-401");
  none.edits.resize(1);
  none.edits.front() = {"suite.maude", "*** a cookie that names no session: nothing",
                        "*** nothing"};
  const std::vector<Mutant> mutants = {less, other, none};
  const auto kills = kill_table(mutants, expectations());
  for (const Kill& kill : kills) {
    EXPECT_EQ(kill.problem, "");
    EXPECT_FALSE(kill.as_expected());
  }
  EXPECT_THAT(kills[0].model, ::testing::UnorderedElementsAre("table", "life P-C2"));
  EXPECT_THAT(kills[1].model, ::testing::ElementsAre("table"));
  EXPECT_THAT(kills[2].model, IsEmpty());
  std::ostringstream out;
  print(out, kills);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("<-- NOT AS EXPECTED: table, life P-C2"),
                               HasSubstr("3 NOT as expected")));
}

TEST(KillTable, HasWhatTheCodeSays) {
  Mutant mutant = *find("client-takes-any-acknowledgement");
  const auto kills = kill_table(std::span(&mutant, 1), expectations(), [](const Mutant& of) {
    return std::vector<std::string>{"conformance of " + of.id, "trace"};
  });
  std::ostringstream out;
  print(out, kills);
  EXPECT_THAT(out.str(), HasSubstr("killed in the code by:  conformance of "
                                   "client-takes-any-acknowledgement, trace"));
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("1 planted bugs: 1 killed in the models"), Not(HasSubstr("<--"))));
}

}  // namespace
}  // namespace wib::models
