// SPDX-License-Identifier: Apache-2.0
//
// What a device counts over its life: the record; the epoch, which no two runs share, whatever the
// power does; what becomes of a replay where the generator repeats itself, and of a store that
// somebody puts back.
#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <utility>

#include "attacks/world/term.h"
#include "props/support/drive.h"
#include "protocol/big_endian.h"
#include "protocol/counters.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::MemoryStore;

constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t all_spent = std::numeric_limits<std::uint32_t>::max();

Instant at(int ms) { return std::chrono::milliseconds(ms); }

Counters load(Store& store) {
  const auto counters = load_counters(store);
  EXPECT_TRUE(counters);
  return counters.value_or(Counters{});
}

void expect_counters(Store& store, const Counters& expected) {
  const Counters counters = load(store);
  EXPECT_EQ(counters.version, expected.version);
  EXPECT_EQ(counters.epoch, expected.epoch);
  EXPECT_EQ(counters.charged, expected.charged);
  EXPECT_EQ(counters.rolled_back, expected.rolled_back);
}

// A store with a monotonic counter, whose power goes after so many steps: a record that is written
// and the counter that is raised are one each. `late`: the step at which it goes is done, but
// nobody is told.
struct CutStore final : Store {
  Result<std::optional<std::size_t>> get(Record record, ByteSpan out) override {
    return records.get(record, out);
  }
  Result<> put(Record record, ByteView contents) override {
    return step([&] { return records.put(record, contents); });
  }
  Result<std::optional<std::uint64_t>> monotonic() override {
    if (fail_monotonic) return fail(Errc::storage, "store: counter");
    return counter;
  }
  Result<> raise_monotonic(std::uint64_t value) override {
    return step([&] -> Result<> {
      counter = std::max(counter, value);
      return {};
    });
  }

  template <class Do>
  Result<> step(const Do& done) {
    if (steps_left != 0) {
      if (steps_left) --*steps_left;
      return done();
    }
    if (std::exchange(late, false)) (void)done();
    return fail(Errc::storage, "store: power is gone");
  }

  MemoryStore records;
  std::uint64_t counter = 0;
  std::optional<std::size_t> steps_left;
  bool late = false;
  bool fail_monotonic = false;
};

// --- The record ---------------------------------------------------------------------------------

TEST(Counters, AreOneRecord) {
  MemoryStore store;
  expect_counters(store, {});
  ASSERT_TRUE(store_counters(store, {0x0102030405060707, 0x1112131415161718, 0x21222324}));
  expect_counters(store, {0x0102030405060708, 0x1112131415161718, 0x21222324});
  ByteVector record(100);
  ASSERT_EQ(store.get(Record::counters, record), counters_size);
  record.resize(counters_size);
  EXPECT_EQ(record, *attacks::from_hex("0102030405060708111213141516171821222324"));
  for (const Counters& counters :
       {Counters{0, top, all_spent}, {top - 1, 0, 0}, {1, 1, 0}, {top - 1, top, all_spent}}) {
    ASSERT_TRUE(store_counters(store, counters));
    expect_counters(store, {counters.version + 1, counters.epoch, counters.charged});
  }
}

TEST(Counters, ARecordOfAnotherSizeIsNone) {
  for (std::size_t size = 0; size < counters_size; ++size) {
    MemoryStore store;
    ASSERT_TRUE(store.put(Record::counters, ByteVector(size)));
    const auto counters = load_counters(store);
    ASSERT_FALSE(counters) << size;
    EXPECT_EQ(counters.error().code, Errc::storage);
  }
  MemoryStore store;
  ASSERT_TRUE(store.put(Record::counters, ByteVector(counters_size + 1)));
  EXPECT_FALSE(load_counters(store));
}

TEST(Counters, AStoreThatFailsKeepsTheOld) {
  CutStore store;
  ASSERT_TRUE(store_counters(store, {0, 7, 3}));
  store.records.fail_writes = true;
  EXPECT_EQ(store_counters(store, {1, 8, 4}).error().code, Errc::storage);
  expect_counters(store, {1, 7, 3});
  store.fail_monotonic = true;
  EXPECT_EQ(load_counters(store).error().code, Errc::storage);
  store.fail_monotonic = false;
  store.records.fail_reads = true;
  EXPECT_EQ(load_counters(store).error().code, Errc::storage);
}

