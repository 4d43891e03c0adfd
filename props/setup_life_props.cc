// SPDX-License-Identifier: Apache-2.0
//
// The life of a device: restarts, a second press, time, floods, cookies, its store, snapshots.
#include <gtest/gtest.h>

#include "attacks/world/term.h"
#include "props/support/drive.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::identity;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

TEST(Setup, ARestartForgetsSessionsAndKeepsTheIdentity) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  device.device.press(at(0));
  ToyClient client(suite);
  ASSERT_EQ(drive(device.device, client.client).client, ClientState::completed);
  device.device.press(at(10));
  const Reply offer = device.device.handle(at(11), {Endpoint::get_dh, {}, {}});
  device.device.restart();
  EXPECT_FALSE(device.device.window_open());
  EXPECT_EQ(device.device.state_for(offer.set_cookie), DeviceState::closed);
  device.device.press(at(20));
  EXPECT_EQ(device.device.state_for(offer.set_cookie), DeviceState::no_session);
  ByteVector stored(max_bundle_size);
  EXPECT_TRUE(*load_identity(device.store, stored));
}

TEST(Setup, ASecondPressReplacesThePair) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  for (const std::string_view owner : {"owner", "owner-rsa"}) {
    device.device.press(at(0));
    ToyClient client(suite, 2, owner);
    ASSERT_EQ(drive(device.device, client.client).client, ClientState::completed);
    ByteVector stored(max_bundle_size);
    const auto installed = load_identity(device.store, stored);
    ASSERT_TRUE(installed && *installed);
    EXPECT_TRUE(same_bytes((*installed)->certificate, identity(owner).certificate));
  }
}

TEST(Setup, SessionsAndWindowEndOnTheMillisecond) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  Device& core = device.device;
  core.press(at(0));
  const Reply offer = core.handle(at(100), {Endpoint::get_dh, {}, {}});
  core.tick(at(100 + 59'999));
  EXPECT_EQ(core.state_for(offer.set_cookie), DeviceState::await_share);
  core.tick(at(100 + 60'000));
  EXPECT_EQ(core.state_for(offer.set_cookie), DeviceState::no_session);
  core.tick(at(299'999));
  EXPECT_TRUE(core.window_open());
  core.tick(at(300'000));
  EXPECT_FALSE(core.window_open());
}

TEST(Setup, AFloodEndsAndTheOwnerGetsThrough) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  device.device.press(at(0));
  std::size_t given = 0;
  for (int i = 0; i < 1000; ++i) {
    if (device.device.handle(at(1), {Endpoint::get_dh, {}, {}}).status == Status::ok) ++given;
  }
  EXPECT_EQ(given, session_capacity);
  ToyClient client(suite);
  EXPECT_EQ(drive(device.device, client.client, at(60'001)).client, ClientState::completed);
}

TEST(Setup, ACookieNamesOneSession) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  device.random = attacks::ProfileRandom({attacks::EntropyKind::constant, 0}, 1, "device");
  device.device.press(at(0));
  const Reply first = device.device.handle(at(1), {Endpoint::get_dh, {}, {}});
  const Byte share[] = {2};
  ASSERT_EQ(device.device.handle(at(1), {Endpoint::post_dh, first.set_cookie, Share{share}}).status,
            Status::ok);
  EXPECT_EQ(device.device.state_for(first.set_cookie), DeviceState::await_auth);
  const Reply second = device.device.handle(at(1), {Endpoint::get_dh, {}, {}});
  EXPECT_EQ(second.set_cookie, first.set_cookie);
  EXPECT_EQ(device.device.state_for(first.set_cookie), DeviceState::await_share)
      << "the older session is gone";
  EXPECT_EQ(std::ranges::count_if(device.device.snapshot().sessions,
                                  [](const Session& s) { return s.live(); }),
            1);
}

TEST(Setup, ACookieOfZerosNamesNoFreePlace) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  device.device.press(at(0));
  const Reply reply = device.device.handle(at(1), {Endpoint::post_auth, Cookie{}, {}});
  EXPECT_EQ(reply.status, Status::unauthorized);
  EXPECT_EQ(reply.claim.kind, ClaimKind::none) << "there was no session to reject";
}

TEST(Setup, AStoredRecordThatDoesNotParseIsAnError) {
  attacks::MemoryStore store;
  const Byte junk[] = {0xa1, 0x01};
  ASSERT_TRUE(store.put(Record::identity, junk));
  ByteVector buffer(max_bundle_size);
  const auto loaded = load_identity(store, buffer);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::storage);
}

TEST(Setup, ASnapshotGoesOnWhereItWasTaken) {
  const Suite& suite = *find_suite("as_posted");
  ToyDevice device(suite);
  ToyClient client(suite);
  device.device.press(at(0));
  ClientStep step = client.client.start();
  step = client.client.handle(to_response(device.device.handle(at(1), *step.send)));
  step = client.client.handle(to_response(device.device.handle(at(1), *step.send)));
  ASSERT_TRUE(step.send);
  const auto snapshot = device.device.snapshot();
  for (int i = 0; i < 3; ++i) {
    device.device.restore(snapshot);
    EXPECT_EQ(device.device.handle(at(2), *step.send).status, Status::no_content);
  }
}

}  // namespace
}  // namespace wib::props
