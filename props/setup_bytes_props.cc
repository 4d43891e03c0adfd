// SPDX-License-Identifier: Apache-2.0
//
// Whole runs over the byte path: on every pair of backends from one seed, byte for byte; and no
// allocation for a request.
#include <gtest/gtest.h>

#include "attacks/world/simulation.h"
#include "props/support/allocations.h"
#include "props/support/plain_arithmetic.h"
#include "props/support/toy.h"

namespace wib::props {
namespace {

using attacks::ByteVector;
using attacks::identity;
using attacks::SimulationConfig;

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
      SCOPED_TRACE(std::string(suite.reading()) + " " + owner);
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

// The byte path, endpoint and all: parser, codecs, state machine.
TEST(Setup, TheDeviceAllocatesNothingForARequest) {
  static constexpr Byte one[] = {1};
  for (const Suite& suite : suites().first(2)) {
    PlainArithmetic crypto;
    AnyPair certificates;
    attacks::ProfileRandom random({}, 1, "device");
    attacks::ProfileRandom client_random({}, 2, "client");
    attacks::ProfileNoise noise({}, 1, "noise");
    attacks::MemoryStore store;
    static constexpr Byte p[] = {0xff};
    const auto device = std::make_unique<Device>(
        DeviceConfig{suite, device_table(), as_bytes(toy_serial), Group{p, one}},
        DevicePorts{crypto, certificates, random, noise, store});
    const auto client = std::make_unique<Client>(
        ClientConfig{suite,
                     client_table(),
                     as_bytes(toy_serial),
                     {identity("owner").certificate, identity("owner").private_key}},
        ClientPorts{crypto, client_random});
    const auto to_device = std::make_unique<DeviceConnection>(*device);
    const auto to_client = std::make_unique<ClientConnection>(*client, "device");
    std::vector<Byte> device_out(max_message_size);
    std::vector<Byte> client_out(max_message_size);
    const Byte placeholder[] = {0};
    ASSERT_TRUE(store.put(Record::identity, placeholder));  // so that put() need not make a node

    device->press(Instant{});
    auto stepped = to_client->start(client_out);
    int requests = 0;
    while (!stepped.request.empty()) {
      const std::size_t before = allocations();
      const auto served =
          to_device->receive(std::chrono::milliseconds(1), stepped.request, device_out);
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
