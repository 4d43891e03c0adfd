// SPDX-License-Identifier: Apache-2.0
//
// The attacker's hash and the stream that parties draw from: against published vectors and values
// computed with Python's hashlib and hmac.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "attacks/search/seed_kdf.h"
#include "attacks/search/sha256.h"
#include "attacks/search/stream_random.h"

namespace wib::attacks {
namespace {

using Bytes = std::vector<Byte>;

std::string hex(ByteView bytes) {
  std::string text;
  for (const Byte b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

std::vector<const Sha256Kernel*> kernels() {
  std::vector<const Sha256Kernel*> result{&portable_sha256()};
  if (sha_ni_sha256() != nullptr) result.push_back(sha_ni_sha256());
  return result;
}

Sha256Digest sha256_with(const Sha256Kernel& kernel, ByteView message) {
  Sha256 hash(kernel);
  hash.update(message);
  return hash.finish();
}

// --- SHA-256 and HMAC ----------------------------------------------------------------------------

TEST(search_sha256, fips_180_vectors) {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
       "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1000000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const Sha256Kernel* kernel : kernels()) {
    for (const auto& [message, digest] : vectors) {
      EXPECT_EQ(hex(sha256_with(*kernel, as_bytes(message))), digest) << kernel->name;
    }
  }
}

// Every place where the padding may fall: the digest of the digests of 0..n-1 for n below 200.
TEST(search_sha256, all_short_lengths) {
  Bytes message(199);
  std::iota(message.begin(), message.end(), Byte{0});
  for (const Sha256Kernel* kernel : kernels()) {
    Sha256 all(*kernel);
    for (std::size_t n = 0; n < 200; ++n) {
      all.update(sha256_with(*kernel, ByteView(message).first(n)));
    }
    EXPECT_EQ(hex(all.finish()), "ba7b0fcea7d10c06b855b43d2b4dce1e3e842fff6be0acefb0faf4f2dd05bb47")
        << kernel->name;
  }
}

TEST(search_sha256, rfc_4231_vectors) {
  const auto repeat = [](std::size_t n, char c) { return std::string(n, c); };
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting += c;
  const std::string larger_key = "Test Using Larger Than Block-Size Key - Hash Key First";
  const std::string larger_both =
      "This is a test using a larger than block-size key and a larger than block-size data. The "
      "key needs to be hashed before being used by the HMAC algorithm.";
  const std::vector<std::array<std::string, 3>> vectors{
      {repeat(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {repeat(20, '\xaa'), repeat(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting, repeat(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {repeat(131, '\xaa'), larger_key,
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {repeat(131, '\xaa'), larger_both,
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const auto& [key, message, tag] : vectors) {
    EXPECT_EQ(hex(hmac_sha256(as_bytes(key), as_bytes(message))), tag);
    for (const Sha256Kernel* kernel : kernels()) {
      EXPECT_EQ(hex(HmacSha256Key(as_bytes(key), *kernel).mac(as_bytes(message))), tag);
    }
  }
}

// Keys of 0..199 bytes: short, a whole block, and hashed first.
TEST(search_sha256, all_short_hmac_keys) {
  Bytes key(199);
  std::iota(key.begin(), key.end(), Byte{0});
  Sha256 all;
  for (std::size_t n = 0; n < 200; ++n) {
    all.update(hmac_sha256(ByteView(key).first(n), as_bytes("wib")));
  }
  EXPECT_EQ(hex(all.finish()), "370c4c66b6fcb9633758609018fb36765a08672c323fcccd44ed0d0816bceef5");
}

RC_GTEST_PROP(search_sha256, kernels_agree, ()) {
  const auto a = *rc::gen::arbitrary<std::array<Sha256State, 2>>();
  const auto b = *rc::gen::arbitrary<std::array<Sha256Block, 2>>();
  std::array<Sha256State, 2> expected = a;
  portable_sha256().compress(expected[0], b[0]);
  portable_sha256().compress(expected[1], b[1]);
  for (const Sha256Kernel* kernel : kernels()) {
    std::array<Sha256State, 2> one = a;
    std::array<Sha256State, 2> pair = a;
    kernel->compress(one[0], b[0]);
    kernel->compress(one[1], b[1]);
    kernel->compress_pair(pair[0], b[0], pair[1], b[1]);
    RC_ASSERT(one == expected);
    RC_ASSERT(pair == expected);
  }
}

RC_GTEST_PROP(search_sha256, pieces_make_the_whole, (const Bytes& head, const Bytes& tail)) {
  Bytes whole = head;
  whole.insert(whole.end(), tail.begin(), tail.end());
  Sha256 hash;
  hash.update(head);
  Sha256 snapshot = hash;
  hash.update(tail);
  RC_ASSERT(hash.finish() == sha256(whole));
  RC_ASSERT(snapshot.finish() == sha256(head));
}

// --- The stream ----------------------------------------------------------------------------------

// Computed with Python's hmac from the contract in stream_random.h.
TEST(search_stream, is_what_the_contract_says) {
  Bytes bytes(96);
  StreamRandom random(0xbeef, "device");
  ASSERT_TRUE(random.fill(bytes));
  EXPECT_EQ(hex(bytes),
            "a792f4f6e673fabbe7b472b609718aeffef5a9f14ab5c7eefaa824bdaae4d08a"
            "5b2235cca7ea5488afd0e4f5d49f4b35db2b58633759ea1f62f7f1e9fc2a3021"
            "d544c47c1200a986a4642f2f78df5ae4c46c103a4fd148e73fc037377be805ad");
  EXPECT_EQ(random.position(), 96U);

  bytes.resize(40);
  const std::string seed("\0seed of another kind", 21);
  stream_bytes(as_bytes(seed),
               "client with a label so long that the HMAC key must itself be hashed first", 0,
               bytes);
  EXPECT_EQ(hex(bytes),
            "e62045e7d9947680bf6872b43837e94162568ef1c9c8d034aea0494d481cdae81bbbd5740b104612");
}

RC_GTEST_PROP(search_stream, draws_cut_one_stream, (const Bytes& seed, const std::string& label)) {
  const auto cuts =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 100));
  Bytes whole(std::accumulate(cuts.begin(), cuts.end(), std::size_t{0}));
  stream_bytes(seed, label, 0, whole);
  StreamRandom random(seed, label);
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    StreamRandom snapshot = random;
    for (StreamRandom* source : {&random, &snapshot}) {
      Bytes piece(cut);
      RC_ASSERT(source->fill(piece).has_value());
      RC_ASSERT(same_bytes(piece, ByteView(whole).subspan(from, cut)));
      RC_ASSERT(source->position() == from + cut);
    }
    Bytes at_offset(cut);
    stream_bytes(seed, label, from, at_offset);
    RC_ASSERT(same_bytes(at_offset, ByteView(whole).subspan(from, cut)));
    from += cut;
  }
}

RC_GTEST_PROP(search_stream, pairs_of_seeds_give_their_streams,
              (std::uint64_t seed_a, std::uint64_t seed_b, std::uint32_t first)) {
  for (const Sha256Kernel* kernel : kernels()) {
    std::array<Sha256State, 3> a;
    std::array<Sha256State, 3> b;
    SeedKdf("device", *kernel).blocks(seed_a, seed_b, first, a, b);
    for (const auto& [seed, words] : {std::pair{seed_a, a}, std::pair{seed_b, b}}) {
      std::array<Byte, 96> stream;
      stream_bytes(seed_bytes(seed), "device", std::uint64_t{first} * 32, stream);
      for (std::size_t i = 0; i < stream.size(); ++i) {
        RC_ASSERT(stream[i] == static_cast<Byte>(words[i / 32][i % 32 / 4] >> (24 - 8 * (i % 4))));
      }
    }
  }
}

}  // namespace
}  // namespace wib::attacks
