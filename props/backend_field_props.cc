// SPDX-License-Identifier: Apache-2.0
//
// Covers: modular exponentiation of every backend: published vectors, degenerate numbers, and that
// all backends agree byte for byte.
#include "props/backend_arithmetic.h"
#include "protocol/groups.h"

namespace wib::props {
namespace {

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

Outcome mod_exp(Crypto& crypto, ByteView base, ByteView exponent, ByteView modulus) {
  return outcome_of(modulus.size(),
                    [&](ByteSpan out) { return crypto.mod_exp(base, exponent, modulus, out); });
}

Bytes number(std::uint64_t value, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < std::min<std::size_t>(size, 8); ++i) {
    bytes[size - 1 - i] = static_cast<Byte>(value >> (8 * i));
  }
  return bytes;
}

TEST_P(Arithmetic, ModExpIsRightForEverySmallNumber) {
  for (unsigned modulus = 1; modulus < 60; ++modulus) {
    for (unsigned base = 0; base < 65; base += 1 + base / 8) {
      std::uint64_t expected = 1 % modulus;
      for (unsigned exponent = 0; exponent < 12; ++exponent) {
        const std::size_t size = 1 + (modulus + base + exponent) % 10;  // some leading zeros
        ASSERT_EQ(mod_exp(crypto(), number(base, size), number(exponent, 2), number(modulus, size)),
                  (Outcome{Errc::none, number(expected, size)}))
            << base << "^" << exponent << " mod " << modulus;
        expected = expected * base % modulus;
      }
    }
  }
}

TEST_P(Arithmetic, ModExpIsDefinedAtTheEdges) {
  const Bytes p = copy(ffdhe2048().p);
  Bytes p_less_one = p;
  p_less_one.back() ^= 1U;
  const Bytes zero(256);
  const Bytes one = number(1, 256);
  struct Edge {
    Bytes base, exponent, modulus, expected;
  };
  const std::vector<Edge> edges = {
      {{}, {}, p, one},  // 0^0 is 1
      {{}, {5}, p, zero},
      {{7}, {}, p, one},
      {{7}, Bytes(20), p, one},
      {{7}, {3}, {1}, {0}},  // modulus one
      {{7}, {}, {1}, {0}},
      {{7}, {}, number(1, 1024), Bytes(1024)},
      {{7}, {3}, number(10, 9), number(3, 9)},  // 343 mod 10, an even modulus
      {p, {2}, p, zero},                        // base = modulus
      {p + ByteView(zero), {2}, p, zero},       // a multiple of it
      {p_less_one, {1}, p, p_less_one},
      {p_less_one, {2}, p, one},
      {p_less_one, {3}, p, p_less_one},
      {{2}, p_less_one, p, one},  // Fermat
      {{2}, p, p, number(2, 256)},
      {Bytes(3) + ByteView(p), {1}, number(0, 7) + ByteView(p), Bytes(263)},
  };
  for (const auto& [base, exponent, modulus, expected] : edges) {
    EXPECT_EQ(mod_exp(crypto(), base, exponent, modulus), (Outcome{Errc::none, expected}));
  }
  EXPECT_EQ(mod_exp(crypto(), {}, {}, zero).code, Errc::out_of_range);
  EXPECT_EQ(mod_exp(crypto(), {}, {}, {}).code, Errc::out_of_range);
}

// Dividends for which a long division guesses a digit too large and must add the divisor back,
// which random numbers do once in 2^63 times: q 2^k mod (2^k + 1) = -q.
TEST_P(Arithmetic, ModExpDividesRightWhereTheGuessIsWrong) {
  for (const std::size_t size : {64U, 128U, 512U, 520U, 768U}) {
    Bytes modulus(size);
    modulus.front() = 0x80;
    modulus.back() = 0x01;
    Bytes base(size + 1);  // 3 * 2^(8 size - 1)
    base[0] = 0x01;
    base[1] = 0x80;
    Bytes expected = modulus;
    for (std::size_t i = size - 1; i > 0; --i) expected[i] = 0xff;
    expected[0] = 0x7f;
    expected.back() = 0xfe;  // modulus - 3
    EXPECT_EQ(mod_exp(crypto(), base, Bytes{1}, modulus), (Outcome{Errc::none, expected})) << size;
  }
}

// OpenSSL's test vector for ffdhe2048 (evppkey_ffdhe.txt): the secret begins with two zero bytes.
const Bytes dh_private_1 = hex("01946b9886505f6b1af0e3bfd3c314622fb52f4e22a6db8bcaea9b86fa");
const Bytes dh_private_2 = hex("011835922d87efc468880a2b681cc45bad56351359809a45ec9328cbcf");
const Bytes dh_public_1 =
    hex("e611ca0bc719429a2172df51ab5cd98918726f44c3ae47d21c298835c6e971c06008c96e328d2717454638de0b"
        "0b491001a5c94b63487ae46ba7470dfce441f0caeaed7767edd79a1fa708c6703ce1c3351dc8129e6fcb7aae53"
        "bb2e0f70030eb8f05f7b157ec5de9ec821f89a5ec5bad1fa57870137fc697d60f234287c5762d569fb09b13a55"
        "c894e1bdf62fc1cfc0ed5e3e924689bef4126e3956eae651f0b0357804527bb537a2d84408c7f6f9e3079dbd0b"
        "7052a79f2b2670366ac95a702d02158e9854241f2d374def2f85e50946add19deb04267f71573cb7fd8984a2b8"
        "bae68d6fd60c598f9f0027e40ed312088d78dbbca70b1228f819a9d5be972c");
const Bytes dh_public_2 =
    hex("de4b01daf34f06bb9d3efce7934940b36e9b962bd4ef1766ea63bf0b5522b260391be12fc54c289a1eac4c0e67"
        "7f2c9d3b21f6db8a9c05ab99d2321619ce8da1e6e341a5bc89d019f7f92f06f58ad7fb89bdd410b3ce3b6f4f6a"
        "3c18d51a1c58a5fb59f763f27e8a77d80785da0ee6ff0cc9930291453a473eb2d55cda570ca476ca8091b31d65"
        "f2bc0e4a5de4f059f12269245d36204cef8793987e371b30dd8ad250cee59be8318424bbbc97afa3df25e6c20a"
        "9a1539aa2a1f5f67de0f179e2f08162ef39c8f3752ac4ab98872602b8cc2d13e1d2fbd5a49a4435728a39d761b"
        "0d9f4dc637a5ff60199e35c4b17108e76b51b47742589e23ece5f93b6d2f33");
const Bytes dh_secret =
    hex("00006620dd85b56ee8540c8040cac46b7385344a164e4dbdf521f7d99f88fa68edd295a45e36e0bbd5ff5de845"
        "98824e2ca52ed82aca918caecc6b22846d0fc6f0203e8b6963964d11e9e704f83af1d60e9b1931139e9e9967c4"
        "665a831a75d99359a8ba80dd5921e74379af4ca8db453edbc5e669ab17a5254ca6c96794cd5196be90af37742c"
        "8f6812515ffcc45b08f4158eff9559f1aef3665b3d91519dcbc6df22cd6da521b86613558602e73d2ca4666972"
        "f7d2cb6b46299b1df2da29a2a2d99d105e10cb553d6738a9b1db2a0314c3cf30642d5c44695623d8b95c4426be"
        "a830fb51816b4f086945e9b12a445f42dd68610e3f378a6e69a383d13d85bf");

TEST_P(Arithmetic, ModExpAgreesOnAPublishedSecretAndPadsIt) {
  const ByteView p = ffdhe2048().p;
  const ByteView g = ffdhe2048().g;
  EXPECT_EQ(mod_exp(crypto(), g, dh_private_1, p), (Outcome{Errc::none, dh_public_1}));
  EXPECT_EQ(mod_exp(crypto(), g, dh_private_2, p), (Outcome{Errc::none, dh_public_2}));
  EXPECT_EQ(mod_exp(crypto(), dh_public_2, dh_private_1, p), (Outcome{Errc::none, dh_secret}));
  EXPECT_EQ(mod_exp(crypto(), dh_public_1, dh_private_2, p), (Outcome{Errc::none, dh_secret}));
}

// --- All backends are one function ---------------------------------------------------------------

RC_GTEST_PROP(AllBackends, ExponentiateAlike, ()) {
  const std::size_t size = *rc::gen::element<std::size_t>(1, 2, 7, 8, 9, 16, 17, 64, 128, 257);
  const Bytes modulus = *numeral_of(size);
  const Bytes base = *numeral_up_to(size + 20);
  const Bytes exponent = *numeral_up_to(24);
  assert_all_agree([&](Crypto& crypto) { return mod_exp(crypto, base, exponent, modulus); });
}

// Around and beyond 512 bytes one backend's library leaves off and its wrapper carries on.
RC_GTEST_PROP(AllBackends, ExponentiateWideNumbersAlike, ()) {
  const Bytes modulus = *numeral_of(*rc::gen::element<std::size_t>(510, 512, 513, 520, 777, 1024));
  const Bytes base = *rc::gen::oneOf(numeral_of(1), numeral_up_to(1024), rc::gen::just(modulus));
  const Bytes exponent = *numeral_up_to(6);
  assert_all_agree([&](Crypto& crypto) { return mod_exp(crypto, base, exponent, modulus); });
}

}  // namespace
}  // namespace wib::props
