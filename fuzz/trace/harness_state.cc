// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/harness_state.h"

#include "protocol/counters.h"

namespace wib::fuzz {
namespace {

constexpr std::size_t arena_size = std::size_t{96} * 1024;
constexpr std::array<Byte, salt_size> salt{1};

void write_atom(Terms& terms, std::uint64_t name, ByteSpan out) {
  Terms::write(terms.atom(name, out.size()), out);
}

enum AtomName : std::uint64_t {
  serial_name = 1,
  code_name,
  guess_name,
  iv_name,
  cookie_name,
  junk_atom
};

}  // namespace

Harness::ClientParty::ClientParty(State& state, const Configuration& configuration, unsigned number)
    : random(state.terms, 16 + number),
      password(state.code, state.serial),
      client({configuration.client.suite != nullptr ? *configuration.client.suite
                                                    : configuration.suite,
              configuration.client.client_rows,
              state.serial,
              {certificate, key},
              &password},
             {state.crypto, random}),
      solving_password(state.code, state.serial),
      solving({client.suite(),
               configuration.client.client_rows,
               state.serial,
               {certificate, key},
               &solving_password},
              {state.solver, random}),
      fresh(client.snapshot()) {
  SymbolicCertificates::make_pair(state.terms, number, certificate, key);
  key_atom = SymbolicCertificates::private_key(state.terms, number);
  if (state.verifier) {  // computed once for the salt
    (void)password.prover(state.crypto, state.verifier->salt, min_iterations);
    (void)solving_password.prover(state.crypto, state.verifier->salt, min_iterations);
  }
}

Harness::State::State(const Configuration& configuration)
    : oracle(configuration.suite, configuration.conditions), arena(arena_size) {
  write_atom(terms, serial_name, serial);
  write_atom(terms, code_name, code);
  write_atom(terms, configuration.conditions.leaked ? code_name : guess_name, guessed);
  write_atom(terms, iv_name, iv);
  write_atom(terms, cookie_name, cookie);
  write_atom(terms, junk_atom, junk);
  if (configuration.suite.key_exchange.reveals_with_share()) {
    Verifier made;
    if (register_verifier(crypto, code, serial, salt, min_iterations, made)) verifier = made;
  }
  make_group(configuration);
  make_attacker(configuration);
  for (unsigned number = 0; number < max_runs; ++number) {
    clients.push_back(std::make_unique<ClientParty>(*this, configuration, number + 1));
  }
  SymbolicCertificates::make_pair(terms, 0, own_certificate, own_key);
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    const Bundle bundle = i == 0 ? Bundle{own_certificate, own_key}
                                 : Bundle{clients[i - 1]->certificate, clients[i - 1]->key};
    const auto written = write_bundle(bundle, bundles[i]);
    bundle_size = written ? written->size() : 0;
  }
  const Suite& suite = configuration.suite;
  auth_sizes = sizes_of(suite, serial);
  key_sizes = sizes_of(suite, ByteView(bundles[0]).first(bundle_size));
  acknowledgement_sizes = sizes_of(suite, junk);
  make_device(configuration);
  terms.mark();
}

