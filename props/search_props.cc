// SPDX-License-Identifier: Apache-2.0
//
// The attacker's hash, the stream that parties draw from, and the search for its seed: against
// published vectors, values computed with Python, and a search that tries seed after seed.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "attacks/search/seed_kdf.h"
#include "attacks/search/seed_search.h"
#include "attacks/search/stream_random.h"
#include "protocol/groups.h"

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

Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

Bytes random_bytes(std::size_t size) {
  return *rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}

// An odd number above one of exactly `size` bytes.
Bytes random_modulus(std::size_t size) {
  Bytes modulus = random_bytes(size);
  modulus.back() |= 1;
  modulus.front() |= *rc::gen::element<Byte>(1, 2, 0x80, 0xff);
  if (size == 1 && modulus[0] == 1) modulus[0] = 3;
  return modulus;
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

// --- The search ----------------------------------------------------------------------------------

Bytes stream_of(std::uint64_t seed, std::uint64_t offset, std::size_t size) {
  Bytes bytes(size);
  stream_bytes(seed_bytes(seed), "device", offset, bytes);
  return bytes;
}

SearchOptions with_threads(unsigned threads, LaneKind lanes = LaneKind::best) {
  SearchOptions options;
  options.threads = threads;
  options.lanes = lanes;
  return options;
}

// What a search for a value of a stream must give: the lowest seed whose value it is.
template <class Value>
std::optional<std::uint64_t> lowest(const SeedSpace& space, const Value& value,
                                    const Bytes& wanted) {
  for (std::uint64_t i = 0; i < space.count; ++i) {
    if (value(space.first + i) == wanted) return space.first + i;
  }
  return std::nullopt;
}

TEST(search_by_cookie, finds_the_first_the_last_and_the_middle) {
  // Spans several chunks, of which the last is short, and ends with an odd seed out.
  for (const SeedSpace& space : {SeedSpace{0, 1}, SeedSpace{7, 2}, SeedSpace{1000, 50001},
                                 SeedSpace{~std::uint64_t{0} - 20000, 20001}}) {
    for (const std::uint64_t index : {std::uint64_t{0}, space.count / 2, space.count - 1}) {
      const Bytes cookie = stream_of(space.first + index, 0, 16);
      for (const unsigned threads : {1U, 3U}) {
        const auto result = search_by_cookie(space, "device", 0, cookie, with_threads(threads));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->seed, space.first + index);
        EXPECT_GT(result->tried, 0U);
        EXPECT_LE(result->tried, space.count);
      }
      EXPECT_FALSE(search_by_cookie(space, "client", 0, cookie)->seed);
    }
    const auto absent = search_by_cookie(space, "device", 0, Bytes(16, 0));
    ASSERT_TRUE(absent);
    EXPECT_FALSE(absent->seed);
    EXPECT_EQ(absent->tried, space.count);
  }
}

RC_GTEST_PROP(search_by_cookie, any_target_anywhere_lowest_match, ()) {
  const SeedSpace space{*rc::gen::arbitrary<std::uint32_t>(),
                        *rc::gen::inRange<std::uint64_t>(0, 3000)};
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, 200);
  // One byte matches many seeds, none of which is special; long ones cross blocks.
  const auto size = *rc::gen::element<std::size_t>(1, 1, 2, 3, 16, 33, 100);
  const Bytes target =
      stream_of(space.first + *rc::gen::inRange<std::uint64_t>(0, 4000), offset, size);
  const auto expected =
      lowest(space, [&](std::uint64_t seed) { return stream_of(seed, offset, size); }, target);
  const auto threads = *rc::gen::inRange(1U, 5U);
  const auto result = search_by_cookie(space, "device", offset, target, with_threads(threads));
  RC_ASSERT(result.has_value());
  RC_ASSERT(result->seed == expected);
}

