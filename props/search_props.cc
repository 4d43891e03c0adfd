// SPDX-License-Identifier: Apache-2.0
//
// The search for a device's seed: against planted seeds, and against trying seed after seed.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <chrono>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "attacks/search/seed_search.h"
#include "attacks/search/stream_random.h"
#include "attacks/search/sweep.h"
#include "protocol/groups.h"

namespace wib::attacks {
namespace {

using Bytes = std::vector<Byte>;

std::string hex(ByteView bytes) {
  std::string text;
  for (const Byte b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

Bytes random_bytes(std::size_t size) {
  return *rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}

// An odd number above one of exactly `size` bytes.
Bytes random_modulus(std::size_t size) {
  Bytes modulus = random_bytes(size);
  modulus.back() |= 1;
  modulus.front() |= *rc::gen::element<Byte>(1, 2, 0x80, 0xff);
  if (size == 1 && modulus[0] == 1) modulus[0] = 3;
  return modulus;
}

Bytes stream_of(std::uint64_t seed, std::uint64_t offset, std::size_t size) {
  Bytes bytes(size);
  stream_bytes(seed_bytes(seed), "device", offset, bytes);
  return bytes;
}

SearchOptions with_threads(unsigned threads, LaneKind lanes = LaneKind::best) {
  SearchOptions options;
  options.threads = threads;
  options.lanes = lanes;
  return options;
}

// What a search for a value of a stream must give: the lowest seed whose value it is.
template <class Value>
std::optional<std::uint64_t> lowest(const SeedSpace& space, const Value& value,
                                    const Bytes& wanted) {
  for (std::uint64_t i = 0; i < space.count; ++i) {
    if (value(space.first + i) == wanted) return space.first + i;
  }
  return std::nullopt;
}

TEST(search_by_cookie, finds_the_first_the_last_and_the_middle) {
  // Spans several chunks, of which the last is short, and ends with an odd seed out.
  for (const SeedSpace& space : {SeedSpace{0, 1}, SeedSpace{7, 2}, SeedSpace{1000, 50001},
                                 SeedSpace{~std::uint64_t{0} - 20000, 20001}}) {
    for (const std::uint64_t index : {std::uint64_t{0}, space.count / 2, space.count - 1}) {
      const Bytes cookie = stream_of(space.first + index, 0, 16);
      for (const unsigned threads : {1U, 3U}) {
        const auto result = search_by_cookie(space, "device", 0, cookie, with_threads(threads));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->seed, space.first + index);
        EXPECT_GT(result->tried, 0U);
        EXPECT_LE(result->tried, space.count);
      }
      EXPECT_FALSE(search_by_cookie(space, "client", 0, cookie)->seed);
    }
    const auto absent = search_by_cookie(space, "device", 0, Bytes(16, 0));
    ASSERT_TRUE(absent);
    EXPECT_FALSE(absent->seed);
    EXPECT_EQ(absent->tried, space.count);
  }
}

RC_GTEST_PROP(search_by_cookie, any_target_anywhere_lowest_match, ()) {
  const SeedSpace space{*rc::gen::arbitrary<std::uint32_t>(),
                        *rc::gen::inRange<std::uint64_t>(0, 3000)};
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, 200);
  // One byte matches many seeds, none of which is special; long ones cross blocks.
  const auto size = *rc::gen::element<std::size_t>(1, 1, 2, 3, 16, 33, 100);
  const Bytes target =
      stream_of(space.first + *rc::gen::inRange<std::uint64_t>(0, 4000), offset, size);
  const auto expected =
      lowest(space, [&](std::uint64_t seed) { return stream_of(seed, offset, size); }, target);
  const auto threads = *rc::gen::inRange(1U, 5U);
  const auto result = search_by_cookie(space, "device", offset, target, with_threads(threads));
  RC_ASSERT(result.has_value());
  RC_ASSERT(result->seed == expected);
}

// The first chunk holds no match and later ones hold many, so that threads race for the lowest.
TEST(search_by_cookie, threads_do_not_change_the_answer) {
  const SeedSpace space{1, 200000};
  const Bytes target = stream_of(70000, 40, 2);
  const auto one = search_by_cookie(space, "device", 40, target, with_threads(1));
  ASSERT_TRUE(one && one->seed);
  for (int i = 0; i < 20; ++i) {
    const auto many = search_by_cookie(space, "device", 40, target, with_threads(8));
    ASSERT_TRUE(many);
    EXPECT_EQ(many->seed, one->seed);
  }
}

TEST(search_by_cookie, stops_at_the_match) {
  const SeedSpace space = SeedSpace::of_bits(24);
  const auto result = search_by_cookie(space, "device", 0, stream_of(12345, 0, 16));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->seed, 12345U);
  EXPECT_LT(result->tried, space.count / 4);
}

struct Group {
  Bytes p, g;
};

ShareTarget share_target(const Group& group, const Bytes& share, std::uint64_t offset,
                         std::size_t size) {
  return {
      .exponent_offset = offset, .exponent_size = size, .p = group.p, .g = group.g, .share = share};
}

Bytes share_of(const Group& group, std::uint64_t seed, std::uint64_t offset, std::size_t size) {
  const auto modulus = Montgomery::make(group.p);
  Bytes share(group.p.size());
  modulus->write(modulus->power(modulus->reduce(group.g), stream_of(seed, offset, size)), share);
  return share;
}

// As E02 plays it: an ffdhe2048 share recorded from a device with a 10-bit seed. The digest of the
// share is Python's.
TEST(search_by_share, finds_the_seed_of_an_ffdhe2048_share) {
  const Group group{to_bytes(ffdhe2048().p), to_bytes(ffdhe2048().g)};
  const Bytes share = share_of(group, 0xbeef, 16, 32);
  EXPECT_EQ(hex(sha256(share)), "2366452a213764c0a9bba404a3fa635def8945188059273ac97ab243a8e0f40a");
  const ShareTarget target = share_target(group, share, 16, 32);
  for (const LaneKind kind : {LaneKind::portable, LaneKind::best}) {
    const auto result = search_by_share({0xbc00, 1024}, "device", target, with_threads(2, kind));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->seed, 0xbeefU);
    EXPECT_GT(result->table_bytes, 0U);
    EXPECT_FALSE(search_by_share({0xbef0, 64}, "device", target, with_threads(2, kind))->seed);
  }
}

