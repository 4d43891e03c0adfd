// SPDX-License-Identifier: Apache-2.0
//
// SPAKE2+ on every real backend: RFC 9383 Appendix C byte for byte, that both sides agree, and what
// is refused of a peer.
#include <gtest/gtest.h>

#include "props/backend_support.h"
#include "protocol/spake2plus.h"

namespace wib::props {
namespace {

class Spake2plus : public EachBackend {
 protected:
  Crypto& crypto() { return GetParam()->crypto(); }

  void SetUp() override {
    ASSERT_TRUE(
        prover.w0.assign(hex("bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3")));
    ASSERT_TRUE(
        prover.w1.assign(hex("7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba")));
    ASSERT_TRUE(spake2plus_register(crypto(), prover, verifier));
  }

  Result<> share_p(ByteSpan out) { return spake2plus_share_p(crypto(), prover, x, out); }
  Result<> share_v(ByteSpan out) { return spake2plus_share_v(crypto(), verifier, y, out); }
  Result<> finish_v(ByteView from_prover, ByteView own, Spake2plusSecrets& secrets) {
    return spake2plus_finish_v(crypto(), verifier, identity, y, from_prover, own, secrets);
  }

  Spake2plusProver prover;
  Spake2plusVerifier verifier;
  Spake2plusIdentity identity = {
      as_bytes("SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors"), as_bytes("client"),
      as_bytes("server")};
  Bytes x = hex("d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539");
  Bytes y = hex("717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3");
};

INSTANTIATE_TEST_SUITE_P(Backends, Spake2plus, testing::ValuesIn(backends()), backend_name);

TEST_P(Spake2plus, AppendixC) {
  EXPECT_EQ(copy(verifier.l.view()),
            hex("04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc00f00bfedcbd09b2400"
                "142d40a14f2064ef31dfaa903b91d1faea7093d835966efd"));
  Bytes p(p256_point_size);
  Bytes v(p256_point_size);
  ASSERT_TRUE(share_p(p));
  ASSERT_TRUE(share_v(v));
  EXPECT_EQ(p,
            hex("04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c1de127727f418b596"
                "6afadfdd95a6e4591d171056b333dab97a79c7193e341727"));
  EXPECT_EQ(v,
            hex("04c0f65da0d11927bdf5d560c69e1d7d939a05b0e88291887d679fcadea75810fb5cc1ca7494db39e8"
                "2ff2f50665255d76173e09986ab46742c798a9a68437b048"));
  Spake2plusSecrets of_prover;
  Spake2plusSecrets of_verifier;
  ASSERT_TRUE(spake2plus_finish_p(crypto(), prover, identity, x, p, v, of_prover));
  ASSERT_TRUE(finish_v(p, v, of_verifier));
  for (const Spake2plusSecrets* secrets : {&of_prover, &of_verifier}) {
    EXPECT_EQ(copy(secrets->confirm_prover.view()),
              hex("926cc713504b9b4d76c9162ded04b5493e89109f6d89462cd33adc46fda27527"));
    EXPECT_EQ(copy(secrets->confirm_verifier.view()),
              hex("9747bcc4f8fe9f63defee53ac9b07876d907d55047e6ff2def2e7529089d3e68"));
    EXPECT_EQ(copy(secrets->shared.view()),
              hex("0c5f8ccd1413423a54f6c1fb26ff01534a87f893779c6e68666d772bfd91f3e7"));
  }
}

TEST_P(Spake2plus, AnotherPasswordContextOrShareConfirmsNothing) {
  Bytes p(p256_point_size);
  Bytes v(p256_point_size);
  ASSERT_TRUE(share_p(p));
  ASSERT_TRUE(share_v(v));
  Spake2plusSecrets right;
  ASSERT_TRUE(finish_v(p, v, right));
  Spake2plusSecrets other;
  const auto differs = [&] {
    return copy(other.shared.view()) != copy(right.shared.view()) &&
           copy(other.confirm_prover.view()) != copy(right.confirm_prover.view());
  };
  Spake2plusIdentity elsewhere = identity;
  elsewhere.context = as_bytes("another run");
  ASSERT_TRUE(spake2plus_finish_p(crypto(), prover, elsewhere, x, p, v, other));
  EXPECT_TRUE(differs());
  // w1 right, w0 wrong, and the other way round.
  for (const bool first : {true, false}) {
    Spake2plusProver guess = prover;
    ByteSpan wrong = first ? guess.w0.span() : guess.w1.span();
    wrong.back() ^= 1U;
    ASSERT_TRUE(spake2plus_finish_p(crypto(), guess, identity, x, p, v, other));
    EXPECT_TRUE(differs());
  }
}

TEST_P(Spake2plus, WhatIsRefusedOfAPeer) {
  Bytes v(p256_point_size);
  ASSERT_TRUE(share_v(v));
  Spake2plusSecrets secrets;
  const auto refused = [&](const Bytes& share) {
    const auto result = finish_v(share, v, secrets);
    return !result && result.error().code == Errc::out_of_range && secrets.shared.empty();
  };
  EXPECT_TRUE(refused(Bytes(p256_point_size))) << "infinity";
  EXPECT_TRUE(refused(Bytes{0})) << "infinity in one byte";
  EXPECT_TRUE(refused({})) << "nothing";
  Bytes off(copy(p256_generator()));
  off.back() ^= 1U;
  EXPECT_TRUE(refused(off)) << "not on the curve";
  Bytes compressed = copy(p256_generator().first(33));
  compressed[0] = 3;
  EXPECT_TRUE(refused(compressed)) << "compressed";
  Bytes hybrid = copy(p256_generator());
  hybrid[0] = 7;
  EXPECT_TRUE(refused(hybrid)) << "hybrid";
  // w0*M: what is left without its mask is infinity, and Z would be known to everybody.
  Bytes cancels(p256_point_size);
  ASSERT_TRUE(crypto().p256_mul(prover.w0.view(), spake2plus_m(), cancels));
  EXPECT_TRUE(refused(cancels)) << "w0*M";
}

// 40 bytes of ones and zeros: 2^320 - 1 modulo n was computed with Python's integers.
TEST_P(Spake2plus, TheWideHashIsReducedEvenly) {
  Bytes wide(spake2plus_ws_size, 0xff);
  wide.resize(2 * spake2plus_ws_size, 0);
  wide.back() = 5;
  Spake2plusProver made;
  ASSERT_TRUE(spake2plus_prover(wide, made));
  EXPECT_EQ(copy(made.w0.view()),
            hex("fffffffe00000001431905529c0166cd22159165b6faae70f756a571fc632550"));
  Bytes five(p256_scalar_size);
  five.back() = 5;
  EXPECT_EQ(copy(made.w1.view()), five);
  EXPECT_EQ(spake2plus_prover(Bytes(79), made).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace wib::props
