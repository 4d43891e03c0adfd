// SPDX-License-Identifier: Apache-2.0
//
// Covers: hashes, MACs and key derivation of every backend: published vectors, messages in pieces,
// and that all backends agree byte for byte.
#include "props/backend_arithmetic.h"

namespace wib::props {
namespace {

INSTANTIATE_TEST_SUITE_P(Backends, Arithmetic, testing::ValuesIn(backends()), backend_name);

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

// --- Key derivation ------------------------------------------------------------------------------

Outcome hkdf(Crypto& crypto, ByteView salt, ByteView ikm, ByteView info, std::size_t size) {
  return outcome_of(size, [&](ByteSpan out) { return crypto.hkdf_sha256(salt, ikm, info, out); });
}

Outcome pbkdf2(Crypto& crypto, ByteView password, ByteView salt, std::uint32_t iterations,
               std::size_t size) {
  return outcome_of(
      size, [&](ByteSpan out) { return crypto.pbkdf2_sha256(password, salt, iterations, out); });
}

Bytes counting(Byte first, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(first + i);
  return bytes;
}

// RFC 5869, appendix A.1 to A.3.
TEST_P(Arithmetic, HkdfIsTheRfcs) {
  EXPECT_EQ(hkdf(crypto(), counting(0, 13), Bytes(22, 0x0b), counting(0xf0, 10), 42),
            (Outcome{Errc::none, hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4"
                                     "c5bf34007208d5b887185865")}));
  EXPECT_EQ(
      hkdf(crypto(), counting(0x60, 80), counting(0, 80), counting(0xb0, 80), 82),
      (Outcome{Errc::none, hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                               "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                               "cc30c58179ec3e87c14c01d5c1f3434f1d87")}));
  const Outcome third = {Errc::none,
                         hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                             "9d201395faa4b61a96c8")};
  EXPECT_EQ(hkdf(crypto(), {}, Bytes(22, 0x0b), {}, 42), third);
  EXPECT_EQ(hkdf(crypto(), Bytes(32), Bytes(22, 0x0b), {}, 42), third);
}

// Not in the RFC: nothing at all (the value is pyca/cryptography's), and every kind of size.
TEST_P(Arithmetic, HkdfIsDefinedAtTheEdges) {
  EXPECT_EQ(hkdf(crypto(), {}, {}, {}, 32),
            (Outcome{Errc::none,
                     hex("eb70f01dede9afafa449eee1b1286504e1f62388b3f7dd4f956697b0e828fe18")}));
  const Outcome longest = hkdf(crypto(), Bytes(1), Bytes(2), Bytes(3), max_hkdf_size);
  ASSERT_EQ(longest.code, Errc::none);
  for (const std::size_t size : {1U, 31U, 32U, 33U, 64U, 8159U}) {
    EXPECT_EQ(hkdf(crypto(), Bytes(1), Bytes(2), Bytes(3), size).out,
              copy(ByteView(longest.out).first(size)));
    // What one call leaves behind must not reach the next.
    EXPECT_EQ(hkdf(crypto(), {}, {}, {}, 32).out.front(), 0xeb);
  }
  for (const std::size_t size : {std::size_t{0}, max_hkdf_size + 1}) {
    EXPECT_EQ(hkdf(crypto(), {}, {}, {}, size),
              (Outcome{Errc::out_of_range, Bytes(size, untouched)}));
  }
}

// RFC 7914, section 11; then, hashlib's, nothing at all and what is longer than a block.
TEST_P(Arithmetic, Pbkdf2IsTheRfcs) {
  EXPECT_EQ(pbkdf2(crypto(), as_bytes("passwd"), as_bytes("salt"), 1, 64),
            (Outcome{Errc::none,
                     hex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                         "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")}));
  EXPECT_EQ(pbkdf2(crypto(), as_bytes("Password"), as_bytes("NaCl"), 80000, 64),
            (Outcome{Errc::none,
                     hex("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                         "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")}));
  EXPECT_EQ(pbkdf2(crypto(), {}, {}, 1, 20),
            (Outcome{Errc::none, hex("f7ce0b653d2d72a4108cf5abe912ffdd777616db")}));
  EXPECT_EQ(pbkdf2(crypto(), Bytes(200, 0xaa), Bytes(1), 3, 33),
            (Outcome{Errc::none,
                     hex("9cbeb8f671efa14a06dc858cd40816390de5e6eaac7269db13b59da6f5ab4f5bba")}));
}

TEST_P(Arithmetic, Pbkdf2HasASizeAndIterates) {
  EXPECT_EQ(pbkdf2(crypto(), {}, {}, 0, 20), (Outcome{Errc::out_of_range, Bytes(20, untouched)}));
  EXPECT_EQ(pbkdf2(crypto(), {}, {}, 1, 0).code, Errc::out_of_range);
  EXPECT_EQ(pbkdf2(crypto(), {}, {}, 1, 81), (Outcome{Errc::out_of_range, Bytes(81, untouched)}));
}

// What a backend gets that has HMAC and nothing else.
class HmacAlone final : public Crypto {
 public:
  explicit HmacAlone(Crypto& real) : real_(real) {}

 private:
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    message.for_each([&](ByteView piece) {
      const bool apart =
          piece.data() + piece.size() <= tag.data() || tag.data() + tag.size() <= piece.data();
      EXPECT_TRUE(piece.empty() || apart);
    });
    return real_.hmac_sha256(key, message, tag);
  }

  Crypto& real_;
};

TEST_P(Arithmetic, KeyDerivationComesFromHmacWhereItMust) {
  HmacAlone plain(crypto());
  for (const std::size_t size : {std::size_t{1}, std::size_t{32}, std::size_t{33}, max_hkdf_size}) {
    EXPECT_EQ(hkdf(plain, Bytes(3, 1), Bytes(40, 2), Bytes(5, 3), size),
              hkdf(crypto(), Bytes(3, 1), Bytes(40, 2), Bytes(5, 3), size));
    EXPECT_EQ(hkdf(plain, {}, {}, {}, size), hkdf(crypto(), {}, {}, {}, size));
  }
  for (const std::size_t size : {1U, 32U, 33U, 64U}) {
    for (const std::uint32_t iterations : {1U, 2U, 5U}) {
      EXPECT_EQ(pbkdf2(plain, Bytes(70, 1), Bytes(9, 2), iterations, size),
                pbkdf2(crypto(), Bytes(70, 1), Bytes(9, 2), iterations, size));
    }
  }
}

// --- All backends are one function ---------------------------------------------------------------

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

// However a message is cut, empty pieces included, the hash is that of the whole.
RC_GTEST_PROP(AllBackends, HashAndMacPiecesAsTheWhole, ()) {
  const Bytes key = *bytes_up_to(140);
  const Bytes message = *bytes_up_to(300);
  const auto pieces = cut(message, *cuts_of(message.size()));
  for (Backend* const backend : backends()) {
    Crypto& crypto = backend->crypto();
    const auto assert_same = [&](std::size_t size, auto operation) {
      const auto run = [&](Pieces text) {
        return outcome_of(size, [&](ByteSpan out) { return operation(text, out); });
      };
      const Outcome whole = run(Pieces(message));
      RC_ASSERT(whole.code == Errc::none);
      RC_ASSERT(run(Pieces(pieces)) == whole);
    };
    assert_same(32, [&](Pieces text, ByteSpan out) { return crypto.sha256(text, out); });
    assert_same(32, [&](Pieces text, ByteSpan out) { return crypto.hmac_sha256(key, text, out); });
    assert_same(64, [&](Pieces text, ByteSpan out) { return crypto.hmac_sha512(key, text, out); });
  }
}

// One backend's library takes 32 KiB of info and no more; its wrapper carries on.
RC_GTEST_PROP(AllBackends, DeriveKeysAlike, ()) {
  const Bytes salt = *bytes_up_to(100);
  const Bytes secret = *bytes_up_to(100);
  const Bytes info =
      *rc::gen::oneOf(bytes_up_to(100), rc::gen::element(Bytes(32768), Bytes(32769)));
  const std::size_t size = *rc::gen::inRange<std::size_t>(1, 200);
  const std::size_t short_size = *rc::gen::inRange<std::size_t>(1, 65);
  const auto iterations = *rc::gen::inRange<std::uint32_t>(1, 20);
  const Outcome key =
      assert_all_agree([&](Crypto& crypto) { return hkdf(crypto, salt, secret, info, size); });
  const Outcome stretched = assert_all_agree(
      [&](Crypto& crypto) { return pbkdf2(crypto, secret, salt, iterations, short_size); });
  RC_ASSERT(key.code == Errc::none);
  RC_ASSERT(stretched.code == Errc::none);
}

}  // namespace
}  // namespace wib::props
