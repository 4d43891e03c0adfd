// SPDX-License-Identifier: Apache-2.0
//
// What the hunt finds, and what it does not: the known attacks from an empty corpus, in every one
// of ten seeds; nothing on the suite that holds; and each finding brought to a verdict.
#include <gtest/gtest.h>

#include "fuzz/trace/campaign.h"

namespace wib::fuzz {
namespace {

using attacks::Property;

// CPU seconds until it is found; nullopt if it is not within `limit`.
std::optional<double> seconds_to(const Configuration& configuration, Violation violation,
                                 std::uint64_t seed, double limit) {
  Hunter hunter(configuration, {.seed = seed});
  const double begin = cpu_seconds();
  while (!hunter.found(violation)) {
    for (int i = 0; i < 64 && !hunter.found(violation); ++i) (void)hunter.next();
    if (cpu_seconds() - begin > limit) return std::nullopt;
  }
  return cpu_seconds() - begin;
}

struct Known {
  const char* name;
  Violation violation;
  bool repeats;
  double promised;  // seconds of CPU time; a test fails at ten times that
};

class Rediscovery : public testing::TestWithParam<Known> {};

TEST_P(Rediscovery, FromAnEmptyCorpusInTenSeeds) {
  const Known& known = GetParam();
  const Configuration configuration{.suite = *find_suite("as_posted"),
                                    .conditions = {.repeats = known.repeats}};
  std::vector<double> times;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto seconds = seconds_to(configuration, known.violation, seed, 10 * known.promised);
    ASSERT_TRUE(seconds) << known.name << ": not found with seed " << seed;
    times.push_back(*seconds);
  }
  std::ranges::sort(times);
  std::cout << known.name << ": median " << times[5] << " s, worst " << times.back()
            << " s, promised " << known.promised << " s\n";
}

INSTANTIATE_TEST_SUITE_P(AsPosted, Rediscovery,
                         testing::Values(Known{"theft", to_violation(Property::s2), false, 0.1},
                                         Known{"rogue_device", to_violation(Property::a1), false,
                                               0.1},
                                         Known{"takeover", to_violation(Property::a2), false, 1},
                                         Known{"full_mitm", Violation::mitm, false, 2},
                                         Known{"replay", to_violation(Property::a3), true, 5}),
                         [](const auto& tested) { return std::string(tested.param.name); });

class Hardened : public testing::TestWithParam<std::tuple<const char*, bool, std::uint64_t>> {};

TEST_P(Hardened, HoldsAndTheSameConfigurationSeesAPlantedBug) {
  const auto& [name, repeats, traces] = GetParam();
  const auto suite = parse_suite("hardened", name);
  ASSERT_TRUE(suite);
  const Campaign campaign = run_campaign({.suite = *suite,
                                          .conditions = {.repeats = repeats},
                                          .seed = 2015,
                                          .seconds = 600,
                                          .max_traces = traces},
                                         {});
  EXPECT_GE(campaign.traces, traces) << "stopped early";
  EXPECT_TRUE(campaign.canary_found);
  EXPECT_GT(campaign.honest, 0U);
  for (const Finding& finding : campaign.findings) {
    ADD_FAILURE() << id(finding.violation) << ": " << title(finding.violation) << "\n"
                  << testing::PrintToString(finding.proof.steps);
  }
  std::cout << campaign.traces << " traces, " << campaign.seconds << " s of CPU, "
            << campaign.honest << " honest completions, planted bug after "
            << campaign.canary_traces << " traces\n";
}

INSTANTIATE_TEST_SUITE_P(TwoMillionTraces, Hardened,
                         testing::Values(std::tuple("gcm", false, 1'600'000),
                                         std::tuple("gcm", true, 300'000),
                                         std::tuple("chacha20", false, 100'000)));

TEST(Campaign, ADeviceThatNeverCompletesIsVoid) {
  // No honest run in so few traces, and no time for the canary.
  const Campaign campaign = run_campaign(
      {.suite = *find_suite("hardened"), .seconds = 10, .max_traces = 1, .canary_seconds = 0}, {});
  EXPECT_TRUE(campaign.is_void());
}

TEST(Campaign, TheSameSeedFindsTheSame) {
  const CampaignConfig config{.suite = *find_suite("as_posted"),
                              .seed = 5,
                              .seconds = 60,
                              .max_traces = 4096,
                              .confirm = false};
  const Campaign a = run_campaign(config, {});
  const Campaign b = run_campaign(config, {});
  EXPECT_EQ(a.features, b.features);
  EXPECT_EQ(a.corpus, b.corpus);
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_EQ(a.findings[i].proof.trace, b.findings[i].proof.trace);
    EXPECT_EQ(a.findings[i].first_traces, b.findings[i].first_traces);
  }
}

TEST(Expectations, AreThoseOfProtocolsTable) {
  const Violations posted = expected_of(*find_suite("as_posted"), {});
  const Violations hardened = expected_of(*find_suite("hardened"), {});
  const Violations repeating = expected_of(*find_suite("hardened"), {.repeats = true});
  for (const Property property :
       {Property::s2, Property::a1, Property::a2, Property::a3, Property::c5, Property::d1}) {
    EXPECT_TRUE(posted.has(property)) << attacks::id(property);
  }
  for (const Property property : {Property::c1, Property::c2, Property::c3, Property::c4}) {
    EXPECT_FALSE(posted.has(property)) << attacks::id(property);
  }
  EXPECT_TRUE(hardened.none());
  EXPECT_TRUE(repeating.none());
  EXPECT_TRUE(expected_of(*find_suite("hardened"), {.leaked = true}).has(Property::l1));
}

// --- From a finding to a proof ------------------------------------------------------------------

struct Hunted {
  const char* name;
  const char* suite;
  Conditions conditions;
  std::uint64_t traces;
  std::vector<Violation> must;  // be among the findings
};

class Proofs : public testing::TestWithParam<Hunted> {};

TEST_P(Proofs, EveryFindingIsConfirmedOnEveryBackendInEveryGroup) {
  const Hunted& hunted = GetParam();
  const auto suite = parse_suite(hunted.suite);
  ASSERT_TRUE(suite);
  const Campaign campaign = run_campaign({.suite = *suite,
                                          .conditions = hunted.conditions,
                                          .seed = 3,
                                          .seconds = 300,
                                          .max_traces = hunted.traces},
                                         {});
  for (const Violation violation : hunted.must) {
    EXPECT_TRUE(std::ranges::any_of(campaign.findings,
                                    [&](const Finding& f) { return f.violation == violation; }))
        << id(violation) << " was not found";
  }
  Harness harness({.suite = *suite, .conditions = hunted.conditions});
  for (const Finding& finding : campaign.findings) {
    EXPECT_TRUE(finding.expected || hunted.suite != std::string("as_posted"))
        << id(finding.violation);
    for (const Confirmation& c : finding.confirmations) {
      EXPECT_EQ(c.verdict, ProofVerdict::confirmed)
          << id(finding.violation) << " on " << c.device << "/" << c.client << ", " << c.group
          << ": " << c.witness << "\n"
          << testing::PrintToString(finding.proof.steps);
    }
    // Nothing can be left out of what is shown.
    const Bytes& trace = finding.proof.trace;
    EXPECT_LE(trace.size(), finding.found_size);
    EXPECT_TRUE(harness.run(trace).violations.has(finding.violation));
    std::vector<Extent> steps;
    parse(harness.shape(), trace, steps, nullptr);
    for (const Extent& step : steps) {
      Bytes without(trace.begin(), trace.begin() + static_cast<std::ptrdiff_t>(step.begin));
      if (step.end < trace.size()) {
        without.insert(without.end(), trace.begin() + static_cast<std::ptrdiff_t>(step.end),
                       trace.end());
      }
      EXPECT_FALSE(harness.run(without).violations.has(finding.violation))
          << id(finding.violation) << " does without the step at " << step.begin;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Findings, Proofs,
    testing::Values(Hunted{"as_posted",
                           "as_posted",
                           {},
                           40'000,
                           {to_violation(Property::s2), to_violation(Property::a1),
                            to_violation(Property::a2), to_violation(Property::d1),
                            Violation::mitm}},
                    Hunted{"as_posted_repeat",
                           "as_posted",
                           {.repeats = true},
                           80'000,
                           {to_violation(Property::a3)}},
                    Hunted{"hardened_without_epoch",
                           "hardened+freshness=none",
                           {.repeats = true},
                           150'000,
                           {to_violation(Property::a3)}},
                    Hunted{"hardened_leaked",
                           "hardened",
                           {.leaked = true},
                           40'000,
                           {to_violation(Property::s2), to_violation(Property::l1)}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Proof, WhatIsOnlyAStoryIsNotReproduced) {
  // A trace that violates nothing, said to be a theft.
  const Configuration configuration{.suite = *find_suite("as_posted")};
  const Proof proof = prove(configuration, to_violation(Property::s2),
                            {byte_of(Action::press), byte_of(Action::get_dh)}, "no theft");
  const auto confirmations = confirm(proof, configuration.suite);
  ASSERT_FALSE(confirmations.empty());
  for (const Confirmation& c : confirmations) {
    EXPECT_EQ(c.verdict, ProofVerdict::not_reproduced) << c.device << ", " << c.group;
  }
}

TEST(Proof, TheWorstOfTheVerdictsIsTheVerdict) {
  using enum ProofVerdict;
  const auto of = [](std::initializer_list<ProofVerdict> verdicts) {
    std::vector<Confirmation> all;
    for (const ProofVerdict verdict : verdicts) all.push_back({.verdict = verdict});
    return verdict_of(all);
  };
  EXPECT_EQ(of({confirmed, confirmed}), confirmed);
  EXPECT_EQ(of({confirmed, blocked_by_backend}), blocked_by_backend);
  EXPECT_EQ(of({blocked_by_backend, not_reproduced, confirmed}), not_reproduced);
  EXPECT_EQ(of({}), not_reproduced);
}

}  // namespace
}  // namespace wib::fuzz
