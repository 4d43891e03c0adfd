// SPDX-License-Identifier: Apache-2.0
//
// The ideal backend: the laws that its symbols obey and that nothing else holds of them; whole runs
// on it; and that a script has the same statuses on it as on a real backend.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "attacks/scenarios/runner.h"
#include "backends/ideal/ideal.h"
#include "backends/registry.h"
#include "props/backend_support.h"
#include "props/support/more_cases.h"
#include "props/support/toy.h"
#include "protocol/groups.h"
#include "protocol/pkix.h"
#include "protocol/setup/endpoint.h"
#include "protocol/spake2plus.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::identities;
using attacks::Identity;
using attacks::identity;
using wib_backend_ideal::Instance;
using wib_backend_ideal::make;
using wib_backend_ideal::Op;

// For the scripts; everything here is quick.
[[maybe_unused]] const bool enough = more_cases(1000);

Instant at(int ms) { return std::chrono::milliseconds(ms); }

Backend& real() { return *find_backend("openssl"); }

// --- Calls that give their result ---------------------------------------------------------------

Bytes sha256(Crypto& crypto, ByteView message) {
  Bytes out(sha256_size);
  EXPECT_TRUE(crypto.sha256(message, out));
  return out;
}
Bytes hmac256(Crypto& crypto, ByteView key, ByteView message) {
  Bytes out(sha256_size);
  EXPECT_TRUE(crypto.hmac_sha256(key, message, out));
  return out;
}
Bytes hmac512(Crypto& crypto, ByteView key, ByteView message) {
  Bytes out(sha512_size);
  EXPECT_TRUE(crypto.hmac_sha512(key, message, out));
  return out;
}
Bytes power(Crypto& crypto, ByteView base, ByteView exponent, ByteView modulus) {
  Bytes out(modulus.size());
  EXPECT_TRUE(crypto.mod_exp(base, exponent, modulus, out));
  return out;
}
Bytes x25519(Crypto& crypto, ByteView scalar, ByteView u) {
  Bytes out(x25519_size);
  EXPECT_TRUE(crypto.x25519(scalar, u, out));
  return out;
}
Bytes times(Crypto& crypto, ByteView scalar, ByteView point) {
  Bytes out(p256_point_size);
  EXPECT_TRUE(crypto.p256_mul(scalar, point, out));
  return out;
}
Bytes base_times(Crypto& crypto, ByteView scalar) {
  Bytes out(p256_point_size);
  EXPECT_TRUE(crypto.p256_base_mul(scalar, out));
  return out;
}
Bytes sum(Crypto& crypto, ByteView a, ByteView p, ByteView b, ByteView q) {
  Bytes out(p256_point_size);
  EXPECT_TRUE(crypto.p256_mul_add(a, p, b, q, out));
  return out;
}

Bytes of(std::size_t size, Byte value) { return Bytes(size, value); }
Bytes text(std::string_view characters) { return copy(as_bytes(characters)); }

// `number` as a scalar of P-256.
Bytes scalar(std::uint32_t number) {
  Bytes out(p256_scalar_size);
  for (std::size_t i = 0; i < 4; ++i) out[31 - i] = static_cast<Byte>(number >> (8 * i));
  return out;
}
// a - b, of numbers of one size.
Bytes minus(ByteView a, ByteView b) {
  Bytes out(a.size());
  unsigned borrow = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const unsigned difference = 0x100U + a[i] - b[i] - borrow;
    out[i] = static_cast<Byte>(difference);
    borrow = 1U - (difference >> 8U);
  }
  return out;
}
Bytes plus_one(Bytes number) {
  for (std::size_t i = number.size(); i-- > 0;) {
    if (++number[i] != 0) break;
  }
  return number;
}
Bytes negated(ByteView k) { return minus(p256_order(), k); }

// Points that came from outside: public keys of P-256.
Bytes foreign_point(std::string_view name) {
  return copy(check_certificate(identity(name).certificate)->point);
}

rc::Gen<Bytes> bytes_of(std::size_t size) {
  return rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}
rc::Gen<Bytes> scalars() {
  // Below the order, and not small.
  return rc::gen::map(bytes_of(p256_scalar_size), [](Bytes k) {
    k[0] = static_cast<Byte>((k[0] & 0x7fU) | 1U);
    return k;
  });
}

// --- What it is ---------------------------------------------------------------------------------

TEST(Ideal, IsRegisteredAndIsNotReal) {
  Backend* const found = find_backend("ideal");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found, &wib_backend_ideal::registered());
  EXPECT_FALSE(found->manifest().real);
  EXPECT_EQ(std::ranges::count(backends(), found), 0);
  EXPECT_EQ(std::ranges::count(all_backends(), found), 1);
  EXPECT_EQ(code_of(found->tls().server({}, {}, {})), Errc::unsupported);
  EXPECT_FALSE(found->manifest().has.has(Capability::tls1_3));
}

TEST(Ideal, TheSameInputsGiveTheSameBytesWhateverCameBefore) {
  const auto one = make();
  const auto other = make();
  Crypto& busy = other->crypto();
  for (int i = 0; i < 3000; ++i) (void)sha256(busy, scalar(static_cast<std::uint32_t>(i)));
  const auto everything = [](Crypto& crypto) {
    const Group group = ffdhe2048();
    Bytes all = sha256(crypto, text("message"));
    all = all + hmac256(crypto, text("key"), text("message"));
    all = all + hmac512(crypto, text("key"), text("message"));
    Bytes key(50);
    EXPECT_TRUE(crypto.pbkdf2_sha256(text("password"), text("salt"), 1000, key));
    all = all + key;
    Bytes block(32, 7);
    EXPECT_TRUE(crypto.aes256_cbc_encrypt(of(32, 1), of(16, 2), block, block));
    all = all + block;
    EXPECT_TRUE(crypto.aes256_ctr(of(32, 1), of(16, 2), block, block));
    all = all + block;
    const Bytes share = power(crypto, group.g, of(32, 3), group.p);
    all = all + share + power(crypto, share, of(32, 4), group.p);
    all = all + x25519(crypto, of(32, 5), of(32, 9));
    const Bytes point = base_times(crypto, of(32, 6));
    return all + point + sum(crypto, of(32, 7), point, of(32, 8), foreign_point("owner"));
  };
  const Bytes expected = everything(one->crypto());
  EXPECT_EQ(everything(one->crypto()), expected) << "again";
  EXPECT_EQ(everything(busy), expected) << "in an arena that has grown";
  one->reset();
  EXPECT_EQ(one->terms(), 0U);
  EXPECT_EQ(everything(one->crypto()), expected) << "after a reset";
  // In every process, on every machine.
  EXPECT_EQ(attacks::to_hex(sha256(one->crypto(), text("abc"))),
            "db5d78c4ac96f9a08dacadd7d2c3673d8207daaeb7788848dd9034f8fcf0dd8a");
}

TEST(Ideal, DifferentInputsGiveDifferentBytes) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  std::set<Bytes> seen;
  const auto fresh = [&](const Bytes& bytes) { EXPECT_TRUE(seen.insert(bytes).second); };
  for (std::uint32_t i = 0; i < 500; ++i) {
    const Bytes message = scalar(i);
    fresh(sha256(crypto, message));
    fresh(hmac256(crypto, message, text("m")));
    fresh(hmac256(crypto, text("k"), message));
    fresh(hmac512(crypto, message, text("m")));
    Bytes out(32);
    EXPECT_TRUE(crypto.pbkdf2_sha256(message, text("salt"), 1 + i, out));
    fresh(out);
    EXPECT_TRUE(crypto.aes256_cbc_encrypt(message, of(16, 0), of(32, 0), out));
    fresh(out);
    EXPECT_TRUE(crypto.aes256_ctr(message, of(16, 0), of(32, 0), out));
    fresh(out);
  }
  EXPECT_NE(sha256(crypto, of(1, 0)), sha256(crypto, of(2, 0)));
  EXPECT_NE(sha256(crypto, {}), sha256(crypto, of(1, 0)));
}

