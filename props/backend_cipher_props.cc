// SPDX-License-Identifier: Apache-2.0
//
// Covers: AES-256 in CBC and CTR, and the AEADs, of every backend: published vectors, in place,
// refusal of what was changed, and that all backends agree byte for byte.
#include "props/backend_arithmetic.h"

namespace wib::props {
namespace {

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

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

// --- AEAD ----------------------------------------------------------------------------------------

struct Aead {
  std::string_view name;
  Result<> (Crypto::*seal)(ByteView, ByteView, ByteView, ByteView, ByteSpan, ByteSpan);
  Result<> (Crypto::*open)(ByteView, ByteView, ByteView, ByteView, ByteView, ByteSpan);
};

constexpr Aead gcm = {"gcm", &Crypto::aes256_gcm_seal, &Crypto::aes256_gcm_open};
constexpr Aead chacha = {"chacha", &Crypto::chacha20_poly1305_seal,
                         &Crypto::chacha20_poly1305_open};

struct AeadInput {
  Bytes key, nonce, associated, plain;
};

struct Sealed {
  Errc code = Errc::none;
  Bytes secret;
  Bytes tag;

  friend bool operator==(const Sealed&, const Sealed&) = default;
};

// For RapidCheck's reports.
std::ostream& operator<<(std::ostream& stream, const Sealed& sealed) {
  return stream << name(sealed.code) << " " << testing::PrintToString(sealed.secret) << " "
                << testing::PrintToString(sealed.tag);
}

Sealed seal(Crypto& crypto, const Aead& aead, const AeadInput& input) {
  Sealed sealed = {Errc::none, Bytes(input.plain.size(), untouched), Bytes(16, untouched)};
  sealed.code = code_of((crypto.*aead.seal)(input.key, input.nonce, input.associated, input.plain,
                                            sealed.secret, sealed.tag));
  return sealed;
}

Outcome open(Crypto& crypto, const Aead& aead, const AeadInput& input, const Sealed& sealed) {
  return outcome_of(sealed.secret.size(), [&](ByteSpan out) {
    return (crypto.*aead.open)(input.key, input.nonce, input.associated, sealed.secret, sealed.tag,
                               out);
  });
}

struct AeadExample {
  Aead aead;
  AeadInput input;
  Sealed sealed;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16; RFC 8439,
// 2.8.2. The last one, nothing at all, is pyca/cryptography's.
std::vector<AeadExample> aead_examples() {
  return {
      {gcm,
       {Bytes(32), Bytes(12), {}, {}},
       {Errc::none, {}, hex("530f8afbc74536b9a963b4f1c4cb738b")}},
      {gcm,
       {Bytes(32), Bytes(12), {}, Bytes(16)},
       {Errc::none, hex("cea7403d4d606b6e074ec5d3baf39d18"),
        hex("d0d1c8a799996bf0265b98b5d48ab919")}},
      {gcm,
       {hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
        hex("cafebabefacedbaddecaf888"), hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")},
       {Errc::none,
        hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"),
        hex("76fc6ece0f4e1768cddf8853bb2d551b")}},
      {chacha,
       {hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
        hex("070000004041424344454647"), hex("50515253c0c1c2c3c4c5c6c7"),
        copy(as_bytes("Ladies and Gentlemen of the class of '99: If I could offer you only one "
                      "tip for the future, sunscreen would be it."))},
       {Errc::none,
        hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
            "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
            "3ff4def08e4b7a9de576d26586cec64b6116"),
        hex("1ae10b594f09e26a7e902ecbd0600691")}},
      {chacha,
       {Bytes(32), Bytes(12), {}, {}},
       {Errc::none, {}, hex("4eb972c9a8fb3a1b382bb4d36f5ffad1")}},
  };
}

TEST_P(Arithmetic, AeadsArePublishedAndOpen) {
  for (const auto& [aead, input, sealed] : aead_examples()) {
    EXPECT_EQ(seal(crypto(), aead, input), sealed) << aead.name;
    EXPECT_EQ(open(crypto(), aead, input, sealed), (Outcome{Errc::none, input.plain})) << aead.name;
  }
}

TEST_P(Arithmetic, AeadsWorkInPlace) {
  const AeadInput input = {Bytes(32, 1), Bytes(12, 2), Bytes(3, 3), Bytes(100, 4)};
  for (const Aead& aead : {gcm, chacha}) {
    const Sealed sealed = seal(crypto(), aead, input);
    Bytes buffer = input.plain;
    Bytes tag(16);
    const auto open_in_place = [&] {
      return code_of(
          (crypto().*aead.open)(input.key, input.nonce, input.associated, buffer, tag, buffer));
    };
    ASSERT_TRUE(
        (crypto().*aead.seal)(input.key, input.nonce, input.associated, buffer, buffer, tag));
    EXPECT_EQ(buffer, sealed.secret) << aead.name;
    EXPECT_EQ(tag, sealed.tag) << aead.name;
    EXPECT_EQ(open_in_place(), Errc::none) << aead.name;
    EXPECT_EQ(buffer, input.plain) << aead.name;
    EXPECT_EQ(open_in_place(), Errc::bad_tag) << aead.name;
    EXPECT_EQ(buffer, Bytes(100)) << aead.name;
  }
}

// One bit of anything, and nothing comes out.
TEST_P(Arithmetic, AeadsOpenNothingButWhatWasSealed) {
  for (const Aead& aead : {gcm, chacha}) {
    for (const std::size_t size : {0U, 1U, 33U}) {
      const AeadInput input = {Bytes(32, 1), Bytes(12, 2), Bytes(size, 3), Bytes(size, 4)};
      const Sealed sealed = seal(crypto(), aead, input);
      ASSERT_EQ(open(crypto(), aead, input, sealed), (Outcome{Errc::none, input.plain}));
      AeadInput other = input;
      Sealed damaged = sealed;
      for (Bytes* const part :
           {&other.key, &other.nonce, &other.associated, &damaged.secret, &damaged.tag}) {
        for (std::size_t bit = 0; bit < 8 * part->size(); bit += 7) {
          Byte& byte = (*part)[bit / 8];
          byte = static_cast<Byte>(byte ^ 1U << (bit % 8));
          ASSERT_EQ(open(crypto(), aead, other, damaged), (Outcome{Errc::bad_tag, Bytes(size)}))
              << aead.name << ": bit " << bit;
          byte = static_cast<Byte>(byte ^ 1U << (bit % 8));
        }
      }
      other.associated.push_back(3);
      EXPECT_EQ(open(crypto(), aead, other, sealed).code, Errc::bad_tag);
    }
  }
}

TEST_P(Arithmetic, AeadsHaveSizes) {
  const auto code = [&](const Aead& aead, std::size_t key, std::size_t nonce, std::size_t in,
                        std::size_t out, std::size_t tag) {
    Bytes place(out, untouched);
    Bytes made(tag, untouched);
    const Errc sealed =
        code_of((crypto().*aead.seal)(Bytes(key), Bytes(nonce), {}, Bytes(in), place, made));
    EXPECT_EQ(place + made, Bytes(out + tag, untouched));
    EXPECT_EQ(code_of((crypto().*aead.open)(Bytes(key), Bytes(nonce), {}, Bytes(in), made, place)),
              sealed);
    EXPECT_EQ(place, Bytes(out, untouched));
    return sealed;
  };
  for (const Aead& aead : {gcm, chacha}) {
    EXPECT_EQ(code(aead, 31, 12, 5, 5, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 16, 12, 5, 5, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 11, 5, 5, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 16, 5, 5, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 12, 5, 4, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 12, 5, 6, 16), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 12, 5, 5, 15), Errc::out_of_range);
    EXPECT_EQ(code(aead, 32, 12, 5, 5, 0), Errc::out_of_range);
  }
}

// --- All backends are one function ---------------------------------------------------------------

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

RC_GTEST_PROP(AllBackends, SealAlikeAndOpenEachOthers, ()) {
  const AeadInput input = {*bytes_of(32), *numeral_of(12), *bytes_up_to(70), *bytes_up_to(200)};
  for (const Aead& aead : {gcm, chacha}) {
    const Sealed first = seal(backends().front()->crypto(), aead, input);
    RC_ASSERT(first.code == Errc::none);
    for (Backend* const backend : backends()) {
      RC_ASSERT(seal(backend->crypto(), aead, input) == first);
      RC_ASSERT(open(backend->crypto(), aead, input, first) == (Outcome{Errc::none, input.plain}));
    }
  }
}

}  // namespace
}  // namespace wib::props
