// SPDX-License-Identifier: Apache-2.0
//
// The hardened choices at the slots protection, key_schedule and group_policy, each by itself: what
// they compute, and what they refuse.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>
#include <utility>

#include "attacks/search/stream_random.h"
#include "props/backend_support.h"
#include "protocol/big_endian.h"

namespace wib::props {
namespace {

using attacks::StreamRandom;

Crypto& crypto() { return backends().front()->crypto(); }

template <class T>
Error error_of(const Result<T>& result) {
  return result ? Error{} : result.error();
}

Bytes flipped(ByteView bytes, std::size_t bit) {
  Bytes other = copy(bytes);
  other[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
  return other;
}

DirectionKeys keys(ByteView encryption) {
  DirectionKeys made;
  EXPECT_TRUE(made.encryption.assign(encryption));
  EXPECT_TRUE(made.mac.assign(Bytes(key_size, 9)));
  return made;
}

// --- protection: aead ---------------------------------------------------------------------------

class Aead : public testing::TestWithParam<std::tuple<Backend*, std::string_view>> {
 protected:
  Crypto& crypto() { return std::get<0>(GetParam())->crypto(); }
  const Protection& aead() {
    return std::get<1>(GetParam()) == "gcm" ? aes256_gcm_aead() : chacha20_poly1305_aead();
  }

  Result<Body> seal(ByteView plaintext, ByteSpan out) {
    return aead().seal(crypto(), random, keys(key), context, plaintext, out);
  }
  Bytes sealed(ByteView plaintext) {
    Bytes out(aead().sealed_size(plaintext.size()));
    EXPECT_TRUE(seal(plaintext, out));
    return out;  // the ciphertext, and the tag behind it
  }
  // That this is refused with that error; of what it decrypts to nothing is left.
  void expect_refused(const Sealed& body, const Error& error) {
    Bytes out(body.ciphertext.size(), 0xee);
    EXPECT_EQ(error_of(aead().open(crypto(), keys(key), context, body, out)), error);
    const Byte left = error.code == Errc::bad_tag ? 0 : 0xee;
    EXPECT_EQ(out, Bytes(out.size(), left));
  }
  void expect_bad_tag(ByteView all) {
    const std::size_t size = all.size() - aead_tag_size;
    expect_refused({{}, all.first(size), all.subspan(size)}, {Errc::bad_tag, "sealed: tag"});
  }

  StreamRandom random{1, "test"};
  Bytes key = Bytes(key_size, 7);
  Bytes transcript = Bytes(sha256_size, 5);
  SealContext context{Endpoint::post_key, transcript, 3, false};
};

INSTANTIATE_TEST_SUITE_P(All, Aead,
                         testing::Combine(testing::ValuesIn(backends()),
                                          testing::Values("gcm", "chacha20")),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)->name()) + "_" +
                                  std::string(std::get<1>(test.param));
                         });

TEST_P(Aead, WhatIsSealedOpens) {
  for (std::size_t size = 1; size <= 300; ++size) {
    Bytes plaintext(size);
    ASSERT_TRUE(StreamRandom(size, "plaintext").fill(plaintext));
    Bytes out(aead().sealed_size(size));
    context.counter = size;
    context.to_client = size % 2 == 0;
    const auto body = seal(plaintext, out);
    ASSERT_TRUE(body) << size;
    EXPECT_TRUE(std::get<Sealed>(*body).iv.empty()) << "the nonce is not sent";
    EXPECT_EQ(std::get<Sealed>(*body).ciphertext.size(), size);
    Bytes again(size);
    const auto opened = aead().open(crypto(), keys(key), context, *body, again);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(copy(*opened), plaintext);
  }
  EXPECT_EQ(random.position(), 0U) << "nothing is drawn";
}

TEST_P(Aead, EveryBitIsBound) {
  const Bytes all = sealed(Bytes(20, 3));
  for (std::size_t bit = 0; bit < 8 * all.size(); ++bit) expect_bad_tag(flipped(all, bit));
  expect_bad_tag(ByteView(all).subspan(1));
  expect_bad_tag(ByteView(all).last(aead_tag_size));
}

