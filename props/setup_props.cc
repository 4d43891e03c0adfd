// SPDX-License-Identifier: Apache-2.0
//
// Whole runs of device and client: over the byte path on every pair of backends from one seed, with
// platforms that fail, bundles that do not work, and stores that are restarted.
#include <gtest/gtest.h>

#include "attacks/world/simulation.h"
#include "props/support/allocations.h"
#include "props/support/failing_backend.h"
#include "props/support/plain_arithmetic.h"
#include "props/support/toy.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::Exchange;
using attacks::identity;
using attacks::SimulationConfig;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

// --- The byte path ------------------------------------------------------------------------------

// Every byte that went over the wire in one honest run.
std::vector<ByteVector> run_over_bytes(const Suite& suite, Backend& device_backend,
                                       Backend& client_backend, const std::string& owner) {
  const SimulationConfig config{.suite = suite,
                                .device_backend = device_backend,
                                .client_backend = client_backend,
                                .seed = 7};
  attacks::SimulatedDevice device(config);
  const auto client = attacks::make_simulated_client(config, owner, 0);
  EXPECT_TRUE(device.press());
  std::vector<ByteVector> wire;
  auto next = client->start();
  while (next && !next->bytes.empty()) {
    wire.push_back(next->bytes);
    const auto answer = device.exchange(next->bytes);
    EXPECT_TRUE(answer);
    if (!answer) return wire;
    wire.push_back(answer->bytes);
    next = client->exchange(answer->bytes);
  }
  EXPECT_TRUE(next);
  if (next) {
    EXPECT_EQ(next->claim.kind, ClaimKind::completed);
  }
  EXPECT_FALSE(device.device().window_open());
  ByteVector stored(max_bundle_size);
  const auto installed = load_identity(device.store(), stored);
  EXPECT_TRUE(installed && *installed);
  if (installed && *installed) {
    EXPECT_TRUE(same_bytes((*installed)->private_key, identity(owner).private_key));
  }
  return wire;
}

TEST(Setup, EveryPairOfBackendsByteForByteFromOneSeed) {
  for (const Suite& suite : suites()) {
    for (const std::string owner : {"owner", "owner-rsa", "owner-p384"}) {
      SCOPED_TRACE(std::string(suite.reading) + " " + owner);
      const auto expected = run_over_bytes(suite, *backends().front(), *backends().front(), owner);
      ASSERT_EQ(expected.size(), 8U);
      for (Backend* device : backends()) {
        for (Backend* client : backends()) {
          SCOPED_TRACE(std::string(device->name()) + " > " + std::string(client->name()));
          EXPECT_EQ(run_over_bytes(suite, *device, *client, owner), expected);
        }
      }
    }
  }
}

TEST(Setup, ReadingsDiffer) {
  const auto cbc = run_over_bytes(*find_suite("as_posted", "cbc"), *backends().front(),
                                  *backends().front(), "owner");
  const auto ctr = run_over_bytes(*find_suite("as_posted", "ctr"), *backends().front(),
                                  *backends().front(), "owner");
  ASSERT_EQ(cbc.size(), ctr.size());
  EXPECT_EQ(cbc[3], ctr[3]) << "the same shares";
  EXPECT_NE(cbc[6], ctr[6]) << "another cipher";
}

// --- The typed path -----------------------------------------------------------------------------

struct Outcome {
  std::vector<Reply> replies;  // bodies are gone
  ClientState client = ClientState::idle;
};

// Drives `client` against `device` until it stops.
Outcome drive(Device& device, Client& client, Instant now = at(1)) {
  Outcome outcome;
  ClientStep step = client.start();
  while (step.send) {
    const Reply reply = device.handle(now, *step.send);
    outcome.replies.push_back(reply);
    step = client.handle(to_response(reply));
  }
  outcome.client = client.state();
  return outcome;
}

class EverySuite : public testing::TestWithParam<const Suite*> {};

