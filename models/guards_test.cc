// SPDX-License-Identifier: Apache-2.0
//
// The ways in which a model says something and means nothing, each planted: an algebra that Maude
// takes apart, a bound that allows no attack, a protocol that nobody completes, an attacker who
// cannot do what attackers do, a file of expectations with a hole, an engine that does not answer.
// Every one of them must be red.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/check/check.h"
#include "models/mutants/mutants.h"

namespace wib::models {
namespace {

using json = nlohmann::ordered_json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const Suite& as_posted() { return *find_suite("as_posted"); }
const Suite& hardened() { return *find_suite("hardened"); }

Planted planted(const std::vector<Edit>& edits) {
  auto files = Planted::plant(edits);
  EXPECT_TRUE(files) << files.error();
  return std::move(files).value();
}

Expectations expectations() {
  auto read = Expectations::read(expected_path());
  EXPECT_TRUE(read) << read.error();
  return std::move(read).value();
}

// One goal in one scenario.
Outcome<Answers> ask(const ModelFiles& files, const Suite& suite, std::string_view scenario,
                     std::string_view goal, std::optional<Bound> bound = {}) {
  const Scenario& s = *find_scenario(scenario);
  return ask_maude(files, initial_term(suite, s, bound.value_or(s.fast)), {goal}, goal, 60);
}

// What `wib model check` would print in red: "active P-A2 maude".
std::set<std::string> red(const Suite& suite, const ModelFiles& files) {
  CheckOptions options;
  options.model = files;
  options.seconds = 120;
  std::set<std::string> names;
  for (const Verdict& v : check(std::span(&suite, 1), expectations(), options)) {
    EXPECT_EQ(v.problem, "") << v.scenario << " " << v.property;
    if (!v.good()) names.insert(v.scenario + " " + v.property + " " + v.engine);
  }
  return names;
}

// --- The algebra ------------------------------------------------------------------------------

constexpr std::string_view opening =
    "ceq kn(seal(K, M1, M) ; S) = kn(seal(K, M1, M) ; parts(M) ; S) if not (parts(M) in S) /\\ S "
    "|- K .";

// Analysis on the set itself: Maude extends the equation to match inside its own result.
TEST(Algebra, AnAnalysisOnTheSetIsAnError) {
  const auto files = planted({{"algebra.maude", std::string(opening),
                               "ceq seal(K, M1, M) ; S = seal(K, M1, M) ; parts(M) ; S if not "
                               "(parts(M) in S) /\\ S |- K ."}});
  const auto answer = ask(files.files(), as_posted(), "active", "theft");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error(), AllOf(StartsWith("maude: Advisory:"), HasSubstr("collapse at top")));
  MaudeScript script(files.files(), "WIB-ASK");
  script.command("red g");
  EXPECT_THAT(script.run(20).error(), HasSubstr("collapse at top"));
  EXPECT_THAT(script.run_searches(20).error(), HasSubstr("collapse at top"));
}

// A pair that is split on the set is split inside other terms, too. Maude would give a verdict.
TEST(Algebra, APairThatIsSplitOnTheSetIsAnError) {
  const auto files = planted({{"algebra.maude", std::string(opening),
                               std::string(opening) + "\n  op pair : Msg Msg -> Msg [ctor] .\n" +
                                   "  eq pair(M, M1) ; S = M ; M1 ; S ."}});
  const auto answer = ask(files.files(), as_posted(), "active", "theft");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error(), AllOf(StartsWith("maude: Advisory:"), HasSubstr("collapse at top")));
}

// What Maude does not understand it skips, with a warning, and answers all the same.
TEST(Algebra, WhatMaudeCannotReadIsAnError) {
  const auto files = planted({{"suite.maude", "eq row(S, closed, R, any) = r(403, closed, keep) .",
                               "eq row(S, closed, R, any) = r(403, shut-down, keep) ."}});
  EXPECT_THAT(ask(files.files(), as_posted(), "active", "c4").error(),
              StartsWith("maude: Warning:"));
  EXPECT_THAT(ask(project_model(), as_posted(), "active", "no-such-goal").error(),
              StartsWith("maude: Warning:"));
  EXPECT_FALSE(ask({"/nowhere"}, as_posted(), "active", "theft"));
}

// --- Bounds -----------------------------------------------------------------------------------

