// SPDX-License-Identifier: Apache-2.0
//
// What device and client say of themselves (claims, errors), and what they forget: plaintexts once
// they are used, keys once a run is over.
#include <gtest/gtest.h>

#include "attacks/world/term.h"
#include "props/support/drive.h"

namespace wib::props {
namespace {

using attacks::identity;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

const Suite& suite() { return *find_suite("as_posted"); }

// True if the object itself holds those bytes (not what it points to).
template <class T>
bool holds(const T& object, ByteView bytes) {
  const ByteView memory(reinterpret_cast<const Byte*>(&object), sizeof(T));
  return !std::ranges::search(memory, bytes).empty();
}

// The middle of the owner's private key, which is in every plaintext of key.wib.
ByteView key_part() { return ByteView(identity("owner").private_key).subspan(40, 24); }

// --- What they forget ---------------------------------------------------------------------------

INSTANTIATE_TEST_SUITE_P(Readings, EverySuite, readings(), reading_of);

TEST_P(EverySuite, NoPlaintextIsKept) {
  for (const std::string_view serial : {toy_serial, std::string_view("TOY-2-which-is-wrong")}) {
    ToyDevice device(*GetParam());
    ToyClient client(*GetParam(), 2, "owner", serial);
    device.device.press(at(0));
    ClientStep step = client.client.start();
    while (step.send) {
      EXPECT_FALSE(holds(client.client, key_part())) << name(client.client.state());
      const Reply reply = device.device.handle(at(1), *step.send);
      EXPECT_FALSE(holds(device.device, as_bytes(serial))) << name(step.send->endpoint);
      EXPECT_FALSE(holds(device.device, key_part())) << name(step.send->endpoint);
      step = client.client.handle(to_response(reply));
    }
    EXPECT_FALSE(holds(client.client, key_part()));
  }
}

TEST_P(EverySuite, AClientThatIsDoneHasNoKeys) {
  for (const std::string_view serial : {toy_serial, std::string_view("TOY-2")}) {
    ToyDevice device(*GetParam());
    ToyClient client(*GetParam(), 2, "owner", serial);
    device.device.press(at(0));
    (void)drive(device.device, client.client);
    const ClientSnapshot& left = client.client.snapshot();
    for (const DirectionKeys& keys : {left.keys.to_device, left.keys.to_client}) {
      EXPECT_TRUE(keys.encryption.view().empty());
      EXPECT_TRUE(keys.mac.view().empty());
    }
    EXPECT_TRUE(left.key_exchange.exponent.view().empty());
    EXPECT_TRUE(left.key_exchange.p.view().empty());
  }
  // Also one that gave up with its exponent drawn.
  ToyDevice device(*GetParam());
  ToyClient client(*GetParam());
  device.device.press(at(0));
  const ClientStep first = client.client.start();
  (void)client.client.handle(to_response(device.device.handle(at(1), *first.send)));
  EXPECT_FALSE(client.client.snapshot().key_exchange.exponent.view().empty());
  (void)client.client.lost({Errc::malformed, "test"});
  EXPECT_TRUE(client.client.snapshot().key_exchange.exponent.view().empty());
}

// --- What the device says -----------------------------------------------------------------------

TEST(DeviceClaims, KeyBeforeAuthIsARejectionOfThatSession) {
  ToyDevice device(suite());
  device.device.press(at(0));
  const Reply offer = device.device.handle(at(1), {Endpoint::get_dh, {}, {}});
  const Reply reply = device.device.handle(at(1), {Endpoint::post_key, offer.set_cookie, {}});
  EXPECT_EQ(reply.claim.kind, ClaimKind::rejected);
  EXPECT_EQ(reply.claim.session, *offer.set_cookie);
}

TEST(DeviceClaims, ASecondAuthIsNoProof) {
  ToyDevice device(suite());
  ToyClient client(suite());
  device.device.press(at(0));
  ClientStep step = client.client.start();
  Reply reply;
  while (step.send && step.send->endpoint != Endpoint::post_key) {
    reply = device.device.handle(at(1), *step.send);
    step = client.client.handle(to_response(reply));
  }
  EXPECT_EQ(reply.claim.kind, ClaimKind::authenticated);
  const auto cookie = client.client.snapshot().cookie;
  reply = device.device.handle(at(1), {Endpoint::post_auth, cookie, {}});
  EXPECT_EQ(reply.status, Status::conflict);
  EXPECT_EQ(reply.claim.kind, ClaimKind::none);
}

// --- What the client says -----------------------------------------------------------------------

TEST(ClientErrors, AnOfferWithoutACookieIsNone) {
  ToyClient client(suite());
  (void)client.client.start();
  const ClientStep step = client.client.handle(
      {Status::ok, std::nullopt, Offer{.p = toy_group().p, .g = toy_group().g}});
  EXPECT_FALSE(step.send);
  EXPECT_EQ(step.error, (Error{Errc::missing_field, "offer: Set-Cookie"}));
}

// What was read of an answer that turned out bad is not taken over.
TEST(ClientErrors, ABadAnswerLeavesNothing) {
  ToyClient client(suite());
  (void)client.client.start();
  const ClientStep step =
      client.client.handle({Status::ok, Cookie{1, 2, 3}, Error{Errc::malformed, "test"}});
  EXPECT_EQ(step.error, (Error{Errc::malformed, "test"}));
  EXPECT_EQ(step.claim.kind, ClaimKind::aborted);
  EXPECT_EQ(step.claim.session, Cookie{});
  EXPECT_FALSE(client.client.snapshot().cookie);
}

TEST(ClientErrors, WhatComesOutOfOrderIsSaid) {
  ToyClient client(suite());
  (void)client.client.start();
  const ClientStep again = client.client.start();
  EXPECT_EQ(client.client.state(), ClientState::failed);
  EXPECT_EQ(again.error, (Error{Errc::unexpected, "start"}));
}

TEST(ClientErrors, ARunThatIsOverClaimsNothingMore) {
  ToyDevice device(suite());
  ToyClient client(suite());
  device.device.press(at(0));
  ASSERT_EQ(drive(device.device, client.client).client, ClientState::completed);
  EXPECT_EQ(client.client.handle({Status::no_content, {}, {}}).claim.kind, ClaimKind::none);
  EXPECT_EQ(client.client.lost({Errc::malformed, "test"}).claim.kind, ClaimKind::none);
}

}  // namespace
}  // namespace wib::props