TEST(Ideal, PiecesAreTheirWhole) {
  const auto ideal = make();
  const Bytes first = text("one, ");
  const Bytes second = text("two");
  const std::array<ByteView, 3> pieces = {first, ByteView{}, second};
  Bytes out(sha256_size);
  ASSERT_TRUE(ideal->crypto().sha256(Pieces(pieces), out));
  EXPECT_EQ(out, sha256(ideal->crypto(), text("one, two")));
}

TEST(Ideal, TellsHowBytesWereMade) {
  const auto ideal = make();
  const Group group = ffdhe2048();
  const Bytes exponent = of(32, 3);
  const Bytes share = power(ideal->crypto(), group.g, exponent, group.p);
  const auto made = ideal->origin(share);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->op, Op::power);
  ASSERT_EQ(made->arguments.size(), 3U);
  EXPECT_EQ(copy(made->arguments[0]), copy(group.p));
  EXPECT_EQ(copy(made->arguments[2]), exponent);
  EXPECT_EQ(ideal->origin(exponent)->op, Op::none);
  EXPECT_FALSE(ideal->origin(text("never seen")));
}

TEST(Ideal, AFullArenaIsAnErrorUntilItIsReset) {
  const auto ideal = make({.terms = 100, .bytes = 1U << 20U});
  Bytes out(sha256_size);
  Result<> last;
  std::uint32_t calls = 0;
  while (last && calls < 1000) last = ideal->crypto().sha256(scalar(calls++), out);
  EXPECT_EQ(code_of(last), Errc::capacity);
  EXPECT_LT(calls, 100U);
  EXPECT_EQ(out, of(sha256_size, 0));
  const Identity& owner = identity("owner");
  EXPECT_EQ(code_of(ideal->certificates().check_pair(owner.certificate, owner.private_key)),
            Errc::capacity);
  ideal->reset();
  EXPECT_TRUE(ideal->crypto().sha256(text("message"), out));
  EXPECT_TRUE(ideal->certificates().check_pair(owner.certificate, owner.private_key));

  const auto small = make({.terms = 1000, .bytes = 10'000});
  EXPECT_TRUE(small->crypto().sha256(of(20'000, 1), out)) << "what has begun goes on";
  EXPECT_EQ(code_of(small->crypto().sha256(text("message"), out)), Errc::capacity);
}

// Terms that grow with every call: what they take is counted, and there is an end to them.
TEST(Ideal, ChainsStayWithinTheLimits) {
  constexpr std::size_t terms = 100'000;
  constexpr std::size_t bytes = 1U << 22U;
  constexpr std::size_t one_operation = 1U << 13U;
  const auto ideal = make({.terms = terms, .bytes = bytes});
  Crypto& crypto = ideal->crypto();
  Bytes nine(32);
  nine[0] = 9;
  Bytes u = nine;
  Bytes out(32);
  std::uint32_t calls = 0;
  Result<> last;
  while (last && calls < 20'000) {
    last = crypto.x25519(scalar(++calls << 3U), u, out);
    if (last) u = out;
  }
  EXPECT_EQ(code_of(last), Errc::capacity);
  EXPECT_EQ(out, of(32, 0));
  EXPECT_LT(calls, 2000U) << "one term has so many factors";
  EXPECT_TRUE(crypto.x25519(of(32, 1), nine, out)) << "others are as they were";

  // Chains of half that, until the arena is full.
  const std::uint32_t half = calls / 2;
  for (calls = 0, last = {}; last && calls < 20'000; ++calls) {
    if (calls % half == 0) u = nine;
    // Least byte first there: another start for each chain.
    Bytes k(32);
    k[1] = static_cast<Byte>(calls % half);
    k[2] = static_cast<Byte>((calls % half) >> 8U);
    k[3] = static_cast<Byte>(calls / half);
    last = crypto.x25519(k, u, u);
  }
  EXPECT_EQ(code_of(last), Errc::capacity);
  EXPECT_LT(calls, 20'000U);
  EXPECT_LE(ideal->terms(), terms);
  EXPECT_LE(ideal->bytes(), bytes + one_operation);
  EXPECT_GE(ideal->bytes(), bytes);
  ideal->reset();
  EXPECT_EQ(ideal->bytes(), 0U);
  EXPECT_TRUE(crypto.x25519(of(32, 1), nine, out));
}

TEST(Ideal, OneTermHasSoManyFactorsAndSummands) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const auto calls_until = [](auto call) {
    std::uint32_t calls = 0;
    Result<> last;
    while (last && calls < 2000) last = call(++calls);
    EXPECT_EQ(code_of(last), Errc::capacity);
    return calls;
  };
  const Bytes p = copy(toy_group().p);
  Bytes share = {2};
  share.insert(share.begin(), p.size() - 1, Byte{0});
  EXPECT_EQ(calls_until([&](std::uint32_t i) {
              return crypto.mod_exp(Bytes(share), scalar(i + 1), p, share);
            }),
            1023U);
  Bytes point = copy(p256_generator());
  EXPECT_EQ(calls_until([&](std::uint32_t i) {
              Bytes k = scalar(i);
              k[0] = 1;
              return crypto.p256_mul(k, Bytes(point), point);
            }),
            1024U);
  // A sum of 2^i products, of i factors each.
  point = copy(p256_generator());
  EXPECT_EQ(calls_until([&](std::uint32_t i) {
              Bytes k = scalar(2 * i);
              Bytes l = scalar(2 * i + 1);
              k[0] = l[0] = 1;
              const Bytes before = point;
              return i > 14 ? fail(Errc::out_of_range, "no end")
                            : crypto.p256_mul_add(k, before, l, before, point);
            }),
            10U);
  EXPECT_EQ(point, of(p256_point_size, 0));
}

// What remembers nothing, and so is answered for ever (ideal.h).
TEST(Ideal, AFullArenaStillJudges) {
  const auto ideal = make({.terms = 100, .bytes = 1U << 20U});
  Crypto& crypto = ideal->crypto();
  const Identity& owner = identity("owner");
  const Identity& thief = identity("thief");
  const Bytes key = of(32, 1);
  const Bytes nonce = of(12, 2);
  Bytes sealed(5);
  Bytes tag(16);
  ASSERT_TRUE(crypto.aes256_gcm_seal(key, nonce, {}, of(5, 7), sealed, tag));
  const Bytes made = base_times(crypto, of(32, 6));
  ASSERT_TRUE(ideal->certificates().check_pair(owner.certificate, owner.private_key));
  Bytes out(sha256_size);
  for (std::uint32_t i = 0; crypto.sha256(scalar(i), out); ++i) ASSERT_LT(i, 100U);

  Bytes opened(5);
  EXPECT_TRUE(crypto.aes256_gcm_open(key, nonce, {}, sealed, tag, opened));
  EXPECT_EQ(opened, of(5, 7));
  EXPECT_EQ(code_of(crypto.aes256_gcm_open(nonce + of(20, 0), nonce, {}, sealed, tag, opened)),
            Errc::bad_tag);
  EXPECT_TRUE(crypto.check_share(Bytes{2}, toy_group().p));
  EXPECT_EQ(code_of(crypto.check_share(Bytes{1}, toy_group().p)), Errc::out_of_range);
  EXPECT_TRUE(crypto.equal(key, key));
  EXPECT_TRUE(crypto.check_p256_share(made));
  EXPECT_TRUE(ideal->certificates().inspect(thief.certificate));
  EXPECT_TRUE(ideal->certificates().check_pair(owner.certificate, owner.private_key));
  EXPECT_TRUE(ideal->origin(sealed + tag));

  EXPECT_EQ(code_of(crypto.check_p256_share(foreign_point("thief"))), Errc::capacity);
  EXPECT_EQ(code_of(crypto.verify_hmac_sha256(key, key, tag)), Errc::capacity);
  Bytes point(p256_point_size, 1);
  EXPECT_EQ(code_of(crypto.p256_mul(key, foreign_point("thief"), point)), Errc::capacity);
  EXPECT_EQ(point, of(p256_point_size, 0));
  EXPECT_EQ(code_of(ideal->certificates().verify(owner.certificate, key, tag)), Errc::capacity);
  EXPECT_EQ(code_of(ideal->certificates().check_pair(thief.certificate, thief.private_key)),
            Errc::capacity);
}

// --- MACs and key derivation --------------------------------------------------------------------

TEST(Ideal, HmacKeysAreWhatRfc2104MakesOfThem) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes message = text("message");
  EXPECT_EQ(hmac256(crypto, text("k"), message), hmac256(crypto, text("k") + of(63, 0), message));
  EXPECT_NE(hmac256(crypto, text("k"), message), hmac256(crypto, text("k") + of(64, 0), message));
  const Bytes long_key = of(65, 1);
  EXPECT_EQ(hmac256(crypto, long_key, message), hmac256(crypto, sha256(crypto, long_key), message));
  EXPECT_NE(hmac512(crypto, long_key, message), hmac512(crypto, sha256(crypto, long_key), message));
  EXPECT_EQ(hmac512(crypto, text("k"), message), hmac512(crypto, text("k") + of(127, 0), message));
  EXPECT_NE(hmac512(crypto, of(129, 1), message), hmac512(crypto, of(130, 1), message));
}

TEST(Ideal, AShorterDerivedKeyIsTheFrontOfALongerOne) {
  const auto ideal = make();
  Bytes longer(64);
  Bytes shorter(20);
  ASSERT_TRUE(ideal->crypto().pbkdf2_sha256(text("p"), text("s"), 9, longer));
  ASSERT_TRUE(ideal->crypto().pbkdf2_sha256(text("p"), text("s"), 9, shorter));
  EXPECT_TRUE(same_bytes(ByteView(longer).first(20), shorter));
  ASSERT_TRUE(ideal->crypto().hkdf_sha256(text("salt"), text("ikm"), text("info"), longer));
  ASSERT_TRUE(ideal->crypto().hkdf_sha256(text("salt"), text("ikm"), text("info"), shorter));
  EXPECT_TRUE(same_bytes(ByteView(longer).first(20), shorter));
  Bytes none(20);
  Bytes zeros(20);
  ASSERT_TRUE(ideal->crypto().hkdf_sha256({}, text("ikm"), text("info"), none));
  ASSERT_TRUE(ideal->crypto().hkdf_sha256(of(32, 0), text("ikm"), text("info"), zeros));
  EXPECT_EQ(none, zeros);
  EXPECT_NE(none, shorter);
}

TEST(Ideal, MacsAreVerifiedByWhatTheyAre) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes key = text("key");
  const Bytes message = text("message");
  // Verified before it was ever made: a receiver computes it too.
  const auto elsewhere = make();
  Bytes tag = hmac512(elsewhere->crypto(), key, message);
  EXPECT_TRUE(*crypto.verify_hmac_sha512(key, message, tag));
  EXPECT_FALSE(*crypto.verify_hmac_sha512(text("kez"), message, tag));
  EXPECT_FALSE(*crypto.verify_hmac_sha512(key, text("massage"), tag));
  EXPECT_FALSE(*crypto.verify_hmac_sha512(key, message, ByteView(tag).first(63)));
  tag[63] ^= 1U;
  EXPECT_FALSE(*crypto.verify_hmac_sha512(key, message, tag));
  const Bytes tag256 = hmac256(crypto, key, message);
  EXPECT_TRUE(*crypto.verify_hmac_sha256(key, message, tag256));
  EXPECT_FALSE(*crypto.verify_hmac_sha256(key, text("massage"), tag256));
  EXPECT_TRUE(crypto.equal(tag256, hmac256(crypto, key, message)));
  EXPECT_FALSE(crypto.equal(tag256, tag));
  EXPECT_TRUE(crypto.equal({}, {}));
}

// --- Encryption ---------------------------------------------------------------------------------

RC_GTEST_PROP(IdealEncryption, OpensWhatItSealed, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const auto key = *bytes_of(32);
  const auto iv = *bytes_of(16);
  const auto blocks = *rc::gen::inRange<std::size_t>(0, 6);
  const auto plain = *bytes_of(16 * blocks);

  Bytes sealed(plain.size());
  Bytes opened(plain.size());
  RC_ASSERT(crypto.aes256_cbc_encrypt(key, iv, plain, sealed).has_value());
  RC_ASSERT(crypto.aes256_cbc_decrypt(key, iv, sealed, opened).has_value());
  RC_ASSERT(opened == plain);
  Bytes in_place = plain;
  RC_ASSERT(crypto.aes256_cbc_encrypt(key, iv, in_place, in_place).has_value());
  RC_ASSERT(in_place == sealed);
  RC_ASSERT(plain.empty() || sealed != plain);

  const auto short_plain = *rc::gen::arbitrary<Bytes>();
  Bytes other(short_plain.size());
  Bytes back(short_plain.size());
  RC_ASSERT(crypto.aes256_ctr(key, iv, short_plain, other).has_value());
  RC_ASSERT(crypto.aes256_ctr(key, iv, other, back).has_value());
  RC_ASSERT(back == short_plain);
  RC_ASSERT(crypto.aes256_ctr(key, iv, back, back).has_value());
  RC_ASSERT(back == other);
}

// A ciphertext of somebody's own making decrypts to something that nobody knows, the same each
// time, and which encrypts to it: a cipher is a permutation.
RC_GTEST_PROP(IdealEncryption, WhatWasNeverSealedIsJunk, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const auto key = *bytes_of(32);
  const auto iv = *bytes_of(16);
  const auto forged = *bytes_of(48);
  Bytes junk(48);
  Bytes again(48);
  Bytes back(48);
  RC_ASSERT(crypto.aes256_cbc_decrypt(key, iv, forged, junk).has_value());
  RC_ASSERT(crypto.aes256_cbc_decrypt(key, iv, forged, again).has_value());
  RC_ASSERT(junk == again);
  RC_ASSERT(junk != forged);
  RC_ASSERT(crypto.aes256_cbc_encrypt(key, iv, junk, back).has_value());
  RC_ASSERT(back == forged);
}

TEST(IdealEncryption, AnotherKeyOrIvIsJunk) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes plain = of(32, 0x42);
  Bytes sealed(32);
  Bytes opened(32);
  ASSERT_TRUE(crypto.aes256_cbc_encrypt(of(32, 1), of(16, 2), plain, sealed));
  for (const auto& [key, iv] : {std::pair{of(32, 9), of(16, 2)}, {of(32, 1), of(16, 9)}}) {
    ASSERT_TRUE(crypto.aes256_cbc_decrypt(key, iv, sealed, opened));
    EXPECT_NE(opened, plain);
    ASSERT_TRUE(crypto.aes256_ctr(of(32, 1), of(16, 2), plain, sealed));
    ASSERT_TRUE(crypto.aes256_ctr(key, iv, sealed, opened));
    EXPECT_NE(opened, plain);
    ASSERT_TRUE(crypto.aes256_cbc_encrypt(of(32, 1), of(16, 2), plain, sealed));
  }
  // What is not modelled: a changed bit of a CTR ciphertext changes everything.
  ASSERT_TRUE(crypto.aes256_ctr(of(32, 1), of(16, 2), plain, sealed));
  sealed[0] ^= 1U;
  ASSERT_TRUE(crypto.aes256_ctr(of(32, 1), of(16, 2), sealed, opened));
  EXPECT_FALSE(same_bytes(ByteView(opened).subspan(1), ByteView(plain).subspan(1)));
}

TEST(IdealEncryption, CtrIsAPermutationOfTheShortestStringsToo) {
  const auto ideal = make();
  std::set<Byte> images;
  for (unsigned value = 0; value < 256; ++value) {
    Bytes byte = {static_cast<Byte>(value)};
    ASSERT_TRUE(ideal->crypto().aes256_ctr(of(32, 1), of(16, 2), byte, byte));
    EXPECT_TRUE(images.insert(byte[0]).second) << value;
    ASSERT_TRUE(ideal->crypto().aes256_ctr(of(32, 1), of(16, 2), byte, byte));
    EXPECT_EQ(byte[0], value);
  }
}

TEST(IdealEncryption, AResetForgetsWhatWasSealed) {
  const auto ideal = make();
  const Bytes plain = of(32, 0x42);
  Bytes sealed(32);
  Bytes opened(32);
  ASSERT_TRUE(ideal->crypto().aes256_cbc_encrypt(of(32, 1), of(16, 2), plain, sealed));
  ideal->reset();
  ASSERT_TRUE(ideal->crypto().aes256_cbc_decrypt(of(32, 1), of(16, 2), sealed, opened));
  EXPECT_NE(opened, plain);
}

using Seal = Result<> (Crypto::*)(ByteView, ByteView, ByteView, ByteView, ByteSpan, ByteSpan);
using Open = Result<> (Crypto::*)(ByteView, ByteView, ByteView, ByteView, ByteView, ByteSpan);

RC_GTEST_PROP(IdealEncryption, AeadOpensExactlyWhatWasSealed, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const bool gcm = *rc::gen::arbitrary<bool>();
  const Seal seal = gcm ? Seal{&Crypto::aes256_gcm_seal} : Seal{&Crypto::chacha20_poly1305_seal};
  const Open open = gcm ? Open{&Crypto::aes256_gcm_open} : Open{&Crypto::chacha20_poly1305_open};
  const Open other = gcm ? Open{&Crypto::chacha20_poly1305_open} : Open{&Crypto::aes256_gcm_open};
  const auto plain = *rc::gen::arbitrary<Bytes>();
  std::array<Bytes, 5> parts = {*bytes_of(32), *bytes_of(12), *rc::gen::arbitrary<Bytes>(),
                                Bytes(plain.size()), Bytes(16)};
  auto& [key, nonce, associated, sealed, tag] = parts;
  RC_ASSERT((crypto.*seal)(key, nonce, associated, plain, sealed, tag).has_value());
  Bytes opened(plain.size(), 0xee);
  RC_ASSERT((crypto.*open)(key, nonce, associated, sealed, tag, opened).has_value());
  RC_ASSERT(opened == plain);
  RC_ASSERT(code_of((crypto.*other)(key, nonce, associated, sealed, tag, opened)) == Errc::bad_tag);
  // One bit of anything.
  for (Bytes& part : parts) {
    if (part.empty()) continue;
    const auto place = *rc::gen::inRange<std::size_t>(0, part.size() * 8);
    part[place / 8] ^= static_cast<Byte>(1U << (place % 8));
    std::ranges::fill(opened, Byte{0xee});
    RC_ASSERT(code_of((crypto.*open)(key, nonce, associated, sealed, tag, opened)) ==
              Errc::bad_tag);
    RC_ASSERT(opened == Bytes(plain.size()));
    part[place / 8] ^= static_cast<Byte>(1U << (place % 8));
  }
}

// --- Diffie-Hellman -----------------------------------------------------------------------------

// Groups of every kind: the real one, the toy, a modulus that is no prime, one that begins with 01,
// one with leading zeros.
std::vector<Bytes> moduli() {
  return {copy(ffdhe2048().p), copy(toy_group().p), of(16, 0xfe), hex("01ffffffffffffff01"),
          hex("0000000102030405060708")};
}

RC_GTEST_PROP(IdealDh, Commutes, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  for (const Bytes& p : moduli()) {
    const Bytes g = {*rc::gen::inRange<Byte>(2, 255)};
    auto exponents = *rc::gen::container<std::vector<Bytes>>(3, scalars());
    Bytes forwards = g;
    for (const Bytes& x : exponents) forwards = power(crypto, forwards, x, p);
    std::ranges::rotate(exponents, exponents.begin() + *rc::gen::inRange(0, 3));
    if (*rc::gen::arbitrary<bool>()) std::swap(exponents[0], exponents[1]);
    Bytes backwards = g;
    for (const Bytes& x : exponents) backwards = power(crypto, backwards, x, p);
    RC_ASSERT(forwards == backwards);
    // And nothing else comes out the same: another exponent, another base, one exponent twice.
    Bytes different = exponents[0];
    different[31] ^= 1U;
    const Bytes once = power(crypto, g, exponents[0], p);
    RC_ASSERT(once != power(crypto, g, different, p));
    RC_ASSERT(once != power(crypto, once, exponents[0], p));
    const Bytes other_g = {static_cast<Byte>(g[0] + 1)};
    RC_ASSERT(once != power(crypto, other_g, exponents[0], p));
    // A share is a good share, in every group.
    RC_ASSERT(crypto.check_share(forwards, p).has_value());
    RC_ASSERT(real().crypto().check_share(forwards, p).has_value());
  }
}

// Five bytes have room for 2^30 symbols here: some of these would meet if they were let.
TEST(IdealDh, NoTwoElementsAreTheSameBytes) {
  const auto ideal = make();
  const Bytes p = hex("01fffffffb");
  std::set<Bytes> seen;
  for (std::uint32_t i = 2; i < 150'000; ++i) {
    ASSERT_TRUE(seen.insert(power(ideal->crypto(), Bytes{2}, scalar(i), p)).second) << i;
  }
}

TEST(IdealDh, LeadingZerosMeanNothing) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes p = copy(ffdhe2048().p);
  const Bytes x = of(32, 3);
  const Bytes share = power(crypto, Bytes{2}, x, p);
  EXPECT_EQ(power(crypto, Bytes{0, 0, 2}, of(5, 0) + x, p), share);
  EXPECT_EQ(power(crypto, Bytes{2}, x, of(3, 0) + p), of(3, 0) + share);
  EXPECT_EQ(power(crypto, of(3, 0) + share, x, p), power(crypto, share, x, p));
}

// Where algebra has an answer, it is the answer of a real backend.
TEST(IdealDh, DegenerateValuesAreWhatTheyAre) {
  const auto ideal = make();
  std::vector<Bytes> groups = moduli();
  for (const std::string_view few : {"02", "03", "10", "ff", "0101", "fffb", "00fffffffb"}) {
    groups.push_back(hex(few));
  }
  for (const Bytes& p : groups) {
    Bytes minus_one = p;
    minus_one.back() -= 1;
    std::vector<Bytes> bases = {{}, {0}, {1}, minus_one, p, plus_one(p)};
    // Groups of up to 32 bits are computed with numbers.
    const bool small = p.size() < 5 || p[0] == 0;
    if (small && p.size() <= 5) bases.insert(bases.end(), {{2}, {3}, {7}, of(200, 0x35)});
    for (const Bytes& base : bases) {
      for (const Bytes& exponent :
           {Bytes{}, Bytes{0}, Bytes{1}, Bytes{2}, Bytes{3}, of(32, 0xff), of(32, 0xfe)}) {
        EXPECT_EQ(power(ideal->crypto(), base, exponent, p),
                  power(real().crypto(), base, exponent, p))
            << attacks::to_hex(base) << " ^ " << attacks::to_hex(exponent) << " mod "
            << attacks::to_hex(p);
      }
    }
  }
  // A base above the modulus is the base that it is modulo that.
  for (const Bytes& p : moduli()) {
    const Bytes above = Bytes{0x77} + p;
    const Bytes reduced = power(real().crypto(), above, Bytes{1}, p);
    EXPECT_NE(reduced, p);
    EXPECT_EQ(power(ideal->crypto(), above, Bytes{1}, p), reduced);
    EXPECT_EQ(power(ideal->crypto(), above, of(32, 3), p),
              power(ideal->crypto(), reduced, of(32, 3), p));
  }
}

TEST(IdealDh, EveryShareIsInThePrimeSubgroupButMinusOne) {
  const auto ideal = wib_backend_ideal::make();
  Crypto& crypto = ideal->crypto();
  const Group group = ffdhe2048();
  std::vector<Byte> exponent(32, 7);
  std::vector<Byte> share(group.p.size());
  ASSERT_TRUE(crypto.mod_exp(group.g, exponent, group.p, share));
  EXPECT_EQ(crypto.in_prime_subgroup(share, group.p), true);
  std::vector<Byte> minus_one(group.p.begin(), group.p.end());
  --minus_one.back();
  EXPECT_EQ(crypto.in_prime_subgroup(minus_one, group.p), false);
  // In a small group there are numbers: 3 is no square modulo 7, 2 is one.
  const std::array<Byte, 1> seven = {7}, two = {2}, three = {3};
  EXPECT_EQ(crypto.in_prime_subgroup(two, seven), true);
  EXPECT_EQ(crypto.in_prime_subgroup(three, seven), false);
}

TEST(IdealDh, ForeignSharesAreJudgedAsNumbers) {
  const auto ideal = make();
  const Bytes p = copy(ffdhe2048().p);
  Bytes minus_one = p;
  minus_one.back() -= 1;
  for (const Bytes& bad : {Bytes{0}, Bytes{1}, minus_one, p, of(257, 1)}) {
    EXPECT_EQ(code_of(ideal->crypto().check_share(bad, p)), Errc::out_of_range);
  }
  EXPECT_TRUE(ideal->crypto().check_share(Bytes{2}, p));
}

RC_GTEST_PROP(IdealDh, X25519Commutes, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  Bytes base(32);
  base[0] = 9;
  const auto x = *bytes_of(32);
  const auto y = *bytes_of(32);
  const Bytes gx = x25519(crypto, x, base);
  const Bytes gy = x25519(crypto, y, base);
  const Bytes z = x25519(crypto, x, gy);
  RC_ASSERT(z == x25519(crypto, y, gx));
  Bytes clamped = x;
  clamped[0] &= 0xf8U;
  clamped[31] = static_cast<Byte>((clamped[31] & 0x7fU) | 0x40U);
  RC_ASSERT(x25519(crypto, clamped, base) == gx);
  Bytes with_top_bit = gy;
  with_top_bit[31] |= 0x80U;
  RC_ASSERT(x25519(crypto, x, with_top_bit) == z);
  Bytes different = clamped;
  different[7] ^= 1U;
  RC_ASSERT(x25519(crypto, different, base) != gx);
  Bytes secret(32);
  RC_ASSERT(crypto.x25519_agree(x, gy, secret).has_value());
  RC_ASSERT(secret == z);
}

TEST(IdealDh, X25519PointsOfSmallOrderGiveZeros) {
  const auto ideal = make();
  Bytes secret(32);
  for (const std::string_view low :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080"}) {
    EXPECT_EQ(x25519(ideal->crypto(), of(32, 5), hex(low)), of(32, 0)) << low;
    EXPECT_EQ(code_of(ideal->crypto().x25519_agree(of(32, 5), hex(low), secret)),
              Errc::out_of_range);
  }
  // p + 9 is 9.
  Bytes nine(32);
  nine[0] = 9;
  EXPECT_EQ(x25519(ideal->crypto(), of(32, 5),
                   hex("f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")),
            x25519(ideal->crypto(), of(32, 5), nine));
}

// --- P-256 --------------------------------------------------------------------------------------

const Bytes one_scalar = scalar(1);
const Bytes infinity = of(p256_point_size, 0);

Bytes add(Crypto& crypto, ByteView p, ByteView q) {
  return sum(crypto, one_scalar, p, one_scalar, q);
}

// A point of some sort: an outside one, the generator, a multiple, or a sum.
Bytes some_point(Crypto& crypto, int depth = 2) {
  const int kind = *rc::gen::inRange(0, depth == 0 ? 3 : 5);
  switch (kind) {
    case 0: return foreign_point("owner");
    case 1: return foreign_point("thief");
    case 2: return copy(p256_generator());
    case 3: return times(crypto, *scalars(), some_point(crypto, depth - 1));
    default:
      return sum(crypto, *scalars(), some_point(crypto, depth - 1), *scalars(),
                 some_point(crypto, depth - 1));
  }
}

RC_GTEST_PROP(IdealP256, TheLawsOfAnAbelianGroup, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes p = some_point(crypto);
  const Bytes q = some_point(crypto);
  const Bytes r = some_point(crypto, 1);
  const auto k = *scalars();
  const auto l = *scalars();
  const Bytes n_minus_one = negated(one_scalar);

  RC_ASSERT(add(crypto, p, q) == add(crypto, q, p));
  RC_ASSERT(add(crypto, add(crypto, p, q), r) == add(crypto, p, add(crypto, q, r)));
  RC_ASSERT(add(crypto, p, infinity) == p);
  RC_ASSERT(times(crypto, one_scalar, p) == p);
  // k(lP) = l(kP), k(P + Q) = kP + kQ.
  RC_ASSERT(times(crypto, k, times(crypto, l, p)) == times(crypto, l, times(crypto, k, p)));
  RC_ASSERT(times(crypto, k, add(crypto, p, q)) == sum(crypto, k, p, k, q));
  // Negation, of scalars and of points.
  RC_ASSERT(add(crypto, p, times(crypto, n_minus_one, p)) == infinity);
  RC_ASSERT(sum(crypto, k, p, negated(k), p) == infinity);
  RC_ASSERT(times(crypto, negated(k), p) == times(crypto, n_minus_one, times(crypto, k, p)));
  const Bytes minus_p = times(crypto, n_minus_one, p);
  RC_ASSERT(same_bytes(ByteView(minus_p).first(33), ByteView(p).first(33)));
  RC_ASSERT(minus_p != p);
  RC_ASSERT(times(crypto, n_minus_one, minus_p) == p);
  RC_ASSERT(times(crypto, k, minus_p) == times(crypto, negated(k), p));
  RC_ASSERT(add(crypto, sum(crypto, k, p, l, q), times(crypto, negated(l), q)) ==
            times(crypto, k, p));
  // Small integers are numbers.
  RC_ASSERT(times(crypto, scalar(2), p) == add(crypto, p, p));
  RC_ASSERT(times(crypto, scalar(6), p) == times(crypto, scalar(2), times(crypto, scalar(3), p)));
  RC_ASSERT(sum(crypto, scalar(5), p, negated(scalar(3)), p) == times(crypto, scalar(2), p));
  RC_ASSERT(times(crypto, k, times(crypto, scalar(2), p)) == sum(crypto, k, p, k, p));
  // And what is not equal is not.
  RC_ASSERT(k == l || times(crypto, k, p) != times(crypto, l, p));
  RC_ASSERT(times(crypto, k, p) != p);
  // Every one is a good share.
  RC_ASSERT(crypto.check_p256_share(times(crypto, k, p)).has_value());
  RC_ASSERT(crypto.check_p256_share(minus_p).has_value());
}

RC_GTEST_PROP(IdealP256, BaseMultiplesAreMultiplesOfTheGenerator, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const auto k = *scalars();
  RC_ASSERT(base_times(crypto, k) == times(crypto, k, p256_generator()));
  RC_ASSERT(base_times(crypto, one_scalar) == copy(p256_generator()));
  RC_ASSERT(base_times(crypto, scalar(0)) == infinity);
  RC_ASSERT(base_times(crypto, p256_order()) == infinity);
}

// RFC 9383 section 3.3, with two outside points for M and N and h = 1.
RC_GTEST_PROP(IdealP256, BothSidesOfSpake2plusAgree, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes m = foreign_point("owner");
  const Bytes n = foreign_point("thief");
  const Bytes g = copy(p256_generator());
  const auto w0 = *scalars();
  const auto w1 = *scalars();
  const auto x = *scalars();
  const auto y = *scalars();
  const Bytes l = base_times(crypto, w1);
  const Bytes share_p = sum(crypto, x, g, w0, m);
  const Bytes share_v = sum(crypto, y, g, w0, n);
  const auto unmask = [&](const Bytes& share, const Bytes& w, const Bytes& mask) {
    return sum(crypto, one_scalar, share, negated(w), mask);
  };
  const Bytes z_p = times(crypto, x, unmask(share_v, w0, n));
  const Bytes v_p = times(crypto, w1, unmask(share_v, w0, n));
  const Bytes z_v = times(crypto, y, unmask(share_p, w0, m));
  const Bytes v_v = times(crypto, y, l);
  RC_ASSERT(z_p == z_v);
  RC_ASSERT(v_p == v_v);
  // Each by one operation, as a library would: x*Y - w0*(x*N), with products taken of points.
  RC_ASSERT(sum(crypto, x, share_v, negated(w0), times(crypto, x, n)) == z_p);
  // Not so with another password.
  auto guess = w0;
  guess[31] ^= 1U;
  RC_ASSERT(times(crypto, y, unmask(share_p, guess, m)) != z_v);
}

// The same by the core's own run of it, to the confirmations.
RC_GTEST_PROP(IdealP256, Spake2plusRuns, ()) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const auto password = *bytes_of(2 * spake2plus_ws_size);
  const auto x = *scalars();
  const auto y = *scalars();
  const bool right = *rc::gen::arbitrary<bool>();
  Spake2plusProver prover;
  Spake2plusVerifier verifier;
  RC_ASSERT(spake2plus_prover(password, prover).has_value());
  RC_ASSERT(spake2plus_register(crypto, prover, verifier).has_value());
  if (!right) {
    auto other = password;
    other[spake2plus_ws_size - 1] ^= 1U;
    RC_ASSERT(spake2plus_prover(other, prover).has_value());
  }
  Bytes share_p(p256_point_size);
  Bytes share_v(p256_point_size);
  RC_ASSERT(spake2plus_share_p(crypto, prover, x, share_p).has_value());
  RC_ASSERT(spake2plus_share_v(crypto, verifier, y, share_v).has_value());
  const Spake2plusIdentity parties{as_bytes("context"), as_bytes("prover"), as_bytes("verifier")};
  Spake2plusSecrets of_prover;
  Spake2plusSecrets of_verifier;
  RC_ASSERT(
      spake2plus_finish_p(crypto, prover, parties, x, share_p, share_v, of_prover).has_value());
  RC_ASSERT(
      spake2plus_finish_v(crypto, verifier, parties, y, share_p, share_v, of_verifier).has_value());
  RC_ASSERT(crypto.equal(of_prover.shared.view(), of_verifier.shared.view()) == right);
  RC_ASSERT(crypto.equal(of_prover.confirm_verifier.view(), of_verifier.confirm_verifier.view()) ==
            right);
}