// One press allows one installation, so that "twice" holds of the worst suite there is.
TEST(Bounds, OnePressProvesNothingOfTwice) {
  const Bound one{.sessions = 2, .presses = 1};
  const auto blind = ask(project_model(), as_posted(), "active", "twice", one);
  ASSERT_TRUE(blind) << blind.error();
  EXPECT_TRUE(blind->complete);
  EXPECT_THAT(blind->broken, IsEmpty());
  const auto seeing = ask(project_model(), as_posted(), "active", "twice");
  ASSERT_TRUE(seeing) << seeing.error();
  EXPECT_THAT(seeing->broken, ElementsAre("twice"));
}

// A number that is promised: Maude's own CPU time.
TEST(Numbers, HardenedInThreeSessionsAndTwoPressesTakesThreeSeconds) {
  const Suite hardened = *parse_suite("hardened");
  const Scenario& active = *find_scenario("active");
  const Bound bound{.sessions = 3, .presses = 2, .tries = 2};
  const auto answers = ask_maude(project_model(), initial_term(hardened, active, bound),
                                 {"r0", "theft", "rogue", "takeover", "twice", "guessed", "c1",
                                  "c3", "c4", "guesses", "d1", "f1"},
                                 {}, 300);
  ASSERT_TRUE(answers) << answers.error();
  EXPECT_TRUE(answers->complete);
  EXPECT_THAT(answers->broken, ElementsAre("r0"));
  EXPECT_LE(answers->seconds, 3.0);
}

TEST(Bounds, AreRefusedWhereTheyProveNothing) {
  const auto why = [](std::string_view scenario, std::string_view property, Bound bound) {
    const Scenario& s = *find_scenario(scenario);
    const auto question = std::ranges::find(s.questions, property, &Question::property);
    EXPECT_NE(question, s.questions.end()) << property;
    return std::string(vacuous(*question, s, bound));
  };
  EXPECT_THAT(why("active", "P-A3", {.sessions = 2, .presses = 1}), HasSubstr("2 presses"));
  EXPECT_THAT(why("active", "P-A3", {.sessions = 1, .presses = 2}), HasSubstr("2 sessions"));
  EXPECT_THAT(why("active", "P-F1", {.sessions = 2, .presses = 1}), HasSubstr("2 presses"));
  EXPECT_THAT(why("recorder-repeat", "P-A3/recorder", {}), HasSubstr("1 restart"));
  EXPECT_THAT(why("active", "P-C5", {.sessions = 2, .tries = 2}), HasSubstr("more sessions"));
  EXPECT_THAT(why("life", "P-C2", {}), HasSubstr("expire"));
  EXPECT_THAT(why("recorder-repeat", "P-C6", {}), HasSubstr("power"));
  EXPECT_THAT(why("recorder-repeat", "P-C6", {.sessions = 1, .restarts = 1}),
              HasSubstr("2 sessions"));
  EXPECT_THAT(why("passive", "P-S1", {.sessions = 0}), HasSubstr("nothing happens"));
  EXPECT_THAT(why("passive", "P-R0", {.presses = 0}), HasSubstr("nothing happens"));
  // Those that are asked are none of these.
  for (const Scenario& scenario : scenarios()) {
    for (const Question& question : scenario.questions) {
      EXPECT_EQ(vacuous(question, scenario, scenario.fast), "") << question.property;
      EXPECT_EQ(vacuous(question, scenario, scenario.deep), "") << question.property;
    }
  }
}

// Expected verdicts are not even read while a scenario's bound proves nothing.
TEST(Bounds, AreRefusedWithTheExpectations) {
  // The scenarios are a constant to everybody but this test.
  auto& active = const_cast<Scenario&>(*find_scenario("active"));
  for (Bound Scenario::* which : {&Scenario::fast, &Scenario::deep}) {
    const Bound before = active.*which;
    (active.*which).presses = 1;
    const auto read = Expectations::read(expected_path());
    active.*which = before;
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error(), AllOf(HasSubstr("active, P-A3: the bound is vacuous"),
                                    HasSubstr("one press allows one installation")));
  }
  EXPECT_TRUE(Expectations::read(expected_path()));
}

// --- Models that say too little ------------------------------------------------------------------

// The client never sends key.wib: nothing can be stolen or installed twice, and P-R0 tells.
TEST(Vacuity, AModelThatNobodyCompletesIsRed) {
  const auto files = planted(
      {{"suite.maude",
        "eq crow(S, expect-auth-result, no-content, good) = cr(expect-key-result, post-key) .",
        "eq crow(S, expect-auth-result, no-content, good) = cr(failed) ."}});
  const auto names = red(as_posted(), files.files());
  for (const Scenario& scenario : scenarios()) {
    if (!scenario.not_applicable(as_posted()).empty()) continue;
    EXPECT_THAT(names, Contains(std::string(scenario.id) + " P-R0 maude"));
  }
}

