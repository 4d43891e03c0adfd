// SPDX-License-Identifier: Apache-2.0
//
// Counterexample -> code: what the engine finds from the model alone is done to the real device and
// client, on every pair of backends, and the referee says the same.
#include "models/bridge/attack.h"

#include <gtest/gtest.h>

namespace wib::models {
namespace {

struct Expectation {
  const char* name;
  const char* suite;
  AttackQuery query;
  const char* needle;  // a step that tells this attack from others
};

class EveryAttack : public testing::TestWithParam<Expectation> {};

TEST_P(EveryAttack, IsFoundByTheEngineAndConfirmedOnEveryPair) {
  const Suite suite = *parse_suite(GetParam().suite);
  const auto found = find_attack(GetParam().query, suite, false);
  ASSERT_TRUE(found) << found.error();
  ASSERT_TRUE(found->has_value()) << "the model has none";
  std::string steps;
  for (const std::string& step : (*found)->steps) steps += step + "\n";
  EXPECT_NE(steps.find(GetParam().needle), std::string::npos) << steps;

  const auto pairs = backend_pairs(suite);
  ASSERT_GE(pairs.size(), 4U);
  const auto confirmed = confirm(**found, suite, pairs);
  ASSERT_TRUE(confirmed) << confirmed.error();
  EXPECT_EQ(confirmed->size(), pairs.size());
  for (const Confirmation& one : *confirmed) {
    EXPECT_TRUE(one.confirmed) << one.device << " > " << one.client << ": " << one.witness << "\n"
                               << steps;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Replay, EveryAttack,
    testing::Values(
        Expectation{"share_is_g", "as_posted", {"P-S2", true, false}, "post-dh ck(d, 0) g "},
        Expectation{"mitm", "as_posted", {"P-S2", true, true}, "exp(g, rnd(i, 0))"},
        Expectation{"rogue_device", "as_posted", {"P-A1"}, "c-done"},
        Expectation{"takeover", "as_posted", {"P-A2"}, "bundle(i, 0)"},
        Expectation{"double_install", "as_posted", {"P-A3"}, "press"},
        Expectation{"replay", "as_posted", {"P-A3/recorder"}, "restart"},
        Expectation{
            "replay_without_epoch", "hardened+freshness=none", {"P-A3/recorder"}, "restart"},
        Expectation{"dropped_key", "hardened+protection=encrypt_and_mac", {"P-A1"}, "c-done"},
        Expectation{"mitm_on_named_groups",
                    "as_posted+group_policy=named",
                    {"P-S2", true, true},
                    "exp(g, rnd(i, 0))"},
        Expectation{"leaked_code", "hardened", {"P-L1"}, "msk(pm, w0(code)"},
        Expectation{"leaked_serial", "as_posted", {"P-L1"}, "bundle(i, 0)"}),
    [](const auto& attack) { return attack.param.name; });

TEST(Attack, TheModelHasNoneOnHardened) {
  const Suite hardened = *parse_suite("hardened");
  for (const char* property : {"P-S2", "P-A1", "P-A2", "P-A3", "P-A3/recorder"}) {
    const auto found = find_attack({property}, hardened, false);
    ASSERT_TRUE(found) << found.error();
    EXPECT_FALSE(found->has_value()) << property;
  }
}

// A property that several scenarios ask is looked for in all of them.
TEST(Attack, IsLookedForInEveryScenario) {
  const Suite suite = *parse_suite("hardened+freshness=none");
  const auto found = find_attack({"P-A3"}, suite, false);
  ASSERT_TRUE(found) << found.error();
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->scenario->id, "active-repeat");
}

// A counterexample of another suite's is not confirmed: the referee judges, not the model.
TEST(Attack, IsNotConfirmedWhereTheDefenceIsThere) {
  const Suite without = *parse_suite("hardened+freshness=none");
  const Suite hardened = *parse_suite("hardened");
  const auto found = find_attack({"P-A3/recorder"}, without, false);
  ASSERT_TRUE(found && found->has_value());
  const auto confirmed = confirm(**found, hardened, backend_pairs(hardened));
  ASSERT_TRUE(confirmed) << confirmed.error();
  for (const Confirmation& one : *confirmed) EXPECT_FALSE(one.confirmed);
}

TEST(Attack, SaysWhatItCannotBeAskedFor) {
  const Suite suite = *parse_suite("as_posted");
  for (const char* property : {"P-X9", "P-R0", "P-S3/prng", "P-L3/rogue", "P-C5", ""}) {
    const auto found = find_attack({property}, suite, false);
    ASSERT_FALSE(found) << property;
    EXPECT_NE(found.error().find(property), std::string::npos) << found.error();
  }
}

}  // namespace
}  // namespace wib::models
