// SPDX-License-Identifier: Apache-2.0
#include "attacks/cli/target.h"

#include <ostream>

#include "attacks/live/real_parties.h"
#include "attacks/world/identities.h"

namespace wib::attacks {
namespace {

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

std::unexpected<LiveError> wrong(std::string message) {
  return std::unexpected(LiveError{std::move(message)});
}

LiveResult<std::map<std::string, ByteVector>> initial_knowledge(const Scenario& scenario,
                                                                const TargetArguments& arguments) {
  std::map<std::string, ByteVector> initial;
  for (const std::string& name : scenario.initial) {
    if (name == "serial") {
      if (arguments.serial.empty()) {
        return wrong(scenario.id() + " needs a serial number: --serial");
      }
      initial[name] = to_vector(as_bytes(arguments.serial));
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
void look_at_tls(Run& run, World& world, Backend& backend, const TargetArguments& arguments,
                 std::ostream& out) {
  if (arguments.tls.empty()) return;
  const auto address = parse_address(arguments.tls);
  if (!address) {
    out << "--tls " << address.error().message << "\n";
    return;
  }
  for (const Fact& fact : world.log().facts) {
    const auto bundle = parse_bundle(fact.value);
    if (!bundle) continue;
    const auto served =
        serves_certificate(*address, backend.tls(), bundle->certificate, std::chrono::seconds(5));
    out << (served ? "the device now serves TLS with the certificate whose key the attacker holds"
                   : "TLS: " + served.error().message)
        << "\n";
    run.record.metrics.push_back(
        {"TLS handshake with the stolen certificate", served ? 1.0 : 0.0, "handshakes"});
    return;
  }
}

}  // namespace

void add_target_options(CLI::App& command, TargetArguments& arguments) {
  command.add_option("--target", arguments.url,
                     "Attack a real device at http://HOST:PORT instead of a simulation");
  command
      .add_option("--listen", arguments.listen,
                  "With --target: where the honest client is to connect")
      ->capture_default_str();
  command.add_option("--owner-cert", arguments.owner_certificate,
                     "With --target: the certificate that the honest client installs; the referee "
                     "holds a stolen key against it");
  command.add_option("--tls", arguments.tls,
                     "With --target: HOST:PORT where the device serves TLS afterwards");
  command.add_option("--serial", arguments.serial,
                     "With --target: a serial number that the attacker knows");
  command
      .add_option("--timeout", arguments.timeout_s,
                  "With --target: seconds to wait for the client or the device")
      ->capture_default_str();
}

LiveResult<Run> run_on_target(const Scenario& scenario, const Suite& suite, Backend& backend,
                              std::uint64_t seed, const TargetArguments& arguments,
                              std::ostream& out) {
  const auto device = parse_url(arguments.url);
  if (!device) return wrong("--target " + device.error().message);
  const auto listen = parse_address(arguments.listen);
  if (!listen) return wrong("--listen " + listen.error().message);
  ByteVector certificate;
  if (!arguments.owner_certificate.empty()) {
    auto read = read_pem_or_der(arguments.owner_certificate, PemKind::certificate);
    if (!read) return std::unexpected(read.error());
    certificate = std::move(*read);
  } else if (std::ranges::find(scenario.aims, Property::s2) != scenario.aims.end()) {
    return wrong(scenario.id() +
                 " on a real target needs --owner-cert: the certificate that a "
                 "stolen key is held against");
  }
  auto initial = initial_knowledge(scenario, arguments);
  if (!initial) return std::unexpected(initial.error());
  auto opened = StreamListener::open(*listen);
  if (!opened) return std::unexpected(opened.error());
  const auto listener = std::make_shared<StreamListener>(std::move(*opened));
  out << "waiting for the client at http://" << listener->address().text() << std::endl;

  const Timeout timeout = std::chrono::seconds(arguments.timeout_s);
  World world({.suite = suite,
               .attacker_crypto = backend.crypto(),
               .seed = seed,
               .initial = std::move(*initial),
               .device = make_real_device(*device, timeout),
               .clients = [&](const std::string&) {
                 return make_real_client(listener, certificate, timeout);
               }});
  const TraceHeader header{.scenario = scenario.id(),
                           .suite = std::string(suite.name),
                           .reading = std::string(suite.reading),
                           .device_backend = "real",
                           .client_backend = "real",
                           .seed = seed,
                           .serial = "unknown",
                           .initial = scenario.initial,
                           .target = arguments.url};
  Run run = run_scenario_in(world, scenario, header, {}, backend.certificates(), backend.crypto(),
                            {}, true);
  for (const LoggedStep& step : world.log().steps) {
    if (step.failed || step.connection_refused) {
      out << "step " << step.number << " (" << name(step.step.kind) << "): "
          << (step.connection_refused ? "connection refused" : std::string(step.error.where))
          << "\n";
    }
  }
  look_at_tls(run, world, backend, arguments, out);
  return run;
}

}  // namespace wib::attacks