// Who knows the code and cannot take a mask off: it must take the device over, and does not.
TEST(Vacuity, AnAttackerWithoutUnmaskingIsRed) {
  // Only that a share can be unmasked; the text that says so is one line.
  std::ifstream in(project_model().directory + "/algebra.maude");
  std::string unmasking;
  for (std::string line; std::getline(in, line);) {
    if (line.find("ceq kn(msk(") != std::string::npos && line.find("if M in S") != line.npos)
      unmasking = line;
  }
  ASSERT_NE(unmasking, "") << "the equation has another shape now";
  const auto files = planted({{"algebra.maude", unmasking, ""}});
  EXPECT_THAT(red(hardened(), files.files()), Contains("leaked P-L1 maude"));
}

// Who cannot make a bundle of its own, certificates being nobody's secret: no takeover is found.
TEST(Vacuity, AnAttackerWithoutBundlesIsRed) {
  const auto files =
      planted({{"algebra.maude", "eq S makes bundle(A, N) = priv(A, N) in S .", ""}});
  EXPECT_THAT(red(as_posted(), files.files()),
              AllOf(Contains("active P-A2 maude"), Contains("leaked P-L1 maude")));
}

// And the models as they are are green, by the same function.
TEST(Vacuity, TheModelsAsTheyAreAreNot) {
  EXPECT_THAT(red(as_posted(), project_model()), IsEmpty());
}

// --- Expectations with a hole ------------------------------------------------------------------

std::string refused(const std::function<void(json&)>& edit) {
  std::ifstream in(expected_path());
  json document = json::parse(in);
  edit(document);
  const ScratchDirectory scratch;
  const auto read = Expectations::read(scratch.write("expected.json", document.dump()));
  return read ? "" : read.error();
}

// The entry of that question.
json& entry(json& document, std::string_view scenario, std::string_view property) {
  for (json& item : document["verdicts"]) {
    if (item["scenario"] == scenario && item["property"] == property) return item;
  }
  ADD_FAILURE() << scenario << ", " << property << " is not in the file";
  return document["verdicts"][0];
}

TEST(ExpectedFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refused([](json&) {}), "");
  const auto error = [](std::string_view what) {
    return AllOf(HasSubstr("expected.json: "), HasSubstr(std::string(what)));
  };
  // A verdict that is missing: the whole line, and for one suite.
  EXPECT_THAT(refused([](json& d) { d["verdicts"].erase(0); }), error("passive, P-R0: missing"));
  EXPECT_THAT(refused([](json& d) { entry(d, "active", "P-S2")["expect"].erase("default"); }),
              error("active, P-S2: as_posted is missing"));
  // A suite that there is none of, one that is not listed, and one under another name.
  EXPECT_THAT(refused([](json& d) { d["suites"].push_back("softened"); }),
              error("\"softened\" is no suite's name"));
  EXPECT_THAT(refused([](json& d) { d["suites"].push_back("hardened+key_exchange=spake2plus"); }),
              error("\"hardened+key_exchange=spake2plus\" is no suite's name"));
  EXPECT_THAT(refused([](json& d) { entry(d, "active", "P-S2")["expect"]["softened"] = "holds"; }),
              error("active, P-S2: \"softened\" is not among the suites"));
  // What holds everywhere needs something that does not.
  EXPECT_THAT(refused([](json& d) { entry(d, "life", "P-C2").erase("control"); }),
              error("life, P-C2: holds, and has no negative control"));
  EXPECT_THAT(
      refused([](json& d) { entry(d, "active", "P-S2")["expect"] = {{"default", "holds"}}; }),
      error("active, P-S2: holds, and has no negative control"));
  // Verdicts of the wrong kind, and of none.
  EXPECT_THAT(
      refused([](json& d) { entry(d, "active", "P-S2")["expect"]["default"] = "reachable"; }),
      error("active, P-S2: as_posted: not of its kind"));
  EXPECT_THAT(refused([](json& d) { entry(d, "active", "P-R0")["expect"]["default"] = "holds"; }),
              error("active, P-R0: as_posted: not of its kind"));
  EXPECT_THAT(refused([](json& d) { entry(d, "active", "P-S2")["expect"]["default"] = "perhaps"; }),
              error("active, P-S2, default: what is that verdict?"));
  // Twice; on what is not asked; what is no such file.
  EXPECT_THAT(refused([](json& d) { d["verdicts"].push_back(entry(d, "active", "P-S2")); }),
              error("active, P-S2: twice"));
  EXPECT_THAT(refused([](json& d) {
                json more = entry(d, "active", "P-S2");
                more["property"] = "P-S9";
                d["verdicts"].push_back(more);
              }),
              error("not asked"));
  EXPECT_THAT(refused([](json& d) { d["verdicts"][0].erase("expect"); }), error("expect"));
  EXPECT_THAT(refused([](json& d) { d.erase("suites"); }), error("suites"));
  const ScratchDirectory scratch;
  EXPECT_THAT(Expectations::read(scratch.write("expected.json", "{")).error(), error("is no JSON"));
  EXPECT_THAT(Expectations::read(scratch.path() + "/none.json").error(),
              HasSubstr("none.json: cannot be read"));
}

