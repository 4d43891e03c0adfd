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
      // What takes a search and no library is run on one pair there (EveryDefence).
      const bool searched = each.device_entropy.kind == attacks::EntropyKind::seeded ||
                            each.id() == "E02.cookie-full-entropy";
      if (searched && suite.entropy_gate.gates()) continue;
      for (Backend* device : backends()) {
        for (Backend* client : backends()) all.emplace_back(&each, &suite, device, client);
      }
    }
  }
  return all;
}

std::string case_name(const testing::TestParamInfo<Case>& test) {
  const auto& [each, suite, device, client] = test.param;
  std::string text = each->id() + "_" + std::string(suite->reading()) + "_" +
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
  const auto expected = expectation(*each, suite->name().view());
  ASSERT_TRUE(expected);
  if (!expected->outcome()) {
    EXPECT_EQ(run.record.verdict, Verdict::not_applicable);
    EXPECT_FALSE(run.record.reason.empty()) << "a reason is owed";
    return;
  }
  EXPECT_EQ(run.record.verdict, Verdict::pass) << run.record.reason;
  EXPECT_EQ(run.record.outcome, *expected->outcome());
  // A theft comes with its derivation, and a control has none.
  const bool steals = std::ranges::any_of(
      each->aims, [](Property aim) { return aim == Property::s2 || aim == Property::s3_prng; });
  if (steals && run.record.outcome == Outcome::succeeded) {
    ASSERT_FALSE(run.record.thefts.empty());
    EXPECT_EQ(run.record.thefts[0].owner, "owner");
    EXPECT_FALSE(run.record.thefts[0].steps.empty());
  }
  if (each->control) {
    EXPECT_TRUE(run.record.thefts.empty());
  }
}

attacks::Run run_on(const Suite& suite, const Scenario& scenario);

// --- Which defence stops which attack -----------------------------------------------------------

// Every suite that the expectations speak of, on one pair: the named ones with one slot as the
// other has it.
class EveryDefence : public testing::TestWithParam<std::tuple<std::string_view, const Scenario*>> {
};