void Harness::State::make_group(const Configuration& configuration) {
  // An own group where that is allowed: small in bytes, to be fast; nothing else depends on it.
  std::ranges::fill(modulus, Byte{0xff});
  configured = {modulus, generator, NamedGroup::none};
  group = configuration.suite.group_policy.group(configured);
  if (configuration.suite.key_exchange.reveals_with_share())
    group = {{}, {}, NamedGroup::secp256r1};
  share_size = wib::share_size(group);
  exponent_size = exponent_size_for(group);

  const auto constant = [&](std::vector<Byte> bytes) {
    constant_bytes.push_back(std::move(bytes));
  };
  if (!group.p.empty()) {
    std::vector<Byte> one(share_size, 0);
    one.back() = 1;
    std::vector<Byte> two(share_size, 0);
    two.back() = 2;
    // p-1 is no term that an attacker could say in a proof: the target `shares` has it.
    constant(one);
    constant(two);
    constant(std::vector<Byte>(share_size, 0));
  } else if (group.name == NamedGroup::secp256r1) {
    const ByteView g = p256_generator();
    constant(std::vector<Byte>(p256_point_size, 0));
    constant({g.begin(), g.end()});
    std::vector<Byte> off(g.begin(), g.end());
    off.back() ^= 1U;
    constant(off);
    constant({spake2plus_m().begin(), spake2plus_m().end()});
  } else {
    std::vector<Byte> one(share_size, 0);
    one[0] = 1;
    std::vector<Byte> nine(share_size, 0);
    nine[0] = 9;
    constant(std::vector<Byte>(share_size, 0));
    constant(nine);
    constant(one);
    constant(std::vector<Byte>(share_size, 0x11));
  }
  for (const auto& bytes : constant_bytes) constants.emplace_back(bytes);
}

void Harness::State::make_attacker(const Configuration& configuration) {
  SymbolicRandom draws(terms, 9);
  Spake2plusProver prover;
  Verifier guess;
  const bool pake = configuration.suite.key_exchange.reveals_with_share();
  if (pake) {
    (void)register_prover(crypto, guessed, serial, salt, min_iterations, prover);
    (void)register_verifier(crypto, guessed, serial, salt, min_iterations, guess);
  }
  for (auto& exponent : exponents) (void)draws.fill(ByteSpan(exponent).first(exponent_size));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const ByteView exponent = ByteView(exponents[i % own_exponents]).first(exponent_size);
    const ByteSpan share = ByteSpan(shares[i]).first(share_size);
    if (!pake) {
      (void)make_public(crypto, group, exponent, share);
    } else if (i < own_exponents) {
      (void)spake2plus_share_p(crypto, prover, exponent, share);
    } else {
      (void)spake2plus_share_v(crypto, guess.secrets, exponent, share);
    }
  }
}

Harness::State::Sizes Harness::State::sizes_of(const Suite& suite, ByteView plaintext) {
  Keys keys;
  const std::array<Byte, key_size> zeros{};
  for (auto* direction : {&keys.to_device, &keys.to_client}) {
    if (!direction->encryption.assign(zeros) || !direction->mac.assign(zeros)) return {};
  }
  std::vector<Byte> out(suite.protection.sealed_size(plaintext.size()));
  SymbolicRandom draws(terms, 10);
  const auto sealed = suite.protection.seal(crypto, draws, keys.to_device, {}, plaintext, out);
  if (!sealed) return {};
  const auto& made = std::get<Sealed>(*sealed);
  return {made.iv.size(), made.ciphertext.size(), made.tag.size()};
}

void Harness::State::make_device(const Configuration& configuration) {
  const Suite& suite =
      configuration.device.suite != nullptr ? *configuration.device.suite : configuration.suite;
  const Verifier* const record = verifier ? &*verifier : nullptr;
  const DeviceConfig config{suite, configuration.device.device_rows, serial, configured, record};
  device.emplace(config, DevicePorts{crypto, certificates, random, noise, store});
  solving_device.emplace(
      config, DevicePorts{solver, certificates, solving_random, solving_noise, solving_store});
  const DeviceConfig sound{configuration.suite, device_table(), serial, configured, record};
  shadow.emplace(sound,
                 DevicePorts{crypto, certificates, shadow_random, shadow_noise, shadow_store});
  if (configuration.charged > 0) {
    Counters counters;
    counters.charged = configuration.charged;
    (void)store_counters(fresh_store, counters);
  }
  fresh_device = device->snapshot();
  // Its start-up is over, where a later one need not be the same as this one.
  if (suite.entropy_gate.gates() && !configuration.conditions.repeats) {
    noise.random().restart(0xffff);
    (void)suite.entropy_gate.ready(crypto, noise, fresh_device.gate);
  }
}

}  // namespace wib::fuzz
