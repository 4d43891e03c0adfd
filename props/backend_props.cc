// SPDX-License-Identifier: Apache-2.0
//
// Covers: the registry and what backends say of themselves; the sizes that hashes, ciphers and
// exponentiation refuse; and that the decorator that plants failures reaches every operation. What
// the operations compute: backend_hash_props.cc, backend_cipher_props.cc, backend_field_props.cc,
// backend_curve_props.cc.
#include "props/backend_arithmetic.h"
#include "props/support/failing_backend.h"

namespace wib::props {
namespace {

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

TEST(Registry, HasTheThreeLibraries) {
  ASSERT_NE(find_backend("mbedtls"), nullptr);
  ASSERT_NE(find_backend("openssl"), nullptr);
  ASSERT_NE(find_backend("wolfssl"), nullptr);
  EXPECT_TRUE(find_backend("openssl")->library().starts_with("OpenSSL 3."));
  EXPECT_TRUE(find_backend("wolfssl")->library().starts_with("wolfSSL 5."));
}

// One call of each operation, by the capability that it needs.
struct Call {
  Capability capability;
  Result<> (*run)(Crypto&);
};

std::vector<Call> every_operation() {
  static std::array<Byte, 65> out{};
  static std::array<Byte, 16> tag{};
  static const Bytes block(16, 1);
  static const Bytes key(32, 1);
  static const ByteView nonce = ByteView(block).first(12);
  static const auto to = [](std::size_t size) { return ByteSpan(out).first(size); };
  return {
      {Capability::sha256, [](Crypto& c) { return c.sha256(block, to(32)); }},
      {Capability::hmac_sha256, [](Crypto& c) { return c.hmac_sha256(key, block, to(32)); }},
      {Capability::hmac_sha512, [](Crypto& c) { return c.hmac_sha512(key, block, to(64)); }},
      {Capability::hkdf_sha256, [](Crypto& c) { return c.hkdf_sha256(key, key, key, to(32)); }},
      {Capability::pbkdf2_sha256, [](Crypto& c) { return c.pbkdf2_sha256(key, key, 1, to(32)); }},
      {Capability::aes256_cbc,
       [](Crypto& c) { return c.aes256_cbc_encrypt(key, block, block, to(16)); }},
      {Capability::aes256_cbc,
       [](Crypto& c) { return c.aes256_cbc_decrypt(key, block, block, to(16)); }},
      {Capability::aes256_ctr, [](Crypto& c) { return c.aes256_ctr(key, block, block, to(16)); }},
      {Capability::aes256_gcm,
       [](Crypto& c) {
         if (auto done = c.aes256_gcm_seal(key, nonce, key, block, to(16), tag); !done) return done;
         return c.aes256_gcm_open(key, nonce, key, to(16), tag, to(16));
       }},
      {Capability::chacha20_poly1305,
       [](Crypto& c) {
         if (auto done = c.chacha20_poly1305_seal(key, nonce, key, block, to(16), tag); !done)
           return done;
         return c.chacha20_poly1305_open(key, nonce, key, to(16), tag, to(16));
       }},
      {Capability::mod_exp, [](Crypto& c) { return c.mod_exp(block, block, key, to(32)); }},
      {Capability::x25519, [](Crypto& c) { return c.x25519(key, key, to(32)); }},
      {Capability::p256, [](Crypto& c) { return c.p256_base_mul(key, to(65)); }},
      {Capability::p256, [](Crypto& c) { return c.p256_mul(key, p256_generator(), to(65)); }},
      {Capability::p256,
       [](Crypto& c) {
         return c.p256_mul_add(key, p256_generator(), key, p256_generator(), to(65));
       }},
  };
}

TEST_P(Arithmetic, WhatIsDeclaredWorksAndNothingElse) {
  const Capabilities has = GetParam()->manifest().has;
  for (const auto& [capability, run] : every_operation()) {
    EXPECT_EQ(code_of(run(crypto())), has.has(capability) ? Errc::none : Errc::unsupported)
        << name(capability);
  }
}

// An operation that the decorator forgot would be Errc::unsupported, and no failure of it be
// tested.
TEST_P(Arithmetic, APlantedFailureReachesEveryOperation) {
  const Capabilities has = GetParam()->manifest().has;
  FailingCrypto failing(crypto());
  for (const auto& [capability, run] : every_operation()) {
    if (!has.has(capability)) continue;
    failing.fail_at(std::nullopt);
    ASSERT_EQ(code_of(run(failing)), Errc::none) << name(capability);
    const std::size_t calls = failing.calls();
    EXPECT_GT(calls, 0U) << name(capability);
    for (std::size_t i = 0; i < calls; ++i) {
      failing.fail_at(i);
      const auto failed = run(failing);
      ASSERT_FALSE(failed.has_value()) << name(capability);
      EXPECT_EQ(failed.error().where, "planted failure") << name(capability);
    }
  }
}

// --- What is refused ---------------------------------------------------------------------------

TEST_P(Arithmetic, WrongSizesAreRefusedAndNothingIsWritten) {
  const Bytes key(32);
  const Bytes block(16);
  const Bytes big(1025, 1);
  Crypto& c = crypto();
  const auto expect_refused = [](std::size_t size, auto operation) {
    EXPECT_EQ(outcome_of(size, operation), (Outcome{Errc::out_of_range, Bytes(size, untouched)}));
  };
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    expect_refused(size, [&](ByteSpan out) { return c.sha256(block, out); });
    expect_refused(size, [&](ByteSpan out) { return c.hmac_sha256(key, block, out); });
    if (size == 64) continue;
    expect_refused(size, [&](ByteSpan out) { return c.hmac_sha512(key, block, out); });
  }
  const auto refuse_cipher = [&](ByteView k, ByteView iv, ByteView in, std::size_t size,
                                 bool ctr_too) {
    expect_refused(size, [&](ByteSpan out) { return c.aes256_cbc_encrypt(k, iv, in, out); });
    expect_refused(size, [&](ByteSpan out) { return c.aes256_cbc_decrypt(k, iv, in, out); });
    if (!ctr_too) return;
    expect_refused(size, [&](ByteSpan out) { return c.aes256_ctr(k, iv, in, out); });
  };
  refuse_cipher(Bytes(31), block, block, 16, true);
  refuse_cipher(Bytes(33), block, block, 16, true);
  refuse_cipher({}, block, {}, 0, true);
  refuse_cipher(key, Bytes(15), block, 16, true);
  refuse_cipher(key, Bytes(17), block, 16, true);
  refuse_cipher(key, block, block, 15, true);
  refuse_cipher(key, block, block, 32, true);
  refuse_cipher(key, block, {}, 16, true);
  refuse_cipher(key, block, Bytes(17), 17, false);
  expect_refused(16, [&](ByteSpan out) { return c.mod_exp(block, block, key, out); });
  expect_refused(33, [&](ByteSpan out) { return c.mod_exp(block, block, Bytes(32, 1), out); });
  expect_refused(32, [&](ByteSpan out) { return c.mod_exp(big, block, Bytes(32, 1), out); });
  expect_refused(32, [&](ByteSpan out) { return c.mod_exp(block, big, Bytes(32, 1), out); });
  expect_refused(1025, [&](ByteSpan out) { return c.mod_exp(block, block, big, out); });
  expect_refused(32, [&](ByteSpan out) { return c.mod_exp(block, block, key, out); });  // zero
}

}  // namespace
}  // namespace wib::props