TEST(IdealP256, PointsFromOutsideAreJudgedByTheCurve) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  Bytes point = foreign_point("owner");
  EXPECT_TRUE(crypto.check_p256_share(point));
  EXPECT_TRUE(crypto.check_p256_share(p256_generator()));
  point[64] ^= 1U;
  EXPECT_EQ(code_of(crypto.check_p256_share(point)), Errc::out_of_range);
  EXPECT_EQ(code_of(crypto.check_p256_share(point)), Errc::out_of_range) << "and again";
  Bytes out(p256_point_size);
  EXPECT_EQ(code_of(crypto.p256_mul(scalar(2), point, out)), Errc::out_of_range);
  EXPECT_EQ(code_of(crypto.check_p256_share(infinity)), Errc::out_of_range);
  // A changed bit of a symbol is no point either.
  Bytes made = base_times(crypto, of(32, 7));
  EXPECT_TRUE(crypto.check_p256_share(made));
  made[3] ^= 1U;
  EXPECT_EQ(code_of(crypto.check_p256_share(made)), Errc::out_of_range);
}

TEST(IdealP256, CoefficientsHaveABoundAndSayIt) {
  const auto ideal = make();
  Bytes point = base_times(ideal->crypto(), of(32, 7));
  Result<> done;
  int doublings = 0;
  for (; done && doublings < 100; ++doublings) {
    done = ideal->crypto().p256_mul_add(one_scalar, point, one_scalar, point, point);
  }
  EXPECT_EQ(code_of(done), Errc::capacity);
  EXPECT_EQ(doublings, 62);
}