// --- Engines that do not answer ----------------------------------------------------------------

// A folder in front of PATH, or instead of it, with programs that this test wrote.
class Programs {
 public:
  Programs() { ::setenv("PATH", (scratch_.path() + ":" + before_).c_str(), 1); }
  ~Programs() { ::setenv("PATH", before_.c_str(), 1); }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  std::string add(const std::string& name, const std::string& script) {
    const std::string path = scratch_.write(name, "#!/bin/sh\n" + script + "\n");
    EXPECT_EQ(::chmod(path.c_str(), 0755), 0);
    return path;
  }
  void nothing_else() { ::setenv("PATH", scratch_.path().c_str(), 1); }

 private:
  std::string before_ = std::getenv("PATH");
  ScratchDirectory scratch_;
};

std::string maude_says(const std::string& script, unsigned seconds = 20) {
  Programs programs;
  programs.add("maude", script);
  const Scenario& scenario = *find_scenario("active");
  const auto answer = ask_maude(project_model(), initial_term(as_posted(), scenario, scenario.fast),
                                {"theft", "twice"}, "twice", seconds);
  return answer ? "a verdict" : answer.error();
}

TEST(Engines, MaudeThatDoesNotAnswerIsAProblem) {
  const std::string states = "echo 'states: 3  rewrites: 1 in 0ms cpu'";
  EXPECT_EQ(maude_says("echo 'No solution.'; " + states), "a verdict");  // the fake is believed
  EXPECT_EQ(maude_says("exit 0"), "maude: no answer");
  EXPECT_EQ(maude_says("echo 'BROKEN theft'"), "maude: no answer");
  EXPECT_EQ(maude_says("echo 'No solution.'"), "maude: no answer");
  EXPECT_EQ(maude_says("echo 'No solution.'; echo 'Solution 1 (state 2)'; " + states),
            "maude: no answer");
  EXPECT_THAT(maude_says("echo 'No solution.'; " + states + "; exit 3"), HasSubstr("exit code 3"));
  EXPECT_THAT(maude_says("echo 'No solution.'; " + states + "; kill -SEGV $$"),
              HasSubstr("exit code"));
  EXPECT_THAT(maude_says("echo 'No solution.'; " + states + "; echo 'Advisory: well' >&2"),
              HasSubstr("Advisory: well"));
  EXPECT_THAT(maude_says("echo 'No solution.'; " + states + "; echo 'Internal error' >&2"),
              HasSubstr("Internal error"));
}

TEST(Engines, MaudeThatTakesTooLongIsAProblem) {
  EXPECT_THAT(maude_says("echo 'BROKEN theft'; exec sleep 60", 1), HasSubstr("not done after 1 s"));
  // One that does not want to end is made to.
  EXPECT_THAT(maude_says("trap '' TERM; echo 'BROKEN theft'; while :; do sleep 1; done", 1),
              HasSubstr("maude: "));
}

TEST(Engines, MaudeThatCannotBeStartedIsAProblem) {
  Programs programs;
  programs.nothing_else();
  EXPECT_THAT(ask(project_model(), as_posted(), "active", "theft").error(),
              HasSubstr("maude is not on PATH"));
  EXPECT_THAT(table_differences(project_model()).error(), HasSubstr("maude is not on PATH"));
  EXPECT_THAT(compile_spin("/nowhere/life.pml", {}).error(), HasSubstr("spin is not on PATH"));
  programs.add("maude", "exit 0");
  EXPECT_THAT(ask(project_model(), as_posted(), "active", "theft").error(), HasSubstr("timeout"));
}

