// SPDX-License-Identifier: Apache-2.0
//
// What the protocol costs above its arithmetic.
//
//   session/BACKEND   a whole as-posted session in process, over bytes (HTTP, CBOR, both state
//                     machines), against a floor that makes the same calls of the backend and no
//                     more; ffdhe2048. `ratio` = floor / session, of times taken by turns.
//   endpoint          requests a second through the byte endpoint with arithmetic that costs
//                     nothing: HTTP, CBOR and the state machine alone.
#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

#include "attacks/search/bench/targets.h"
#include "attacks/world/entropy.h"
#include "attacks/world/identities.h"
#include "attacks/world/memory_store.h"
#include "backends/registry.h"
#include "props/support/plain_arithmetic.h"
#include "protocol/groups.h"
#include "protocol/setup/endpoint.h"

namespace {

using namespace wib;  // NOLINT: the whole program is about it
using Clock = std::chrono::steady_clock;

constexpr std::string_view serial = "WIB-2015-12-0042";

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Everything that a run of many sessions keeps.
struct Parties {
  Parties(const Suite& suite, Crypto& device_crypto, Certificates& certificates,
          Crypto& crypto_of_client, Offer group)
      : random({}, 1, "device"),
        noise({}, 1, "noise"),
        client_random({}, 1, "client"),
        device({suite, device_table(), as_bytes(serial), group},
               {device_crypto, certificates, random, noise, store}),
        client_config{
            suite,
            client_table(),
            as_bytes(serial),
            {attacks::identity("owner").certificate, attacks::identity("owner").private_key}},
        client_crypto(crypto_of_client),
        out(max_message_size),
        client_out(max_message_size) {}

  // One session from the press to the end; the number of requests.
  int session() {
    device.press(Instant(0));
    Client client(client_config, {client_crypto, client_random});
    DeviceConnection to_device(device);
    ClientConnection to_client(client, "device");
    int requests = 0;
    auto stepped = to_client.start(client_out);
    while (!stepped.request.empty()) {
      const auto served = to_device.receive(Instant(1), stepped.request, out);
      stepped = to_client.receive(served.response, client_out);
      ++requests;
    }
    if (client.state() != ClientState::completed) std::abort();
    return requests;
  }

  attacks::ProfileRandom random;
  attacks::ProfileNoise noise;
  attacks::ProfileRandom client_random;
  attacks::MemoryStore store;
  Device device;
  ClientConfig client_config;
  Crypto& client_crypto;
  std::vector<Byte> out;
  std::vector<Byte> client_out;
};

// The same calls: two exponentiations and a hash a side, seal and open of two payloads, and the
// check of the pair. No transcript, no fingerprint, no message.
struct Floor {
  Floor(Backend& chosen, bool with_cbc)
      : backend(chosen), cbc(with_cbc), p(ffdhe2048().p), g(ffdhe2048().g) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<Byte>(i * 7 + 1);
      y[i] = static_cast<Byte>(i * 11 + 3);
    }
    std::vector<Byte> bytes(max_bundle_size);
    const auto& owner = attacks::identity("owner");
    bundle_size = write_bundle({owner.certificate, owner.private_key}, bytes)->size();
    bytes.resize(bundle_size + 16 - bundle_size % 16, 1);
    plaintext = bytes;
    sealed.resize(plaintext.size());
    opened.resize(plaintext.size());
  }

  void session() {
    Crypto& crypto = backend.crypto();
    bool good = true;
    const auto exponentiate = [&](ByteView base, ByteView exponent, ByteSpan out) {
      good = good && crypto.mod_exp(base, exponent, p, out);
    };
    exponentiate(g, x, a);
    exponentiate(g, y, b);
    exponentiate(a, y, z);
    good = good && crypto.sha256(z, key);
    exponentiate(b, x, z);
    good = good && crypto.sha256(z, key);
    for (const std::size_t size : {std::size_t{32}, plaintext.size()}) {
      const ByteView plain = ByteView(plaintext).first(size);
      const ByteSpan cipher = ByteSpan(sealed).first(size);
      const ByteSpan decrypted = ByteSpan(opened).first(size);
      good = good && (cbc ? crypto.aes256_cbc_encrypt(key, iv, plain, cipher)
                          : crypto.aes256_ctr(key, iv, plain, cipher));
      good = good && crypto.hmac_sha512(key, plain, tag);
      good = good && (cbc ? crypto.aes256_cbc_decrypt(key, iv, cipher, decrypted)
                          : crypto.aes256_ctr(key, iv, cipher, decrypted));
      good = good && crypto.verify_hmac_sha512(key, plain, tag).value_or(false);
    }
    const auto& owner = attacks::identity("owner");
    good = good && backend.certificates().check_pair(owner.certificate, owner.private_key);
    if (!good) std::abort();
  }

  Backend& backend;
  bool cbc;
  ByteView p, g;
  std::array<Byte, 32> x, y, key;
  std::array<Byte, 256> a, b, z;
  std::array<Byte, 16> iv{};
  std::array<Byte, 64> tag;
  std::size_t bundle_size = 0;
  std::vector<Byte> plaintext, sealed, opened;
};