// A scalar below 2^62, or as near to the order, is a number: how a product is cut does not matter.
TEST(IdealP256, SmallScalarsAreNumbersInAnyOrder) {
  const auto ideal = make();
  Crypto& crypto = ideal->crypto();
  const Bytes point = base_times(crypto, of(32, 7));
  const auto run = [&](const std::vector<Bytes>& scalars) -> Result<Bytes> {
    Bytes at = point;
    for (const Bytes& k : scalars) {
      const Bytes from = at;
      if (auto done = crypto.p256_mul(k, from, at); !done) return std::unexpected(done.error());
    }
    return at;
  };
  const auto power_of_two = [](unsigned exponent) {
    Bytes k(p256_scalar_size);
    k[31 - exponent / 8] = static_cast<Byte>(1U << (exponent % 8));
    return k;
  };
  EXPECT_EQ(*run({scalar(65536)}), *run({scalar(256), scalar(256)}));
  EXPECT_EQ(*run({scalar(0xffff), scalar(0x8001)}), *run({scalar(0xffff * 0x8001U)}));
  EXPECT_EQ(*run({power_of_two(61)}), *run({power_of_two(31), power_of_two(30)}));
  EXPECT_EQ(*run({negated(power_of_two(61))}), *run({power_of_two(31), negated(power_of_two(30))}));
  EXPECT_EQ(*run({minus(power_of_two(62), scalar(1))}),
            sum(crypto, power_of_two(61), point, minus(power_of_two(61), scalar(1)), point));
  // Out of bounds in every order.
  const Bytes a = scalar(0xffff);
  const Bytes b = scalar(0x8000);
  EXPECT_EQ(code_of(run({a, a, a, b})), Errc::capacity);
  EXPECT_EQ(code_of(run({b, a, a, a})), Errc::capacity);
  EXPECT_EQ(code_of(run({power_of_two(61), scalar(2)})), Errc::capacity);
  EXPECT_EQ(code_of(run({negated(scalar(2)), power_of_two(61)})), Errc::capacity);
  Bytes out(p256_point_size);
  EXPECT_EQ(code_of(crypto.p256_mul_add(power_of_two(61), point, power_of_two(61), point, out)),
            Errc::capacity);
  // One that is larger is an atom, and there is no sum of such.
  EXPECT_TRUE(run({power_of_two(62)}));
  EXPECT_EQ(*run({power_of_two(62), scalar(2)}), *run({scalar(2), power_of_two(62)}));
}

