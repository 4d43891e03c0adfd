// SPDX-License-Identifier: Apache-2.0
//
// Covers: X25519 and P-256 of every backend: published vectors, degenerate scalars and points, what
// is refused, and that all backends agree byte for byte.
#include "props/backend_arithmetic.h"

namespace wib::props {
namespace {

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

// --- X25519 --------------------------------------------------------------------------------------

Outcome x25519(Crypto& crypto, ByteView scalar, ByteView u) {
  return outcome_of(32, [&](ByteSpan out) { return crypto.x25519(scalar, u, out); });
}

Outcome x25519_agree(Crypto& crypto, ByteView scalar, ByteView peer) {
  return outcome_of(32, [&](ByteSpan out) { return crypto.x25519_agree(scalar, peer, out); });
}

const Bytes x25519_base = [] {
  Bytes u(32);
  u[0] = 9;
  return u;
}();

// RFC 7748, 5.2.
TEST_P(Arithmetic, X25519IsTheRfcs) {
  EXPECT_EQ(
      x25519(crypto(), hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
             hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")),
      (Outcome{Errc::none,
               hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")}));
  // The top bit of u is set, and ignored.
  EXPECT_EQ(
      x25519(crypto(), hex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
             hex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")),
      (Outcome{Errc::none,
               hex("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")}));
}

TEST_P(Arithmetic, X25519IteratesToTheRfcs) {
  Bytes k = x25519_base;
  Bytes u = x25519_base;
  for (int i = 0; i < 1000; ++i) {
    const Outcome next = x25519(crypto(), k, u);
    ASSERT_EQ(next.code, Errc::none);
    if (i == 0) {
      ASSERT_EQ(next.out, hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
    }
    u = k;
    k = next.out;
  }
  EXPECT_EQ(k, hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

// All points whose order divides 8, on the curve or on its twist, in every encoding.
std::vector<Bytes> small_order() {
  std::vector<Bytes> all;
  for (const std::string_view text :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    all.push_back(hex(text));
    all.push_back(hex(text));
    all.back()[31] |= 0x80U;
  }
  return all;
}

TEST_P(Arithmetic, X25519OfSmallOrderIsZeroAndNoAgreement) {
  for (const Bytes& scalar : {Bytes(32), Bytes(32, 0xff), x25519_base}) {
    for (const Bytes& u : small_order()) {
      EXPECT_EQ(x25519(crypto(), scalar, u), (Outcome{Errc::none, Bytes(32)}));
      EXPECT_EQ(x25519_agree(crypto(), scalar, u).code, Errc::out_of_range);
    }
    const Outcome good = x25519(crypto(), scalar, x25519_base);
    EXPECT_NE(good.out, Bytes(32));  // and the library is none the worse for it
    EXPECT_EQ(x25519_agree(crypto(), scalar, x25519_base), good);
  }
}

TEST_P(Arithmetic, X25519HasSizes) {
  for (const auto& [scalar, u, out] : std::initializer_list<std::array<std::size_t, 3>>{
           {31, 32, 32}, {33, 32, 32}, {32, 31, 32}, {32, 33, 32}, {32, 32, 31}, {0, 0, 0}}) {
    EXPECT_EQ(
        outcome_of(out, [&](ByteSpan to) { return crypto().x25519(Bytes(scalar), Bytes(u), to); }),
        (Outcome{Errc::out_of_range, Bytes(out, untouched)}));
  }
}

// --- P-256 ---------------------------------------------------------------------------------------

Outcome base_mul(Crypto& crypto, ByteView scalar) {
  return outcome_of(65, [&](ByteSpan out) { return crypto.p256_base_mul(scalar, out); });
}
Outcome mul(Crypto& crypto, ByteView scalar, ByteView point) {
  return outcome_of(65, [&](ByteSpan out) { return crypto.p256_mul(scalar, point, out); });
}
Outcome mul_add(Crypto& crypto, ByteView a, ByteView p, ByteView b, ByteView q) {
  return outcome_of(65, [&](ByteSpan out) { return crypto.p256_mul_add(a, p, b, q, out); });
}

const Bytes generator = copy(p256_generator());
const Bytes infinity(65);

Bytes scalar_of(std::uint64_t value) {
  Bytes scalar(32);
  for (std::size_t i = 0; i < 8; ++i) scalar[31 - i] = static_cast<Byte>(value >> (8 * i));
  return scalar;
}

// (n - value), for small values; above n for negative ones.
Bytes below_order(int value) {
  Bytes scalar = copy(p256_order());
  scalar[31] = static_cast<Byte>(scalar[31] - value);
  return scalar;
}

// (x, p - y)
Bytes opposite(ByteView point) {
  Bytes p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  Bytes result = copy(point);
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int difference = p[i] - point[33 + i] - borrow;
    result[33 + i] = static_cast<Byte>(difference);
    borrow = difference < 0 ? 1 : 0;
  }
  return result;
}

struct Example {
  Bytes scalar, point;
};

// RFC 6979, A.2.5, and RFC 5903, 8.1.
std::vector<Example> p256_examples() {
  return {{hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
           hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
               "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")},
          {hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"),
           hex("04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
               "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3")},
          {hex("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53"),
           hex("04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
               "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab")}};
}
const Bytes p256_secret =
    hex("04d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"
        "522bde0af0d8585b8def9c183b5ae38f50235206a8674ecb5d98edb20eb153a2");

TEST_P(Arithmetic, P256IsTheRfcs) {
  const std::vector<Example> examples = p256_examples();
  for (const auto& [scalar, point] : examples) {
    EXPECT_EQ(base_mul(crypto(), scalar), (Outcome{Errc::none, point}));
    EXPECT_EQ(mul(crypto(), scalar, generator), (Outcome{Errc::none, point}));
  }
  // More than twice: a library may begin to remember a point.
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(mul(crypto(), examples[1].scalar, examples[2].point),
              (Outcome{Errc::none, p256_secret}));
    EXPECT_EQ(mul(crypto(), examples[2].scalar, examples[1].point),
              (Outcome{Errc::none, p256_secret}));
  }
}

TEST_P(Arithmetic, P256ReducesScalarsAndKnowsInfinity) {
  const Bytes point = p256_examples()[0].point;
  for (const Bytes& p : {generator, point}) {
    EXPECT_EQ(mul(crypto(), scalar_of(1), p), (Outcome{Errc::none, p}));
    EXPECT_EQ(mul(crypto(), below_order(-1), p), (Outcome{Errc::none, p}));
    EXPECT_EQ(mul(crypto(), below_order(1), p), (Outcome{Errc::none, opposite(p)}));
    EXPECT_EQ(mul(crypto(), scalar_of(0), p), (Outcome{Errc::none, infinity}));
    EXPECT_EQ(mul(crypto(), below_order(0), p), (Outcome{Errc::none, infinity}));
    // 2^256 - 1 = n + (2^256 - n - 1)
    EXPECT_EQ(
        mul(crypto(), Bytes(32, 0xff), p),
        mul(crypto(), hex("00000000ffffffff00000000000000004319055258e8617b0c46353d039cdaae"), p));
  }
  EXPECT_EQ(base_mul(crypto(), scalar_of(1)), (Outcome{Errc::none, generator}));
  EXPECT_EQ(base_mul(crypto(), below_order(0)), (Outcome{Errc::none, infinity}));
  EXPECT_EQ(mul(crypto(), scalar_of(5), infinity), (Outcome{Errc::none, infinity}));
}

TEST_P(Arithmetic, P256AddsWhatIsTheSameOppositeOrNothing) {
  const Bytes one = scalar_of(1);
  const Bytes zero = scalar_of(0);
  for (const Bytes& p : {generator, p256_examples()[0].point}) {
    const Bytes minus_p = opposite(p);
    const Outcome twice = mul(crypto(), scalar_of(2), p);
    const Outcome just_p = {Errc::none, p};
    const Outcome nothing = {Errc::none, infinity};
    EXPECT_EQ(mul_add(crypto(), one, p, one, p), twice);
    EXPECT_EQ(mul_add(crypto(), one, p, one, minus_p), nothing);
    EXPECT_EQ(mul_add(crypto(), one, p, below_order(1), p), nothing);
    EXPECT_EQ(mul_add(crypto(), one, p, below_order(1), minus_p), twice);
    EXPECT_EQ(mul_add(crypto(), one, p, zero, p), just_p);
    EXPECT_EQ(mul_add(crypto(), zero, p, one, p), just_p);
    EXPECT_EQ(mul_add(crypto(), zero, p, zero, p), nothing);
    EXPECT_EQ(mul_add(crypto(), one, p, one, infinity), just_p);
    EXPECT_EQ(mul_add(crypto(), one, infinity, one, p), just_p);
    EXPECT_EQ(mul_add(crypto(), one, infinity, one, infinity), nothing);
  }
}

TEST_P(Arithmetic, P256RefusesWhatIsNoPoint) {
  const Bytes point = p256_examples()[0].point;
  Bytes off = point;
  off[64] ^= 1U;
  Bytes hybrid = point;
  hybrid[0] = 0x07;
  Bytes compressed_long = point;
  compressed_long[0] = 0x02;
  Bytes compressed = copy(ByteView(point).first(33));
  compressed[0] = 0x03;
  Bytes p_as_x = generator;
  const Bytes p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  std::ranges::copy(p, p_as_x.begin() + 1);
  // (0, sqrt(b)) with x = p, which is zero too: another name of a point on the curve.
  Bytes alias =
      hex("04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
          "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
  Bytes zero_x = alias;
  std::fill(zero_x.begin() + 1, zero_x.begin() + 33, Byte{0});
  EXPECT_TRUE(crypto().check_p256_share(zero_x));
  Bytes origin(65);
  origin[0] = 4;
  for (const Bytes& bad : {off, hybrid, compressed_long, compressed, p_as_x, alias, origin, Bytes{},
                           Bytes(1), Bytes(64), point + Bytes(1), Bytes(65, 0xff),
                           copy(ByteView(point).first(64)), Bytes(97, 0x02)}) {
    const Outcome refused = {Errc::out_of_range, Bytes(65, untouched)};
    EXPECT_EQ(mul(crypto(), scalar_of(3), bad), refused);
    EXPECT_EQ(mul(crypto(), scalar_of(0), bad), refused);
    EXPECT_EQ(mul_add(crypto(), scalar_of(3), point, scalar_of(3), bad), refused);
    EXPECT_EQ(mul_add(crypto(), scalar_of(3), bad, scalar_of(0), point), refused);
    EXPECT_EQ(code_of(crypto().check_p256_share(bad)), Errc::out_of_range);
  }
  EXPECT_TRUE(crypto().check_p256_share(point));
  EXPECT_EQ(code_of(crypto().check_p256_share(infinity)), Errc::out_of_range);
}

// Points on the curve whose y^2 is 2^256 or 2^257, so that both sides of the equation are 1 or 2 in
// Montgomery's form: the sum that makes them so is just above p, which else happens once in 2^32.
TEST_P(Arithmetic, P256JudgesRightWhereASumIsJustAboveP) {
  for (const std::string_view text :
       {"046abedadec8ed495f8fbe881824703527ce3effeb8bc5512bc7eaffb64406361d"
        "0000000000000000000000000000000100000000000000000000000000000000",
        "04e1e228ba23b6fe9dd3e1b527db2a216ba83d91adbe57dfdde7dd6a1b70ddde48"
        "580363ecd289fe6dad9e747c9a0dd3505e1b1ed43c691376399c89d251709f2b"}) {
    EXPECT_TRUE(crypto().check_p256_share(hex(text)));
    EXPECT_EQ(mul(crypto(), scalar_of(1), hex(text)), (Outcome{Errc::none, hex(text)}));
  }
}

TEST_P(Arithmetic, P256HasSizes) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    const Outcome refused = {Errc::out_of_range, Bytes(65, untouched)};
    EXPECT_EQ(base_mul(crypto(), Bytes(size, 1)), refused);
    EXPECT_EQ(mul(crypto(), Bytes(size, 1), generator), refused);
    EXPECT_EQ(mul_add(crypto(), scalar_of(1), generator, Bytes(size, 1), generator), refused);
    EXPECT_EQ(mul_add(crypto(), Bytes(size, 1), generator, scalar_of(1), generator), refused);
  }
  for (const std::size_t size : {0U, 33U, 64U, 66U}) {
    const Outcome refused = {Errc::out_of_range, Bytes(size, untouched)};
    EXPECT_EQ(
        outcome_of(size, [&](ByteSpan out) { return crypto().p256_base_mul(scalar_of(1), out); }),
        refused);
    EXPECT_EQ(
        outcome_of(size,
                   [&](ByteSpan out) { return crypto().p256_mul(scalar_of(1), generator, out); }),
        refused);
  }
}

// --- All backends are one function ---------------------------------------------------------------

RC_GTEST_PROP(AllBackends, X25519Alike, ()) {
  const Bytes scalar = *numeral_of(32);
  const Bytes u = *rc::gen::oneOf(numeral_of(32), rc::gen::elementOf(small_order()));
  assert_all_agree([&](Crypto& crypto) { return x25519(crypto, scalar, u); });
  assert_all_agree([&](Crypto& crypto) { return x25519_agree(crypto, scalar, u); });
}

RC_GTEST_PROP(AllBackends, P256Alike, ()) {
  const Bytes a =
      *rc::gen::oneOf(numeral_of(32), rc::gen::map(rc::gen::inRange(-3, 4), below_order));
  const Bytes b = *numeral_of(32);
  const Outcome p = assert_all_agree([&](Crypto& crypto) { return base_mul(crypto, a); });
  const Outcome q = assert_all_agree([&](Crypto& crypto) { return base_mul(crypto, b); });
  const Outcome secret = assert_all_agree([&](Crypto& crypto) { return mul(crypto, b, p.out); });
  RC_ASSERT(mul(backends().front()->crypto(), a, q.out) == secret);  // abG = baG
  assert_all_agree([&](Crypto& crypto) { return mul_add(crypto, b, p.out, a, q.out); });
}

RC_GTEST_PROP(AllBackends, P256JudgePointsAlike, ()) {
  Bytes point = *rc::gen::oneOf(numeral_of(65), rc::gen::just(generator), rc::gen::just(infinity));
  point[0] = *rc::gen::element<Byte>(0x04, 0x04, 0x04, 0x00, 0x02, 0x06);
  if (*rc::gen::arbitrary<bool>()) point = opposite(point);
  assert_all_agree([&](Crypto& crypto) { return mul(crypto, scalar_of(3), point); });
}

}  // namespace
}  // namespace wib::props
