// SPDX-License-Identifier: Apache-2.0
//
// Covers: every difference between the bare libraries is declared in divergences/, every declared
// one is still there, and wib decides each as is written, on every backend.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <set>

#include "backends/conformance/divergences.h"
#include "backends/registry.h"

namespace wib::conformance {
namespace {

// Of all libraries together, and those that a backend brings along in its own folder.
const std::vector<Declaration>& declarations() {
  static const std::vector<Declaration> all = [] {
    auto files = declaration_files(std::filesystem::path(WIB_SOURCE_DIR) /
                                   "backends/conformance/divergences");
    std::ifstream folders(WIB_BACKEND_FOLDERS);
    if (!folders) throw BadVector("cannot read " WIB_BACKEND_FOLDERS);
    for (std::string folder; std::getline(folders, folder);) {
      for (auto& file : declaration_files(folder, "divergences")) files.push_back(std::move(file));
    }
    std::vector<Declaration> declared;
    for (const auto& file : files) {
      for (Declaration& one : read_declarations(file)) declared.push_back(std::move(one));
    }
    return declared;
  }();
  return all;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Divergences, AreDeclaredAndStillThere) {
  std::map<std::string, Answers> answers;
  std::set<std::string_view> libraries;
  for (const Question& question : questions()) {
    const auto deciding = declaring(question.capability);
    ASSERT_FALSE(deciding.empty()) << "no backend declares " << wib::name(question.capability);
    Answers& now = answers[key(question)];
    now[wib_itself] = as_text(decide(deciding.front()->crypto(), question));
    for (Backend* const backend : real_backends()) {
      if (backend->bare() == nullptr) continue;
      const Bare::Outcome outcome = ask(*backend->bare(), question);
      if (!outcome.offered) continue;
      now[std::string(backend->name())] = as_text(outcome);
      libraries.insert(backend->name());
    }
  }
  ASSERT_FALSE(libraries.empty()) << "nothing to compare";
  EXPECT_EQ(joined(judge(questions(), answers, declarations())), "");
  std::cout << questions().size() << " questions to " << libraries.size() << " libraries, "
            << declarations().size() << " declared differences\n";
}

TEST(Divergences, AreDecidedAlikeByEveryBackend) {
  bool compared = false;
  for (const Question& question : questions()) {
    const auto deciding = declaring(question.capability);
    compared = compared || deciding.size() > 1;
    for (Backend* const backend : deciding) {
      EXPECT_EQ(as_text(decide(backend->crypto(), question)),
                as_text(decide(deciding.front()->crypto(), question)))
          << key(question) << ": " << backend->name() << " against " << deciding.front()->name();
    }
  }
  if (!compared) GTEST_SKIP() << "no question that two backends decide";
}

// --- The judgement itself ------------------------------------------------------------------------

const Question question = {.id = "peer 0", .operation = "ffdh_agree", .inputs = {{"peer", "0"}}};
const Declaration declaration = {.file = "f.json",
                                 .id = "peer 0",
                                 .operation = "ffdh_agree",
                                 .inputs = {{"peer", "0"}},
                                 .bare = {{"a", "refused"}, {"b", "empty"}},
                                 .why = "because",
                                 .wib = "refused"};

std::string findings(Answers answers, const std::vector<Declaration>& declared,
                     const std::vector<Question>& asked = {question}) {
  answers.emplace(wib_itself, "refused");
  return joined(judge(asked, {{"ffdh_agree: peer 0", answers}}, declared));
}

TEST(Divergences, ThatAreDeclaredAreNoFinding) {
  EXPECT_EQ(findings({{"a", "refused"}, {"b", "empty"}}, {declaration}), "");
  EXPECT_EQ(findings({{"a", "refused"}, {"b", "refused"}}, {}), "");
}

TEST(Divergences, ThatNobodyDeclaredAreNew) {
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}}, {}).starts_with("new: "));
  EXPECT_TRUE(findings({{"a", "00"}, {"b", "00"}}, {}).starts_with("new: "));
}

// A library that no declaration speaks of is held to wib, and to nothing else.
TEST(Divergences, OfOneMoreLibraryAreThoseFromWib) {
  const Answers declared = {{"a", "refused"}, {"b", "empty"}};
  Answers answers = declared;
  answers["c"] = "refused";
  EXPECT_EQ(findings(answers, {declaration}), "");
  answers["c"] = "empty";
  EXPECT_TRUE(findings(answers, {declaration}).starts_with("new: "));
  Declaration own = declaration;
  own.bare = {{"c", "empty"}};
  EXPECT_EQ(findings(answers, {declaration, own}), "");
  EXPECT_EQ(findings(answers, {own, declaration}), "");
  answers["c"] = "32 zeros";
  EXPECT_TRUE(findings(answers, {declaration, own}).starts_with("changed: "));
  answers["c"] = "refused";
  EXPECT_TRUE(findings(answers, {declaration, own}).starts_with("stale: "));
}

TEST(Divergences, ThatAreGoneAreStale) {
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "refused"}}, {declaration}).starts_with("stale: "));
}

// Not in this program, or not offered.
TEST(Divergences, OfALibraryThatDoesNotAnswerAreStaleUnlessOptional) {
  EXPECT_TRUE(findings({{"b", "empty"}}, {declaration}).starts_with("stale: a does not answer"));
  Declaration optional = declaration;
  optional.optional = true;
  EXPECT_EQ(findings({{"b", "empty"}}, {optional}), "");
  EXPECT_EQ(findings({}, {optional}), "");
}

TEST(Divergences, OfWibFromAllLibrariesAreDifferencesToo) {
  EXPECT_TRUE(findings({{"a", "00"}, {"b", "00"}, {"wib", "0000"}}, {}).starts_with("new: "));
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}, {"wib", "32 zeros"}}, {declaration})
                  .starts_with("changed: "));
}

TEST(Divergences, MayBeOfAnyValueAndOneSize) {
  Declaration any = declaration;
  any.bare["b"] = "4 bytes, any";
  for (const std::string text : {"01020304", "4 zeros"}) {
    EXPECT_EQ(findings({{"a", "refused"}, {"b", text}}, {any}), "") << text;
  }
  for (const std::string text : {"010203", "5 zeros", "empty"}) {
    EXPECT_TRUE(findings({{"a", "refused"}, {"b", text}}, {any}).starts_with("changed: ")) << text;
  }
}

TEST(Divergences, ThatAreOthersNowAreChanged) {
  EXPECT_TRUE(
      findings({{"a", "refused"}, {"b", "32 zeros"}}, {declaration}).starts_with("changed: "));
  Declaration other = declaration;
  other.inputs["peer"] = "1";
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}}, {other}).starts_with("changed: "));
}

TEST(Divergences, ThatNobodyAsksForAreFound) {
  EXPECT_TRUE(
      findings({{"a", "refused"}, {"b", "empty"}}, {declaration}, {}).starts_with("unasked: "));
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}}, {declaration, declaration})
                  .starts_with("twice: "));
}

}  // namespace
}  // namespace wib::conformance