// --- Certificates -------------------------------------------------------------------------------

TEST(IdealCertificates, InspectsAsARealOneDoes) {
  const auto ideal = make();
  for (const Identity& each : identities()) {
    SCOPED_TRACE(std::string(each.name));
    const auto here = ideal->certificates().inspect(each.certificate);
    const auto there = real().certificates().inspect(each.certificate);
    ASSERT_EQ(code_of(here), code_of(there));
    if (!here) continue;
    EXPECT_EQ(here->key_type, there->key_type);
    EXPECT_EQ(here->key_bits, there->key_bits);
    EXPECT_EQ(here->may_sign, there->may_sign);
    EXPECT_EQ(here->may_serve_tls, there->may_serve_tls);
  }
}

TEST(IdealCertificates, PairsAreJudgedAsByARealOne) {
  const auto ideal = make();
  std::size_t good = 0;
  for (const Identity& one : identities()) {
    for (const Identity& other : identities()) {
      SCOPED_TRACE(std::string(one.name) + " with the key of " + std::string(other.name));
      const auto expected =
          code_of(real().certificates().check_pair(one.certificate, other.private_key));
      for (int twice = 0; twice < 2; ++twice) {
        EXPECT_EQ(code_of(ideal->certificates().check_pair(one.certificate, other.private_key)),
                  expected);
      }
      good += expected == Errc::none ? 1U : 0U;
    }
  }
  EXPECT_GE(good, 5U);
}