void session(benchmark::State& state, Backend* backend, const Suite* suite) {
  Parties parties(*suite, backend->crypto(), backend->certificates(), backend->crypto(),
                  ffdhe2048());
  Floor floor(*backend, suite->reading == "cbc");
  std::vector<double> sessions, floors;
  for (auto _ : state) {
    const auto begin = Clock::now();
    parties.session();
    sessions.push_back(seconds_since(begin));
    const auto between = Clock::now();
    floor.session();
    floors.push_back(seconds_since(between));
  }
  const double session_time = median(sessions);
  const double floor_time = median(floors);
  state.counters["session_us"] = session_time * 1e6;
  state.counters["floor_us"] = floor_time * 1e6;
  state.counters["sessions_per_s"] = 1 / session_time;
  bench::at_least(state,
                  "session/" + std::string(backend->name()) + "/" + std::string(suite->reading),
                  "ratio", floor_time / session_time, 0.85);
}

void endpoint(benchmark::State& state, const Suite* suite) {
  props::PlainArithmetic crypto;
  props::AnyPair certificates;
  static constexpr Byte p[] = {0xff};
  static constexpr Byte g[] = {1};
  Parties parties(*suite, crypto, certificates, crypto, Offer{p, g});
  // The requests of one session, recorded, with the time that the device takes for each.
  std::int64_t requests = 0;
  double device_time = 0;
  for (auto _ : state) {
    parties.device.press(Instant(0));
    Client client(parties.client_config, {crypto, parties.client_random});
    DeviceConnection to_device(parties.device);
    ClientConnection to_client(client, "device");
    auto stepped = to_client.start(parties.client_out);
    while (!stepped.request.empty()) {
      const auto begin = Clock::now();
      const auto served = to_device.receive(Instant(1), stepped.request, parties.out);
      device_time += seconds_since(begin);
      ++requests;
      stepped = to_client.receive(served.response, parties.client_out);
    }
  }
  bench::at_least(state, "endpoint/" + std::string(suite->reading), "requests_per_s",
                  static_cast<double>(requests) / device_time, 200e3);
}

}  // namespace

int main(int argc, char** argv) {
  for (Backend* backend : backends()) {
    for (const Suite& suite : suites()) {
      benchmark::RegisterBenchmark(
          ("session/" + std::string(backend->name()) + "/" + std::string(suite.reading)).c_str(),
          session, backend, &suite)
          ->Unit(benchmark::kMicrosecond);
    }
  }
  for (const Suite& suite : suites()) {
    benchmark::RegisterBenchmark(("endpoint/" + std::string(suite.reading)).c_str(), endpoint,
                                 &suite)
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return bench::result();
}