TEST(search_by_share, finds_the_first_the_last_and_the_middle) {
  const Group group{Bytes(16, 0xff), {5}};
  const SeedSpace space{~std::uint64_t{0} - 1000, 1001};
  for (const std::uint64_t index : {0, 500, 999, 1000}) {
    const Bytes share = share_of(group, space.first + index, 16, 32);
    for (const unsigned threads : {1U, 3U}) {
      const auto result = search_by_share(space, "device", share_target(group, share, 16, 32),
                                          with_threads(threads));
      ASSERT_TRUE(result);
      EXPECT_EQ(result->seed, space.first + index);
    }
  }
  const auto absent = search_by_share(
      space, "device", share_target(group, share_of(group, 5, 16, 32), 16, 32), with_threads(3));
  ASSERT_TRUE(absent);
  EXPECT_FALSE(absent->seed);
  EXPECT_EQ(absent->tried, space.count);
}

// Small groups, where many seeds explain a share, and bases of any kind.
RC_GTEST_PROP(search_by_share, lowest_match_in_any_group, ()) {
  const auto size = *rc::gen::element<std::size_t>(1, 1, 2, 9, 33);
  // Powers of two modulo 2^n - 1 are few, and look alike to whoever compares a part of them.
  const Group group =
      *rc::gen::oneOf(rc::gen::just(Group{Bytes(size, 0xff), {2}}),
                      rc::gen::exec([&] { return Group{random_modulus(size), random_bytes(40)}; }),
                      rc::gen::exec([&] { return Group{random_modulus(size), random_bytes(1)}; }));
  const SeedSpace space{*rc::gen::arbitrary<std::uint32_t>(),
                        *rc::gen::inRange<std::uint64_t>(0, 300)};
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, 100);
  const auto exponent_size = *rc::gen::element<std::size_t>(1, 2, 32, 48);
  const auto value = [&](std::uint64_t seed) {
    return share_of(group, seed, offset, exponent_size);
  };
  Bytes share = value(space.first + *rc::gen::inRange<std::uint64_t>(0, 400));
  const auto expected = lowest(space, value, share);
  share.insert(share.begin(), *rc::gen::inRange<std::size_t>(0, 3), Byte{0});
  for (const LaneKind kind : {LaneKind::portable, LaneKind::best}) {
    SearchOptions options = with_threads(*rc::gen::inRange(1U, 4U), kind);
    options.max_table_bytes = *rc::gen::element<std::size_t>(0, 10000, 1 << 20);
    const auto result = search_by_share(space, "device",
                                        share_target(group, share, offset, exponent_size), options);
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->seed == expected);
  }
}

