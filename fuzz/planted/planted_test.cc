// SPDX-License-Identifier: Apache-2.0
//
// Every planted bug is found, by number of traces and so whatever else the machine does; without a
// bug nothing is.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "fuzz/planted/tables.h"

namespace wib::fuzz {
namespace {

constexpr std::uint64_t most_traces = 2'000'000;

TEST(Planted, AreManyAndEachIsOne) {
  EXPECT_GE(bugs().size(), 40U);
  std::set<std::string_view> ids, titles;
  for (const Bug& bug : bugs()) {
    EXPECT_TRUE(ids.insert(bug.id).second) << bug.id;
    EXPECT_TRUE(titles.insert(bug.title).second) << bug.title;
    EXPECT_FALSE(bug.conditions.leaked) << bug.id;
    EXPECT_NE(bug.property, Violation::differs) << bug.id;
  }
  for (const Harmless& other : harmless()) {
    EXPECT_TRUE(ids.insert(other.id).second) << other.id;
    EXPECT_FALSE(other.why.empty());
  }
}

TEST(Planted, AreNoBugsOfTheProduct) {
  EXPECT_TRUE(Planting().sound());
  for (const Bug& bug : bugs()) {
    const auto planting = bug.make();
    EXPECT_FALSE(planting->sound()) << bug.id;
    const Configuration configuration = planting->configuration();
    EXPECT_EQ(&configuration.suite, &planted_suite());
    // Nobody sees from outside that there is a bug.
    EXPECT_EQ(configuration.device.suite->id().view(), planted_suite().id().view()) << bug.id;
    EXPECT_EQ(configuration.client.suite->id().view(), planted_suite().id().view()) << bug.id;
    // What falls is not what falls anyway.
    EXPECT_FALSE(expected_of(planted_suite(), bug.conditions).has(bug.property)) << bug.id;
  }
}

// A bug that the models have too has one id, and one title.
TEST(Planted, AreThoseOfTheModels) {
  std::ifstream in(WIB_SOURCE_DIR "/models/mutants.json");
  const auto document = nlohmann::json::parse(in, nullptr, false);
  ASSERT_FALSE(document.is_discarded());
  std::size_t common = 0;
  for (const auto& mutant : document.at("mutants")) {
    const auto name = mutant.at("id").get<std::string>();
    const Bug* bug = find_bug(name);
    const bool excused = std::ranges::find(harmless(), name, &Harmless::id) != harmless().end();
    EXPECT_TRUE(bug != nullptr || excused) << name << " is neither planted nor said to be harmless";
    if (bug == nullptr) continue;
    ++common;
    EXPECT_EQ(bug->title, mutant.at("title").get<std::string>()) << name;
  }
  EXPECT_GE(common, 15U);
}

// The n-th third of the bugs, so that tests of a part run side by side.
class Kills : public testing::TestWithParam<std::size_t> {};
TEST_P(Kills, WithinTheirTraces) {
  for (std::size_t i = GetParam(); i < bugs().size(); i += 3) {
    const Bug& bug = bugs()[i];
    if (bug.elusive) continue;
    const Kill kill = hunt(bug, all_parts, 1, {.seconds = 1e9, .traces = most_traces});
    EXPECT_TRUE(kill.found) << bug.id;
    // What was found is a bug's doing: without it the same trace is in order.
    Configuration sound{.suite = planted_suite(), .conditions = bug.conditions};
    sound.charged = bug.charged;
    Harness harness(sound);
    EXPECT_TRUE(harness.run(kill.trace).violations.none()) << bug.id;
  }
}
INSTANTIATE_TEST_SUITE_P(Thirds, Kills, testing::Values(0U, 1U, 2U));

// What no hunt is sure to find is there all the same: written down, it falls.
TEST(Planted, ElusiveOnesFallToo) {
  Bytes trace = {byte_of(Action::press)};
  const auto add = [&](std::initializer_list<Byte> bytes) { trace.insert(trace.end(), bytes); };
  constexpr Byte newest = 0, own = 3, junk = 6;  // of a cookie, a share, a confirmation
  const auto guess = [&] {
    add({byte_of(Action::get_dh), byte_of(Action::post_dh), newest, own, byte_of(Action::post_auth),
         newest, junk});
  };
  for (int i = 0; i < 9; ++i) guess();
  add({byte_of(Action::start)});
  // The attacker's requests were answered: those messages go nowhere. From the newest on, each
  // message of the honest run is the last one that there is.
  for (int i = 0; i < 6; ++i) add({byte_of(Action::forward), 128});
  // The proven session ends at a proof too much.
  add({byte_of(Action::post_auth), newest, junk});
  guess();
  guess();
  const Bug* bug = find_bug("refund-of-all");
  ASSERT_NE(bug, nullptr);
  EXPECT_TRUE(bug->elusive);
  const auto planting = bug->make();
  Harness harness(planting->configuration());
  EXPECT_TRUE(harness.run(trace).violations.has(bug->property));
  Harness sound({.suite = planted_suite()});
  EXPECT_TRUE(sound.run(trace).violations.none());
}

TEST(Planted, NothingFallsWithoutOne) {
  for (const std::string_view reading : {"gcm", "chacha20"}) {
    for (const bool repeats : {false, true}) {
      const Configuration configuration{.suite = *find_suite("hardened", reading),
                                        .conditions = {.repeats = repeats}};
      HuntConfig config;
      config.seed = 20 + (repeats ? 1 : 0);
      Hunter hunter(configuration, config);
      // A boot of a generator that repeats itself costs its start-up test.
      const std::uint64_t traces = repeats ? 50'000 : 100'000;
      while (hunter.traces() < traces) (void)hunter.next();
      EXPECT_TRUE(hunter.finds().empty()) << reading << repeats;
      EXPECT_GT(hunter.honest(), 0U) << reading << repeats;
    }
  }
}

TEST(Attempts, AreLubys) {
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t n = 1; n <= 15; ++n) sizes.push_back(attempt_size(n) / attempt_size(1));
  EXPECT_EQ(sizes, (std::vector<std::uint64_t>{1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8}));
}

TEST(Summary, KeepsThePromise) {
  const Kill quick{.found = true, .seconds = 0.5};
  const Kill slow{.found = true, .seconds = 1.5};
  const Kill none{.found = false, .seconds = 10};
  const auto row = [](bool deep, std::vector<Kill> kills) {
    return KillRow{.bug = bugs().data(), .deep = deep, .kills = std::move(kills)};
  };
  const auto promised = [](std::vector<KillRow> rows) { return summarise(rows).as_promised(); };
  EXPECT_TRUE(promised({row(false, {quick}), row(true, {slow})}));
  EXPECT_FALSE(promised({row(false, {quick, slow})}));
  EXPECT_FALSE(promised({row(false, {none})}));
  std::vector<Kill> deep(20, quick);
  deep[3] = none;
  EXPECT_TRUE(promised({row(true, deep)}));
  deep[4] = none;
  EXPECT_FALSE(promised({row(true, deep)}));
  EXPECT_EQ(cell(std::vector{quick, none}), "1/2");
  EXPECT_EQ(cell(std::vector{quick, quick, slow}), "0.500");
}

}  // namespace
}  // namespace wib::fuzz