TEST(Counters, TheVersionCountsWritesToItsEnd) {
  MemoryStore store;
  store.has_monotonic = true;
  for (std::uint64_t n = 1; n <= 5; ++n) {
    ASSERT_TRUE(store_counters(store, load(store)));
    expect_counters(store, {n, 0, 0});
    EXPECT_EQ(store.monotonic(), n);
  }
  ASSERT_TRUE(store_counters(store, {top - 1, 9, 9}));
  for (int n = 0; n < 2; ++n) {
    EXPECT_EQ(store_counters(store, load(store)).error().code, Errc::storage);
    expect_counters(store, {top, 9, 9});
  }
}

TEST(Counters, AnOlderRecordThanTheCounterIsARollback) {
  MemoryStore store;
  store.has_monotonic = true;
  ASSERT_TRUE(store.raise_monotonic(50));
  expect_counters(store, {50, 50, all_spent, true});  // there is no record at all
  ASSERT_TRUE(store_counters(store, {48, 20, 3}));    // version 49
  expect_counters(store, {50, 50, all_spent, true});
  ASSERT_TRUE(store_counters(store, {48, 70, 3}));
  expect_counters(store, {50, 70, all_spent, true});
  ASSERT_TRUE(store_counters(store, {49, 20, 3}));  // version 50
  expect_counters(store, {50, 20, 3});
  ASSERT_TRUE(store_counters(store, load(store)));
  expect_counters(store, {51, 20, 3});
  EXPECT_EQ(store.monotonic(), 51U);
}

// --- The epoch ----------------------------------------------------------------------------------

constexpr std::array with_epoch = {"hardened", "hardened+session_policy=several",
                                   "as_posted+freshness=epoch"};

const Request get_offer{Endpoint::get_dh, {}, {}};

std::optional<std::uint64_t> epoch_of(const Reply& reply) {
  const Offer* offer = std::get_if<Offer>(&reply.body);
  if (offer == nullptr || offer->epoch.empty()) return std::nullopt;
  EXPECT_EQ(offer->epoch.size(), 8U);
  return read_u64(offer->epoch);
}

// The epoch of the first offer after a press.
std::optional<std::uint64_t> next_epoch(Device& device) {
  device.press(at(0));
  return epoch_of(device.handle(at(1), get_offer));
}

TEST(Epoch, IsStoredBeforeItIsGivenOut) {
  for (const char* const name : with_epoch) {
    const Suite suite = *parse_suite(name);
    ToyDevice toy(suite);
    for (std::uint64_t n = 1; n <= 12; ++n) {
      toy.device.press(at(0));
      toy.store.fail_writes = true;
      const Reply refused = toy.device.handle(at(1), get_offer);
      EXPECT_EQ(refused.status, Status::service_unavailable);
      EXPECT_EQ(refused.error.code, Errc::storage);
      EXPECT_FALSE(refused.set_cookie);
      EXPECT_TRUE(std::holds_alternative<std::monostate>(refused.body));
      toy.store.fail_writes = false;
      EXPECT_EQ(load(toy.store).epoch, n - 1);
      EXPECT_EQ(next_epoch(toy.device), n) << name;
      expect_counters(toy.store, {n, n, 0});
      if (n % 3 == 0) toy.device.restart();
    }
  }
}

TEST(Epoch, AsPostedThereIsNoneAndNothingIsStored) {
  ToyDevice toy(*find_suite("as_posted"));
  toy.store.writes_left = 0;
  toy.device.press(at(0));
  const Reply reply = toy.device.handle(at(1), get_offer);
  ASSERT_EQ(reply.status, Status::ok);
  EXPECT_TRUE(std::get<Offer>(reply.body).epoch.empty());
}

TEST(Epoch, AfterTheLastNoRunBegins) {
  for (const char* const name : with_epoch) {
    const Suite suite = *parse_suite(name);
    ToyDevice toy(suite);
    ASSERT_TRUE(store_counters(toy.store, {.epoch = top - 1}));
    ToyClient client(suite);
    toy.device.press(at(0));
    EXPECT_EQ(drive(toy.device, client.client).client, ClientState::completed) << name;
    EXPECT_EQ(load(toy.store).epoch, top);
    const Counters last = load(toy.store);
    toy.store.writes_left = 100;
    for (int n = 0; n < 6; ++n) {
      toy.device.press(at(0));
      const Reply reply = toy.device.handle(at(1), get_offer);
      EXPECT_EQ(reply.status, Status::service_unavailable) << name;
      EXPECT_EQ(reply.error, (Error{Errc::storage, "epoch: no number is left"}));
      EXPECT_FALSE(reply.set_cookie);
      if (n % 2 == 1) toy.device.restart();
    }
    EXPECT_EQ(toy.store.writes_left, 100U);
    expect_counters(toy.store, last);
  }
}