TEST(IdealCertificates, SignaturesVerifyUnderTheirKeyAlone) {
  const auto ideal = make();
  Certificates& certificates = ideal->certificates();
  Bytes signature(max_signature_size);
  const auto size = certificates.sign(identity("owner").private_key, text("message"), signature);
  ASSERT_TRUE(size);
  signature.resize(*size);
  const ByteView certificate = identity("owner").certificate;
  EXPECT_TRUE(*certificates.verify(certificate, text("message"), signature));
  EXPECT_FALSE(*certificates.verify(certificate, text("massage"), signature));
  EXPECT_FALSE(*certificates.verify(identity("thief").certificate, text("message"), signature));
  signature[0] ^= 1U;
  EXPECT_FALSE(*certificates.verify(certificate, text("message"), signature));
  EXPECT_EQ(code_of(certificates.verify(text("no"), text("message"), signature)),
            Errc::bad_certificate);
  Bytes small(10);
  EXPECT_EQ(code_of(certificates.sign(identity("owner").private_key, {}, small)),
            Errc::out_of_range);
}

TEST(IdealCertificates, APublicKeyThatIsNoPointIsNoCertificate) {
  const auto ideal = make();
  for (const std::string_view name : {"owner", "owner-p384", "owner-p521"}) {
    Bytes certificate = copy(identity(name).certificate);
    const ByteView point = check_certificate(certificate)->point;
    certificate[static_cast<std::size_t>(&point.back() - certificate.data())] ^= 1U;
    EXPECT_EQ(code_of(ideal->certificates().inspect(certificate)), Errc::bad_certificate) << name;
    EXPECT_EQ(code_of(real().certificates().inspect(certificate)), Errc::bad_certificate) << name;
  }
}

