// SPDX-License-Identifier: Apache-2.0
//
// Entropy profiles: each generator is as good, and as bad, as its name says.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "attacks/world/entropy.h"

namespace wib::props {
namespace {

using namespace attacks;  // NOLINT: the whole test is about it
using Bytes = std::vector<Byte>;

Bytes draw(ProfileRandom& random, std::size_t size) {
  Bytes bytes(size, 0xee);
  EXPECT_TRUE(random.fill(bytes));
  return bytes;
}

ProfileRandom make(EntropyKind kind, std::uint32_t bits = 0, std::uint64_t world = 1) {
  return {{kind, bits}, world, "device"};
}

TEST(Entropy, FullIsNewAtEveryBootAndInEveryWorldAndForEveryParty) {
  std::set<Bytes> seen;
  for (const std::uint64_t world : {1U, 2U}) {
    auto random = make(EntropyKind::full, 0, world);
    for (int boot = 0; boot < 3; ++boot) {
      EXPECT_TRUE(seen.insert(draw(random, 16)).second);
      random.restart();
    }
  }
  ProfileRandom other({EntropyKind::full, 0}, 1, "client");
  EXPECT_TRUE(seen.insert(draw(other, 16)).second);
  auto again = make(EntropyKind::full);
  EXPECT_TRUE(seen.contains(draw(again, 16))) << "one seed, one stream";
}

TEST(Entropy, RepeatSaysTheSameAtEveryBootAndNotWithinOne) {
  auto random = make(EntropyKind::repeat);
  const Bytes first = draw(random, 64);
  EXPECT_NE(draw(random, 64), first);
  random.restart();
  EXPECT_EQ(draw(random, 64), first);
}

TEST(Entropy, SeededIsTheStreamOfAShortSeed) {
  std::set<std::uint64_t> seeds;
  auto random = make(EntropyKind::seeded, 16);
  for (int boot = 0; boot < 8; ++boot) {
    EXPECT_LT(random.boot_seed(), 65536U);
    seeds.insert(random.boot_seed());
    Bytes expected(48);
    stream_bytes(seed_bytes(random.boot_seed()), "device", 0, expected);
    EXPECT_EQ(draw(random, 48), expected);
    random.restart();
  }
  EXPECT_GT(seeds.size(), 6U);
}

TEST(Entropy, ConstantIsOneByte) {
  auto random = make(EntropyKind::constant);
  const Bytes bytes = draw(random, 100);
  EXPECT_EQ(bytes, Bytes(100, bytes[0]));
}

TEST(Entropy, StuckIsGoodForAWhile) {
  auto random = make(EntropyKind::stuck, 128);
  const Bytes good = draw(random, 16);
  EXPECT_GT(std::set<Byte>(good.begin(), good.end()).size(), 8U);
  EXPECT_EQ(draw(random, 100), Bytes(100, good.back()));
}

TEST(Entropy, LcgIsTheOneThatItSays) {
  auto random = make(EntropyKind::lcg);
  auto state = static_cast<std::uint32_t>(random.boot_seed());
  for (const Byte byte : draw(random, 100)) {
    state = state * 1664525U + 1013904223U;
    EXPECT_EQ(byte, state >> 24U);
  }
}

TEST(Entropy, FailingFailsAndLeavesNoZeros) {
  auto random = make(EntropyKind::failing, 128);
  draw(random, 16);
  Bytes more(1, 0xee);
  const auto filled = random.fill(more);
  ASSERT_FALSE(filled);
  EXPECT_EQ(filled.error().code, Errc::entropy);
  EXPECT_EQ(more[0], 0xee);
}

TEST(Entropy, WhatHealthTestsCouldSee) {
  for (const auto& [kind, weak, detectable] : {std::tuple{EntropyKind::full, false, false},
                                               {EntropyKind::seeded, true, false},
                                               {EntropyKind::constant, true, true},
                                               {EntropyKind::stuck, true, true},
                                               {EntropyKind::lcg, true, false},
                                               {EntropyKind::repeat, true, false},
                                               {EntropyKind::failing, false, false}}) {
    EXPECT_EQ((EntropyProfile{kind, 1}.weak()), weak);
    EXPECT_EQ((EntropyProfile{kind, 1}.detectable()), detectable);
  }
}

}  // namespace
}  // namespace wib::props
