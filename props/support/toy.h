// SPDX-License-Identifier: Apache-2.0
//
// Toy: a device and its clients over a real backend and a tiny group, so that thousands of sessions
// fit into a test. Everything is seeded.
#pragma once

#include <memory>

#include "attacks/search/stream_random.h"
#include "attacks/world/entropy.h"
#include "attacks/world/identities.h"
#include "attacks/world/memory_store.h"
#include "backends/registry.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"

namespace wib::props {

// p = 2^61 - 1 (a prime), g = 37. Quick, and of no security whatever.
[[nodiscard]] Group toy_group() noexcept;

inline constexpr std::string_view toy_serial = "TOY-1";
inline constexpr std::string_view toy_code = "0123456789";

// What a device of that suite has of the code; null if it needs none.
[[nodiscard]] std::unique_ptr<Verifier> toy_verifier(const Suite& suite, Crypto& crypto);

struct ToyDevice {
  explicit ToyDevice(const Suite& suite, std::uint64_t seed = 1,
                     std::span<const DeviceRow> table = device_table(),
                     Backend& backend = *backends().front(), Crypto* crypto = nullptr)
      : random(attacks::EntropyProfile{}, seed, "device"),
        noise(attacks::EntropyProfile{}, seed, "device/noise"),
        verifier(toy_verifier(suite, backend.crypto())),
        device({suite, table, as_bytes(toy_serial), toy_group(), verifier.get()},
               {crypto == nullptr ? backend.crypto() : *crypto, backend.certificates(), random,
                noise, store}) {}

  attacks::ProfileRandom random;
  attacks::ProfileNoise noise;
  attacks::MemoryStore store;
  std::unique_ptr<Verifier> verifier;
  Device device;
};

struct ToyClient {
  explicit ToyClient(const Suite& suite, std::uint64_t seed = 2, std::string_view owner = "owner",
                     std::string_view serial = toy_serial, Backend& backend = *backends().back(),
                     std::string_view code = toy_code)
      : random(attacks::EntropyProfile{}, seed, "client"),
        password(as_bytes(code), as_bytes(serial)),
        client({suite,
                client_table(),
                as_bytes(serial),
                {attacks::identity(owner).certificate, attacks::identity(owner).private_key},
                &password},
               {backend.crypto(), random}) {}

  attacks::ProfileRandom random;
  Password password;
  Client client;
};

// What a client would get for a reply, had it gone over the wire.
[[nodiscard]] inline Response to_response(const Reply& reply) {
  return {reply.status, reply.set_cookie, reply.body};
}

}  // namespace wib::props
