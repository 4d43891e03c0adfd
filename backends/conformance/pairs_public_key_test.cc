// SPDX-License-Identifier: Apache-2.0
//
// Covers: all backends are one function: finite field, X25519 and P-256 on every degenerate value,
// every encoding of a point, numbers with leading zeros, and random ones.
#include <array>

#include "backends/conformance/agreement.h"
#include "protocol/groups.h"

namespace wib::conformance {
namespace {

// --- Finite field --------------------------------------------------------------------------------

Outcome mod_exp(Crypto& crypto, ByteView base, ByteView exponent, ByteView modulus) {
  return outcome_of(modulus.size(),
                    [&](ByteSpan out) { return crypto.mod_exp(base, exponent, modulus, out); });
}

Outcome check_share(Crypto& crypto, ByteView share, ByteView modulus) {
  return outcome_of(0, [&](ByteSpan) { return crypto.check_share(share, modulus); });
}

// `number` plus a small one, in as many bytes; wraps.
Bytes plus(Bytes number, int small) {
  for (std::size_t i = number.size(); i-- > 0 && small != 0;) {
    small += number[i];
    number[i] = static_cast<Byte>(small & 0xff);
    small >>= 8;
  }
  return number;
}

Bytes halved(const Bytes& number) {
  Bytes half(number.size());
  for (std::size_t i = 0; i < number.size(); ++i) {
    half[i] = static_cast<Byte>((number[i] >> 1U) | (i == 0 ? 0 : (number[i - 1] & 1U) << 7U));
  }
  return half;
}

// The values that an attacker would send for a share, or draw for an exponent: around 0, around the
// modulus and its double, and with leading zeros, whose sizes differ.
std::vector<Bytes> degenerate(const Bytes& p) {
  const Bytes zero(p.size());
  std::vector<Bytes> values = {{}, {0}, {1}, {2}, Bytes(3)};
  for (const int small : {0, 1, 2}) values.push_back(plus(zero, small));
  for (const int small : {-2, -1, 0, 1, 2}) values.push_back(plus(p, small));
  values.push_back(halved(p));  // q of a safe prime
  values.push_back(Bytes(p.size(), 0xff));
  values.push_back(concatenation({zero, Bytes{2}}));         // 2, longer than p
  values.push_back(concatenation({Bytes(2), plus(p, -2)}));  // p - 2, likewise
  values.push_back(concatenation({p, zero}));                // a multiple of p
  return values;
}

TEST(Pairs, TreatDegenerateFiniteFieldValuesAlike) {
  WIB_NEEDS_TWO(Capability::mod_exp);
  std::vector<Bytes> moduli = {copy(ffdhe2048().p),
                               {23},
                               {0, 0, 23},
                               {1},
                               {2},
                               {0},
                               {},
                               {1, 0},
                               Bytes(8, 0xff),
                               from_hex("ffffffffffffffc5"),
                               concatenation({Bytes(5), ffdhe2048().p})};
  for (const Bytes& p : moduli) {
    for (const Bytes& base : degenerate(p)) {
      EXPECT_EQ(disagreement(Capability::mod_exp,
                             [&](Crypto& crypto) { return check_share(crypto, base, p); }),
                "")
          << "share " << to_hex(base);
      for (const Bytes& exponent : degenerate(p)) {
        // Full exponents on the large modulus for the interesting bases alone: they are slow.
        if (p.size() > 200 && exponent.size() > 200 && base.size() < 200) continue;
        EXPECT_EQ(disagreement(Capability::mod_exp,
                               [&](Crypto& crypto) { return mod_exp(crypto, base, exponent, p); }),
                  "")
            << to_hex(base) << "^" << to_hex(exponent) << " mod " << to_hex(p);
      }
    }
  }
}

RC_GTEST_PROP(Pairs, ExponentiateAlike, ()) {
  WIB_NEEDS_TWO(Capability::mod_exp);
  const std::size_t size = *rc::gen::element<std::size_t>(1, 2, 7, 8, 9, 16, 17, 64, 128, 257);
  const Bytes modulus = *numeral_of(size);
  const Bytes base = *rc::gen::oneOf(numeral_up_to(size + 20), rc::gen::just(modulus));
  const Bytes exponent = *numeral_up_to(24);
  assert_all_agree(Capability::mod_exp,
                   [&](Crypto& crypto) { return mod_exp(crypto, base, exponent, modulus); });
  assert_all_agree(Capability::mod_exp,
                   [&](Crypto& crypto) { return check_share(crypto, base, modulus); });
}

// A secret that begins with zeros is as long as any other: found by trying.
TEST(Pairs, PadTheSecretAlike) {
  WIB_NEEDS_TWO(Capability::mod_exp);
  const Bytes p = from_hex("ffffffffffffffc5");
  int short_ones = 0;
  for (unsigned i = 0; short_ones < 3 && i < 4000; ++i) {
    const Bytes x = {0x71, static_cast<Byte>(i >> 8U), static_cast<Byte>(i)};
    const Outcome first = mod_exp(first_with(Capability::mod_exp), Bytes{5}, x, p);
    ASSERT_EQ(first.code, Errc::none) << wib::name(first.code);
    if (first.out.front() == 0) ++short_ones;
    EXPECT_EQ(disagreement(Capability::mod_exp,
                           [&](Crypto& crypto) { return mod_exp(crypto, Bytes{5}, x, p); }),
              "");
  }
  EXPECT_GT(short_ones, 0) << "no secret began with a zero";
}

// --- X25519 --------------------------------------------------------------------------------------

Outcome x25519(Crypto& crypto, ByteView scalar, ByteView u) {
  return outcome_of(x25519_size, [&](ByteSpan out) { return crypto.x25519(scalar, u, out); });
}

Outcome x25519_agree(Crypto& crypto, ByteView scalar, ByteView u) {
  return outcome_of(x25519_size, [&](ByteSpan out) { return crypto.x25519_agree(scalar, u, out); });
}

void expect_x25519_alike(const Bytes& scalar, const Bytes& u) {
  const std::string raw =
      disagreement(Capability::x25519, [&](Crypto& crypto) { return x25519(crypto, scalar, u); });
  const std::string agreed = disagreement(
      Capability::x25519, [&](Crypto& crypto) { return x25519_agree(crypto, scalar, u); });
  EXPECT_EQ(raw + agreed, "") << "scalar " << to_hex(scalar) << "\nu " << to_hex(u);
}

// Every u from p - 2 up to 2^255 + 2, those of small order, and what clamping changes in a scalar.
TEST(Pairs, TreatDegenerateX25519ValuesAlike) {
  WIB_NEEDS_TWO(Capability::x25519);
  std::vector<Bytes> us;
  for (const char* const hex :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"}) {
    us.push_back(from_hex(hex));
  }
  for (unsigned low = 0xeb; low <= 0xff; ++low) {
    Bytes u(x25519_size, 0xff);
    u.front() = static_cast<Byte>(low);
    u.back() = 0x7f;
    us.push_back(u);
  }
  const std::size_t count = us.size();
  for (std::size_t i = 0; i < count; ++i) {
    us.push_back(us[i]);
    us.back().back() |= 0x80U;
  }
  Bytes one(x25519_size);
  one.front() = 1;
  Bytes top(x25519_size);
  top.back() = 0x80;
  for (const Bytes& u : us) {
    for (const Bytes& scalar : {Bytes(x25519_size), Bytes(x25519_size, 0xff), one, top}) {
      expect_x25519_alike(scalar, u);
    }
  }
  for (const std::size_t size : {0U, 31U, 33U}) {
    expect_x25519_alike(Bytes(size, 1), one);
    expect_x25519_alike(one, Bytes(size, 1));
  }
}

RC_GTEST_PROP(Pairs, MultiplyOnX25519Alike, ()) {
  WIB_NEEDS_TWO(Capability::x25519);
  const Bytes scalar = *numeral_of(x25519_size);
  const Bytes u = *numeral_of(x25519_size);
  assert_all_agree(Capability::x25519, [&](Crypto& crypto) { return x25519(crypto, scalar, u); });
  assert_all_agree(Capability::x25519,
                   [&](Crypto& crypto) { return x25519_agree(crypto, scalar, u); });
}

// --- P-256 ---------------------------------------------------------------------------------------

Outcome point_of(const Bytes& scalar) {
  return outcome_of(p256_point_size, [&](ByteSpan out) {
    return first_with(Capability::p256).p256_base_mul(scalar, out);
  });
}

std::string p256_disagreement(const Bytes& a, const Bytes& p, const Bytes& b, const Bytes& q) {
  return disagreement(Capability::p256,
                      [&](Crypto& crypto) {
                        return outcome_of(p256_point_size,
                                          [&](ByteSpan out) { return crypto.p256_mul(a, p, out); });
                      }) +
         disagreement(Capability::p256,
                      [&](Crypto& crypto) {
                        return outcome_of(p256_point_size, [&](ByteSpan out) {
                          return crypto.p256_mul_add(a, p, b, q, out);
                        });
                      }) +
         disagreement(Capability::p256, [&](Crypto& crypto) {
           return outcome_of(0, [&](ByteSpan) { return crypto.check_p256_share(p); });
         });
}

// Scalars around 0, around n and at the top; the same, opposite and no points.
TEST(Pairs, TreatDegenerateP256ValuesAlike) {
  WIB_NEEDS_TWO(Capability::p256);
  const Bytes n = copy(p256_order());
  const Bytes zero(p256_scalar_size);
  std::vector<Bytes> scalars = {halved(n), plus(halved(n), 1), Bytes(p256_scalar_size, 0xff)};
  for (const int small : {0, 1, 2, 3}) scalars.push_back(plus(zero, small));
  for (const int small : {-2, -1, 0, 1, 2}) scalars.push_back(plus(n, small));
  const Bytes infinity(p256_point_size);
  const std::array<Bytes, 4> points = {infinity, copy(p256_generator()), point_of(plus(n, -1)).out,
                                       point_of(plus(zero, 3)).out};
  for (const Bytes& a : scalars) {
    EXPECT_EQ(disagreement(Capability::p256,
                           [&](Crypto& crypto) {
                             return outcome_of(p256_point_size, [&](ByteSpan out) {
                               return crypto.p256_base_mul(a, out);
                             });
                           }),
              "")
        << to_hex(a);
    for (const Bytes& b : {scalars[0], scalars[3], scalars[4], scalars[8]}) {
      for (const Bytes& p : points) {
        for (const Bytes& q : points) {
          EXPECT_EQ(p256_disagreement(a, p, b, q), "")
              << to_hex(a) << " P + " << to_hex(b) << " Q\nP " << to_hex(p) << "\nQ " << to_hex(q);
        }
      }
    }
  }
}

// Every first byte, in every size that an encoding has.
TEST(Pairs, TreatEveryPointEncodingAlike) {
  WIB_NEEDS_TWO(Capability::p256);
  const Bytes good = copy(p256_generator());
  Bytes one(p256_scalar_size);
  one.back() = 1;
  for (unsigned first = 0; first <= 0xff; ++first) {
    for (const std::size_t size : {1U, 33U, 64U, 65U, 66U, 97U}) {
      Bytes point = good;
      point.resize(size, 0x5a);
      point.front() = static_cast<Byte>(first);
      EXPECT_EQ(p256_disagreement(one, point, one, good), "") << to_hex(point);
      const bool right = first == 4 && size == p256_point_size;
      EXPECT_EQ(first_with(Capability::p256).check_p256_share(point).has_value(), right)
          << to_hex(point);
    }
  }
  EXPECT_EQ(p256_disagreement(one, {}, one, good), "");
}

RC_GTEST_PROP(Pairs, MultiplyOnP256Alike, ()) {
  WIB_NEEDS_TWO(Capability::p256);
  const Bytes a = *numeral_of(p256_scalar_size);
  const Bytes b = *numeral_of(p256_scalar_size);
  const Bytes p = point_of(*numeral_of(p256_scalar_size)).out;
  Bytes q = point_of(*numeral_of(p256_scalar_size)).out;
  if (*rc::gen::inRange(0, 4) == 0) {  // damaged
    const auto place = *rc::gen::inRange<std::size_t>(0, q.size());
    q[place] = static_cast<Byte>(q[place] ^ *rc::gen::nonZero<Byte>());
  }
  const std::string difference = p256_disagreement(a, p, b, q) + p256_disagreement(b, q, a, p);
  if (!difference.empty()) RC_FAIL(difference);
}

}  // namespace
}  // namespace wib::conformance