// --- Whole runs ---------------------------------------------------------------------------------

class IdealRuns : public testing::TestWithParam<const Suite*> {};
INSTANTIATE_TEST_SUITE_P(Readings, IdealRuns,
                         testing::Values(find_suite("as_posted", "cbc"),
                                         find_suite("as_posted", "ctr")),
                         [](const auto& test) { return std::string(test.param->reading()); });

TEST_P(IdealRuns, ThroughMessages) {
  const auto ideal = make();
  attacks::ProfileRandom device_random({}, 1, "device");
  attacks::ProfileRandom client_random({}, 2, "client");
  attacks::ProfileNoise noise({}, 1, "noise");
  attacks::MemoryStore store;
  Device device({*GetParam(), device_table(), as_bytes(toy_serial), ffdhe2048()},
                {ideal->crypto(), ideal->certificates(), device_random, noise, store});
  std::size_t terms = 0;
  for (int run = 0; run < 4; ++run) {
    device.press(at(run));
    Client client({*GetParam(),
                   client_table(),
                   as_bytes(toy_serial),
                   {identity("owner").certificate, identity("owner").private_key}},
                  {ideal->crypto(), client_random});
    ClientStep step = client.start();
    Claim last;
    while (step.send) {
      const Reply reply = device.handle(at(run), *step.send);
      last = reply.claim;
      step = client.handle(to_response(reply));
    }
    EXPECT_EQ(client.state(), ClientState::completed);
    EXPECT_EQ(last.kind, ClaimKind::installed);
    EXPECT_EQ(last.transcript, step.claim.transcript);
    ByteVector stored(max_bundle_size);
    const auto installed = load_identity(store, stored);
    ASSERT_TRUE(installed && *installed);
    EXPECT_TRUE(same_bytes((*installed)->private_key, identity("owner").private_key));
    // No run needs more than the one before (the first one judges the pair).
    if (run > 1) {
      EXPECT_EQ(ideal->terms(), terms);
    }
    terms = ideal->terms();
    ideal->reset();
  }
}

TEST_P(IdealRuns, ThroughBytes) {
  const auto ideal = make();
  for (const std::string owner : {"owner", "owner-rsa", "owner-p384"}) {
    const attacks::SimulationConfig config{
        .suite = *GetParam(), .device_backend = *ideal, .client_backend = *ideal, .seed = 7};
    attacks::SimulatedDevice device(config);
    const auto client = attacks::make_simulated_client(config, owner, 0);
    ASSERT_TRUE(device.press());
    auto next = client->start();
    while (next && !next->bytes.empty()) {
      const auto answer = device.exchange(next->bytes);
      ASSERT_TRUE(answer);
      next = client->exchange(answer->bytes);
    }
    ASSERT_TRUE(next);
    EXPECT_EQ(next->claim.kind, ClaimKind::completed) << owner;
    EXPECT_FALSE(device.device().window_open());
  }
}

// --- The same script here and there -------------------------------------------------------------

// What a party or an attacker does next. Numbers choose among what there is.
struct Action {
  int kind = 0;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
};

void showValue(const Action& action, std::ostream& stream) {
  stream << "{" << action.kind << ", " << action.a << ", " << action.b << ", " << action.c << "}";
}

// A message with its bytes.
struct Kept {
  Endpoint endpoint = Endpoint::get_dh;
  Status status = Status::none;
  std::optional<Cookie> cookie;
  std::size_t kind = 0;  // of the body: its index in the variant
  std::array<Bytes, 3> parts;

  explicit Kept(const Body& body) : kind(body.index()) {
    if (const auto* offer = std::get_if<Offer>(&body)) parts = {copy(offer->p), copy(offer->g)};
    if (const auto* share = std::get_if<Share>(&body)) parts[0] = copy(share->value);
    if (const auto* sealed = std::get_if<Sealed>(&body)) {
      parts = {copy(sealed->iv), copy(sealed->ciphertext), copy(sealed->tag)};
    }
  }
  [[nodiscard]] Body body() const {
    switch (kind) {
      case 1: return Error{Errc::malformed, "test"};
      case 2: return Offer{parts[0], parts[1]};
      case 3: return Share{parts[0]};
      case 4: return Sealed{parts[0], parts[1], parts[2]};
      default: return {};
    }
  }
};

// A device, two clients and an attacker who sees and sends everything, on one backend.
class Stage {
 public:
  Stage(const Suite& suite, Backend& backend)
      : suite_(suite), backend_(backend), device_(suite, 1, device_table(), backend) {}

  void act(const Action& action) {
    switch (action.kind) {
      case 0:
        device_.device.press(now_);
        note("press", device_.device.window_open());
        break;
      case 1:
        device_.device.restart();
        note("restart", device_.device.window_open());
        break;
      case 2: now_ += at(static_cast<int>(action.a % 40) * 1000); break;
      case 3: start(action.a % 2); break;
      case 4: replay(action); break;
      case 5:
        if (!responses_.empty()) answer(action.a % 2, responses_[action.b % responses_.size()]);
        break;
      case 6: send(Endpoint::get_dh, {}, {}); break;
      case 7: send_share(action); break;
      case 8: send_sealed(Endpoint::post_auth, action); break;
      case 9: send_sealed(Endpoint::post_key, action); break;
      case 10: strange_offer(action); break;
      default: honest_step(action.a % 2); break;
    }
  }

  [[nodiscard]] const std::vector<std::string>& log() const { return log_; }
  [[nodiscard]] std::size_t installed() const { return installed_; }

 private:
  struct Party {
    std::unique_ptr<ToyClient> client;
    std::optional<Kept> pending;
  };

  void note(std::string_view what, std::size_t value) {
    log_.push_back(std::string(what) + " " + std::to_string(value));
  }

  void start(std::size_t which) {
    // The second one is an attacker who has the wrong serial number.
    parties_[which].client =
        std::make_unique<ToyClient>(suite_, 2 + starts_++, which == 0 ? "owner" : "thief",
                                    which == 0 ? toy_serial : "TOY-2", backend_);
    took(which, parties_[which].client->client.start());
  }

  void took(std::size_t which, const ClientStep& step) {
    Party& party = parties_[which];
    party.pending.reset();
    if (step.send) {
      party.pending.emplace(step.send->body);
      party.pending->endpoint = step.send->endpoint;
      party.pending->cookie = step.send->cookie;
      requests_.push_back(*party.pending);
      see(*party.pending);
    }
    note("client", static_cast<std::size_t>(party.client->client.state()));
  }

  void answer(std::size_t which, const Kept& response) {
    Party& party = parties_[which];
    if (!party.client) return;
    took(which, party.client->client.handle({response.status, response.cookie, response.body()}));
  }

  void see(const Kept& kept) {
    if (kept.cookie) cookies_.push_back(*kept.cookie);
    if (kept.kind == 3) shares_.push_back(kept.parts[0]);
  }

  Kept send(Endpoint endpoint, std::optional<Cookie> cookie, const Body& body) {
    const Reply reply = device_.device.handle(now_, {endpoint, cookie, body});
    Kept kept(reply.body);
    kept.status = reply.status;
    kept.cookie = reply.set_cookie;
    note(name(endpoint), static_cast<std::size_t>(reply.status));
    note(name(reply.claim.kind), device_.device.window_open());
    if (reply.claim.kind == ClaimKind::installed) ++installed_;
    responses_.push_back(kept);
    see(kept);
    return kept;
  }

