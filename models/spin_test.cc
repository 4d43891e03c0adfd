// SPDX-License-Identifier: Apache-2.0
//
// What Spin alone can say: that something happens in the end, and two rules of the life cycle that
// have no property of their own. Each is seen broken by a planted bug.
#include "models/engine/spin.h"

#include <gtest/gtest.h>

#include "models/mutants/mutants.h"

namespace wib::models {
namespace {

struct Claim {
  const char* name;
  const char* suite;
  const char* scenario;
  bool fair;
  // A bug that breaks it, in life.pml: there exactly once.
  const char* find;
  const char* replace;
};

class EveryClaim : public testing::TestWithParam<Claim> {
 protected:
  Outcome<SpinAnswer> ask(const SpinModel& model) {
    const Claim& claim = GetParam();
    auto environment = spin_environment(*parse_suite(claim.suite), *find_scenario(claim.scenario),
                                        {.sessions = 2, .presses = 2, .restarts = 1});
    if (claim.fair) environment["WIB_EXPIRIES"] = "always";
    return ask_spin(model, environment, claim.name, 60, claim.fair);
  }
};

TEST_P(EveryClaim, Holds) {
  const auto answer = ask(project_spin());
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_FALSE(answer->violated);
  EXPECT_GT(answer->states, 20U);
}

TEST_P(EveryClaim, IsBrokenByAPlantedBug) {
  const auto planted = Planted::plant({{"life.pml", GetParam().find, GetParam().replace}});
  ASSERT_TRUE(planted) << planted.error();
  const auto model = planted->spin();
  ASSERT_TRUE(model) << model.error();
  const auto answer = ask(*model);
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_TRUE(answer->violated);
}

INSTANTIATE_TEST_SUITE_P(
    Spin, EveryClaim,
    testing::Values(Claim{"live_window", "hardened", "active", true, "window && expiries > 0 ->",
                          "window && expiries > 255 ->"},
                    Claim{"live_window", "as_posted", "active", true, "window && expiries > 0 ->",
                          "window && expiries > 255 ->"},
                    Claim{"one_session", "hardened", "active", false,
                          "#define FULL ((SINGLE && LIVE >= 1)",
                          "#define FULL ((SINGLE && LIVE >= 2)"},
                    Claim{"refund", "hardened", "passive", false,
                          "if :: charged_now--; judged = GOOD :: FAULT",
                          "if :: judged = GOOD :: FAULT"}),
    [](const auto& claim) { return std::string(claim.param.name) + "_" + claim.param.suite; });

// An answer that is none: a parameter that the model does not know ends it.
TEST(Spin, RefusesWhatItDoesNotKnow) {
  auto environment = spin_environment(*parse_suite("hardened"), *find_scenario("active"), {});
  environment["WIB_ENTROPY"] = "plenty";
  const auto answer = ask_spin(project_spin(), environment, "p_s", 60);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().find("plenty"), std::string::npos) << answer.error();
}

}  // namespace
}  // namespace wib::models