TEST(Engines, SpinThatDoesNotAnswerIsAProblem) {
  Programs programs;
  const auto says = [&](const std::string& script, unsigned seconds = 20) {
    const auto answer = ask_spin({programs.add("pan", script)}, {}, "p_s", seconds);
    return answer ? std::string(answer->violated ? "violated" : "holds") : answer.error();
  };
  const std::string states = "echo '      959 states, stored'; ";
  EXPECT_EQ(says(states + "echo 'errors: 0'"), "holds");  // the fake is believed
  EXPECT_EQ(says(states + "echo 'errors: 1'"), "violated");
  EXPECT_THAT(says("exit 0"), HasSubstr("spin, p_s: exit code 0"));
  EXPECT_THAT(says(states), HasSubstr("spin, p_s"));
  EXPECT_THAT(says("echo 'errors: 0'"), HasSubstr("spin, p_s"));
  EXPECT_THAT(says(states + "echo 'errors: 0'; exit 2"), HasSubstr("exit code 2"));
  EXPECT_THAT(says(states + "echo 'errors: 0'; kill -KILL $$"), HasSubstr("exit code"));
  EXPECT_THAT(says(states + "echo 'errors: 0'; echo 'error: max search depth too small'"),
              HasSubstr("cut short"));
  EXPECT_THAT(says(states + "echo 'errors: 0'; echo 'pan: out of memory'"), HasSubstr("cut short"));
  EXPECT_THAT(says("exec sleep 60", 1), HasSubstr("not done after 1 s"));
  EXPECT_FALSE(ask_spin({"/nowhere/pan"}, {}, "p_s", 20));
  // The real one, told nothing; and asked for a claim that there is not.
  EXPECT_THAT(ask_spin(project_spin(), {}, "p_s", 20).error(), HasSubstr("is not set"));
  const Scenario& scenario = *find_scenario("active");
  EXPECT_FALSE(ask_spin(project_spin(), spin_environment(as_posted(), scenario, scenario.fast),
                        "no_such_claim", 20));
}

// In `check` it is a verdict without an answer: red, and it tells why.
TEST(Engines, AProblemIsNoVerdict) {
  Programs programs;
  programs.add("maude", "exit 7");
  for (const Verdict& v : check(std::span(&as_posted(), 1), expectations(), {})) {
    if (v.engine != "maude") continue;
    EXPECT_FALSE(v.good()) << v.property;
    EXPECT_FALSE(v.found) << v.property;
    EXPECT_THAT(v.problem, HasSubstr("exit code 7"));
  }
}

// --- Engines that differ
// --------------------------------------------------------------------------

TEST(Engines, ThatDifferAreReported) {
  const auto verdict = [](const char* engine, std::optional<Expected> found) {
    return Verdict{.suite = "hardened",
                   .scenario = "life",
                   .property = "P-C2",
                   .engine = engine,
                   .expected = Expected::holds,
                   .found = found};
  };
  using V = std::vector<Verdict>;
  EXPECT_THAT(
      disagreements(V{verdict("maude", Expected::holds), verdict("spin", Expected::attack)}),
      ElementsAre("hardened, life, P-C2: maude says holds, spin attack"));
  EXPECT_THAT(
      disagreements(V{verdict("spin", Expected::holds), verdict("maude", Expected::attack)}),
      ElementsAre("hardened, life, P-C2: maude says attack, spin holds"));
  EXPECT_THAT(disagreements(V{verdict("maude", Expected::holds), verdict("spin", Expected::holds)}),
              IsEmpty());
  // Who does not answer does not contradict; it is red by itself.
  EXPECT_THAT(disagreements(V{verdict("maude", Expected::holds), verdict("spin", std::nullopt)}),
              IsEmpty());
  EXPECT_FALSE(verdict("spin", std::nullopt).good());
  // Other questions are other questions.
  for (std::string Verdict::* field : {&Verdict::suite, &Verdict::scenario, &Verdict::property}) {
    V other{verdict("maude", Expected::holds), verdict("spin", Expected::attack)};
    other[1].*field = "another";
    EXPECT_THAT(disagreements(other), IsEmpty());
  }
}

// Where nothing is expected both are "good", and they are told apart all the same.
TEST(Engines, ThatDifferAreReportedWhereNothingIsExpected) {
  Verdict maude{
      .suite = "a", .scenario = "b", .property = "c", .engine = "maude", .found = Expected::holds};
  Verdict spin = maude;
  spin.engine = "spin";
  spin.found = Expected::attack;
  EXPECT_TRUE(maude.good() && spin.good());
  EXPECT_EQ(disagreements(std::vector{maude, spin}).size(), 1U);
}

}  // namespace
}  // namespace wib::models
