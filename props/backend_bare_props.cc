// SPDX-License-Identifier: Apache-2.0
//
// Covers: the bare libraries (backends/bare.h): where the port and the library compute the same
// function, they do so with the same result, so that their times may be compared; and a key
// agreement with an honest peer gives on every library what the port's arithmetic gives.
#include "props/backend_arithmetic.h"
#include "protocol/groups.h"

namespace wib::props {
namespace {

// Calls `check(crypto, bare)` for each backend that has both.
template <class Check>
void for_each_bare(Check check) {
  for (Backend* const backend : backends()) {
    if (Bare* const bare = backend->bare()) check(backend->crypto(), *bare);
  }
}

// Both write `size` bytes, and the same ones.
template <class Port, class Library>
void assert_same(std::size_t size, Port port, Library library) {
  Bytes expected(size);
  Bytes out(size, untouched);
  RC_ASSERT(code_of(port(expected)) == Errc::none);
  RC_ASSERT(library(out));
  RC_ASSERT(out == expected);
}

Bytes without_leading_zeros(const Bytes& number) {
  return {std::ranges::find_if(number, [](Byte byte) { return byte != 0; }), number.end()};
}

TEST(Bare, IsThereForTheLibrariesThatHaveIt) {
  EXPECT_NE(find_backend("openssl")->bare(), nullptr);
  EXPECT_NE(find_backend("wolfssl")->bare(), nullptr);
}

RC_GTEST_PROP(Bare, HashesAndDerivesAsThePort, ()) {
  const Bytes key = *bytes_of(*rc::gen::inRange<std::size_t>(1, 150));
  const Bytes text = *bytes_of(*rc::gen::inRange<std::size_t>(1, 300));
  for_each_bare([&](Crypto& crypto, Bare& bare) {
    assert_same(
        32, [&](ByteSpan out) { return crypto.sha256(text, out); },
        [&](ByteSpan out) { return bare.sha256(text, out); });
    assert_same(
        64, [&](ByteSpan out) { return crypto.hmac_sha512(key, text, out); },
        [&](ByteSpan out) { return bare.hmac_sha512(key, text, out); });
    assert_same(
        77, [&](ByteSpan out) { return crypto.hkdf_sha256(key, text, key, out); },
        [&](ByteSpan out) { return bare.hkdf_sha256(key, text, key, out); });
    assert_same(
        40, [&](ByteSpan out) { return crypto.pbkdf2_sha256(key, text, 3, out); },
        [&](ByteSpan out) { return bare.pbkdf2_sha256(key, text, 3, out); });
  });
}

RC_GTEST_PROP(Bare, EncryptsAsThePort, ()) {
  const Bytes key = *bytes_of(32);
  const Bytes iv = *numeral_of(16);
  const ByteView nonce = ByteView(iv).first(12);
  const Bytes blocks = *bytes_of(16 * *rc::gen::inRange<std::size_t>(1, 6));
  const Bytes text = *bytes_of(*rc::gen::inRange<std::size_t>(1, 100));
  for_each_bare([&](Crypto& crypto, Bare& bare) {
    assert_same(
        blocks.size(),
        [&](ByteSpan out) { return crypto.aes256_cbc_encrypt(key, iv, blocks, out); },
        [&](ByteSpan out) { return bare.aes256_cbc_encrypt(key, iv, blocks, out); });
    assert_same(
        blocks.size(),
        [&](ByteSpan out) { return crypto.aes256_cbc_decrypt(key, iv, blocks, out); },
        [&](ByteSpan out) { return bare.aes256_cbc_decrypt(key, iv, blocks, out); });
    assert_same(
        text.size(), [&](ByteSpan out) { return crypto.aes256_ctr(key, iv, text, out); },
        [&](ByteSpan out) { return bare.aes256_ctr(key, iv, text, out); });

    // Sealed by one, opened by the other. The tag is behind the text.
    const std::size_t size = text.size();
    Bytes sealed(size + 16);
    const auto split = [&](ByteSpan out) { return std::pair(out.first(size), out.last(16)); };
    assert_same(
        size + 16,
        [&](ByteSpan out) {
          const auto [secret, tag] = split(out);
          return crypto.aes256_gcm_seal(key, nonce, blocks, text, secret, tag);
        },
        [&](ByteSpan out) {
          const auto [secret, tag] = split(sealed);
          const bool done = bare.aes256_gcm_seal(key, nonce, blocks, text, secret, tag);
          std::ranges::copy(sealed, out.begin());
          return done;
        });
    Bytes opened(size);
    const auto [secret, tag] = split(sealed);
    RC_ASSERT(bare.aes256_gcm_open(key, nonce, blocks, secret, tag, opened));
    RC_ASSERT(opened == text);
    sealed.back() ^= 1U;
    RC_ASSERT(!bare.aes256_gcm_open(key, nonce, blocks, secret, tag, opened));

    RC_ASSERT(bare.chacha20_poly1305_seal(key, nonce, blocks, text, secret, tag));
    RC_ASSERT(code_of(crypto.chacha20_poly1305_open(key, nonce, blocks, secret, tag, opened)) ==
              Errc::none);
    RC_ASSERT(opened == text);
    RC_ASSERT(bare.chacha20_poly1305_open(key, nonce, blocks, secret, tag, opened));
    RC_ASSERT(opened == text);
    sealed.back() ^= 1U;
    RC_ASSERT(!bare.chacha20_poly1305_open(key, nonce, blocks, secret, tag, opened));
  });
}

RC_GTEST_PROP(Bare, ComputesInGroupsAsThePort, ()) {
  const ByteView p = ffdhe2048().p;
  const ByteView g = ffdhe2048().g;
  Bytes a = *bytes_of(32);
  Bytes b = *bytes_of(32);
  for (Bytes* const scalar : {&a, &b}) {  // clamped, in 1..n-1, and no small exponent
    (*scalar)[0] = static_cast<Byte>(((*scalar)[0] & 0x78U) | 0x08U);
    (*scalar)[31] = static_cast<Byte>(((*scalar)[31] & 0x7fU) | 0x40U);
  }
  for_each_bare([&](Crypto& crypto, Bare& bare) {
    Bytes share(p.size());
    RC_ASSERT(code_of(crypto.mod_exp(g, b, p, share)) == Errc::none);
    assert_same(
        p.size(), [&](ByteSpan out) { return crypto.mod_exp(share, a, p, out); },
        [&](ByteSpan out) { return bare.mod_exp(share, a, p, out); });
    Bytes secret(p.size());
    RC_ASSERT(code_of(crypto.mod_exp(share, a, p, secret)) == Errc::none);
    RC_ASSERT(bare.ffdh_agree(p, g, a, share).bytes == without_leading_zeros(secret));

    Bytes base(32);
    base[0] = 9;
    Bytes u(32);
    RC_ASSERT(bare.x25519(b, base, u));
    assert_same(
        32, [&](ByteSpan out) { return crypto.x25519(a, u, out); },
        [&](ByteSpan out) { return bare.x25519(a, u, out); });
    Bytes agreed(32);
    RC_ASSERT(code_of(crypto.x25519_agree(a, u, agreed)) == Errc::none);
    RC_ASSERT(bare.x25519_agree(a, u).bytes == agreed);
  });
}

RC_GTEST_PROP(Bare, ComputesOnP256AsThePort, ()) {
  Bytes a = *bytes_of(32);
  Bytes b = *bytes_of(32);
  a[0] = 0x7f;  // in 1..n-1, and not each other's opposites
  b[0] = 0x3f;
  for_each_bare([&](Crypto& crypto, Bare& bare) {
    Bytes point(65);
    Bytes other(65);
    assert_same(
        65, [&](ByteSpan out) { return crypto.p256_base_mul(b, out); },
        [&](ByteSpan out) { return bare.p256_base_mul(b, out); });
    RC_ASSERT(bare.p256_base_mul(b, point));
    RC_ASSERT(bare.p256_base_mul(a, other));
    assert_same(
        65, [&](ByteSpan out) { return crypto.p256_mul(a, point, out); },
        [&](ByteSpan out) { return bare.p256_mul(a, point, out); });
    assert_same(
        65, [&](ByteSpan out) { return crypto.p256_mul_add(a, other, b, point, out); },
        [&](ByteSpan out) { return bare.p256_mul_add(a, other, b, point, out); });
    assert_same(
        65, [&](ByteSpan out) { return crypto.p256_mul_add(a, p256_generator(), b, point, out); },
        [&](ByteSpan out) { return bare.p256_mul_add(a, p256_generator(), b, point, out); });
    Bytes secret(65);
    RC_ASSERT(code_of(crypto.p256_mul(a, point, secret)) == Errc::none);
    RC_ASSERT(bare.p256_agree(a, point).bytes == copy(ByteView(secret).subspan(1, 32)));
  });
}

// The verdicts of the libraries on nothing at all, which the port has none of its own on.
TEST(Bare, AnEmptyMessageIsTheLibrariesOwnAffair) {
  const Bytes key(32, 1);
  for_each_bare([&](Crypto& crypto, Bare& bare) {
    const Outcome tag =
        outcome_of(32, [&](ByteSpan out) { return crypto.hmac_sha256(key, ByteView{}, out); });
    const Bare::Outcome theirs = bare.hmac_sha256(key, {});
    EXPECT_TRUE(theirs.refused || theirs.bytes == tag.out);
    const Outcome derived =
        outcome_of(32, [&](ByteSpan out) { return crypto.hkdf_sha256({}, key, {}, out); });
    const Bare::Outcome their_key = bare.hkdf_sha256({}, key, {}, 32);
    EXPECT_TRUE(their_key.refused || their_key.bytes == derived.out);
  });
}

}  // namespace
}  // namespace wib::props