TEST(search, refuses_what_cannot_be_searched) {
  const Bytes cookie(16, 1);
  const std::uint64_t top = ~std::uint64_t{0};
  const auto out_of_range = [](const Result<SearchResult>& result) {
    return !result && result.error().code == Errc::out_of_range;
  };
  EXPECT_TRUE(out_of_range(search_by_cookie({1, top}, "device", 0, {})));
  EXPECT_TRUE(out_of_range(search_by_cookie({2, top}, "device", 0, cookie)));
  EXPECT_TRUE(out_of_range(search_by_cookie({0, 1}, "device", 0, Bytes(1025))));
  EXPECT_TRUE(out_of_range(search_by_cookie({0, 1}, "device", top - 3, cookie)));

  const Group group{{0xf1}, {2}};
  const auto share = [&](const Group& in, const Bytes& value, std::size_t size = 32) {
    return search_by_share({0, 10}, "device", share_target(in, value, 16, size));
  };
  EXPECT_TRUE(share(group, {5}));
  EXPECT_TRUE(share(group, {}));  // zero, which no power is
  EXPECT_FALSE(share(group, {})->seed);
  EXPECT_TRUE(out_of_range(share({{0xf0}, {2}}, {5})));
  EXPECT_TRUE(out_of_range(share({{}, {2}}, {5})));
  EXPECT_TRUE(out_of_range(share({{1}, {2}}, {0})));
  EXPECT_TRUE(out_of_range(share({Bytes(1025, 0xff), {2}}, {5})));
  EXPECT_TRUE(out_of_range(share(group, {0xf1})));
  EXPECT_TRUE(out_of_range(share(group, {1, 0})));
  EXPECT_TRUE(out_of_range(share(group, {5}, 0)));
  EXPECT_TRUE(out_of_range(share(group, {5}, 1025)));
  EXPECT_TRUE(out_of_range(search_by_share({2, top}, "device", share_target(group, {5}, 16, 32))));
}

TEST(search, progress_is_monotone_from_the_calling_thread_and_complete) {
  const SeedSpace space = SeedSpace::of_bits(21);
  std::vector<SearchProgress> seen;
  SearchOptions options = with_threads(2);
  const auto caller = std::this_thread::get_id();
  options.progress = [&](const SearchProgress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    seen.push_back(progress);
  };
  const auto result = search_by_cookie(space, "device", 0, Bytes(16, 0), options);
  ASSERT_TRUE(result);
  ASSERT_FALSE(seen.empty());
  EXPECT_LE(static_cast<double>(seen.size()), result->seconds * 5 + 1);
  std::uint64_t before = 0;
  for (const SearchProgress& progress : seen) {
    EXPECT_GE(progress.tried, before);
    EXPECT_EQ(progress.total, space.count);
    EXPECT_GE(progress.rate, 0);
    before = progress.tried;
  }
  EXPECT_EQ(before, space.count);
  EXPECT_EQ(result->tried, space.count);
  EXPECT_GT(result->seconds, 0);
}

TEST(search, a_throwing_callback_ends_the_search) {
  SearchOptions options;
  options.progress = [](const SearchProgress&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(static_cast<void>(
                   search_by_cookie(SeedSpace::of_bits(60), "device", 0, Bytes(16, 0), options)),
               std::runtime_error);
}

// Two workers hold a chunk each, both find a match, and `late` is the one that is slow.
std::optional<std::uint64_t> lowest_of_two_hits(std::uint64_t late) {
  const SeedSpace space{100, 20};
  const SearchOptions options = with_threads(2);
  Sweep sweep(space, options);
  std::latch both(2);
  sweep.run(10, [&]() -> Sweep::Look {
    return [&](std::uint64_t first, std::uint64_t) -> std::optional<std::uint64_t> {
      both.arrive_and_wait();
      if (first == late) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return first + 3;
    };
  });
  return sweep.result().seed;
}

TEST(search_sweep, keeps_the_lowest_of_two_hits_in_either_order) {
  EXPECT_EQ(lowest_of_two_hits(100), 103U);
  EXPECT_EQ(lowest_of_two_hits(110), 103U);
}

TEST(search_sweep, what_a_worker_throws_reaches_the_caller) {
  const SeedSpace space = SeedSpace::of_bits(40);
  const SearchOptions options = with_threads(2);
  Sweep sweep(space, options);
  const auto make_look = []() -> Sweep::Look {
    return [](std::uint64_t first, std::uint64_t) -> std::optional<std::uint64_t> {
      if (first == 20) throw std::runtime_error("no memory");
      return std::nullopt;
    };
  };
  EXPECT_THROW(sweep.run(10, make_look), std::runtime_error);
}

}  // namespace
}  // namespace wib::attacks