INSTANTIATE_TEST_SUITE_P(Readings, EverySuite,
                         testing::Values(find_suite("as_posted", "cbc"),
                                         find_suite("as_posted", "ctr")),
                         [](const auto& test) { return std::string(test.param->reading); });

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

TEST_P(EverySuite, WrongSerialIs401AndTheCookieDies) {
  ToyDevice device(*GetParam());
  ToyClient client(*GetParam(), 2, "owner", "TOY-2");
  device.device.press(at(0));
  const Outcome outcome = drive(device.device, client.client);
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
      ToyDevice device(*GetParam(), 1, as_posted_device(), *backend);
      attacks::ProfileRandom random({}, 2, "client");
      Client client({*GetParam(),
                     as_posted_client(),
                     as_bytes(toy_serial),
                     {identity(bad.certificate_of).certificate, identity(bad.key_of).private_key}},
                    {backend->crypto(), random});
      device.device.press(at(0));
      const Outcome outcome = drive(device.device, client);
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
    EXPECT_EQ(device.device.handle(at(2), *step.send).status, Status::no_content);
  }
}

TEST_P(EverySuite, DegenerateSharesAndForeignGroupsAreTaken) {
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
        device.device.handle(at(1), {Endpoint::post_dh, offer.set_cookie, Share{share}});
    EXPECT_EQ(answer.status, Status::ok);
  }
  ToyClient client(*GetParam());
  (void)client.client.start();
  const Byte even[] = {0x10};
  const Byte five[] = {5};
  const auto step = client.client.handle({Status::ok, Cookie{}, Offer{even, five}});
  EXPECT_TRUE(step.send) << "a client takes p = 16";
  ToyClient other(*GetParam());
  (void)other.client.start();
  const Byte zero[] = {0, 0};
  EXPECT_FALSE(other.client.handle({Status::ok, Cookie{}, Offer{zero, five}}).send)
      << "p = 0 has no arithmetic";
}

// --- Platforms that fail ------------------------------------------------------------------------

// The n-th call of the backend fails, for every n of a whole run: the device installs nothing that
// it should not, answers with a status of its table, and a following honest run succeeds.
TEST_P(EverySuite, BackendFailures) {
  for (Backend* backend : backends()) {
    FailingCrypto crypto(backend->crypto());
    attacks::ProfileRandom random({}, 1, "device");
    attacks::ProfileNoise noise({}, 1, "noise");
    attacks::MemoryStore store;
    Device device({*GetParam(), as_posted_device(), as_bytes(toy_serial), toy_group()},
                  {crypto, backend->certificates(), random, noise, store});
    device.press(at(0));
    crypto.fail_at(std::nullopt);
    {
      ToyClient client(*GetParam());
      ASSERT_EQ(drive(device, client.client).client, ClientState::completed);
    }
    const std::size_t calls = crypto.calls();
    ASSERT_GT(calls, 10U);
    for (std::size_t n = 0; n < calls; ++n) {
      SCOPED_TRACE("call " + std::to_string(n) + " fails");
      attacks::MemoryStore empty;
      std::swap(store, empty);
      device.press(at(0));
      crypto.fail_at(n);
      ToyClient client(*GetParam());
      const Outcome outcome = drive(device, client.client);
      EXPECT_EQ(outcome.client, ClientState::failed);
      const Reply& last = outcome.replies.back();
      const bool key = outcome.replies.size() == 4;
      EXPECT_EQ(last.status, key ? Status::bad_request : Status::service_unavailable);
      EXPECT_EQ(last.error.code, Errc::crypto);
      ByteVector stored(max_bundle_size);
      EXPECT_FALSE(*load_identity(store, stored));
      if (outcome.replies.size() == 3) {
        EXPECT_EQ(device.state_for(last.claim.session), DeviceState::no_session)
            << "a secret was at stake: the cookie dies";
      }

      crypto.fail_at(std::nullopt);
      device.press(at(2));
      ToyClient again(*GetParam());
      EXPECT_EQ(drive(device, again.client).client, ClientState::completed);
    }
  }
}

