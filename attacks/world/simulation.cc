// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/simulation.h"

#include "attacks/world/takes_code.h"

namespace wib::attacks {
namespace {

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

class SimulatedClient final : public ClientParty {
 public:
  SimulatedClient(const SimulationConfig& config, const Identity& identity,
                  const std::string& label)
      : serial_(config.serial),
        password_(as_bytes(config.code), as_bytes(serial_)),
        certificate_(to_vector(identity.certificate)),
        random_(EntropyProfile{}, config.seed, label),
        client_({config.suite,
                 config.client_transitions,
                 as_bytes(serial_),
                 {identity.certificate, identity.private_key},
                 &password_},
                {config.client_backend.crypto(), random_}),
        connection_(client_, "device"),
        out_(max_message_size) {}

  Result<Exchange> start() override { return finish(connection_.start(out_)); }

  Result<Exchange> exchange(ByteView response) override {
    auto stepped = connection_.receive(response, out_);
    const bool unfinished = !stepped.answered && stepped.error.code == Errc::none;
    if (unfinished) stepped = connection_.lost({Errc::malformed, "http: response cut short"});
    return finish(stepped);
  }

 private:
  Exchange finish(const ClientConnection::Stepped& stepped) {
    Exchange exchange{
        .bytes = to_vector(stepped.request), .claim = stepped.claim, .error = stepped.error};
    const ClaimKind kind = stepped.claim.kind;
    if (kind == ClaimKind::started || kind == ClaimKind::completed) {
      exchange.certificate = certificate_;
    }
    return exchange;
  }

  std::string serial_;
  Password password_;
  ByteVector certificate_;
  ProfileRandom random_;
  Client client_;
  ClientConnection connection_;
  ByteVector out_;
};

// What the factory put into the device. The salt is a fact of the device, so it is the same at
// every boot, and follows from the world's seed.
std::optional<Verifier> verifier_of(const SimulationConfig& config) {
  std::array<Byte, salt_size> salt;
  stream_bytes(seed_bytes(config.seed), "device/salt", 0, salt);
  Verifier verifier;
  if (!register_verifier(config.device_backend.crypto(), as_bytes(config.code),
                         as_bytes(config.serial), salt, min_iterations, verifier)) {
    return std::nullopt;
  }
  return verifier;
}

}  // namespace

SimulatedDevice::SimulatedDevice(const SimulationConfig& config)
    : serial_(config.serial),
      random_(config.device_entropy, config.seed, "device"),
      noise_(config.device_entropy, config.seed, "device/noise"),
      verifier_(takes_code(config.suite) ? verifier_of(config) : std::nullopt),
      device_({config.suite, config.device_transitions, as_bytes(serial_), config.group,
               verifier_ ? &*verifier_ : nullptr},
              {config.device_backend.crypto(), config.device_backend.certificates(), random_,
               noise_, store_}) {}

void SimulatedDevice::tell_time(Instant now) {
  now_ = now;
  device_.tick(now_);
}

Result<> SimulatedDevice::press() {
  device_.press(now_);
  return {};
}

Result<> SimulatedDevice::long_press() {
  device_.long_press(now_);
  return {};
}

Result<> SimulatedDevice::restart() {
  device_.restart();
  random_.restart();
  noise_.restart();
  return {};
}

Result<> SimulatedDevice::wait(Instant /*duration*/) { return {}; }

Result<Exchange> SimulatedDevice::exchange(ByteView request) {
  if (!device_.window_open()) return fail(Errc::refused, "tcp: connection refused");
  const auto connection = std::make_unique<DeviceConnection>(device_);
  ByteVector out(max_message_size);
  const auto served = connection->receive(now_, request, out);
  Exchange exchange{
      .bytes = to_vector(served.response), .status = served.status, .claim = served.claim};
  if (served.claim.kind == ClaimKind::installed) {
    ByteVector stored(max_bundle_size);
    const auto identity = load_identity(store_, stored);
    if (identity && *identity) exchange.certificate = to_vector((*identity)->certificate);
  }
  return exchange;
}

std::unique_ptr<ClientParty> make_simulated_client(const SimulationConfig& config,
                                                   const std::string& name, std::uint32_t run) {
  const std::string owner = name.substr(0, name.find('/'));
  const auto known = identities();
  const auto found = std::ranges::find(known, owner, &Identity::name);
  if (found == known.end()) return nullptr;
  return std::make_unique<SimulatedClient>(config, *found,
                                           "client/" + name + "/" + std::to_string(run));
}

World simulate(const SimulationConfig& config) {
  std::map<std::string, ByteVector> initial;
  for (const std::string& name : config.initial) {
    const std::map<std::string, std::string> known = {{"serial", config.serial},
                                                      {"wrong-serial", "WIB-2015-12-0043"},
                                                      {"code", config.code},
                                                      {"wrong-code", label_code(138)}};
    if (const auto found = known.find(name); found != known.end()) {
      initial[name] = to_vector(as_bytes(found->second));
      continue;
    }
    for (const Identity& identity : identities()) {
      if (identity.name != name) continue;
      initial[name + ".certificate"] = to_vector(identity.certificate);
      initial[name + ".key"] = to_vector(identity.private_key);
    }
  }
  auto runs = std::make_shared<std::uint32_t>(0);
  return World({
      .suite = config.suite,
      .attacker_crypto = config.client_backend.crypto(),
      .seed = attacker_seed(config.seed),
      .initial = std::move(initial),
      .device = std::make_unique<SimulatedDevice>(config),
      .clients =
          [config, runs](const std::string& name) {
            return make_simulated_client(config, name, (*runs)++);
          },
  });
}

}  // namespace wib::attacks
