// SPDX-License-Identifier: Apache-2.0
//
// The attacker's modular arithmetic: against slow arithmetic written here, and against values
// computed with Python's integers.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "attacks/search/comb.h"
#include "attacks/search/lanes_avx2.h"
#include "attacks/search/sha256.h"
#include "protocol/groups.h"

namespace wib::attacks {
namespace {

using Bytes = std::vector<Byte>;
using Number = Montgomery::Number;

std::string hex(ByteView bytes) {
  std::string text;
  for (const Byte b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

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

std::vector<LaneKind> lane_kinds() {
  if (available(LaneKind::avx2)) return {LaneKind::portable, LaneKind::avx2};
  return {LaneKind::portable};
}

// Slow numbers of one fixed size, big-endian bytes: obvious rather than fast.
struct Slow {
  Bytes modulus;

  Bytes reduced(const Bytes& x) const {
    Bytes sum(modulus.size(), 0);
    for (const Byte byte : x) {
      for (int bit = 7; bit >= 0; --bit) sum = twice_plus(sum, sum, byte >> bit & 1);
    }
    return sum;
  }
  // a + b + bit, for a and b below the modulus.
  Bytes twice_plus(const Bytes& a, const Bytes& b, int bit) const {
    Bytes sum(a.size() + 1);
    int carry = bit;
    for (std::size_t i = a.size(); i-- > 0;) {
      carry += a[i] + b[i];
      sum[i + 1] = static_cast<Byte>(carry);
      carry >>= 8;
    }
    sum[0] = static_cast<Byte>(carry);
    Bytes wide = modulus;
    wide.insert(wide.begin(), 0);
    while (sum >= wide) {
      int borrow = 0;
      for (std::size_t i = sum.size(); i-- > 0;) {
        const int digit = sum[i] - wide[i] - borrow;
        sum[i] = static_cast<Byte>(digit);
        borrow = digit < 0 ? 1 : 0;
      }
    }
    sum.erase(sum.begin());
    return sum;
  }
  Bytes product(const Bytes& a, const Bytes& b) const {
    Bytes sum(modulus.size(), 0);
    for (const Byte byte : a) {
      for (int bit = 7; bit >= 0; --bit) {
        sum = twice_plus(sum, sum, 0);
        if ((byte >> bit & 1) != 0) sum = twice_plus(sum, b, 0);
      }
    }
    return sum;
  }
  Bytes power(const Bytes& base, const Bytes& exponent) const {
    Bytes result = reduced({1});
    for (const Byte byte : exponent) {
      for (int bit = 7; bit >= 0; --bit) {
        result = product(result, result);
        if ((byte >> bit & 1) != 0) result = product(result, base);
      }
    }
    return result;
  }
};

Bytes written(const Montgomery& group, const Number& x, std::size_t size) {
  Bytes bytes(size);
  group.write(x, bytes);
  return bytes;
}

TEST(search_montgomery, refuses_degenerate_moduli) {
  for (const Bytes& modulus :
       {Bytes{}, Bytes{0}, Bytes{1}, Bytes{0, 1}, Bytes{4}, Bytes{1, 0}, Bytes(1025, 0xff)}) {
    const Result<Montgomery> group = Montgomery::make(modulus);
    ASSERT_FALSE(group.has_value()) << modulus.size();
    EXPECT_EQ(group.error().code, Errc::out_of_range);
  }
  EXPECT_TRUE(Montgomery::make(Bytes{0, 0, 3}));
  EXPECT_TRUE(Montgomery::make(Bytes(1024, 0xff)));
}

RC_GTEST_PROP(search_montgomery, agrees_with_slow_arithmetic, ()) {
  const std::size_t size = *rc::gen::inRange<std::size_t>(1, 41);
  const Slow slow{random_modulus(size)};
  const auto group = Montgomery::make(slow.modulus);
  RC_ASSERT(group.has_value());
  const Bytes a = random_bytes(*rc::gen::inRange<std::size_t>(0, 60));
  const Bytes exponent = random_bytes(*rc::gen::inRange<std::size_t>(0, 5));
  RC_ASSERT(written(*group, group->reduce(a), size) == slow.reduced(a));
  RC_ASSERT(written(*group, group->power(group->reduce(a), exponent), size) ==
            slow.power(slow.reduced(a), exponent));
}

// Products at the sizes that have a path of their own or are the largest, with operands at the
// top of the range among them.
RC_GTEST_PROP(search_montgomery, multiplies_at_all_sizes, ()) {
  const std::size_t size = *rc::gen::element<std::size_t>(8, 65, 255, 256, 257, 384);
  const Slow slow{*rc::gen::oneOf(rc::gen::just(Bytes(size, 0xff)),
                                  rc::gen::exec([&] { return random_modulus(size); }))};
  const auto group = Montgomery::make(slow.modulus);
  RC_ASSERT(group.has_value());
  Bytes top = slow.modulus;
  top.back() ^= 1;
  const Bytes a = *rc::gen::element(top, slow.reduced(random_bytes(size)));
  const Bytes b = *rc::gen::element(top, slow.reduced(random_bytes(size)));
  Number x = group->enter(group->reduce(a));
  group->multiply(x.data(), x.data(), group->reduce(b).data());
  RC_ASSERT(written(*group, x, size) == slow.product(a, b));
}

// Python: pow(3, 2**256 - 1, 2**521 - 1).
TEST(search_montgomery, power_at_521_bits) {
  Bytes modulus(66, 0xff);
  modulus[0] = 1;
  const auto group = Montgomery::make(modulus);
  ASSERT_TRUE(group);
  EXPECT_EQ(group->bits(), 521U);
  const Number power = group->power(group->reduce(Bytes{3}), Bytes(32, 0xff));
  EXPECT_EQ(hex(sha256(written(*group, power, 66))),
            "9ef86e211d1dff303a074a3e747fdb3c457b440c3a261f88b0e5e7d971c77e45");
}

template <LaneField Field>
void lanes_agree(const Montgomery& group) {
  const Field field(group);
  const auto random_number = [&] {
    Number top = group.modulus();
    top[0] ^= 1;
    return *rc::gen::element(group.reduce(Bytes{}), group.reduce(Bytes{1}), top,
                             group.reduce(random_bytes(group.limbs() * 8)));
  };
  std::array<Number, lane_count> a;
  std::array<Number, lane_count> b;
  std::array<std::vector<EntryWord>, lane_count> entries_a;
  std::array<std::vector<EntryWord>, lane_count> entries_b;
  LaneEntries from_a;
  LaneEntries from_b;
  LaneOutputs out;
  for (std::size_t l = 0; l < lane_count; ++l) {
    a[l] = random_number();
    b[l] = random_number();
    entries_a[l].resize(field.entry_words());
    entries_b[l].resize(field.entry_words());
    field.enter(entries_a[l].data(), a[l]);
    field.enter(entries_b[l].data(), b[l]);
    RC_ASSERT(field.leave(entries_a[l].data()) == a[l]);
    from_a[l] = out[l] = entries_a[l].data();
    from_b[l] = entries_b[l].data();
  }
  typename Field::State state;
  field.load(state, from_a);
  RC_ASSERT(field.may_equal(state, from_a) == 0xfU);
  for (int round = 0; round < 3; ++round) {
    field.multiply(state, from_b);
    field.store(out, state);
    RC_ASSERT(field.may_equal(state, from_a) == 0xfU);
    for (std::size_t l = 0; l < lane_count; ++l) {
      Number product = group.enter(a[l]);
      group.multiply(product.data(), product.data(), b[l].data());
      a[l] = product;
      RC_ASSERT(field.leave(out[l]) == a[l]);
      // Whatever multiple of p either side carries, they are found equal.
      std::vector<EntryWord> canonical(field.entry_words());
      field.enter(canonical.data(), a[l]);
      LaneEntries all;
      all.fill(canonical.data());
      RC_ASSERT((field.may_equal(state, all) >> l & 1) == 1);
      typename Field::State other;
      field.load(other, all);
      RC_ASSERT((field.may_equal(other, from_a) >> l & 1) == 1);
    }
  }
}

RC_GTEST_PROP(search_lanes, multiply_like_montgomery, ()) {
  const std::size_t size =
      *rc::gen::oneOf(rc::gen::inRange<std::size_t>(1, 80),
                      rc::gen::element<std::size_t>(255, 256, 257, 260, 261, 384, 512, 1023, 1024));
  Bytes modulus = *rc::gen::oneOf(rc::gen::just(Bytes(size, 0xff)),
                                  rc::gen::exec([&] { return random_modulus(size); }));
  modulus.front() = static_cast<Byte>(modulus.front() >> *rc::gen::inRange(0, 8));
  modulus.back() |= 3;  // odd and above one, whatever the shift left
  const auto group = Montgomery::make(modulus);
  RC_ASSERT(group.has_value());
  lanes_agree<PortableLanes>(*group);
#if defined(__x86_64__)
  if (Avx2Lanes::available()) lanes_agree<Avx2Lanes>(*group);
#endif
}

#if defined(__x86_64__)
// The largest digits everywhere: p = 2^2086 - 1 leaves R = 2^2088 no more room than it needs, and
// 2p - 1, which is -1, is the largest value that a state may have. R is 4, so its inverse 2^2084.
TEST(search_lanes, largest_digits_do_not_overflow) {
  if (!Avx2Lanes::available()) GTEST_SKIP() << "no AVX2";
  Bytes modulus(261, 0xff);
  modulus[0] = 0x3f;
  const auto group = Montgomery::make(modulus);
  ASSERT_TRUE(group);
  const Avx2Lanes field(*group);
  ASSERT_EQ(field.entry_words(), 36U);
  std::vector<EntryWord> entry(36, 0x1fff'ffff'1fff'ffff);
  entry.front() -= 2;
  entry.back() &= 0x0fff'ffff'ffff'ffff;
  Avx2Lanes::State state;
  const LaneEntries entries{entry.data(), entry.data(), entry.data(), entry.data()};
  const auto power_of_two = [&](std::size_t n) {
    Number x(group->limbs(), 0);
    x[n / 64] = std::uint64_t{1} << (n % 64);
    return x;
  };
  field.load(state, entries);
  field.multiply(state, entries);
  std::vector<EntryWord> product(36);
  field.store({product.data(), product.data(), product.data(), product.data()}, state);
  EXPECT_EQ(field.leave(product.data()), power_of_two(2082));
}
#endif

RC_GTEST_PROP(search_comb, shape_covers_the_exponent_within_its_memory, ()) {
  const std::size_t bits = 8 * *rc::gen::inRange<std::size_t>(1, 1025);
  const auto candidates = *rc::gen::inRange<std::uint64_t>(0, 1 << 24);
  const auto room = *rc::gen::inRange<std::uint64_t>(0, 1 << 20);
  const CombShape shape = CombShape::choose(bits, candidates, room);
  std::size_t covered = 0;
  std::uint64_t entries = 0;
  for (std::size_t i = 0; i < shape.windows; ++i) {
    RC_ASSERT(shape.width(i) >= 1U && shape.width(i) <= 16U);
    covered += shape.width(i);
    entries += std::uint64_t{1} << shape.width(i);
  }
  RC_ASSERT(covered == bits);
  RC_ASSERT(entries == shape.entries());
  RC_ASSERT(entries <= std::max<std::uint64_t>(room, 2 * bits));
}

TEST(search_comb, more_candidates_pay_for_wider_windows) {
  const std::uint64_t room = 1 << 20;
  std::size_t before = 256;
  for (const std::uint64_t candidates :
       {std::uint64_t{1}, std::uint64_t{1} << 10, std::uint64_t{1} << 16, std::uint64_t{1} << 24}) {
    const std::size_t windows = CombShape::choose(256, candidates, room).windows;
    EXPECT_LT(windows, before);
    before = windows;
  }
  EXPECT_EQ(CombShape::choose(256, 1 << 16, room).windows, 20U);
}

RC_GTEST_PROP(search_comb, agrees_with_plain_powers, ()) {
  const std::size_t size = *rc::gen::inRange<std::size_t>(1, 70);
  const std::size_t exponent_size = *rc::gen::inRange<std::size_t>(1, 40);
  const auto group = Montgomery::make(random_modulus(size));
  RC_ASSERT(group.has_value());
  const Number base = group->reduce(random_bytes(size));
  const std::size_t bits = 8 * exponent_size;
  const CombShape shape{bits, *rc::gen::inRange<std::size_t>((bits + 11) / 12, bits + 1)};
  std::array<Bytes, lane_count> exponents;
  Comb::Exponents views;
  for (std::size_t l = 0; l < lane_count; ++l) {
    exponents[l] = *rc::gen::oneOf(rc::gen::just(Bytes(exponent_size, 0)),
                                   rc::gen::just(Bytes(exponent_size, 0xff)),
                                   rc::gen::exec([&] { return random_bytes(exponent_size); }));
    views[l] = exponents[l].data();
  }
  for (const LaneKind kind : lane_kinds()) {
    const unsigned threads = *rc::gen::inRange(1U, 4U);
    const auto comb = Comb::make(*group, base, shape, threads, kind);
    RC_ASSERT(comb->table_bytes() == shape.entries() * Comb::entry_bytes(*group, kind));
    const Comb::Powers powers = comb->power(views);
    for (std::size_t l = 0; l < lane_count; ++l) {
      RC_ASSERT(powers[l] == group->power(base, exponents[l]));
      RC_ASSERT((comb->may_match(views, comb->target(powers[l])) >> l & 1) == 1);
    }
  }
}

// Python: pow(2, x, p) as 256 bytes, hashed. The last x is SHA-256("wib").
TEST(search_comb, powers_in_ffdhe2048) {
  const auto group = Montgomery::make(ffdhe2048().p);
  ASSERT_TRUE(group);
  const Bytes zero(32, 0);
  Bytes one(32, 0);
  one.back() = 1;
  const Bytes top(32, 0xff);
  const Sha256Digest wib = sha256(as_bytes("wib"));
  const Comb::Exponents exponents{zero.data(), one.data(), top.data(), wib.data()};
  for (const LaneKind kind : lane_kinds()) {
    for (const std::size_t windows : {256, 37, 32}) {
      const auto comb = Comb::make(*group, group->reduce(Bytes{2}), {256, windows}, 1, kind);
      const Comb::Powers powers = comb->power(exponents);
      EXPECT_EQ(powers[0], group->reduce(Bytes{1}));
      EXPECT_EQ(powers[1], group->reduce(Bytes{2}));
      EXPECT_EQ(hex(sha256(written(*group, powers[2], 256))),
                "89b4dcef3d74d62f2383f9c89374e9a9ee510de2192c6c3f23a1a3496eea2c1e");
      EXPECT_EQ(hex(sha256(written(*group, powers[3], 256))),
                "8ca9db97b899df5c86d8f2a4e21219fd59da45c5a083a356c55d493ded14e02c");
      // 1 and 2 may look alike in a field's own form of numbers; powers at random must not.
      for (std::size_t l = 0; l < lane_count; ++l) {
        const unsigned matches = comb->may_match(exponents, comb->target(powers[l]));
        EXPECT_EQ(matches >> l & 1, 1U);
        if (l >= 2) {
          EXPECT_EQ(matches, 1U << l);
        }
      }
    }
  }
}

}  // namespace
}  // namespace wib::attacks
