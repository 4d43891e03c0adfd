// SPDX-License-Identifier: Apache-2.0
//
// Every scenario on every suite, reading and pair of backends has the outcome that is expected of
// it; and a repaired device turns the row red.
#include <gtest/gtest.h>

#include "attacks/scenarios/runner.h"
#include "backends/registry.h"

namespace wib::props {
namespace {

using namespace attacks;  // NOLINT: the whole test is about it

const Scenario& scenario(std::string_view id) {
  return *std::ranges::find_if(scenarios(), [&](const Scenario& s) { return s.id() == id; });
}

using Case = std::tuple<const Scenario*, const Suite*, Backend*, Backend*>;

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Scenario& each : scenarios()) {
    if (each.once) continue;  // ci/attacks runs it
    for (const Suite& suite : suites()) {
      for (Backend* device : backends()) {
        for (Backend* client : backends()) all.emplace_back(&each, &suite, device, client);
      }
    }
  }
  return all;
}

std::string case_name(const testing::TestParamInfo<Case>& test) {
  const auto& [each, suite, device, client] = test.param;
  std::string text = each->id() + "_" + std::string(suite->reading) + "_" +
                     std::string(device->name()) + "_" + std::string(client->name());
  for (char& c : text) {
    if (c == '.' || c == '-') c = '_';
  }
  return text;
}

class EveryScenario : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryScenario, testing::ValuesIn(cases()), case_name);

TEST_P(EveryScenario, IsAsExpected) {
  const auto& [each, suite, device, client] = GetParam();
  const attacks::Run run =
      run_scenario(*each, {.suite = *suite, .device_backend = *device, .client_backend = *client});
  EXPECT_EQ(run.record.verdict, Verdict::pass) << run.record.reason;
  EXPECT_EQ(run.record.outcome, each->expected);
  // A theft comes with its derivation, and a control has none.
  const bool steals = std::ranges::any_of(
      each->aims, [](Property aim) { return aim == Property::s2 || aim == Property::s3_prng; });
  if (steals) {
    ASSERT_FALSE(run.record.thefts.empty());
    EXPECT_EQ(run.record.thefts[0].owner, "owner");
    EXPECT_FALSE(run.record.thefts[0].steps.empty());
  }
  if (each->control) {
    EXPECT_TRUE(run.record.thefts.empty());
  }
}

// "Demanding a pinned peer share": a device that takes one share and no other.
class PinnedShare final : public GroupPolicy {
 public:
  std::string_view name() const noexcept override { return "pinned"; }
  Result<> check_group(const Offer&) const override { return {}; }
  Result<> check_share(const Offer&, ByteView) const override {
    return fail(Errc::out_of_range, "dh.wib: not the pinned share");
  }
};

Suite with_group_policy(const Suite& suite, const GroupPolicy& policy) {
  return {suite.name,
          suite.reading,
          suite.key_exchange,
          suite.freshness,
          suite.key_schedule,
          suite.protection,
          policy,
          suite.session_policy,
          suite.attempt_limit,
          suite.entropy_gate};
}

TEST(Repaired, ADeviceThatPinsTheShareTurnsTheRowRed) {
  static const PinnedShare pinned;
  const Suite repaired = with_group_policy(*find_suite("as_posted"), pinned);
  for (const std::string_view id : {"A00", "D14.takeover", "E02.cookie"}) {
    const attacks::Run run = run_scenario(scenario(id), {.suite = repaired,
                                                         .device_backend = *backends().front(),
                                                         .client_backend = *backends().front()});
    EXPECT_EQ(run.record.outcome, Outcome::blocked) << id;
    EXPECT_EQ(run.record.verdict, Verdict::fail) << id;
  }
}

TEST(Repaired, AControlInWhichNothingCompletesProvesNothing) {
  static const PinnedShare pinned;
  const Suite repaired = with_group_policy(*find_suite("as_posted"), pinned);
  const attacks::Run run =
      run_scenario(scenario("A00.passive"), {.suite = repaired,
                                             .device_backend = *backends().front(),
                                             .client_backend = *backends().front()});
  EXPECT_EQ(run.record.verdict, Verdict::inconclusive);
}

TEST(Repaired, AControlThatSucceedsIsRed) {
  Scenario control = scenario("A00.passive");
  control.initial = {"owner"};
  control.run = [](Script& script) {
    script.press("");
    (void)listen(script, "owner");
    script.learn("key", term::initial("owner.key"));
  };
  const attacks::Run run = run_scenario(control, {.suite = *find_suite("as_posted"),
                                                  .device_backend = *backends().front(),
                                                  .client_backend = *backends().front()});
  EXPECT_EQ(run.record.outcome, Outcome::succeeded);
  EXPECT_EQ(run.record.verdict, Verdict::fail);
}

TEST(Repaired, AnIrregularityIsAnError) {
  Scenario cheat = scenario("A00");
  cheat.run = [](Script& script) {
    script.press("");
    (void)listen(script, "owner");
    script.learn("key", term::hex(identity("owner").private_key));
  };
  const attacks::Run run = run_scenario(cheat, {.suite = *find_suite("as_posted"),
                                                .device_backend = *backends().front(),
                                                .client_backend = *backends().front()});
  EXPECT_EQ(run.record.verdict, Verdict::error);
}

TEST(Seeds, AnotherSeedAnotherRunTheSameVerdict) {
  const RunOptions base{.suite = *find_suite("as_posted"),
                        .device_backend = *backends().front(),
                        .client_backend = *backends().back()};
  RunOptions other = base;
  other.seed = 99;
  const attacks::Run first = run_scenario(scenario("A00"), base);
  EXPECT_EQ(run_scenario(scenario("A00"), base).trace, first.trace) << "one seed, one trace";
  const attacks::Run second = run_scenario(scenario("A00"), other);
  EXPECT_NE(second.trace, first.trace);
  EXPECT_EQ(second.record.verdict, Verdict::pass);
}

TEST(Catalogue, IdsAreUniqueAndEveryAttackHasAControl) {
  std::set<std::string> ids;
  for (const Scenario& each : scenarios()) {
    EXPECT_TRUE(ids.insert(each.id()).second) << each.id();
    EXPECT_FALSE(each.aims.empty());
  }
  for (const Family& family : families()) {
    EXPECT_TRUE(std::ranges::any_of(scenarios(), [&](const Scenario& each) {
      return each.family == family.id && each.control;
    })) << family.id;
    EXPECT_TRUE(std::ranges::any_of(scenarios(), [&](const Scenario& each) {
      return each.family == family.id && !each.control;
    })) << family.id;
  }
}

}  // namespace
}  // namespace wib::props