TEST_P(Aead, TheWholeContextIsBound) {
  const Bytes all = sealed(Bytes(20, 3));
  const auto expect_bound = [&](Endpoint message, std::uint64_t counter, bool to_client,
                                ByteView digest) {
    const SealContext right = std::exchange(context, {message, digest, counter, to_client});
    expect_bad_tag(all);
    context = right;
  };
  for (const Endpoint message : {Endpoint::get_dh, Endpoint::post_dh, Endpoint::post_auth}) {
    expect_bound(message, 3, false, transcript);
  }
  expect_bound(Endpoint::post_key, 3, true, transcript);
  expect_bound(Endpoint::post_key, 3, false, {});
  for (unsigned bit = 0; bit < 64; ++bit) {
    expect_bound(Endpoint::post_key, 3 ^ (std::uint64_t{1} << bit), false, transcript);
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    expect_bound(Endpoint::post_key, 3, false, flipped(transcript, bit));
    const Bytes right = std::exchange(key, flipped(key, bit));
    expect_bad_tag(all);
    key = right;
  }
}

// Nonce: direction, then the counter in the last 8 bytes. Associated data: a label, the message,
// the direction, the transcript.
TEST_P(Aead, NonceAndAssociatedDataByHand) {
  for (const bool to_client : {false, true}) {
    context = {Endpoint::post_auth, transcript, 0x0102'0304'0506'0708, to_client};
    const Byte direction = to_client ? 2 : 1;
    const Bytes nonce = {direction, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    const Bytes associated = copy(as_bytes("wib seal")) +
                             Bytes{static_cast<Byte>(Endpoint::post_auth), direction} + transcript;
    const Bytes plaintext(33, 3);
    Bytes expected(plaintext.size() + aead_tag_size);
    const ByteSpan ciphertext = ByteSpan(expected).first(plaintext.size());
    const ByteSpan tag = ByteSpan(expected).last(aead_tag_size);
    ASSERT_TRUE(
        &aead() == &aes256_gcm_aead()
            ? crypto().aes256_gcm_seal(key, nonce, associated, plaintext, ciphertext, tag)
            : crypto().chacha20_poly1305_seal(key, nonce, associated, plaintext, ciphertext, tag));
    EXPECT_EQ(sealed(plaintext), expected);
  }
}

TEST_P(Aead, NoNonceComesTwice) {
  std::set<Bytes> ciphertexts;  // of one plaintext: as many as there are key streams
  for (const bool to_client : {false, true}) {
    context.to_client = to_client;
    for (unsigned i = 0; i < 64; ++i) {
      for (const std::uint64_t counter : {std::uint64_t{i} + 3000, std::uint64_t{1} << i}) {
        context.counter = counter;
        const Bytes all = sealed(Bytes(20, 3));
        EXPECT_TRUE(ciphertexts.insert(copy(ByteView(all).first(20))).second) << counter;
      }
    }
  }
}

TEST_P(Aead, WhatHasAnotherFormIsRefused) {
  const Bytes all = sealed(Bytes(20, 3));
  const ByteView ciphertext = ByteView(all).first(20);
  const ByteView tag = ByteView(all).last(aead_tag_size);
  for (const std::size_t size : {1U, 12U, 16U}) {
    const Bytes iv(size);
    expect_refused({iv, ciphertext, tag}, {Errc::unknown_field, "sealed: iv"});
  }
  const Bytes longer = copy(tag) + Bytes{0};
  for (const std::size_t size : {0U, 15U, 17U}) {
    const ByteView other = ByteView(longer).first(size);
    expect_refused({{}, ciphertext, other}, {Errc::out_of_range, "sealed: tag"});
  }
  Bytes out(20);
  EXPECT_EQ(code_of(aead().open(crypto(), keys(key), context, {}, out)), Errc::missing_field);
  const Error parsed{Errc::malformed, "here"};
  EXPECT_EQ(error_of(aead().open(crypto(), keys(key), context, parsed, out)), parsed);
}

TEST_P(Aead, NeedsRoom) {
  const Bytes plaintext(20, 3);
  const std::size_t size = plaintext.size() + aead_tag_size;
  Bytes out(size, 0xee);
  EXPECT_EQ(code_of(seal(plaintext, ByteSpan(out).first(size - 1))), Errc::capacity);
  EXPECT_EQ(out, Bytes(size, 0xee)) << "written";
  const auto body = seal(plaintext, out);
  ASSERT_TRUE(body);
  Bytes again(plaintext.size(), 0xee);
  EXPECT_EQ(code_of(aead().open(crypto(), keys(key), context, *body, ByteSpan(again).first(19))),
            Errc::capacity);
  EXPECT_TRUE(aead().open(crypto(), keys(key), context, *body, again));
}

// A body has one encoding: what is parsed is written back byte for byte, whatever it was made of.
RC_GTEST_PROP(AeadBody, HasOneEncoding, (Bytes tail)) {
  Bytes ciphertext(*rc::gen::element<std::size_t>(1, 2, 23, 24, 255, 256, 7680), 4);
  const Bytes tag(aead_tag_size, 6);
  Bytes out(8000);
  const auto written = aes256_gcm_aead().write_sealed(Sealed{{}, ciphertext, tag}, out);
  RC_ASSERT(written.has_value());
  Bytes body = copy(*written);
  const auto parsed = parse_aead(body);
  RC_ASSERT(body[0] == 0xa2 && body[1] == 2 && parsed.has_value() && parsed->iv.empty());
  RC_ASSERT(same_bytes(parsed->ciphertext, ciphertext) && same_bytes(parsed->tag, tag));
  const auto at = *rc::gen::inRange<std::size_t>(0, 12);
  body[*rc::gen::arbitrary<bool>() ? at : body.size() - 1 - at] = *rc::gen::arbitrary<Byte>();
  if (*rc::gen::arbitrary<bool>()) body = body + tail;
  if (const auto other = parse_aead(body)) {
    Bytes again(body.size());
    const auto back = write_aead(*other, again);
    RC_ASSERT(back.has_value() && same_bytes(*back, body));
  }
}

// --- key_schedule: hkdf_transcript --------------------------------------------------------------

// The four keys: encryption and MAC of what goes to the device, then of what comes from it.
Bytes derived(ByteView secret, ByteView transcript, Crypto& by = crypto()) {
  Keys made;
  EXPECT_TRUE(hkdf_transcript().derive(by, secret, transcript, made));
  return copy(made.to_device.encryption.view()) + made.to_device.mac.view() +
         made.to_client.encryption.view() + made.to_client.mac.view();
}

TEST(HkdfTranscript, IsHkdfWithTheTranscriptForSalt) {
  for (const std::size_t size : {32U, 256U, 384U}) {
    const Bytes secret(size, 4), transcript(sha256_size, 5);
    Bytes okm(4 * key_size);
    ASSERT_TRUE(crypto().hkdf_sha256(transcript, secret, as_bytes("wib keys"), okm));
    for (Backend* backend : backends()) {
      EXPECT_EQ(derived(secret, transcript, backend->crypto()), okm) << backend->name();
    }
  }
}

TEST(HkdfTranscript, EveryBitOfSecretAndTranscriptMakesFourOtherKeys) {
  const Bytes secret(sha256_size, 4), transcript(sha256_size, 5);
  std::set<Bytes> seen;
  const auto all_new = [&](const Bytes& made) {
    for (std::size_t at = 0; at < made.size(); at += key_size) {
      if (!seen.insert(copy(ByteView(made).subspan(at, key_size))).second) return false;
    }
    return true;
  };
  EXPECT_TRUE(all_new(derived(secret, transcript)));
  for (std::size_t bit = 0; bit < 8 * sha256_size; ++bit) {
    EXPECT_TRUE(all_new(derived(flipped(secret, bit), transcript))) << bit;
    EXPECT_TRUE(all_new(derived(secret, flipped(transcript, bit)))) << bit;
  }
}

// --- group_policy: named ------------------------------------------------------------------------

constexpr auto all_groups = {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::secp256r1,
                             NamedGroup::x25519};

Group group_of(NamedGroup group) { return *find_group(static_cast<std::uint16_t>(group)); }

// A device and a client of plain_dh, each with its policy. The device's own group is another one.
struct Parties {
  explicit Parties(const GroupPolicy& on_device, const GroupPolicy& on_client = named_groups({}),
                   Backend& of_client = *backends().back())
      : device{crypto(), device_random, on_device, configured, nullptr},
        client{of_client.crypto(), client_random, on_client, nullptr, {}} {}

  Result<Body> respond(ByteView share) {
    return plain_dh().respond(device, {}, Share{share, {}}, answer, agreed);
  }
  Result<Body> start(const Body& offer) { return plain_dh().start(client, offer, state, sent); }
  // The device's offer, as it comes over the wire.
  Result<Body> start() {
    Offer offer;
    EXPECT_TRUE(plain_dh().fill_offer(device, {}, offer));
    Bytes wire(2100);
    const auto body = write_offer(offer, plain_dh().offer_fields(device.policy), wire);
    EXPECT_TRUE(body);
    const auto parsed = parse_offer(*body, plain_dh().offer_fields(client.policy));
    return start(parsed ? Body(*parsed) : Body(parsed.error()));
  }
  Result<> finish(ByteView share, SharedSecret& secret) {
    KeyExchangeState once = state;
    return plain_dh().finish(client, {}, once, Share{share, {}}, secret);
  }

  StreamRandom device_random{1, "device"}, client_random{2, "client"};
  Group configured = ffdhe2048();
  DeviceSide device;
  ClientSide client;
  KeyExchangeState state;
  Agreed agreed;
  Bytes sent = Bytes(1024), answer = Bytes(1024);
};

TEST(NamedGroups, BothSidesAgreeWhicheverIsOffered) {
  for (const NamedGroup number : all_groups) {
    SCOPED_TRACE(name(number));
    const Group group = group_of(number);
    const std::size_t exponent_bytes = number == NamedGroup::ffdhe3072 ? 40 : 32;
    for (Backend* backend : backends()) {
      Parties parties(named_groups(number), named_groups({}), *backend);
      const auto share = parties.start();
      ASSERT_TRUE(share);
      EXPECT_EQ(std::get<Share>(*share).value.size(), share_size(group));
      const auto answer = parties.respond(std::get<Share>(*share).value);
      ASSERT_TRUE(answer);
      EXPECT_EQ(parties.state.exponent.size(), exponent_bytes);
      EXPECT_EQ(parties.client_random.position(), exponent_bytes);
      EXPECT_EQ(parties.device_random.position(), exponent_bytes);
      SharedSecret secret;
      const ByteView peer = std::get<Share>(*answer).value;
      ASSERT_TRUE(parties.finish(peer, secret));
      EXPECT_EQ(copy(secret.view()), copy(parties.agreed.secret.view())) << backend->name();
      const ByteView exponent = parties.state.exponent.view();
      Bytes expected(secret.size());  // by hand
      if (number == NamedGroup::secp256r1) {
        expected.resize(p256_point_size);
        ASSERT_TRUE(crypto().p256_mul(exponent, peer, expected));
        expected = copy(ByteView(expected).subspan(1, 32));
      } else {
        ASSERT_TRUE(number == NamedGroup::x25519
                        ? crypto().x25519(exponent, peer, expected)
                        : crypto().mod_exp(peer, exponent, group.p, expected));
      }
      EXPECT_EQ(copy(secret.view()), expected) << backend->name();
    }
  }
}

// What no share may be, by what it is.
std::vector<std::pair<std::string, Bytes>> bad_shares(const Group& group) {
  const std::size_t size = share_size(group);
  std::vector<std::pair<std::string, Bytes>> bad = {
      {"none", {}}, {"one byte", {2}}, {"short", Bytes(size - 1, 2)}, {"long", Bytes(size + 1, 2)}};
  const auto add = [&](std::string what, Bytes share) { bad.emplace_back(what, std::move(share)); };
  if (!group.p.empty()) {
    add("0", Bytes(size));
    add("1", flipped(Bytes(size), 8 * size - 8));
    Bytes share(size, 0xff);
    (void)subtract(group.p, share, share);  // modulo 256^size
    add("p + 1", share);
    add("p", copy(group.p));
    const Bytes minus_one = flipped(group.p, 8 * size - 8);
    add("p - 1", minus_one);
    Bytes q(size), power(size);
    for (std::size_t i = 0; i < size; ++i) {
      q[i] = static_cast<Byte>((i == 0 ? 0 : group.p[i - 1] << 7U) | group.p[i] >> 1U);
    }
    for (const Byte less : {Byte{2}, Byte{4}, Byte{9}}) {
      share = copy(group.p);
      share.back() = static_cast<Byte>(share.back() - less);
      add("p - " + std::to_string(less), share);
      EXPECT_TRUE(crypto().mod_exp(share, q, group.p, power));
      EXPECT_EQ(power, minus_one) << "Euler's criterion: of order 2q";
    }
  } else if (group.name == NamedGroup::secp256r1) {
    const Bytes point = copy(p256_generator());
    add("infinity", Bytes(size));
    add("off the curve", flipped(point, 8 * size - 1));
    for (const Byte form : {Byte{0}, Byte{2}, Byte{3}, Byte{5}, Byte{6}, Byte{7}}) {
      add("form " + std::to_string(form), Bytes{form} + ByteView(point).subspan(1));
    }
    add("compressed", Bytes{3} + ByteView(point).subspan(1, 32));
    add("97 bytes", point + Bytes(32));
    // (0, y) is on the curve; (p, y) is the same modulo p.
    const Bytes y = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
    const Bytes p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    EXPECT_TRUE(crypto().check_p256_share(Bytes{4} + Bytes(32) + y));
    add("x is p", Bytes{4} + p + y);
    add("y is above p", copy(ByteView(point).first(33)) + Bytes(32, 0xff));
  } else {
    // All of small order (RFC 7748 section 7), each with the top bit, which is ignored, and
    // without.
    const Bytes ones(30, 0xff);
    for (const Bytes& u : {Bytes(32), Bytes{1} + Bytes(31),
                           hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
                           hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
                           Bytes{0xec} + ones + Bytes{0x7f}, Bytes{0xed} + ones + Bytes{0x7f},
                           Bytes{0xee} + ones + Bytes{0x7f}}) {
      add("u of small order " + std::to_string(u[0]), u);
      add("the same, top bit " + std::to_string(u[0]), flipped(u, 255));
    }
  }
  return bad;
}

TEST(NamedGroups, SharesThatAreNoneAreRefusedOnBothSides) {
  for (const NamedGroup number : all_groups) {
    const Group group = group_of(number);
    Parties parties(named_groups(number));
    ASSERT_TRUE(parties.start());
    if (!group.p.empty()) {
      EXPECT_TRUE(parties.respond(Bytes(group.p.size() - 1) + Bytes{4})) << "2 squared";
    }
    for (const auto& [what, share] : bad_shares(group)) {
      SCOPED_TRACE(std::string(name(number)) + ": " + what);
      const std::uint64_t drawn = parties.device_random.position();
      EXPECT_EQ(code_of(parties.respond(share)), Errc::out_of_range);
      // X25519 is judged by its secret, which takes an exponent.
      const bool is_u = number == NamedGroup::x25519 && share.size() == x25519_size;
      EXPECT_TRUE(is_u || parties.device_random.position() == drawn);
      SharedSecret secret;
      EXPECT_EQ(code_of(parties.finish(share, secret)), Errc::out_of_range);
      if (group.p.empty()) {  // whatever the policy
        EXPECT_EQ(code_of(agree(crypto(), group, Bytes(32, 1), share, secret)), Errc::out_of_range);
      }
    }
  }
}

TEST(NamedGroups, OtherOffersAreRefused) {
  for (const NamedGroup policy : all_groups) {
    Parties parties(take_any(), named_groups(policy));
    EXPECT_EQ(code_of(parties.start()), Errc::unknown_field) << "p and g on the wire";
    const Offer explicit_group{.p = ffdhe2048().p, .g = ffdhe2048().g};
    const Error refused{Errc::out_of_range, "offer: group"};
    EXPECT_EQ(error_of(parties.start(explicit_group)), refused);
    for (const unsigned number : {0U, 1U, 22U, 24U, 25U, 28U, 30U, 255U, 258U, 0x1700U, 0xffffU}) {
      const Bytes bytes = {static_cast<Byte>(number >> 8U), static_cast<Byte>(number)};
      EXPECT_EQ(error_of(parties.start(Offer{.group = bytes})), refused) << number;
    }
    for (const Bytes& bytes : {Bytes{29}, {0, 0, 29}, {1}, {0, 1, 0}, {29, 0}}) {
      EXPECT_EQ(error_of(parties.start(Offer{.group = bytes})), refused);
    }
    EXPECT_EQ(parties.client_random.position(), 0U);
  }
}

// As posted the same shares are taken, on both sides.
TEST(NamedGroups, TakeAnyTakesThemAll) {
  Parties parties(take_any(), take_any());
  ASSERT_TRUE(parties.start());
  for (const auto& [what, share] : bad_shares(ffdhe2048())) {
    EXPECT_TRUE(parties.respond(share)) << what;
    SharedSecret secret;
    EXPECT_TRUE(parties.finish(share, secret)) << what;
    EXPECT_EQ(secret.size(), 256U);
  }
}

}  // namespace
}  // namespace wib::props
