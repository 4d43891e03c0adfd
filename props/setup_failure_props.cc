// SPDX-License-Identifier: Apache-2.0
//
// Platforms that fail: at every call of the backend, in the generator, in the store.
#include <gtest/gtest.h>

#include "attacks/world/term.h"
#include "props/support/drive.h"
#include "props/support/failing_backend.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::identity;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

INSTANTIATE_TEST_SUITE_P(Readings, EverySuite, readings(), reading_of);
INSTANTIATE_TEST_SUITE_P(Readings, EveryReading, posted(), reading_of);

// The n-th call of the backend fails, for every n of a whole run: the device installs nothing that
// it should not, answers with a status of its table, and a following honest run succeeds.
TEST_P(EverySuite, BackendFailures) {
  for (Backend* backend : backends()) {
    FailingCrypto crypto(backend->crypto());
    attacks::ProfileRandom random({}, 1, "device");
    attacks::ProfileNoise noise({}, 1, "noise");
    attacks::MemoryStore store;
    const auto verifier = toy_verifier(*GetParam(), backend->crypto());
    Device device({*GetParam(), device_table(), as_bytes(toy_serial), toy_group(), verifier.get()},
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
      device.restart();  // so that every run makes the same calls, the gate's start-up among them
      device.press(at(0));
      crypto.fail_at(n);
      ToyClient client(*GetParam());
      const Driven outcome = drive(device, client.client);
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

// The same for the calls that judge the pair: key.wib is refused, as for anything that is wrong at
// it.
TEST_P(EverySuite, CertificateFailures) {
  for (Backend* backend : backends()) {
    FailingCertificates certificates(backend->certificates());
    attacks::ProfileRandom random({}, 1, "device");
    attacks::ProfileNoise noise({}, 1, "noise");
    attacks::MemoryStore store;
    const auto verifier = toy_verifier(*GetParam(), backend->crypto());
    Device device({*GetParam(), device_table(), as_bytes(toy_serial), toy_group(), verifier.get()},
                  {backend->crypto(), certificates, random, noise, store});
    const auto run = [&](std::optional<std::size_t> n) {
      certificates.fail_at(n);
      device.press(at(0));
      ToyClient client(*GetParam());
      return drive(device, client.client);
    };
    ASSERT_EQ(run(std::nullopt).client, ClientState::completed);
    const std::size_t calls = certificates.calls();
    ASSERT_GE(calls, 3U);
    for (std::size_t n = 0; n < calls; ++n) {
      SCOPED_TRACE(std::string(backend->name()) + ": call " + std::to_string(n) + " fails");
      store = {};
      const Driven outcome = run(n);
      EXPECT_EQ(outcome.client, ClientState::failed);
      EXPECT_EQ(outcome.replies.size(), 4U);
      EXPECT_EQ(outcome.replies.back().status, Status::bad_request);
      EXPECT_EQ(outcome.replies.back().error.code, Errc::crypto);
      ByteVector stored(max_bundle_size);
      EXPECT_FALSE(*load_identity(store, stored));
      EXPECT_EQ(run(std::nullopt).client, ClientState::completed);
    }
  }
}

// And for the client's calls: it fails, names the error, and the device can still be set up.
TEST_P(EverySuite, ClientFailures) {
  for (Backend* backend : backends()) {
    FailingCrypto crypto(backend->crypto());
    ToyDevice device(*GetParam(), 1, device_table(), *backend);
    const attacks::Identity& owner = identity("owner");
    const auto run = [&](std::optional<std::size_t> n) {
      crypto.fail_at(n);
      device.device.press(at(0));
      attacks::ProfileRandom random({}, 2, "client");
      Password password(as_bytes(toy_code), as_bytes(toy_serial));
      Client client({*GetParam(),
                     client_table(),
                     as_bytes(toy_serial),
                     {owner.certificate, owner.private_key},
                     &password},
                    {crypto, random});
      return drive(device.device, client);
    };
    ASSERT_EQ(run(std::nullopt).client, ClientState::completed);
    const std::size_t calls = crypto.calls();
    ASSERT_GT(calls, 10U);
    std::size_t failed = 0;
    for (std::size_t n = 0; n < calls; ++n) {
      SCOPED_TRACE(std::string(backend->name()) + ": call " + std::to_string(n) + " fails");
      device.store = {};
      // What a claim's fingerprint is made with may fail: the run is none the worse for it.
      const Driven outcome = run(n);
      ByteVector stored(max_bundle_size);
      // Nor if the acknowledgement cannot be opened; but that client does not know.
      const bool installed = outcome.replies.back().claim.kind == ClaimKind::installed;
      EXPECT_EQ((*load_identity(device.store, stored)).has_value(), installed);
      EXPECT_TRUE(installed || outcome.client != ClientState::completed);
      EXPECT_TRUE(!installed || outcome.client == ClientState::completed ||
                  GetParam()->protection.acknowledges());
      if (outcome.client != ClientState::completed) ++failed;
      EXPECT_EQ(run(std::nullopt).client, ClientState::completed);
    }
    EXPECT_GE(failed, calls - 2) << "all but the fingerprints of the two claims";
  }
}

TEST_P(EveryReading, AFailingGeneratorIsAnErrorAndNeverZeros) {
  for (const std::uint32_t bits : {0U, 64U, 128U, 256U}) {
    ToyDevice device(*GetParam());
    device.random = attacks::ProfileRandom({attacks::EntropyKind::failing, bits}, 1, "device");
    ToyClient client(*GetParam());
    device.device.press(at(0));
    const Driven outcome = drive(device.device, client.client);
    EXPECT_EQ(outcome.replies.back().status, Status::service_unavailable);
    EXPECT_EQ(outcome.replies.back().error.code, Errc::entropy);
    EXPECT_EQ(outcome.replies.size(), bits >= 128 ? 2U : 1U);
  }
}

TEST_P(EveryReading, AStoreThatFailsInstallsNothing) {
  ToyDevice device(*GetParam());
  {
    ToyClient client(*GetParam());
    device.device.press(at(0));
    ASSERT_EQ(drive(device.device, client.client).client, ClientState::completed);
  }
  device.store.fail_writes = true;
  device.device.press(at(0));
  ToyClient client(*GetParam(), 3, "owner-rsa");
  const Driven outcome = drive(device.device, client.client);
  EXPECT_EQ(outcome.replies.back().status, Status::bad_request);
  EXPECT_EQ(outcome.replies.back().error.code, Errc::storage);
  EXPECT_EQ(outcome.replies.back().claim.kind, ClaimKind::rejected);
  EXPECT_FALSE(device.device.window_open());
  ByteVector stored(max_bundle_size);
  const auto kept = load_identity(device.store, stored);
  ASSERT_TRUE(kept && *kept);
  EXPECT_TRUE(same_bytes((*kept)->certificate, identity("owner").certificate));
}

}  // namespace
}  // namespace wib::props