// --- Power cuts ---------------------------------------------------------------------------------

// What went out of a device: the epochs in order, and the confirmations since the last success. A
// success that was not answered may have been stored or not.
struct Seen {
  std::vector<std::uint64_t> epochs;
  std::uint32_t at_least = 0;
  std::uint32_t at_most = 0;

  void run(const Suite& suite, Device& device, bool right) {
    device.press(at(0));
    ToyClient client(suite, 2, "owner", toy_serial, *backends().back(), right ? toy_code : "1");
    ClientStep step = client.client.start();
    while (step.send) {
      if (step.send->endpoint == Endpoint::post_auth) at_least = 0;
      const Reply reply = device.handle(at(1), *step.send);
      if (reply.claim.kind == ClaimKind::authenticated) at_most = 0;
      if (const auto epoch = epoch_of(reply)) epochs.push_back(*epoch);
      const bool confirmed = std::holds_alternative<Share>(reply.body);
      at_least += confirmed;
      at_most += confirmed;
      step = client.client.handle(to_response(reply));
    }
  }
};

// At each step of the store, between record and counter among them, whether it was done or not.
TEST(PowerCut, RepeatsNoEpochForgetsNoGuessAndIsNoRollback) {
  const Suite& suite = *find_suite("hardened");
  Backend& backend = *backends().front();
  const auto verifier = toy_verifier(suite, backend.crypto());
  for (std::size_t cut = 0, whole = 0; whole == 0; ++cut) {
    ASSERT_LT(cut, 40U);
    for (const bool late : {false, true}) {
      SCOPED_TRACE("power for " + std::to_string(cut) + " steps, late " + std::to_string(late));
      attacks::ProfileRandom random({}, 1, "device");
      attacks::ProfileNoise noise({}, 1, "noise");
      CutStore store;
      Device device({suite, device_table(), as_bytes(toy_serial), toy_group(), verifier.get()},
                    {backend.crypto(), backend.certificates(), random, noise, store});
      store.steps_left = cut;
      store.late = late;
      Seen seen;
      for (const bool right : {false, false, true, false}) seen.run(suite, device, right);
      whole = *store.steps_left;
      store.steps_left.reset();
      device.restart();
      const Counters counters = load(store);
      EXPECT_FALSE(counters.rolled_back);
      EXPECT_GE(counters.charged, seen.at_least);
      EXPECT_LE(counters.charged, seen.at_most + 1);
      const std::size_t before = seen.epochs.size();
      for (int n = 0; n < 3; ++n) seen.run(suite, device, false);
      EXPECT_EQ(seen.epochs.size(), before + 3) << "a short press has opened the window";
      EXPECT_EQ(std::ranges::adjacent_find(seen.epochs, std::ranges::greater_equal()),
                seen.epochs.end());
    }
  }
}

// --- A generator that repeats itself ------------------------------------------------------------

// An honest run, recorded.
struct Tape {
  std::deque<ByteVector> bytes;
  std::vector<Request> requests;
  std::uint64_t epoch = 0;
  ByteVector share;

  ByteView kept(ByteView view) { return bytes.emplace_back(view.begin(), view.end()); }
  void keep(Request request) {
    if (Share* const sent = std::get_if<Share>(&request.body)) {
      *sent = {kept(sent->value), kept(sent->confirmation)};
    } else if (Proof* const proof = std::get_if<Proof>(&request.body)) {
      *proof = {kept(proof->confirmation)};
    } else if (Sealed* const sealed = std::get_if<Sealed>(&request.body)) {
      *sealed = {kept(sealed->iv), kept(sealed->ciphertext), kept(sealed->tag)};
    }
    requests.push_back(request);
  }
};

