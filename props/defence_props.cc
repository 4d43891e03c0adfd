// SPDX-License-Identifier: Apache-2.0
//
// The as-posted choices at the slots, each by itself: what they compute, and what they refuse.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <vector>

#include "attacks/search/stream_random.h"
#include "backends/registry.h"
#include "protocol/suites.h"

namespace wib::props {
namespace {

using Bytes = std::vector<Byte>;

Crypto& crypto() { return backends().front()->crypto(); }

DirectionKeys keys(Byte fill = 7) {
  DirectionKeys made;
  const Bytes bytes(key_size, fill);
  EXPECT_TRUE(made.encryption.assign(bytes));
  EXPECT_TRUE(made.mac.assign(bytes));
  return made;
}

// What open() makes of a CBC payload whose decrypted blocks are `blocks`, with the tag of all of
// `tagged`.
Result<Bytes> open_cbc(const Bytes& blocks, const Bytes& tagged) {
  const DirectionKeys made = keys();
  const Bytes iv(16, 1);
  Bytes ciphertext(blocks.size());
  EXPECT_TRUE(crypto().aes256_cbc_encrypt(made.encryption.view(), iv, blocks, ciphertext));
  Bytes tag(64);
  EXPECT_TRUE(crypto().hmac_sha512(made.mac.view(), tagged, tag));
  Bytes out(blocks.size() + 16);
  const auto opened =
      aes_cbc_encrypt_and_mac().open(crypto(), made, {}, Sealed{iv, ciphertext, tag}, out);
  if (!opened) {
    EXPECT_TRUE(std::ranges::all_of(out, [](Byte b) { return b == 0; })) << "plaintext is left";
    return std::unexpected(opened.error());
  }
  return Bytes(opened->begin(), opened->end());
}

TEST(Protection, PaddingHasOneForm) {
  const Bytes whole(16, 9);
  for (int pad = 0; pad <= 255; ++pad) {
    Bytes blocks(32, static_cast<Byte>(pad));
    const bool good = pad >= 1 && pad <= 16;
    // The tag is made over what a careless reader would take for the plaintext.
    const std::size_t cut = pad <= 32 ? 32 - static_cast<std::size_t>(pad) : 0;
    const auto opened =
        open_cbc(blocks, Bytes(blocks.begin(), blocks.begin() + static_cast<long>(cut)));
    ASSERT_EQ(opened.has_value(), good) << pad;
    if (!good) {
      EXPECT_EQ(opened.error().code, Errc::bad_padding);
    }
    if (good && pad > 1) {
      blocks[30] ^= 1;  // not each their number
      EXPECT_FALSE(
          open_cbc(blocks, Bytes(blocks.begin(), blocks.begin() + static_cast<long>(cut))));
    }
  }
}

TEST(Protection, CiphertextsOfNoWholeBlocksAreRefused) {
  const DirectionKeys made = keys();
  const Bytes iv(16), tag(64);
  Bytes out(64);
  for (const std::size_t size : {0U, 1U, 15U, 17U, 31U}) {
    const auto opened =
        aes_cbc_encrypt_and_mac().open(crypto(), made, {}, Sealed{iv, Bytes(size), tag}, out);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::out_of_range);
  }
}

TEST(Protection, AnIvHasItsSize) {
  for (const Suite& suite : suites().first(2)) {
    for (const std::size_t size : {0U, 15U, 17U}) {
      Bytes out(64);
      const auto opened = suite.protection.open(crypto(), keys(), {},
                                                Sealed{Bytes(size), Bytes(16), Bytes(64)}, out);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error(), (Error{Errc::out_of_range, "sealed: iv"}));
    }
  }
}