TEST_P(EverySuite, AFailingGeneratorIsAnErrorAndNeverZeros) {
  for (const std::uint32_t bits : {0U, 64U, 128U, 256U}) {
    ToyDevice device(*GetParam());
    device.random = attacks::ProfileRandom({attacks::EntropyKind::failing, bits}, 1, "device");
    ToyClient client(*GetParam());
    device.device.press(at(0));
    const Outcome outcome = drive(device.device, client.client);
    EXPECT_EQ(outcome.replies.back().status, Status::service_unavailable);
    EXPECT_EQ(outcome.replies.back().error.code, Errc::entropy);
    EXPECT_EQ(outcome.replies.size(), bits >= 128 ? 2U : 1U);
  }
}

TEST_P(EverySuite, AStoreThatFailsInstallsNothing) {
  ToyDevice device(*GetParam());
  {
    ToyClient client(*GetParam());
    device.device.press(at(0));
    ASSERT_EQ(drive(device.device, client.client).client, ClientState::completed);
  }
  device.store.fail_writes = true;
  device.device.press(at(0));
  ToyClient client(*GetParam(), 3, "owner-rsa");
  const Outcome outcome = drive(device.device, client.client);
  EXPECT_EQ(outcome.replies.back().status, Status::bad_request);
  EXPECT_EQ(outcome.replies.back().error.code, Errc::storage);
  EXPECT_EQ(outcome.replies.back().claim.kind, ClaimKind::rejected);
  EXPECT_FALSE(device.device.window_open());
  ByteVector stored(max_bundle_size);
  const auto kept = load_identity(device.store, stored);
  ASSERT_TRUE(kept && *kept);
  EXPECT_TRUE(same_bytes((*kept)->certificate, identity("owner").certificate));
}

// --- Time, restart, second press ----------------------------------------------------------------

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

// --- A snapshot is a value, and the core does not allocate --------------------------------------

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

// The byte path, endpoint and all: parser, codecs, state machine.
TEST(Setup, TheDeviceAllocatesNothingForARequest) {
  static constexpr Byte one[] = {1};
  for (const Suite& suite : suites()) {
    PlainArithmetic crypto;
    AnyPair certificates;
    attacks::ProfileRandom random({}, 1, "device");
    attacks::ProfileRandom client_random({}, 2, "client");
    attacks::ProfileNoise noise({}, 1, "noise");
    attacks::MemoryStore store;
    static constexpr Byte p[] = {0xff};
    const auto device = std::make_unique<Device>(
        DeviceConfig{suite, as_posted_device(), as_bytes(toy_serial), Offer{p, one}},
        DevicePorts{crypto, certificates, random, noise, store});
    const auto client = std::make_unique<Client>(
        ClientConfig{suite,
                     as_posted_client(),
                     as_bytes(toy_serial),
                     {identity("owner").certificate, identity("owner").private_key}},
        ClientPorts{crypto, client_random});
    const auto to_device = std::make_unique<DeviceConnection>(*device);
    const auto to_client = std::make_unique<ClientConnection>(*client, "device");
    std::vector<Byte> device_out(max_message_size);
    std::vector<Byte> client_out(max_message_size);
    const Byte placeholder[] = {0};
    ASSERT_TRUE(store.put(Record::identity, placeholder));  // so that put() need not make a node

    device->press(at(0));
    auto stepped = to_client->start(client_out);
    int requests = 0;
    while (!stepped.request.empty()) {
      const std::size_t before = allocations();
      const auto served = to_device->receive(at(1), stepped.request, device_out);
      const std::size_t used = allocations() - before;
      // The store's own copy of the bundle is not the core's.
      const bool stores = served.claim.kind == ClaimKind::installed;
      EXPECT_LE(used, stores ? 1U : 0U) << "request " << requests;
      ++requests;
      stepped = to_client->receive(served.response, client_out);
    }
    EXPECT_EQ(requests, 4);
    EXPECT_EQ(client->state(), ClientState::completed);
  }
}

}  // namespace
}  // namespace wib::props