// The first chunk holds no match and later ones hold many, so that threads race for the lowest.
TEST(search_by_cookie, threads_do_not_change_the_answer) {
  const SeedSpace space{1, 200000};
  const Bytes target = stream_of(70000, 40, 2);
  const auto one = search_by_cookie(space, "device", 40, target, with_threads(1));
  ASSERT_TRUE(one && one->seed);
  for (int i = 0; i < 20; ++i) {
    const auto many = search_by_cookie(space, "device", 40, target, with_threads(8));
    ASSERT_TRUE(many);
    EXPECT_EQ(many->seed, one->seed);
  }
}

// A space that no one could search to its end.
TEST(search_by_cookie, stops_at_the_match) {
  const auto result =
      search_by_cookie(SeedSpace::of_bits(60), "device", 0, stream_of(12345, 0, 16));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->seed, 12345U);
}

struct Group {
  Bytes p, g;
};

ShareTarget share_target(const Group& group, const Bytes& share, std::uint64_t offset,
                         std::size_t size) {
  return {
      .exponent_offset = offset, .exponent_size = size, .p = group.p, .g = group.g, .share = share};
}

Bytes share_of(const Group& group, std::uint64_t seed, std::uint64_t offset, std::size_t size) {
  const auto modulus = Montgomery::make(group.p);
  Bytes share(group.p.size());
  modulus->write(modulus->power(modulus->reduce(group.g), stream_of(seed, offset, size)), share);
  return share;
}

// As E02 plays it: an ffdhe2048 share recorded from a device with a 10-bit seed. The digest of the
// share is Python's.
TEST(search_by_share, finds_the_seed_of_an_ffdhe2048_share) {
  const Group group{to_bytes(ffdhe2048().p), to_bytes(ffdhe2048().g)};
  const Bytes share = share_of(group, 0xbeef, 16, 32);
  EXPECT_EQ(hex(sha256(share)), "2366452a213764c0a9bba404a3fa635def8945188059273ac97ab243a8e0f40a");
  const ShareTarget target = share_target(group, share, 16, 32);
  for (const LaneKind kind : {LaneKind::portable, LaneKind::best}) {
    const auto result = search_by_share({0xbc00, 1024}, "device", target, with_threads(2, kind));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->seed, 0xbeefU);
    EXPECT_GT(result->table_bytes, 0U);
    EXPECT_FALSE(search_by_share({0xbef0, 64}, "device", target, with_threads(2, kind))->seed);
  }
}

TEST(search_by_share, finds_the_first_the_last_and_the_middle) {
  const Group group{Bytes(16, 0xff), {5}};
  const SeedSpace space{~std::uint64_t{0} - 1000, 1001};
  for (const std::uint64_t index : {0, 500, 999, 1000}) {
    const Bytes share = share_of(group, space.first + index, 16, 32);
    for (const unsigned threads : {1U, 3U}) {
      const auto result = search_by_share(space, "device", share_target(group, share, 16, 32),
                                          with_threads(threads));
      ASSERT_TRUE(result);
      EXPECT_EQ(result->seed, space.first + index);
    }
  }
  const auto absent = search_by_share(
      space, "device", share_target(group, share_of(group, 5, 16, 32), 16, 32), with_threads(3));
  ASSERT_TRUE(absent);
  EXPECT_FALSE(absent->seed);
  EXPECT_EQ(absent->tried, space.count);
}

// Small groups, where many seeds explain a share, and bases of any kind.
RC_GTEST_PROP(search_by_share, lowest_match_in_any_group, ()) {
  const auto size = *rc::gen::element<std::size_t>(1, 1, 2, 9, 33);
  const Group group{random_modulus(size), random_bytes(*rc::gen::inRange<std::size_t>(0, 40))};
  const SeedSpace space{*rc::gen::arbitrary<std::uint32_t>(),
                        *rc::gen::inRange<std::uint64_t>(0, 300)};
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, 100);
  const auto exponent_size = *rc::gen::element<std::size_t>(1, 2, 32, 48);
  const auto value = [&](std::uint64_t seed) {
    return share_of(group, seed, offset, exponent_size);
  };
  Bytes share = value(space.first + *rc::gen::inRange<std::uint64_t>(0, 400));
  const auto expected = lowest(space, value, share);
  share.insert(share.begin(), *rc::gen::inRange<std::size_t>(0, 3), Byte{0});
  for (const LaneKind kind : {LaneKind::portable, LaneKind::best}) {
    SearchOptions options = with_threads(*rc::gen::inRange(1U, 4U), kind);
    options.max_table_bytes = *rc::gen::element<std::size_t>(0, 10000, 1 << 20);
    const auto result = search_by_share(space, "device",
                                        share_target(group, share, offset, exponent_size), options);
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->seed == expected);
  }
}