class Replay : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    toy.random = attacks::ProfileRandom(repeat, 1, "device");
    toy.noise = attacks::ProfileNoise(repeat, 1, "noise");
    device.press(at(0));
  }
  void reboot() {
    device.restart();
    toy.random.restart();
    toy.noise.restart();
  }
  void run(std::string_view owner, Tape& tape) {
    ToyClient client(suite, 2, owner);
    ClientStep step = client.client.start();
    while (step.send) {
      tape.keep(*step.send);
      const Reply reply = device.handle(at(1), *step.send);
      note(reply, tape);
      step = client.client.handle(to_response(reply));
    }
    ASSERT_EQ(client.client.state(), ClientState::completed);
    ASSERT_TRUE(installed(owner));
  }
  // Sends what was recorded, byte for byte.
  std::vector<Status> replay(const Tape& tape, Tape* seen = nullptr) {
    std::vector<Status> statuses;
    for (const Request& request : tape.requests) {
      const Reply reply = device.handle(at(1), request);
      statuses.push_back(reply.status);
      if (seen != nullptr) note(reply, *seen);
      EXPECT_TRUE(!reply.set_cookie || reply.set_cookie == tape.requests[1].cookie);
    }
    return statuses;
  }
  static void note(const Reply& reply, Tape& tape) {
    if (const auto epoch = epoch_of(reply)) tape.epoch = *epoch;
    if (const Share* share = std::get_if<Share>(&reply.body)) {
      tape.share.assign(share->value.begin(), share->value.end());
    }
  }
  bool installed(std::string_view owner) {
    ByteVector buffer(max_bundle_size);
    const auto identity = load_identity(toy.store, buffer);
    EXPECT_TRUE(identity);
    return identity && *identity &&
           same_bytes((*identity)->certificate, attacks::identity(owner).certificate);
  }

  static constexpr attacks::EntropyProfile repeat{attacks::EntropyKind::repeat, 0};
  using enum Status;
  const std::vector<Status> taken = {ok, ok, no_content, ok};
  const std::vector<Status> refused = {ok, ok, unauthorized, unauthorized};
  const Suite suite = *parse_suite(GetParam());
  ToyDevice toy{suite};
  Device& device = toy.device;
};

constexpr auto by_index = [](const auto& test) {
  return std::string(test.index == 0 ? "epoch" : "none");
};
INSTANTIATE_TEST_SUITE_P(Suites, Replay, testing::Values("hardened", "hardened+freshness=none"),
                         by_index);

TEST_P(Replay, AfterARebootTheEpochAloneTellsItFromTheRun) {
  Tape tape;
  run("owner", tape);
  reboot();
  // Somebody else has set it up since, and what counts is counted on.
  device.press(at(0));
  Tape other;
  run("owner-rsa", other);
  reboot();
  device.press(at(0));
  Tape seen;
  const bool fresh = suite.freshness.offer_fields() == OfferFields::epoch;
  EXPECT_EQ(replay(tape, &seen), fresh ? refused : taken);
  EXPECT_EQ(seen.share, tape.share) << "the generator repeats itself";
  EXPECT_EQ(installed("owner"), !fresh);
  EXPECT_EQ(seen.epoch, fresh ? tape.epoch + 2 : 0);
}

// And where somebody puts the store back.
class PutBack : public Replay {
 protected:
  // A store as it was before the run that is then recorded.
  MemoryStore record(Tape& tape) {
    Tape first;
    run("owner-rsa", first);
    const MemoryStore before = toy.store;
    reboot();
    device.press(at(0));
    run("owner", tape);
    return before;
  }
};
INSTANTIATE_TEST_SUITE_P(Suites, PutBack, testing::Values("hardened"), by_index);

// It cannot be told from the old one: what remains, and is documented.
TEST_P(PutBack, WorksWithoutACounter) {
  Tape tape;
  const MemoryStore before = record(tape);
  toy.store.roll_back(before);
  ASSERT_FALSE(installed("owner"));
  reboot();
  device.press(at(0));
  EXPECT_EQ(replay(tape), taken);
  EXPECT_TRUE(installed("owner"));
}

TEST_P(PutBack, IsSeenByTheCounter) {
  toy.store.has_monotonic = true;
  Tape tape;
  const MemoryStore before = record(tape);
  for (const MemoryStore& older : {before, MemoryStore{}}) {
    toy.store.roll_back(older);
    EXPECT_TRUE(load(toy.store).rolled_back);
    reboot();
    device.press(at(0));
    EXPECT_EQ(replay(tape), std::vector(4, forbidden)) << "its attempts count as spent";
    device.long_press(at(0));
    Tape seen;
    EXPECT_EQ(replay(tape, &seen), refused);
    EXPECT_GT(seen.epoch, tape.epoch);
    EXPECT_FALSE(installed("owner"));
    EXPECT_FALSE(load(toy.store).rolled_back);
    device.restart();
    device.press(at(0));
    EXPECT_FALSE(device.window_open()) << "they stay spent, until somebody knows the code";
    device.long_press(at(0));
    Tape again;
    run("owner", again);
    EXPECT_GT(again.epoch, seen.epoch);
    EXPECT_EQ(load(toy.store).charged, 0U);
  }
}

}  // namespace
}  // namespace wib::props
