// SPDX-License-Identifier: Apache-2.0
//
// Covers: every difference between the bare libraries is declared in divergences/, every declared
// one is still there, and wib decides each as is written, on every backend.
#include <gtest/gtest.h>

#include "backends/conformance/divergences.h"

namespace wib::conformance {
namespace {

const std::vector<Declaration>& declarations() {
  static const std::vector<Declaration> all =
      read_declarations(std::filesystem::path(WIB_SOURCE_DIR) / "backends/conformance/divergences");
  return all;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Divergences, AreDeclaredAndStillThere) {
  std::map<std::string, Answers> answers;
  for (const Question& question : questions()) {
    answers[key(question)][wib_itself] = as_text(decide(backends().front()->crypto(), question));
  }
  std::size_t libraries = 0;
  for (Backend* const backend : backends()) {
    Bare* const bare = backend->bare();
    if (bare == nullptr) continue;
    ++libraries;
    for (const Question& question : questions()) {
      answers[key(question)][std::string(backend->name())] = as_text(ask(*bare, question));
    }
  }
  ASSERT_GE(libraries, 2U) << "nothing to compare";
  EXPECT_EQ(joined(judge(questions(), answers, declarations())), "");
  std::cout << questions().size() << " questions to " << libraries << " libraries, "
            << declarations().size() << " declared differences\n";
}

TEST(Divergences, AreDecidedAlikeByEveryBackend) {
  for (const Question& question : questions()) {
    const std::string first = as_text(decide(backends().front()->crypto(), question));
    for (Backend* const backend : backends()) {
      EXPECT_EQ(as_text(decide(backend->crypto(), question)), first)
          << key(question) << ": " << backend->name() << " against " << backends().front()->name();
    }
  }
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

std::string findings(const Answers& answers, const std::vector<Declaration>& declared,
                     const std::vector<Question>& asked = {question}) {
  return joined(judge(asked, {{"ffdh_agree: peer 0", answers}}, declared));
}

TEST(Divergences, ThatAreDeclaredAreNoFinding) {
  EXPECT_EQ(findings({{"a", "refused"}, {"b", "empty"}}, {declaration}), "");
  EXPECT_EQ(findings({{"a", "refused"}, {"b", "refused"}}, {}), "");
  // A backend that is not in this program is not asked for.
  EXPECT_EQ(findings({{"a", "refused"}}, {declaration}), "");
}

TEST(Divergences, ThatNobodyDeclaredAreNew) {
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}}, {}).starts_with("new: "));
}

TEST(Divergences, ThatAreGoneAreStale) {
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "refused"}}, {declaration}).starts_with("stale: "));
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
  EXPECT_TRUE(findings({{"a", "refused"}, {"b", "empty"}, {"c", "refused"}}, {declaration})
                  .starts_with("changed: "));
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