TEST(search, refuses_what_cannot_be_searched) {
  const Bytes cookie(16, 1);
  const std::uint64_t top = ~std::uint64_t{0};
  const auto out_of_range = [](const Result<SearchResult>& result) {
    return !result && result.error().code == Errc::out_of_range;
  };
  EXPECT_TRUE(out_of_range(search_by_cookie({1, top}, "device", 0, {})));
  EXPECT_TRUE(out_of_range(search_by_cookie({2, top}, "device", 0, cookie)));
  EXPECT_TRUE(out_of_range(search_by_cookie({0, 1}, "device", 0, Bytes(1025))));
  EXPECT_TRUE(out_of_range(search_by_cookie({0, 1}, "device", top - 3, cookie)));

  const Group group{{0xf1}, {2}};
  const auto share = [&](const Group& in, const Bytes& value, std::size_t size = 32) {
    return search_by_share({0, 10}, "device", share_target(in, value, 16, size));
  };
  EXPECT_TRUE(share(group, {5}));
  EXPECT_TRUE(share(group, {}));  // zero, which no power is
  EXPECT_FALSE(share(group, {})->seed);
  EXPECT_TRUE(out_of_range(share({{0xf0}, {2}}, {5})));
  EXPECT_TRUE(out_of_range(share({{}, {2}}, {5})));
  EXPECT_TRUE(out_of_range(share({{1}, {2}}, {0})));
  EXPECT_TRUE(out_of_range(share({Bytes(1025, 0xff), {2}}, {5})));
  EXPECT_TRUE(out_of_range(share(group, {0xf1})));
  EXPECT_TRUE(out_of_range(share(group, {1, 0})));
  EXPECT_TRUE(out_of_range(share(group, {5}, 0)));
  EXPECT_TRUE(out_of_range(share(group, {5}, 1025)));
  EXPECT_TRUE(out_of_range(search_by_share({2, top}, "device", share_target(group, {5}, 16, 32))));
}

TEST(search, progress_is_monotone_from_the_calling_thread_and_complete) {
  const SeedSpace space = SeedSpace::of_bits(21);
  std::vector<SearchProgress> seen;
  SearchOptions options = with_threads(2);
  const auto caller = std::this_thread::get_id();
  options.progress = [&](const SearchProgress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    seen.push_back(progress);
  };
  const auto result = search_by_cookie(space, "device", 0, Bytes(16, 0), options);
  ASSERT_TRUE(result);
  ASSERT_FALSE(seen.empty());
  EXPECT_LE(static_cast<double>(seen.size()), result->seconds * 5 + 1);
  std::uint64_t before = 0;
  for (const SearchProgress& progress : seen) {
    EXPECT_GE(progress.tried, before);
    EXPECT_EQ(progress.total, space.count);
    EXPECT_GE(progress.rate, 0);
    before = progress.tried;
  }
  EXPECT_EQ(before, space.count);
  EXPECT_EQ(result->tried, space.count);
  EXPECT_GT(result->seconds, 0);
}

TEST(search, a_throwing_callback_ends_the_search) {
  SearchOptions options;
  options.progress = [](const SearchProgress&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(static_cast<void>(
                   search_by_cookie(SeedSpace::of_bits(60), "device", 0, Bytes(16, 0), options)),
               std::runtime_error);
}

}  // namespace
}  // namespace wib::attacks
