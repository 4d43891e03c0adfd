// SPDX-License-Identifier: Apache-2.0
//
// Simulation: honest parties in this process, over the byte path of the real cores. Everything
// follows from a seed; time is virtual.
#pragma once

#include "attacks/world/entropy.h"
#include "attacks/world/identities.h"
#include "attacks/world/memory_store.h"
#include "attacks/world/world.h"
#include "backends/backend.h"
#include "protocol/groups.h"
#include "protocol/setup/endpoint.h"

namespace wib::attacks {

struct SimulationConfig {
  const Suite& suite;
  Backend& device_backend;
  Backend& client_backend;
  std::uint64_t seed = 1;
  EntropyProfile device_entropy;
  std::string serial = "WIB-2015-12-0042";
  // The setup code on its label, one of those that a careless printer draws from; registered with
  // the fewest iterations that are allowed. It is there whatever the suite, and of no use to some.
  std::string code = label_code(137);
  Group group = ffdhe2048();  // what the device offers, where it may choose
  // What the cores run on; another table is a repaired or a broken device.
  std::span<const DeviceRow> device_transitions = device_table();
  std::span<const ClientRow> client_transitions = client_table();
  // What the attacker knows before: "serial", "wrong-serial", "code", "wrong-code", and the names
  // of identities ("thief" gives "thief.certificate" and "thief.key").
  std::set<std::string> initial;
};

// A device that lives as long as the world, with its store. The host's part is played too: while
// the window is closed, nobody listens.
class SimulatedDevice final : public DeviceParty {
 public:
  explicit SimulatedDevice(const SimulationConfig& config);

  void tell_time(Instant now) override;
  [[nodiscard]] Result<> press() override;
  [[nodiscard]] Result<> long_press() override;
  [[nodiscard]] Result<> restart() override;
  [[nodiscard]] Result<> wait(Instant duration) override;
  [[nodiscard]] Result<Exchange> exchange(ByteView request) override;

  [[nodiscard]] Device& device() noexcept { return device_; }
  [[nodiscard]] MemoryStore& store() noexcept { return store_; }

 private:
  std::string serial_;
  ProfileRandom random_;
  ProfileNoise noise_;
  MemoryStore store_;
  std::optional<Verifier> verifier_;
  Instant now_{};
  Device device_;
};

// A client that asks for the identity of its name ("owner", "owner-rsa", ...; a suffix "/2" names
// a second run of the same owner) to be installed.
[[nodiscard]] std::unique_ptr<ClientParty> make_simulated_client(const SimulationConfig& config,
                                                                 const std::string& name,
                                                                 std::uint32_t run);

// A whole world: one simulated device, and clients as they are started.
[[nodiscard]] World simulate(const SimulationConfig& config);

}  // namespace wib::attacks