// Both ways need room for the whole, and say so before anything is drawn or written.
TEST(Protection, NeedsRoom) {
  for (const Suite& suite : suites().first(2)) {
    const Bytes plaintext(10, 3);
    const std::size_t size = suite.protection.sealed_size(plaintext.size());
    Bytes sealed(size);
    attacks::StreamRandom random(1, "test");
    const auto refused = suite.protection.seal(crypto(), random, keys(), {}, plaintext,
                                               ByteSpan(sealed).first(size - 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::capacity);
    EXPECT_EQ(random.position(), 0U);
    EXPECT_EQ(sealed, Bytes(size));
    const auto body = suite.protection.seal(crypto(), random, keys(), {}, plaintext, sealed);
    ASSERT_TRUE(body);
    const std::size_t needed = std::get<Sealed>(*body).ciphertext.size();
    Bytes out(needed);
    const auto short_of =
        suite.protection.open(crypto(), keys(), {}, *body, ByteSpan(out).first(needed - 1));
    ASSERT_FALSE(short_of);
    EXPECT_EQ(short_of.error().code, Errc::capacity);
    EXPECT_TRUE(suite.protection.open(crypto(), keys(), {}, *body, out));
  }
}

TEST(Protection, EachSealDrawsItsOwnIv) {
  for (const Suite& suite : suites().first(2)) {
    attacks::StreamRandom random(1, "test");
    const Bytes plaintext(10, 3);
    Bytes first(200), second(200);
    const auto a = suite.protection.seal(crypto(), random, keys(), {}, plaintext, first);
    const auto b = suite.protection.seal(crypto(), random, keys(), {}, plaintext, second);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(random.position(), 32U) << "16 bytes each, and no more";
    const auto& one = std::get<Sealed>(*a);
    const auto& two = std::get<Sealed>(*b);
    EXPECT_FALSE(same_bytes(one.iv, two.iv));
    EXPECT_FALSE(same_bytes(one.ciphertext, two.ciphertext));
    // As posted: the tag is of the plaintext alone, and links the two.
    EXPECT_TRUE(same_bytes(one.tag, two.tag));
    Bytes expected(64);
    ASSERT_TRUE(crypto().hmac_sha512(keys().mac.view(), plaintext, expected));
    EXPECT_TRUE(same_bytes(one.tag, expected));
  }
}

RC_GTEST_PROP(ProtectionRandom, WhatIsSealedOpens, (const Bytes& plaintext)) {
  const Suite& suite = suites()[*rc::gen::inRange<std::size_t>(0, suites().size())];
  attacks::StreamRandom random(*rc::gen::arbitrary<std::uint64_t>(), "test");
  Bytes sealed(suite.protection.sealed_size(plaintext.size()));
  const auto body = suite.protection.seal(crypto(), random, keys(), {}, plaintext, sealed);
  RC_ASSERT(body.has_value());
  Bytes out(plaintext.size() + 16);
  const auto opened = suite.protection.open(crypto(), keys(), {}, *body, out);
  RC_ASSERT(opened.has_value());
  RC_ASSERT(same_bytes(*opened, plaintext));
  RC_ASSERT(!suite.protection.open(crypto(), keys(8), {}, *body, out).has_value());
}

// K = SHA-256(Z), and Z has the size of p, leading zeros and all.
TEST(KeySchedule, HashesThePaddedSecret) {
  Keys made;
  const Bytes z = {0, 0, 5};
  ASSERT_TRUE(raw_hash().derive(crypto(), z, {}, made));
  Bytes expected(32);
  ASSERT_TRUE(crypto().sha256(z, expected));
  for (const DirectionKeys* each : {&made.to_device, &made.to_client}) {
    EXPECT_TRUE(same_bytes(each->encryption.view(), expected));
    EXPECT_TRUE(same_bytes(each->mac.view(), expected));
  }
}

// plain_dh() as a device, in the group (p, g).
Result<Body> respond(Random& random, ByteView p, ByteView g, const Body& share, ByteSpan out,
                     SharedSecret& secret) {
  const Group group{p, g};
  Agreed agreed;
  auto answer =
      plain_dh().respond({crypto(), random, take_any(), group, nullptr}, {}, share, out, agreed);
  secret = agreed.secret;
  return answer;
}

TEST(KeyExchange, ASecretIsPaddedToTheSizeOfP) {
  attacks::StreamRandom random(1, "test");
  const Bytes p = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xed};
  const Bytes g = {2}, one = {1};
  Bytes out(max_modulus_size);
  SharedSecret secret;
  const auto share = respond(random, p, g, Share{one, {}}, out, secret);
  ASSERT_TRUE(share);
  EXPECT_EQ(random.position(), exponent_size);
  EXPECT_EQ(std::get<Share>(*share).value.size(), p.size());
  const Bytes expected = {0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_TRUE(same_bytes(secret.view(), expected));
}

// The peer's fault is found before anything is drawn (protocol/README.md, "Draws").
TEST(KeyExchange, ABadShareCostsNoDraw) {
  attacks::StreamRandom random(1, "test");
  const Bytes p = {23}, g = {5};
  Bytes out(max_modulus_size);
  SharedSecret secret;
  EXPECT_FALSE(respond(random, p, g, Error{Errc::malformed, "test"}, out, secret));
  EXPECT_FALSE(respond(random, p, g, {}, out, secret));
  EXPECT_EQ(random.position(), 0U);
}

TEST(KeyExchange, AShareNeedsRoom) {
  attacks::StreamRandom random(1, "test");
  const Bytes p = {0x7f, 0xed}, g = {2}, one = {1};
  Bytes out(p.size());
  SharedSecret secret;
  const auto refused = respond(random, p, g, Share{one, {}}, ByteSpan(out).first(1), secret);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{Errc::capacity, "dh.wib: share"}));
  EXPECT_EQ(random.position(), 0U);
  EXPECT_TRUE(respond(random, p, g, Share{one, {}}, out, secret));
}

TEST(KeyExchange, AnExponentIsUsedOnce) {
  attacks::StreamRandom random(1, "test");
  const Bytes p = {0x7f, 0xed}, g = {2}, one = {1};
  Bytes out(p.size());
  KeyExchangeState state;
  ASSERT_TRUE(plain_dh().start({crypto(), random, take_any(), nullptr, {}}, Offer{.p = p, .g = g},
                               state, out));
  EXPECT_EQ(state.exponent.view().size(), exponent_size);
  SharedSecret secret;
  ASSERT_TRUE(plain_dh().finish({crypto(), random, take_any(), nullptr, {}}, {}, state,
                                Share{one, {}}, secret));
  EXPECT_TRUE(state.exponent.view().empty());
}

// The one group that is refused has no arithmetic; zeros within p are digits like any other.
TEST(GroupPolicy, RefusesZeroAlone) {
  const Bytes g = {2};
  for (const Bytes& p : {Bytes{1}, {1, 0}, {0, 1}, {1, 0, 5}}) {
    EXPECT_TRUE(take_any().take_offer(Offer{.p = p, .g = g}));
  }
  for (const Bytes& p : {Bytes{0}, {0, 0}})
    EXPECT_FALSE(take_any().take_offer(Offer{.p = p, .g = g}));
}

}  // namespace
}  // namespace wib::props