std::vector<const Scenario*> all_scenarios() {
  std::vector<const Scenario*> all;
  for (const Scenario& each : scenarios()) {
    if (!each.once) all.push_back(&each);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Table, EveryDefence,
                         testing::Combine(testing::ValuesIn(std::vector<std::string_view>(
                                              expected_suites().begin(), expected_suites().end())),
                                          testing::ValuesIn(all_scenarios())),
                         [](const auto& test) {
                           std::string text(std::get<0>(test.param));
                           text += "_" + std::get<1>(test.param)->id();
                           std::ranges::replace_if(
                               text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return text;
                         });

TEST_P(EveryDefence, ComesToWhatIsExpected) {
  const auto& [name, each] = GetParam();
  const auto suite = parse_suite(name);
  ASSERT_TRUE(suite) << name;
  EXPECT_EQ(suite->name().view(), name);
  const auto expected = expectation(*each, name);
  ASSERT_TRUE(expected) << "nothing is said of it";
  const attacks::Run run = run_scenario(*each, {.suite = *suite,
                                                .device_backend = *find_backend("openssl"),
                                                .client_backend = *find_backend("openssl")});
  if (!expected->outcome()) {
    EXPECT_EQ(run.record.verdict, Verdict::not_applicable);
    EXPECT_FALSE(expected->reason.empty());
    return;
  }
  EXPECT_EQ(run.record.verdict, Verdict::pass) << run.record.reason;
  EXPECT_EQ(run.record.outcome, *expected->outcome());
}

// The claims of the issue in one place: what the named suites come to.
TEST(Defences, HardenedStopsTheAttacksButForTheResidual) {
  using Kind = attacks::Expectation::Kind;
  for (const Scenario& each : scenarios()) {
    if (each.control || each.once) continue;
    const Kind posted = expectation(each, "as_posted")->kind;
    const Kind hardened = expectation(each, "hardened")->kind;
    if (each.id() == "D14.code") {
      EXPECT_EQ(posted, Kind::not_applicable);
      EXPECT_EQ(hardened, Kind::succeeded) << "P-L1: the leaked secret is a takeover";
      continue;
    }
    EXPECT_EQ(posted, Kind::succeeded) << each.id();
    if (each.id() == "E02.cookie") {
      EXPECT_EQ(hardened, Kind::succeeded) << "a PRNG posing as noise";
    } else {
      EXPECT_NE(hardened, Kind::succeeded) << each.id();
    }
  }
}

// E02's attacker on the hardened suite is the real one: seed, exponent, code, private key.
TEST(Defences, AWeakPrngGivesTheCodeAndTheKeyAway) {
  for (const char* name : {"hardened", "hardened+entropy_gate=none"}) {
    const auto suite = parse_suite(name);
    const attacks::Run run = run_on(*suite, scenario("E02.cookie"));
    EXPECT_EQ(run.record.outcome, Outcome::succeeded) << name;
    ASSERT_FALSE(run.record.thefts.empty()) << name;
    std::set<std::string> learnt;
    for (const auto& [label, how] : run.record.thefts[0].steps) learnt.insert(label);
    for (const char* step : {"seed", "device's exponent", "setup code", "K"}) {
      EXPECT_TRUE(learnt.contains(step)) << name << ": " << step;
    }
  }
}

// Detectably weak noise: no cookie, no share, 503.
TEST(Defences, StuckNoiseIsRefusedWith503) {
  const attacks::Run run = run_on(*find_suite("hardened"), scenario("E02.stuck"));
  EXPECT_EQ(run.record.outcome, Outcome::blocked);
  EXPECT_NE(run.trace.find("\"status\":503"), std::string::npos);
  EXPECT_EQ(run.trace.find("Set-Cookie"), std::string::npos);
}

// "Demanding a pinned peer share": a party that takes the given shares and no other.
class PinnedShares final : public GroupPolicy {
 public:
  explicit PinnedShares(std::vector<ByteVector> shares) : shares_(std::move(shares)) {}
  // The name is that of the choice which it repairs, so that the same is expected.
  std::string_view name() const noexcept override { return take_any().name(); }
  OfferFields offer_fields() const noexcept override { return take_any().offer_fields(); }
  Group group(const Group& configured) const noexcept override { return configured; }
  void fill_offer(const Group& configured, Offer& offer) const noexcept override {
    take_any().fill_offer(configured, offer);
  }
  Result<Group> take_offer(const Offer& offer) const override {
    return take_any().take_offer(offer);
  }
  Result<> check_share(Crypto&, const Group&, ByteView share) const override {
    const bool pinned = std::ranges::any_of(
        shares_, [&](const ByteVector& each) { return same_bytes(each, share); });
    if (!pinned) return fail(Errc::out_of_range, "dh.wib: not the pinned share");
    return {};
  }

 private:
  std::vector<ByteVector> shares_;
};

// The shares that the honest client and device draw in a run with the seed of RunOptions.
std::vector<ByteVector> honest_shares(const Suite& suite) {
  World world = simulate({.suite = suite,
                          .device_backend = *backends().front(),
                          .client_backend = *backends().front()});
  std::vector<Metric> metrics;
  Script script(world, metrics, {});
  script.press("");
  const Overheard heard = listen(script, "owner");
  return {*world.wire(heard.client_share, "share"), *world.wire(heard.device_share, "share")};
}

Suite with_group_policy(const Suite& suite, const GroupPolicy& policy) {
  return {suite.key_exchange,   suite.freshness,     suite.key_schedule, suite.protection, policy,
          suite.session_policy, suite.attempt_limit, suite.entropy_gate};
}

attacks::Run run_on(const Suite& suite, const Scenario& scenario) {
  return run_scenario(scenario, {.suite = suite,
                                 .device_backend = *backends().front(),
                                 .client_backend = *backends().front()});
}

// The repair stops the attacker and nobody else: the honest run completes, and the attack is red.
TEST(Repaired, ADeviceThatPinsTheShareTurnsTheRowRed) {
  const Suite& suite = *find_suite("as_posted");
  const PinnedShares pinned(honest_shares(suite));
  const Suite repaired = with_group_policy(suite, pinned);
  for (const std::string_view id : {"A00", "D14.takeover"}) {
    const attacks::Run run = run_on(repaired, scenario(id));
    EXPECT_EQ(run.record.outcome, Outcome::blocked) << id;
    EXPECT_EQ(run.record.verdict, Verdict::fail) << id;
  }
  const attacks::Run honest = run_on(repaired, scenario("A00.passive"));
  EXPECT_EQ(honest.record.properties[0].finding, Finding::holds) << "P-R0";
  EXPECT_EQ(honest.record.verdict, Verdict::pass) << honest.record.reason;
}

TEST(Repaired, AControlInWhichNothingCompletesProvesNothing) {
  const PinnedShares none({});
  const Suite refusing = with_group_policy(*find_suite("as_posted"), none);
  for (const std::string_view id : {"A00.passive", "D14.wrong-serial"}) {
    const attacks::Run run = run_on(refusing, scenario(id));
    EXPECT_EQ(run.record.verdict, Verdict::inconclusive) << id;
  }
}

// Blocked is what was judged: a control whose attacker does not meet the condition proves nothing.
TEST(Repaired, AControlWhoseAimIsNotJudgedProvesNothing) {
  Scenario control = scenario("A00.passive");
  control.run = [](Script& script) {
    script.press("");
    (void)listen(script, "owner");
    script.press("");
    script.try_request(Endpoint::get_dh, nullptr, {});
  };
  const attacks::Run run = run_on(*find_suite("as_posted"), control);
  EXPECT_EQ(run.record.outcome, Outcome::blocked);
  EXPECT_EQ(run.record.verdict, Verdict::inconclusive) << run.record.reason;
}

TEST(Repaired, AControlThatSucceedsIsRed) {
  Scenario control = scenario("A00");
  control.control = true;
  control.variant = "passive";  // of which it is expected that it is blocked
  const attacks::Run run = run_on(*find_suite("as_posted"), control);
  EXPECT_EQ(run.record.outcome, Outcome::succeeded);
  EXPECT_EQ(run.record.verdict, Verdict::fail);
}

// The control's attacker goes on after the refusal, and a device that lets it is red.
TEST(Repaired, AWrongSerialIsFollowedByTheKeyAndAnHonestRun) {
  const attacks::Run run = run_on(*find_suite("as_posted"), scenario("D14.wrong-serial"));
  std::vector<std::string> to_device;
  for (const StoryLine& line : run.record.story) {
    if (line.kind == StoryLine::Kind::message && line.to == "device" && line.forged) {
      to_device.push_back(line.label);
    }
  }
  EXPECT_EQ(to_device, (std::vector<std::string>{"GET /setup/dh.wib", "POST /setup/dh.wib",
                                                 "POST /setup/auth.wib", "POST /setup/key.wib"}));
  EXPECT_EQ(run.record.properties[0].finding, Finding::holds) << "P-R0";

  // A device that takes any serial number, and one that says 401 and goes on all the same.
  for (const Status status : {Status::no_content, Status::unauthorized}) {
    std::vector<DeviceRow> table(device_table().begin(), device_table().end());
    for (DeviceRow& row : table) {
      if (row.on != DeviceState::await_auth || row.event != DeviceEvent::post_auth) continue;
      if (row.judged != Judged::bad) continue;
      row = {row.on, row.event, row.judged, status, DeviceState::await_key, Effects::none};
    }
    const attacks::Run taken =
        run_scenario(scenario("D14.wrong-serial"), {.suite = *find_suite("as_posted"),
                                                    .device_backend = *backends().front(),
                                                    .client_backend = *backends().front(),
                                                    .device_transitions = table});
    EXPECT_EQ(taken.record.verdict, Verdict::fail) << taken.record.reason;
  }
}

// What a party cannot do is no defence.
class NoButton final : public DeviceParty {
 public:
  Result<> press() override { return fail(Errc::unexpected, "press: no button"); }
  Result<> restart() override { return {}; }
  Result<> wait(Instant) override { return {}; }
  Result<Exchange> exchange(ByteView) override { return fail(Errc::refused, "tcp: refused"); }
};

attacks::Run run_on_target(const Scenario& scenario, std::unique_ptr<DeviceParty> device,
                           const SimulationConfig& config) {
  World world(
      {.suite = config.suite,
       .attacker_crypto = config.client_backend.crypto(),
       .seed = {42},
       .device = std::move(device),
       .clients = [&](const std::string& name) { return make_simulated_client(config, name, 0); }});
  const TraceHeader header{.scenario = scenario.id(),
                           .suite = "as_posted",
                           .reading = "cbc",
                           .device_backend = "real",
                           .client_backend = "real",
                           .serial = "unknown",
                           .target = "http://device"};
  return run_scenario_in(world, scenario, header, {}, config.client_backend.certificates(),
                         config.client_backend.crypto(), {}, true);
}

TEST(Target, WhatCannotBeDoneIsAnError) {
  const SimulationConfig config{.suite = *find_suite("as_posted"),
                                .device_backend = *backends().front(),
                                .client_backend = *backends().front()};
  const attacks::Run run = run_on_target(scenario("A00"), std::make_unique<NoButton>(), config);
  EXPECT_EQ(run.record.verdict, Verdict::error);
  EXPECT_NE(run.record.reason.find("press: no button"), std::string::npos) << run.record.reason;
}

TEST(Target, WhatCannotBeJudgedThereIsRefused) {
  std::set<std::string> judgeable;
  for (const Scenario& each : scenarios()) {
    if (judgeable_on_target(each)) judgeable.insert(each.id());
  }
  EXPECT_EQ(judgeable,
            (std::set<std::string>{"A00", "A00.drop", "A00.passive", "A03", "A03.nine", "B01",
                                   "B01.good-shares", "D14.takeover", "D14.recorded",
                                   "D14.reinstall", "D14.wrong-serial", "E02.cookie-full-entropy",
                                   "E02.share-full-entropy", "E02.stuck-full-entropy"}));
  const SimulationConfig config{.suite = *find_suite("as_posted"),
                                .device_backend = *backends().front(),
                                .client_backend = *backends().front()};
  const attacks::Run run = run_on_target(scenario("D14.recorder-strong-rng"),
                                         std::make_unique<SimulatedDevice>(config), config);
  EXPECT_EQ(run.record.verdict, Verdict::error) << run.record.reason;
  EXPECT_EQ(run_on_target(scenario("A00"), std::make_unique<SimulatedDevice>(config), config)
                .record.verdict,
            Verdict::pass);
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
