// SPDX-License-Identifier: Apache-2.0
//
// The slots of a suite are asked, each at its place: a suite with slots that refuse, fail and
// count. As posted they all say yes, so that nothing else would see a core that forgot to ask.
#include <gtest/gtest.h>

#include "props/support/drive.h"

namespace wib::props {
namespace {

Instant at(int ms) { return std::chrono::milliseconds(ms); }

struct ClosedGate final : EntropyGate {
  std::string_view name() const noexcept override { return "closed"; }
  bool gates() const noexcept override { return false; }
  Result<> ready(Crypto&, NoiseSource&, GateState&) const override {
    return fail(Errc::entropy, "noise: not ready");
  }
  Result<> fill(Crypto&, Random& random, GateState&, ByteSpan out) const override {
    return random.fill(out);
  }
};

struct BrokenEpoch final : Freshness {
  std::string_view name() const noexcept override { return "broken"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::none; }
  Result<std::uint64_t> next_epoch(Store&) const override {
    return fail(Errc::storage, "store: epoch");
  }
};

struct CountedAttempts final : AttemptLimit {
  explicit CountedAttempts(int allowed) : limit(allowed) {}
  std::string_view name() const noexcept override { return "counted"; }
  bool limits() const noexcept override { return false; }
  Result<> may_open(Store&, bool) const override { return {}; }
  bool exhausted(Store&, const AttemptState&) const override { return false; }
  Result<> charge(Store&, AttemptState&) const override {
    if (charged == limit) return fail(Errc::refused, "attempts: none left");
    ++charged;
    return {};
  }
  Result<> refund(Store&, AttemptState&) const override {
    --charged;
    return {};
  }
  int limit;
  mutable int charged = 0;
};

// Refuses every group, or every share of the peer.
struct Strict final : GroupPolicy {
  Strict(bool groups, bool shares) : no_groups(groups), no_shares(shares) {}
  std::string_view name() const noexcept override { return "strict"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::explicit_group; }
  Group group(const Group& configured) const noexcept override { return configured; }
  void fill_offer(const Group& configured, Offer& offer) const noexcept override {
    take_any().fill_offer(configured, offer);
  }
  Result<Group> take_offer(const Offer& offer) const override {
    if (no_groups) return fail(Errc::refused, "offer: group");
    return take_any().take_offer(offer);
  }
  Result<> check_share(Crypto&, const Group&, ByteView) const override {
    return no_shares ? fail(Errc::refused, "dh.wib: share") : Result<>{};
  }
  bool no_groups, no_shares;
};

struct OneShort final : SessionPolicy {
  std::string_view name() const noexcept override { return "one, short"; }
  bool strict() const noexcept override { return false; }
  std::size_t max_sessions() const noexcept override { return 1; }
  Instant window() const noexcept override { return at(100); }
  Instant lifetime() const noexcept override { return at(10); }
};

// The as-posted suite with other slots.
struct Slots {
  const GroupPolicy* groups = &take_any();
  const SessionPolicy* sessions = &several_sessions();
  const AttemptLimit* attempts = &unlimited_attempts();
  const EntropyGate* gate = &no_gate();
  const Freshness* freshness = &no_freshness();

  [[nodiscard]] Suite suite() const {
    const Suite& posted = *find_suite("as_posted");
    return {posted.key_exchange, *freshness, posted.key_schedule,
            posted.protection,   *groups,    *sessions,
            *attempts,           *gate};
  }
};

// Checks that a run ends with `status` and `error` at the `count`-th answer.
void expect_end(const Slots& slots, std::size_t count, Status status, const Error& error) {
  const Suite suite = slots.suite();
  ToyDevice device(suite);
  ToyClient client(*find_suite("as_posted"));
  device.device.press(at(0));
  const Driven run = drive(device.device, client.client);
  ASSERT_EQ(run.replies.size(), count);
  EXPECT_EQ(run.replies.back().status, status);
  EXPECT_EQ(run.replies.back().error, error);
  EXPECT_EQ(run.client, ClientState::failed);
}

TEST(Slots, TheEntropyGateIsAskedForASession) {
  const ClosedGate gate;
  expect_end({.gate = &gate}, 1, Status::service_unavailable, {Errc::entropy, "noise: not ready"});
}

TEST(Slots, AnEpochIsTakenForASession) {
  const BrokenEpoch freshness;
  expect_end({.freshness = &freshness}, 1, Status::service_unavailable,
             {Errc::storage, "store: epoch"});
}

TEST(Slots, TheDeviceAsksTheGroupPolicyForTheShare) {
  const Strict strict(false, true);
  expect_end({.groups = &strict}, 2, Status::bad_request, {Errc::refused, "dh.wib: share"});
}

TEST(Slots, TheClientAsksTheGroupPolicyForGroupAndShare) {
  for (const bool groups : {true, false}) {
    const Strict strict(groups, !groups);
    const Suite suite = Slots{.groups = &strict}.suite();
    ToyDevice device(*find_suite("as_posted"));
    ToyClient client(suite);
    device.device.press(at(0));
    const Driven run = drive(device.device, client.client);
    EXPECT_EQ(run.client, ClientState::failed);
    EXPECT_EQ(run.replies.size(), groups ? 1U : 2U);
  }
}

// The attempt is charged before anything is looked at, and given back for the right serial alone.
TEST(Slots, AnAttemptIsChargedAndRefunded) {
  const CountedAttempts attempts(2);
  const Suite suite = Slots{.attempts = &attempts}.suite();
  ToyDevice device(suite);
  device.device.press(at(0));
  for (const auto& [serial, charged, status] : {std::tuple{toy_serial, 0, Status::no_content},
                                                {"TOY-2", 1, Status::unauthorized},
                                                {toy_serial, 1, Status::no_content},
                                                {"TOY-3", 2, Status::unauthorized},
                                                {toy_serial, 2, Status::unauthorized}}) {
    device.device.press(at(0));
    ToyClient client(*find_suite("as_posted"), 2, "owner", serial);
    const Driven run = drive(device.device, client.client);
    ASSERT_GE(run.replies.size(), 3U);
    EXPECT_EQ(run.replies[2].status, status) << serial;
    EXPECT_EQ(attempts.charged, charged) << serial;
  }
}

TEST(Slots, TheSessionPolicyCountsAndTimes) {
  const OneShort sessions;
  const Suite suite = Slots{.sessions = &sessions}.suite();
  ToyDevice toy(suite);
  Device& device = toy.device;
  const Request get{Endpoint::get_dh, {}, {}};
  device.press(at(0));
  EXPECT_EQ(device.handle(at(0), get).status, Status::ok);
  EXPECT_EQ(device.handle(at(9), get).status, Status::service_unavailable);
  EXPECT_EQ(device.handle(at(10), get).status, Status::ok);
  EXPECT_EQ(device.handle(at(99), get).status, Status::ok);
  EXPECT_EQ(device.handle(at(100), get).status, Status::forbidden);
}

}  // namespace
}  // namespace wib::props
