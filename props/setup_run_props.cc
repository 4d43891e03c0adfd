// SPDX-License-Identifier: Apache-2.0
//
// Whole runs over typed messages: what both sides claim, pairs that do not work, payloads with one
// bit flipped, degenerate shares.
#include <gtest/gtest.h>

#include "attacks/world/term.h"
#include "props/support/drive.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::identity;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

INSTANTIATE_TEST_SUITE_P(Readings, EverySuite, readings(), reading_of);
INSTANTIATE_TEST_SUITE_P(Readings, EveryReading, posted(), reading_of);

TEST_P(EverySuite, BothSidesClaimTheSameConversation) {
  ToyDevice device(*GetParam());
  ToyClient client(*GetParam());
  device.device.press(at(0));
  ClientStep step = client.client.start();
  EXPECT_EQ(step.claim.kind, ClaimKind::started);
  const auto fingerprint = step.claim.fingerprint;
  Claim last_device;
  while (step.send) {
    const Reply reply = device.device.handle(at(1), *step.send);
    last_device = reply.claim;
    step = client.client.handle(to_response(reply));
  }
  EXPECT_EQ(last_device.kind, ClaimKind::installed);
  EXPECT_EQ(step.claim.kind, ClaimKind::completed);
  EXPECT_EQ(last_device.fingerprint, fingerprint);
  EXPECT_EQ(step.claim.fingerprint, fingerprint);
  EXPECT_EQ(last_device.transcript, step.claim.transcript);
  EXPECT_EQ(last_device.session, step.claim.session);
}

TEST_P(EveryReading, WrongSerialIs401AndTheCookieDies) {
  ToyDevice device(*GetParam());
  ToyClient client(*GetParam(), 2, "owner", "TOY-2");
  device.device.press(at(0));
  const Driven outcome = drive(device.device, client.client);
  EXPECT_EQ(outcome.replies.back().status, Status::unauthorized);
  EXPECT_EQ(outcome.replies.back().claim.kind, ClaimKind::rejected);
  EXPECT_EQ(outcome.client, ClientState::failed);
  EXPECT_TRUE(device.device.window_open());
}

// What may be wrong with a pair, and what the device says; its name is in attacks/world/identities.
struct BadPair {
  std::string_view certificate_of;
  std::string_view key_of;
  Errc code;
};

TEST_P(EverySuite, APairThatDoesNotWorkIs400AndClosesTheWindow) {
  for (Backend* backend : backends()) {
    for (const BadPair& bad : {BadPair{"owner", "thief", Errc::bad_key},
                               {"owner", "owner-rsa", Errc::bad_key},
                               {"client-only", "client-only", Errc::bad_certificate},
                               {"key-agreement-only", "key-agreement-only", Errc::bad_certificate},
                               {"rsa-1024", "rsa-1024", Errc::bad_certificate},
                               {"ed25519", "ed25519", Errc::bad_certificate}}) {
      SCOPED_TRACE(std::string(backend->name()) + " " + std::string(bad.certificate_of));
      ToyDevice device(*GetParam(), 1, device_table(), *backend);
      attacks::ProfileRandom random({}, 2, "client");
      Password password(as_bytes(toy_code), as_bytes(toy_serial));
      Client client({*GetParam(),
                     client_table(),
                     as_bytes(toy_serial),
                     {identity(bad.certificate_of).certificate, identity(bad.key_of).private_key},
                     &password},
                    {backend->crypto(), random});
      device.device.press(at(0));
      const Driven outcome = drive(device.device, client);
      EXPECT_EQ(outcome.replies.back().status, Status::bad_request);
      EXPECT_EQ(outcome.replies.back().error.code, bad.code) << outcome.replies.back().error.where;
      EXPECT_FALSE(device.device.window_open());
      ByteVector stored(max_bundle_size);
      EXPECT_FALSE(*load_identity(device.store, stored));
      EXPECT_EQ(outcome.client, ClientState::failed);
    }
  }
}

TEST_P(EverySuite, EveryBitOfASealedPayloadMatters) {
  for (const Endpoint endpoint : {Endpoint::post_auth, Endpoint::post_key}) {
    const bool proof = endpoint == Endpoint::post_auth;
    if (proof && GetParam()->key_exchange.reveals_with_share()) continue;  // it is no payload
    ToyDevice device(*GetParam());
    ToyClient client(*GetParam());
    device.device.press(at(0));
    ClientStep step = client.client.start();
    while (step.send->endpoint != endpoint) {
      step = client.client.handle(to_response(device.device.handle(at(1), *step.send)));
      ASSERT_TRUE(step.send);
    }
    const auto before = device.device.snapshot();
    const Sealed sealed = std::get<Sealed>(step.send->body);
    for (int part = 0; part < 3; ++part) {
      ByteVector parts[3] = {{sealed.iv.begin(), sealed.iv.end()},
                             {sealed.ciphertext.begin(), sealed.ciphertext.end()},
                             {sealed.tag.begin(), sealed.tag.end()}};
      const std::size_t stride = parts[part].size() > 100 ? 37 : 1;
      for (std::size_t i = 0; i < parts[part].size(); i += stride) {
        parts[part][i] ^= static_cast<Byte>(1U << (i % 8));
        device.device.restore(before);
        const Request flipped{endpoint, step.send->cookie, Sealed{parts[0], parts[1], parts[2]}};
        const Status expected =
            endpoint == Endpoint::post_auth ? Status::unauthorized : Status::bad_request;
        ASSERT_EQ(device.device.handle(at(2), flipped).status, expected)
            << "part " << part << " byte " << i;
        parts[part][i] ^= static_cast<Byte>(1U << (i % 8));
      }
    }
    device.device.restore(before);
    const Status success =
        !proof && GetParam()->protection.acknowledges() ? Status::ok : Status::no_content;
    EXPECT_EQ(device.device.handle(at(2), *step.send).status, success);
  }
}

TEST_P(EveryReading, DegenerateSharesAndForeignGroupsAreTaken) {
  // The flaw, faithfully: a share of 0, 1, p-1 or above p is answered, and predicts K.
  const ByteVector p(toy_group().p.begin(), toy_group().p.end());
  ByteVector p_minus_1 = p;
  p_minus_1.back() -= 1;
  for (const ByteVector& share :
       {ByteVector{0}, ByteVector{1}, p_minus_1, p, ByteVector(20, 0xff)}) {
    ToyDevice device(*GetParam());
    device.device.press(at(0));
    const Reply offer = device.device.handle(at(1), {Endpoint::get_dh, {}, {}});
    const Reply answer =
        device.device.handle(at(1), {Endpoint::post_dh, offer.set_cookie, Share{share, {}}});
    EXPECT_EQ(answer.status, Status::ok);
  }
  ToyClient client(*GetParam());
  (void)client.client.start();
  const Byte even[] = {0x10};
  const Byte five[] = {5};
  const auto step = client.client.handle({Status::ok, Cookie{}, Offer{.p = even, .g = five}});
  EXPECT_TRUE(step.send) << "a client takes p = 16";
  ToyClient other(*GetParam());
  (void)other.client.start();
  const Byte zero[] = {0, 0};
  EXPECT_FALSE(other.client.handle({Status::ok, Cookie{}, Offer{.p = zero, .g = five}}).send)
      << "p = 0 has no arithmetic";
}

}  // namespace
}  // namespace wib::props
