// SPDX-License-Identifier: Apache-2.0
#include "attacks/cli/target.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "attacks/cli/commands.h"
#include "attacks/live/real_parties.h"
#include "attacks/world/identities.h"

namespace wib::attacks {
namespace {

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

std::unexpected<LiveError> wrong(std::string message) {
  return std::unexpected(LiveError{std::move(message)});
}

constexpr std::uint64_t max_timeout_s = 86400;

LiveResult<std::map<std::string, ByteVector>> initial_knowledge(const Scenario& scenario,
                                                                const TargetArguments& arguments) {
  std::map<std::string, ByteVector> initial;
  for (const std::string& name : scenario.initial) {
    if (name == "serial") {
      if (arguments.serial.empty()) {
        return wrong(scenario.id() + " needs a serial number: --serial");
      }
      initial[name] = to_vector(as_bytes(arguments.serial));
    } else if (name == "wrong-code") {
      initial[name] = to_vector(as_bytes("0000000000"));
    } else if (name == "wrong-serial") {
      initial[name] = to_vector(as_bytes("not a serial number"));
    } else {
      const Identity& known = identity(name);
      initial[name + ".certificate"] = to_vector(known.certificate);
      initial[name + ".key"] = to_vector(known.private_key);
    }
  }
  return initial;
}

// What the device serves is the last word on what was installed: the certificate whose key the
// attacker holds, if a handshake with it succeeds.
void look_at_tls(Run& run, World& world, Backend& backend, const Target& target,
                 std::ostream& out) {
  if (!target.tls) return;
  for (const Fact& fact : world.log().facts) {
    const auto bundle = parse_bundle(fact.value);
    if (!bundle) continue;
    const auto served = serves_certificate(*target.tls, backend.tls(), bundle->certificate,
                                           std::chrono::seconds(5));
    out << (served ? "the device now serves TLS with the certificate whose key the attacker holds"
                   : "TLS: " + served.error().message)
        << "\n";
    run.record.metrics.push_back(
        {"TLS handshake with the stolen certificate", served ? 1.0 : 0.0, "handshakes"});
    return;
  }
}

}  // namespace

CLI::Option* add_target_options(CLI::App& command, TargetArguments& arguments) {
  CLI::Option* const target =
      command.add_option("--target", arguments.url,
                         "Attack a real device at http://HOST:PORT instead of a simulation");
  command
      .add_option("--listen", arguments.listen,
                  "With --target: where the honest client is to connect")
      ->capture_default_str()
      ->needs(target);
  command
      .add_option("--owner-cert", arguments.owner_certificate,
                  "With --target: the certificate that the honest client installs; the referee "
                  "holds what was stolen or installed against it")
      ->needs(target);
  command
      .add_option("--tls", arguments.tls,
                  "With --target: HOST:PORT where the device serves TLS afterwards")
      ->needs(target);
  command
      .add_option("--serial", arguments.serial,
                  "With --target: a serial number that the attacker knows")
      ->needs(target);
  command
      .add_option("--timeout", arguments.timeout,
                  "With --target: seconds to wait for the button, the client or the device")
      ->capture_default_str()
      ->needs(target);
  return target;
}

LiveResult<const Scenario*> select_for_target(const std::vector<std::string>& ids) {
  std::string names;
  for (const Scenario& scenario : scenarios()) {
    if (!judgeable_on_target(scenario)) continue;
    if (ids.size() == 1 && scenario.id() == ids[0]) return &scenario;
    names += (names.empty() ? "" : ", ") + scenario.id();
  }
  return wrong("--target takes one attack of: " + names);
}

LiveResult<Target> open_target(const Scenario& scenario, Backend& backend,
                               const TargetArguments& arguments) {
  Target target{.url = arguments.url};
  const auto device = parse_url(arguments.url);
  if (!device) return wrong("--target " + device.error().message);
  target.device = *device;
  const auto listen = parse_address(arguments.listen);
  if (!listen) return wrong("--listen " + listen.error().message);
  if (!arguments.tls.empty()) {
    const auto tls = parse_address(arguments.tls);
    if (!tls) return wrong("--tls " + tls.error().message);
    if (tls->port == 0) return wrong("--tls \"" + arguments.tls + "\": expected a port from 1");
    target.tls = *tls;
  }
  const auto timeout = parse_number("--timeout", arguments.timeout, 1, max_timeout_s);
  if (!timeout) return wrong(timeout.error());
  target.timeout = std::chrono::seconds(*timeout);
  if (arguments.serial.size() > max_serial_size) {
    return wrong("--serial: a serial number has 1 to 64 characters");
  }
  if (!arguments.owner_certificate.empty()) {
    auto read = read_pem_or_der(arguments.owner_certificate, PemKind::certificate);
    if (!read) return std::unexpected(read.error());
    if (const auto good = backend.certificates().inspect(*read); !good) {
      return wrong(arguments.owner_certificate + ": " + std::string(good.error().where));
    }
    target.certificate = std::move(*read);
  } else if (std::ranges::find(scenario.aims, Property::l1) == scenario.aims.end()) {
    // Without an owner there is nothing to compare with; an attacker with a leaked secret needs
    // none.
    return wrong(scenario.id() +
                 " on a real target needs --owner-cert: the certificate that the "
                 "honest client installs");
  }
  auto initial = initial_knowledge(scenario, arguments);
  if (!initial) return std::unexpected(initial.error());
  target.initial = std::move(*initial);
  auto opened = StreamListener::open(*listen);
  if (!opened) return std::unexpected(opened.error());
  target.listener = std::make_shared<StreamListener>(std::move(*opened));
  return target;
}

LiveResult<Run> run_on_target(const Scenario& scenario, const Suite& suite, Backend& backend,
                              Target target, std::ostream& out) {
  const auto ask = [&] {
    out << "press the button of the device at " << target.url << ": waiting for its window to open"
        << std::endl;
  };
  // Every script begins with a press. What is wrong with the target is found out here, where it can
  // be said.
  if (auto open = await_window(target.device, target.timeout, ask); !open) {
    return std::unexpected(open.error());
  }
  AttackerSeed seed;
  const WipeGuard wipe(seed);
  if (!SystemRandom().fill(seed)) return wrong("the system gives no randomness");
  World world({.suite = suite,
               .attacker_crypto = backend.crypto(),
               .seed = seed,
               .initial = target.initial,
               .device = make_real_device(target.device, target.timeout, ask),
               .clients = [&](const std::string&) {
                 out << "waiting for the client at http://" << target.listener->address().text()
                     << std::endl;
                 return make_real_client(target.listener, target.certificate, target.timeout);
               }});
  // Nothing of this run follows from a seed that is written down.
  const TraceHeader header{.scenario = scenario.id(),
                           .suite = std::string(suite.name().view()),
                           .reading = std::string(suite.reading()),
                           .device_backend = "real",
                           .client_backend = "real",
                           .serial = "unknown",
                           .initial = scenario.initial,
                           .target = target.url};
  Run run = run_scenario_in(world, scenario, header, {}, backend.certificates(), backend.crypto(),
                            {}, true);
  for (const LoggedStep& step : world.log().steps) {
    if (step.failed || step.connection_refused) {
      out << "step " << step.number << " (" << name(step.step.kind) << "): "
          << (step.connection_refused ? "connection refused" : std::string(step.error.where))
          << "\n";
    }
  }
  look_at_tls(run, world, backend, target, out);
  return run;
}

}  // namespace wib::attacks
