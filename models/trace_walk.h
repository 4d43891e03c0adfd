// SPDX-License-Identifier: Apache-2.0
//
// Walks: traces of runs that no script wrote, for trace_test.cc.
#pragma once

#include <random>

#include "attacks/world/takes_code.h"
#include "attacks/world/trace.h"
#include "backends/registry.h"

namespace wib::models {

inline Backend& backend() { return *find_backend("openssl"); }

inline std::string trace_of(const attacks::World& world, const attacks::SimulationConfig& config) {
  const attacks::TraceHeader header{.scenario = "test",
                                    .suite = std::string(config.suite.name().view()),
                                    .reading = std::string(config.suite.reading()),
                                    .device_backend = "openssl",
                                    .client_backend = "openssl",
                                    .seed = config.seed,
                                    .serial = config.serial,
                                    .device_entropy = config.device_entropy,
                                    .initial = config.initial};
  return attacks::write_trace(header, world.log(), attacks::Judgement{}, backend().crypto(), false);
}

// A body in the grammar of the suite that proves nothing: random bytes.
inline std::map<std::string, attacks::TermRef> junk(const Suite& suite, Endpoint endpoint) {
  if (endpoint == Endpoint::post_auth && attacks::takes_code(suite)) {
    return {{"confirm", attacks::term::random(50, 32)}};
  }
  if (choice_name(suite, 3) == "aead") {
    return {{"ciphertext", attacks::term::random(51, 32)}, {"tag", attacks::term::random(52, 16)}};
  }
  return {{"iv", attacks::term::random(50, 16)},
          {"ciphertext", attacks::term::random(51, 32)},
          {"tag", attacks::term::random(52, 64)}};
}

// Steps at random, over what was on the wire: most of them the next one of some run, the others
// anything. Nothing of it knows what the device waits for.
class Walk {
 public:
  Walk(const Suite& suite, std::string_view entropy, unsigned seed,
       std::span<const DeviceRow> table = device_table())
      : profile_(*attacks::EntropyProfile::parse(entropy)),
        config_{.suite = suite,
                .device_backend = backend(),
                .client_backend = backend(),
                .seed = seed,
                .device_entropy = profile_,
                .device_transitions = table,
                .initial = {}},
        world_(attacks::simulate(config_)),
        random_(seed) {}

  std::string trace(int steps) {
    for (int i = 0; i < steps; ++i) world_.execute(next());
    return trace_of(world_, config_);
  }

 private:
  static constexpr unsigned calm = 50;
  unsigned below(std::size_t n) {
    return static_cast<unsigned>(std::uniform_int_distribution<std::size_t>(0, n - 1)(random_));
  }
  attacks::Step next() {
    // Every other walk is a calm one, and so comes further.
    const unsigned dice = config_.seed % 2 == 0 && below(3) != 0 ? calm : below(100);
    if (!pressed_ || dice < 4) {
      pressed_ = true;
      return {.kind = dice == 0 ? attacks::StepKind::long_press : attacks::StepKind::press};
    }
    if (dice < 6) return {.kind = attacks::StepKind::restart};
    if (dice < 10) {
      constexpr auto times = std::to_array<std::uint32_t>({1'000, 30'000, 59'990, 61'000, 301'000});
      return {.kind = attacks::StepKind::wait, .ms = times.at(below(times.size()))};
    }
    if (clients_.empty() || dice < 18) {
      constexpr auto names = std::to_array({"owner", "owner-rsa", "owner/2", "owner/3"});
      clients_.emplace_back(names.at(below(names.size())));
      return {.kind = attacks::StepKind::start, .client = clients_.back()};
    }
    if (dice < 38) return made();
    // The newest message in most cases, as the run goes on; else any.
    const auto& messages = world_.log().messages;
    if (messages.empty()) return {.kind = attacks::StepKind::press};
    const std::size_t which = dice < 85 ? messages.size() - 1 : below(messages.size());
    attacks::Step step{.kind = messages[which].request ? attacks::StepKind::request
                                                       : attacks::StepKind::response};
    step.delivery.forward = which;
    if (!messages[which].request) {
      step.client = dice < 95 ? clients_.back() : clients_[below(clients_.size())];
    }
    return step;
  }
  // A message that the attacker makes: well-formed, and mostly wrong.
  attacks::Step made() {
    attacks::Step step{.kind = below(3) == 0 ? attacks::StepKind::response
                                             : attacks::StepKind::request};
    const auto& messages = world_.log().messages;
    step.delivery.endpoint = static_cast<Endpoint>(below(4));
    if (step.kind == attacks::StepKind::response) {
      constexpr auto statuses =
          std::to_array({Status::ok, Status::no_content, Status::unauthorized, Status::conflict});
      step.delivery.status = statuses.at(below(statuses.size()));
      step.client = clients_[below(clients_.size())];
      return step;
    }
    for (std::size_t i = messages.size(); i-- > 0;) {
      if (messages[i].cookie && below(3) != 0) {
        step.delivery.cookie = attacks::term::wire(static_cast<std::uint32_t>(i), "cookie");
        break;
      }
    }
    if (below(5) == 0) step.delivery.cookie = attacks::term::random(below(3), 16);
    switch (step.delivery.endpoint) {
      case Endpoint::get_dh: break;
      case Endpoint::post_dh:
        // 1, a number, or one that is larger than any group here
        step.delivery.fields["share"] =
            below(3) == 0 ? attacks::term::hex(std::array<Byte, 1>{static_cast<Byte>(below(2))})
                          : attacks::term::random(100, below(2) == 0 ? 200 : 500);
        break;
      case Endpoint::post_auth:
      case Endpoint::post_key:
        step.delivery.fields = junk(config_.suite, step.delivery.endpoint);
        break;
    }
    return step;
  }

  attacks::EntropyProfile profile_;
  attacks::SimulationConfig config_;
  attacks::World world_;
  std::mt19937_64 random_;
  bool pressed_ = false;
  std::vector<std::string> clients_;
};

}  // namespace wib::models
