// SPDX-License-Identifier: Apache-2.0
//
// Covers: the arithmetic of every backend: published vectors, the sizes that are refused, and that
// all backends agree byte for byte.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "props/backend_support.h"
#include "protocol/groups.h"

namespace wib::props {
namespace {

class Arithmetic : public EachBackend {
 protected:
  Crypto& crypto() { return GetParam()->crypto(); }
};

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

// What is in an output buffer before the call, to see that nothing was written.
constexpr Byte untouched = 0xa5;

struct Outcome {
  Errc code;
  Bytes out;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// For RapidCheck's reports.
std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  return stream << name(outcome.code) << " " << testing::PrintToString(outcome.out);
}

template <class Operation>
Outcome outcome_of(std::size_t size, Operation operation) {
  Bytes out(size, untouched);
  const Result<> result = operation(out);
  return {code_of(result), out};
}

Outcome mod_exp(Crypto& crypto, ByteView base, ByteView exponent, ByteView modulus) {
  return outcome_of(modulus.size(),
                    [&](ByteSpan out) { return crypto.mod_exp(base, exponent, modulus, out); });
}

// Asserts that `operation(crypto)` gives the same outcome on every backend.
template <class Operation>
void assert_all_agree(Operation operation) {
  const Outcome first = operation(backends().front()->crypto());
  for (Backend* const backend : backends().subspan(1)) {
    RC_ASSERT(operation(backend->crypto()) == first);
  }
}

TEST(Registry, HasBothBackends) {
  ASSERT_NE(find_backend("openssl"), nullptr);
  ASSERT_NE(find_backend("wolfssl"), nullptr);
  EXPECT_TRUE(find_backend("openssl")->library().starts_with("OpenSSL 3."));
  EXPECT_TRUE(find_backend("wolfssl")->library().starts_with("wolfSSL 5."));
}

// --- SHA-256 (FIPS 180-4's examples) -----------------------------------------------------------

TEST_P(Arithmetic, Sha256HashesThePublishedMessages) {
  const std::vector<std::pair<std::string, std::string_view>> examples = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [message, digest] : examples) {
    EXPECT_EQ(outcome_of(32, [&](ByteSpan out) { return crypto().sha256(as_bytes(message), out); }),
              (Outcome{Errc::none, hex(digest)}));
  }
  EXPECT_EQ(outcome_of(32, [&](ByteSpan out) { return crypto().sha256({}, out); }),
            (Outcome{Errc::none, hex(examples[0].second)}));
}

// --- HMAC (RFC 4231) ---------------------------------------------------------------------------

struct HmacExample {
  Bytes key;
  Bytes message;
  std::string_view sha256;
  std::string_view sha512;
};

std::vector<HmacExample> hmac_examples() {
  Bytes counting(25);
  for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = static_cast<Byte>(i + 1);
  return {
      {Bytes(20, 0x0b), copy(as_bytes("Hi There")),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
       "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
       "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
      {copy(as_bytes("Jefe")), copy(as_bytes("what do ya want for nothing?")),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
       "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
       "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
      {Bytes(20, 0xaa), Bytes(50, 0xdd),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
       "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
       "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
      {counting, Bytes(50, 0xcd),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
       "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
       "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"},
      {Bytes(131, 0xaa), copy(as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
       "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
       "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
      {Bytes(131, 0xaa),
       copy(as_bytes("This is a test using a larger than block-size key and a larger than block-"
                     "size data. The key needs to be hashed before being used by the HMAC "
                     "algorithm.")),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
       "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
       "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"},
      // Not in the RFC: no key and no message, which several libraries refuse.
      {{},
       {},
       "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
       "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
       "0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47"},
  };
}

TEST_P(Arithmetic, HmacTagsThePublishedMessages) {
  for (const auto& [key, message, sha256, sha512] : hmac_examples()) {
    EXPECT_EQ(outcome_of(32, [&](ByteSpan out) { return crypto().hmac_sha256(key, message, out); }),
              (Outcome{Errc::none, hex(sha256)}));
    EXPECT_EQ(outcome_of(64, [&](ByteSpan out) { return crypto().hmac_sha512(key, message, out); }),
              (Outcome{Errc::none, hex(sha512)}));
  }
}

TEST_P(Arithmetic, VerifyHmacAcceptsTheTagAndNoOther) {
  const auto example = hmac_examples()[1];
  Bytes tag = hex(example.sha512);
  EXPECT_EQ(crypto().verify_hmac_sha512(example.key, example.message, tag), true);
  tag[63] ^= 1U;
  EXPECT_EQ(crypto().verify_hmac_sha512(example.key, example.message, tag), false);
  EXPECT_EQ(crypto().verify_hmac_sha512(example.key, example.message, ByteView(tag).first(63)),
            false);
  EXPECT_EQ(crypto().verify_hmac_sha512(example.key, example.message, {}), false);
}

// --- AES-256 (SP 800-38A F.2.5, F.2.6, F.5.5) --------------------------------------------------

const Bytes aes_key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
const Bytes aes_plain =
    hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

TEST_P(Arithmetic, CbcIsNistsInBothDirectionsAndInPlace) {
  const Bytes iv = hex("000102030405060708090a0b0c0d0e0f");
  const Bytes secret =
      hex("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
          "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
  EXPECT_EQ(outcome_of(64,
                       [&](ByteSpan out) {
                         return crypto().aes256_cbc_encrypt(aes_key, iv, aes_plain, out);
                       }),
            (Outcome{Errc::none, secret}));
  EXPECT_EQ(
      outcome_of(
          64, [&](ByteSpan out) { return crypto().aes256_cbc_decrypt(aes_key, iv, secret, out); }),
      (Outcome{Errc::none, aes_plain}));
  Bytes buffer = aes_plain;
  ASSERT_TRUE(crypto().aes256_cbc_encrypt(aes_key, iv, buffer, buffer));
  EXPECT_EQ(buffer, secret);
  ASSERT_TRUE(crypto().aes256_cbc_decrypt(aes_key, iv, buffer, buffer));
  EXPECT_EQ(buffer, aes_plain);
}

TEST_P(Arithmetic, CtrIsNistsAndInPlace) {
  const Bytes counter = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  const Bytes secret =
      hex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
          "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
  // Any length: the keystream's beginning.
  for (const std::size_t size : {64U, 63U, 17U, 16U, 15U, 1U, 0U}) {
    Bytes buffer = copy(ByteView(aes_plain).first(size));
    ASSERT_TRUE(crypto().aes256_ctr(aes_key, counter, buffer, buffer));
    EXPECT_EQ(buffer, copy(ByteView(secret).first(size)));
  }
}

TEST_P(Arithmetic, CtrWrapsAllOfItsCounter) {
  // Botan's test vectors (ctr.vec), CTR-BE(AES-256).
  const Bytes key(hex("1337133713371337133713371337133713371337133713371337133713371337"));
  EXPECT_EQ(outcome_of(48,
                       [&](ByteSpan out) {
                         const Bytes in =
                             hex("4c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e73"
                                 "656374657475722061646970697363696e6720");
                         return crypto().aes256_ctr(key, Bytes(16, 0xff), ByteView(in).first(48),
                                                    out);
                       }),
            (Outcome{Errc::none, hex("7cf12b76148f0af2a6b087518aaa60f77f438fcdb11dde33ece397ce6b94"
                                     "9aec4c51107b5662eb1ea72ae1511754efd3")}));
  // With zeros in, the keystream comes out: block by block it is the cipher of the counter.
  for (const std::string_view start :
       {"ffffffffffffffffffffffffffffffff", "000000000000000000000000ffffffff",
        "0000000000000000ffffffffffffffff"}) {
    Bytes keystream(32);
    ASSERT_TRUE(crypto().aes256_ctr(key, hex(start), keystream, keystream));
    Bytes next = hex(start);
    for (std::size_t i = next.size(); i-- > 0 && ++next[i] == 0;) {
    }
    Bytes block(16);
    ASSERT_TRUE(crypto().aes256_cbc_encrypt(key, Bytes(16), next, block));
    EXPECT_EQ(copy(ByteView(keystream).last(16)), block) << start;
  }
}

// --- Modular exponentiation --------------------------------------------------------------------

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
  const auto [p, g] = ffdhe2048();
  EXPECT_EQ(mod_exp(crypto(), g, dh_private_1, p), (Outcome{Errc::none, dh_public_1}));
  EXPECT_EQ(mod_exp(crypto(), g, dh_private_2, p), (Outcome{Errc::none, dh_public_2}));
  EXPECT_EQ(mod_exp(crypto(), dh_public_2, dh_private_1, p), (Outcome{Errc::none, dh_secret}));
  EXPECT_EQ(mod_exp(crypto(), dh_public_1, dh_private_2, p), (Outcome{Errc::none, dh_secret}));
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

// --- All backends are one function ---------------------------------------------------------------

rc::Gen<Bytes> bytes_of(std::size_t size) {
  return rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}

rc::Gen<Bytes> bytes_up_to(std::size_t size) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size + 1), bytes_of);
}

// Numbers as attackers write them: random, with runs of zeros and ones at either end.
rc::Gen<Bytes> numeral_of(std::size_t size) {
  return rc::gen::map(
      rc::gen::tuple(bytes_of(size), rc::gen::inRange<std::size_t>(0, size + 1),
                     rc::gen::element<Byte>(0x00, 0xff), rc::gen::element(0, 1, 2, 3)),
      [](std::tuple<Bytes, std::size_t, Byte, int> parts) {
        auto& [bytes, run, filler, where] = parts;
        const auto count = static_cast<std::ptrdiff_t>(run);
        if (where == 1) std::fill(bytes.begin(), bytes.begin() + count, filler);
        if (where == 2) std::fill(bytes.end() - count, bytes.end(), filler);
        return bytes;
      });
}

rc::Gen<Bytes> numeral_up_to(std::size_t size) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size + 1), numeral_of);
}

RC_GTEST_PROP(AllBackends, HashAndMacAlike, ()) {
  const Bytes key = *bytes_up_to(300);
  const Bytes message = *bytes_up_to(700);
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(32, [&](ByteSpan out) { return crypto.sha256(message, out); });
  });
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(32, [&](ByteSpan out) { return crypto.hmac_sha256(key, message, out); });
  });
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(64, [&](ByteSpan out) { return crypto.hmac_sha512(key, message, out); });
  });
}

RC_GTEST_PROP(AllBackends, EncryptAlike, ()) {
  const Bytes key = *bytes_of(32);
  const Bytes iv = *numeral_of(16);
  const Bytes message = *bytes_up_to(200);
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(message.size(),
                      [&](ByteSpan out) { return crypto.aes256_ctr(key, iv, message, out); });
  });
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(message.size(), [&](ByteSpan out) {
      return crypto.aes256_cbc_encrypt(key, iv, message, out);
    });
  });
  assert_all_agree([&](Crypto& crypto) {
    return outcome_of(message.size(), [&](ByteSpan out) {
      return crypto.aes256_cbc_decrypt(key, iv, message, out);
    });
  });
}

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
