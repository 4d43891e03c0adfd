// SPDX-License-Identifier: Apache-2.0
//
// What the core does of the port by itself, over backends that do next to nothing.
#include "props/backend_support.h"

namespace wib::props {
namespace {

constexpr Byte untouched = 0xa5;

Crypto& real() { return find_backend("openssl")->crypto(); }

Bytes scalar(Byte number) {
  Bytes out(p256_scalar_size);
  out.back() = number;
  return out;
}

// --- What the core hands to a backend -----------------------------------------------------------

// An HMAC that writes before it reads, as the port lets it: its output is no part of its input.
class HastyHmac final : public Crypto {
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    std::ranges::fill(tag, Byte{0});
    return real().hmac_sha256(key, message, tag);
  }
};

TEST(Port, DerivationsKeepInputAndOutputOfHmacApart) {
  HastyHmac hasty;
  const Bytes a = {1, 2, 3};
  const Bytes b = {4, 5};
  for (const std::size_t size : {std::size_t{1}, std::size_t{32}, std::size_t{33}, std::size_t{64},
                                 std::size_t{100}, max_hkdf_size}) {
    Bytes expected(size);
    Bytes derived(size);
    ASSERT_TRUE(real().hkdf_sha256(a, b, a, expected));
    ASSERT_TRUE(hasty.hkdf_sha256(a, b, a, derived));
    EXPECT_EQ(derived, expected) << size;
  }
  for (const std::uint32_t iterations : {1U, 2U, 3U, 10U}) {
    Bytes expected(64);
    Bytes derived(64);
    ASSERT_TRUE(real().pbkdf2_sha256(a, b, iterations, expected));
    ASSERT_TRUE(hasty.pbkdf2_sha256(a, b, iterations, derived));
    EXPECT_EQ(derived, expected) << iterations;
  }
}

// --- Failures -----------------------------------------------------------------------------------

// Cannot say whether a point is on the curve.
class LostCurve final : public Crypto {
  Result<bool> do_p256_on_curve(ByteView) override { return fail(Errc::crypto, "lost"); }
};

TEST(Port, ThereAreZerosWhereAPointCouldNotBeJudged) {
  LostCurve lost;
  const Bytes point = copy(p256_generator());
  const Bytes infinity(p256_point_size);
  const Bytes two = scalar(2);
  Bytes out(p256_point_size, untouched);
  EXPECT_EQ(code_of(lost.p256_mul(two, point, out)), Errc::crypto);
  EXPECT_EQ(out, infinity);
  for (const auto& [p, q] : {std::pair{point, infinity}, {infinity, point}, {point, point}}) {
    std::ranges::fill(out, untouched);
    EXPECT_EQ(code_of(lost.p256_mul_add(two, p, two, q, out)), Errc::crypto);
    EXPECT_EQ(out, infinity);
  }
  // An input that is refused is another thing.
  Bytes malformed = point;
  malformed[0] = 2;
  std::ranges::fill(out, untouched);
  EXPECT_EQ(code_of(lost.p256_mul(two, malformed, out)), Errc::out_of_range);
  EXPECT_EQ(code_of(lost.p256_mul_add(two, malformed, two, infinity, out)), Errc::out_of_range);
  EXPECT_EQ(out, Bytes(p256_point_size, untouched));
}

// Has nothing.
class Nothing final : public Crypto {};

// Exactly what crypto.h names is answered without a backend.
TEST(Port, WhatNeedsNoBackendIsAnsweredWithoutOne) {
  Nothing nothing;
  const Bytes key(32, 1);
  const Bytes block(16, 2);
  const Bytes point = copy(p256_generator());
  const Bytes infinity(p256_point_size);
  const Bytes zero = scalar(0);
  const Bytes two = scalar(2);

  // AES of nothing.
  EXPECT_TRUE(nothing.aes256_cbc_encrypt(key, block, {}, {}));
  EXPECT_TRUE(nothing.aes256_cbc_decrypt(key, block, {}, {}));
  EXPECT_TRUE(nothing.aes256_ctr(key, block, {}, {}));
  Bytes one_block(16, untouched);
  EXPECT_EQ(code_of(nothing.aes256_cbc_encrypt(key, block, block, one_block)), Errc::unsupported);
  EXPECT_EQ(code_of(nothing.aes256_cbc_decrypt(key, block, block, one_block)), Errc::unsupported);
  EXPECT_EQ(code_of(nothing.aes256_ctr(key, block, block, one_block)), Errc::unsupported);
  EXPECT_EQ(one_block, Bytes(16));
  // AEAD of nothing has a tag all the same.
  EXPECT_EQ(code_of(nothing.aes256_gcm_seal(key, Bytes(12), {}, {}, {}, one_block)),
            Errc::unsupported);
  EXPECT_EQ(code_of(nothing.chacha20_poly1305_seal(key, Bytes(12), {}, {}, {}, one_block)),
            Errc::unsupported);

  // A power modulo 1.
  Bytes number(2, untouched);
  EXPECT_TRUE(nothing.mod_exp(two, two, Bytes{0, 1}, number));
  EXPECT_EQ(number, Bytes(2));
  for (const Bytes& exponent : {Bytes{}, Bytes{0}, Bytes{1}}) {
    EXPECT_EQ(code_of(nothing.mod_exp({}, exponent, Bytes{0, 2}, number)), Errc::unsupported);
  }

  // Points that are infinity because every summand is.
  Bytes out(p256_point_size, untouched);
  const auto infinite = [&](const Result<>& done) {
    EXPECT_TRUE(done);
    EXPECT_EQ(out, infinity);
    std::ranges::fill(out, untouched);
  };
  infinite(nothing.p256_base_mul(zero, out));
  infinite(nothing.p256_base_mul(p256_order(), out));
  infinite(nothing.p256_mul(zero, point, out));
  infinite(nothing.p256_mul(two, infinity, out));
  infinite(nothing.p256_mul_add(zero, point, two, infinity, out));
  EXPECT_EQ(code_of(nothing.p256_base_mul(scalar(1), out)), Errc::unsupported);
  EXPECT_EQ(code_of(nothing.p256_mul(scalar(1), point, out)), Errc::unsupported);
  EXPECT_EQ(code_of(nothing.p256_mul_add(zero, point, two, point, out)), Errc::unsupported);
  EXPECT_EQ(out, infinity);
}

// --- Judgements ---------------------------------------------------------------------------------

TEST(Port, ASharesUpperBoundIsTwoBelowTheModulus) {
  Nothing judge;
  const auto judged = [&](std::string_view share, std::string_view modulus) {
    return code_of(judge.check_share(hex(share), hex(modulus)));
  };
  // p - 1 and p - 2; the one that is taken off may be borrowed from far.
  EXPECT_EQ(judged("01ff", "0200"), Errc::out_of_range);
  EXPECT_EQ(judged("01fe", "0200"), Errc::none);
  EXPECT_EQ(judged("0200ff", "020100"), Errc::out_of_range);
  EXPECT_EQ(judged("0200fe", "020100"), Errc::none);
  EXPECT_EQ(judged("ffffff", "01000000"), Errc::out_of_range);
  EXPECT_EQ(judged("fffffe", "01000000"), Errc::none);
  EXPECT_EQ(judged("0201fa", "0201fb"), Errc::out_of_range);
  EXPECT_EQ(judged("0201f9", "0201fb"), Errc::none);
  EXPECT_EQ(judged("0202fa", "0201fb"), Errc::out_of_range);
  for (const std::string_view above : {"0200", "0201", "02ff"}) {
    EXPECT_EQ(judged(above, "0200"), Errc::out_of_range) << above;
  }
  // All of a byte.
  for (unsigned p = 0; p < 256; ++p) {
    for (unsigned y = 0; y < 256; ++y) {
      const Bytes modulus = {static_cast<Byte>(p)};
      const Bytes share = {static_cast<Byte>(y)};
      const bool good = 1 < y && y + 1 < p;
      EXPECT_EQ(judge.check_share(share, modulus).has_value(), good) << y << " modulo " << p;
    }
  }
}

}  // namespace
}  // namespace wib::props