  void honest_step(std::size_t which) {
    if (!parties_[which].pending) return start(which);
    const Kept request = *parties_[which].pending;
    answer(which, send(request.endpoint, request.cookie, request.body()));
  }

  std::optional<Cookie> cookie(unsigned which) const {
    if (cookies_.empty()) return std::nullopt;
    return cookies_[cookies_.size() - 1 - which % cookies_.size()];
  }

  // A request again, perhaps in another session, perhaps with a bit changed.
  void replay(const Action& action) {
    if (requests_.empty()) return;
    Kept request = requests_[action.a % requests_.size()];
    if (action.b % 2 == 1) request.cookie = cookie(action.b / 2);
    if (action.c % 3 == 1) {
      Bytes& part = request.parts[action.c % request.parts.size()];
      if (!part.empty()) part[action.c % part.size()] ^= static_cast<Byte>(1U << (action.c % 8));
    }
    if (action.c % 16 == 2) request.kind = 1;
    send(request.endpoint, request.cookie, request.body());
  }

  // Public numbers that are no secret of anybody's.
  Bytes strange_number(unsigned which) const {
    Bytes p = copy(toy_group().p);
    switch (which % 6) {
      case 0: return {0};
      case 1: return {1};
      case 2: p.back() -= 1; return p;
      case 3: return p;
      case 4: return {37};
      default: return Bytes{1} + p;
    }
  }

  void send_share(const Action& action) {
    Bytes share = strange_number(action.b);
    if (action.b % 4 == 1)
      share = power(backend_.crypto(), toy_group().g, exponent_, toy_group().p);
    if (action.b % 4 == 2 && !shares_.empty()) share = shares_[action.c % shares_.size()];
    send(Endpoint::post_dh, cookie(action.a), Share{share});
  }

  // With the key of the attacker's exponent and a share that was seen, or of a Z that needs none.
  void send_sealed(Endpoint endpoint, const Action& action) {
    Crypto& crypto = backend_.crypto();
    Bytes z(toy_group().p.size());
    if (action.b % 4 == 0) {
      if (action.b % 8 == 0) z.back() = 1;
    } else if (action.b % 4 == 1) {
      z = strange_number(2);
    } else if (!shares_.empty()) {
      z = power(crypto, shares_[shares_.size() - 1 - (action.b / 4) % shares_.size()], exponent_,
                toy_group().p);
    }
    Keys keys;
    ASSERT_TRUE(suite_.key_schedule.derive(crypto, z, {}, keys));
    Bytes plain = text(action.c % 4 == 0 ? "TOY-2" : toy_serial);
    if (endpoint == Endpoint::post_key) {
      const Identity& of_key = identity(action.c % 3 == 0 ? "owner" : "thief");
      plain.resize(max_bundle_size);
      const auto written = write_bundle({identity("thief").certificate, of_key.private_key}, plain);
      ASSERT_TRUE(written);
      plain.resize(written->size());
    }
    attacks::ProfileRandom random({}, action.c, "attacker");
    Bytes out(suite_.protection.sealed_size(plain.size()));
    const auto sealed =
        suite_.protection.seal(crypto, random, keys.to_device, {endpoint, {}}, plain, out);
    ASSERT_TRUE(sealed);
    send(endpoint, cookie(action.a), *sealed);
  }

  void strange_offer(const Action& action) {
    const Bytes moduli[] = {{0}, {1}, {2}, {0x10}, copy(toy_group().p), of(40, 0xfd)};
    const Bytes p = moduli[action.b % 6];
    const Bytes g = strange_number(action.c);
    Kept offer{Body(Offer{p, g})};
    offer.status = Status::ok;
    offer.cookie = Cookie{};
    answer(action.a % 2, offer);
  }

  const Suite& suite_;
  Backend& backend_;
  ToyDevice device_;
  std::array<Party, 2> parties_;
  std::uint64_t starts_ = 0;
  Instant now_{};
  std::vector<Kept> requests_;
  std::vector<Kept> responses_;
  std::vector<Cookie> cookies_;
  std::vector<Bytes> shares_;
  const Bytes exponent_ = of(32, 0x5a);
  std::vector<std::string> log_;
  std::size_t installed_ = 0;
};

TEST_P(IdealRuns, EveryScriptHasTheStatusesOfARealBackend) {
  const auto ideal = make();
  std::size_t installed = 0;
  std::size_t taken = 0;
  const bool same = rc::check("the same statuses", [&] {
    const auto number = rc::gen::inRange(0U, 48U);
    const auto kind = rc::gen::weightedOneOf<int>(
        {{2, rc::gen::just(0)}, {14, rc::gen::just(11)}, {9, rc::gen::inRange(1, 11)}});
    auto script = *rc::gen::container<std::vector<Action>>(
        rc::gen::map(rc::gen::tuple(kind, number, number, number), [](const auto& t) {
          return Action{std::get<0>(t), std::get<1>(t), std::get<2>(t), std::get<3>(t)};
        }));
    script.insert(script.begin(), Action{});  // a press
    // Half of the scripts begin with an attacker in the client's place.
    if (*rc::gen::arbitrary<bool>()) {
      const unsigned share = *rc::gen::element(0U, 1U, 5U, 2U);
      const unsigned key = *rc::gen::element(0U, 1U, 4U, 2U);
      const std::vector<Action> takeover = {
          {6}, {7, 0, share}, {8, 0, key, 1}, {9, 0, key, *rc::gen::inRange(0U, 4U)}};
      script.insert(script.begin() + 1, takeover.begin(), takeover.end());
    }
    ideal->reset();
    Stage here(*GetParam(), *ideal);
    Stage there(*GetParam(), real());
    for (const Action& action : script) {
      here.act(action);
      there.act(action);
      RC_ASSERT(here.log() == there.log());
    }
    installed += here.installed();
    taken += script.size() > 5 ? 1U : 0U;
  });
  EXPECT_TRUE(same);
  EXPECT_GT(installed, 10U) << "the scripts do something";
  EXPECT_GT(taken, 10U);
}

// --- Attacks ------------------------------------------------------------------------------------

using attacks::Finding;
using attacks::Scenario;
using attacks::scenarios;
using attacks::Verdict;

std::vector<const Scenario*> symbolic_scenarios() {
  std::vector<const Scenario*> all;
  for (const Scenario& each : scenarios()) {
    // A search by share computes with numbers.
    if (!each.once && !each.variant.starts_with("share")) all.push_back(&each);
  }
  return all;
}

class IdealAttacks : public testing::TestWithParam<const Scenario*> {};
INSTANTIATE_TEST_SUITE_P(Catalogue, IdealAttacks, testing::ValuesIn(symbolic_scenarios()),
                         [](const auto& test) {
                           std::string text = test.param->id();
                           for (char& c : text) {
                             if (c == '.' || c == '-') c = '_';
                           }
                           return text;
                         });

TEST_P(IdealAttacks, FindWhatTheyFindOnARealBackend) {
  for (const Suite& suite : suites()) {
    SCOPED_TRACE(std::string(suite.reading()));
    const auto ideal = make();
    const attacks::Run here = attacks::run_scenario(
        *GetParam(), {.suite = suite, .device_backend = *ideal, .client_backend = *ideal});
    const attacks::Run there = attacks::run_scenario(
        *GetParam(), {.suite = suite, .device_backend = real(), .client_backend = real()});
    EXPECT_EQ(here.record.verdict, there.record.verdict) << here.record.reason;
    if (there.record.verdict == Verdict::not_applicable) continue;
    EXPECT_EQ(here.record.verdict, Verdict::pass) << here.record.reason;
    EXPECT_EQ(here.record.outcome, there.record.outcome);
    EXPECT_EQ(here.record.conduct, there.record.conduct);
    EXPECT_EQ(here.record.irregularities, there.record.irregularities);
    EXPECT_EQ(here.record.thefts.size(), there.record.thefts.size());
    ASSERT_EQ(here.record.properties.size(), there.record.properties.size());
    for (std::size_t i = 0; i < here.record.properties.size(); ++i) {
      EXPECT_EQ(here.record.properties[i].finding, there.record.properties[i].finding)
          << attacks::id(here.record.properties[i].property);
    }
  }
}

}  // namespace
}  // namespace wib::props
