// SPDX-License-Identifier: Apache-2.0
//
// What the protocol costs above its arithmetic.
//
//   session/BACKEND   a whole session in process, over bytes (HTTP, CBOR, both state machines),
//                     against a floor that makes the same calls of the backend and no more. As
//                     posted: ffdhe2048. Hardened: w0 and w1 are there, PBKDF2 is timed apart.
//                     `ratio` = floor / session, of times taken by turns.
//   register/BACKEND  what is done once for each setup code: PBKDF2, and the verifier.
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

constexpr std::string_view code = "0123456789";
constexpr std::array<Byte, salt_size> salt = {1, 2, 3};

Verifier make_verifier(const Suite& suite, Crypto& crypto) {
  Verifier verifier;
  if (suite.key_exchange.reveals_with_share() &&
      !register_verifier(crypto, as_bytes(code), as_bytes(serial), salt, min_iterations,
                         verifier)) {
    std::abort();
  }
  return verifier;
}

// Everything that a run of many sessions keeps.
struct Parties {
  Parties(const Suite& suite, Crypto& device_crypto, Certificates& certificates,
          Crypto& crypto_of_client, Group group)
      : random({}, 1, "device"),
        noise({}, 1, "noise"),
        client_random({}, 1, "client"),
        verifier(make_verifier(suite, device_crypto)),
        password(as_bytes(code), as_bytes(serial)),
        device({suite, device_table(), as_bytes(serial), group, &verifier},
               {device_crypto, certificates, random, noise, store}),
        client_config{
            suite,
            client_table(),
            as_bytes(serial),
            {attacks::identity("owner").certificate, attacks::identity("owner").private_key},
            &password},
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
  Verifier verifier;
  Password password;
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

// The same for SPAKE2+: two shares, two finishes (unmask, Z, V, the secrets), the schedule a side,
// the device's draws behind its gate, the bundle and its acknowledgement, the check of the pair.
struct HardenedFloor {
  HardenedFloor(Backend& chosen, bool with_gcm) : backend(chosen), gcm(with_gcm) {
    std::vector<Byte> bytes(max_bundle_size);
    const auto& owner = attacks::identity("owner");
    bytes.resize(write_bundle({owner.certificate, owner.private_key}, bytes)->size());
    plaintext = bytes;
    sealed.resize(plaintext.size());
    w0.fill(5);
    minus_w0.fill(250);
    tt.fill(7);
    if (!backend.crypto().p256_base_mul(w0, l)) std::abort();
  }

  // Scalars, and so points, that were never there before: some libraries remember points.
  void session() {
    Crypto& crypto = backend.crypto();
    bool good = true;
    for (auto* scalar : {&x, &y}) {
      const auto drawn = random.fill(*scalar);
      good = good && drawn;
    }
    const auto draw = [&](std::size_t size) {
      good = good && crypto.hkdf_sha256({}, key, {}, ByteSpan(okm).first(size + 32));
    };
    const auto secrets = [&](ByteView own, ByteView peer_share, ByteView mask, ByteView other,
                             bool fixed_v) {
      good = good && crypto.p256_mul_add(one, peer_share, minus_w0, mask, bare);
      good = good && crypto.p256_mul(own, bare, z);
      good = good && crypto.p256_mul(fixed_v ? own : other, fixed_v ? other : ByteView(bare), v);
      good = good && crypto.sha256(tt, key);
      good = good && crypto.hkdf_sha256({}, key, as_bytes("confirm"), ByteSpan(okm).first(64));
      good = good && crypto.hkdf_sha256({}, key, as_bytes("shared"), ByteSpan(okm).first(32));
      good = good && crypto.hmac_sha256(key, a, key2);
      good = good && crypto.hmac_sha256(key, b, key2);
      good = good && crypto.hkdf_sha256(key, key2, as_bytes("wib keys"), okm);
    };
    good = good && crypto.hmac_sha256(key, samples, key2);
    draw(16);
    good = good && crypto.p256_mul_add(x, p256_generator(), w0, spake2plus_m(), a);
    draw(32);
    good = good && crypto.p256_mul_add(y, p256_generator(), w0, spake2plus_n(), b);
    secrets(y, a, spake2plus_m(), l, true);
    secrets(x, b, spake2plus_n(), w0, false);
    seal_and_open(crypto, plaintext.size(), good);
    seal_and_open(crypto, 32, good);
    const auto& owner = attacks::identity("owner");
    good = good && backend.certificates().check_pair(owner.certificate, owner.private_key);
    if (!good) std::abort();
  }

  void seal_and_open(Crypto& crypto, std::size_t size, bool& good) {
    const ByteView plain = ByteView(plaintext).first(size);
    const ByteSpan out = ByteSpan(sealed).first(size);
    good = good && (gcm ? crypto.aes256_gcm_seal(key, nonce, tt, plain, out, tag)
                        : crypto.chacha20_poly1305_seal(key, nonce, tt, plain, out, tag));
    good = good && (gcm ? crypto.aes256_gcm_open(key, nonce, tt, out, tag, out)
                        : crypto.chacha20_poly1305_open(key, nonce, tt, out, tag, out));
  }

  Backend& backend;
  bool gcm;
  attacks::ProfileRandom random{{}, 3, "floor"};
  std::array<Byte, 32> x, y, w0, minus_w0, key{}, key2;
  std::array<Byte, 32> one = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                              0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  std::array<Byte, 64> samples{};
  std::array<Byte, 42> tt;
  std::array<Byte, p256_point_size> l, a, b, bare, z, v;
  std::array<Byte, 128> okm;
  std::array<Byte, 12> nonce{};
  std::array<Byte, 16> tag;
  std::vector<Byte> plaintext, sealed;
};

template <class FloorType>
void session(benchmark::State& state, Backend* backend, const Suite* suite, bool first_cipher,
             double least_ratio) {
  Parties parties(*suite, backend->crypto(), backend->certificates(), backend->crypto(),
                  ffdhe2048());
  FloorType floor(*backend, first_cipher);
  parties.session();  // what is done once is done: PBKDF2, the gate's start-up
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
  const std::string name =
      "session/" + std::string(backend->name()) + "/" + std::string(suite->reading());
  if (suite->key_exchange.reveals_with_share() && backend->name() == "openssl") {
    bench::at_least(state, name + " rate", "sessions_per_s", 1 / session_time, 300);
  }
  bench::at_least(state, name, "ratio", floor_time / session_time, least_ratio);
}

void registration(benchmark::State& state, Backend* backend) {
  for (auto _ : state) {
    Verifier verifier;
    if (!register_verifier(backend->crypto(), as_bytes(code), as_bytes(serial), salt,
                           default_iterations, verifier)) {
      std::abort();
    }
  }
}

void endpoint(benchmark::State& state, const Suite* suite) {
  props::PlainArithmetic crypto;
  props::AnyPair certificates;
  static constexpr Byte p[] = {0xff};
  static constexpr Byte g[] = {1};
  Parties parties(*suite, crypto, certificates, crypto, Group{p, g});
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
  bench::at_least(state, "endpoint/" + std::string(suite->reading()), "requests_per_s",
                  static_cast<double>(requests) / device_time, 200e3);
}

}  // namespace

int main(int argc, char** argv) {
  for (Backend* backend : backends()) {
    for (const Suite& suite : suites()) {
      const bool pake = suite.key_exchange.reveals_with_share();
      const bool first = suite.reading() == "cbc" || suite.reading() == "gcm";
      benchmark::RegisterBenchmark(
          ("session/" + std::string(backend->name()) + "/" + std::string(suite.reading())).c_str(),
          pake ? session<HardenedFloor> : session<Floor>, backend, &suite, first,
          pake ? 0.80 : 0.85)
          ->Unit(benchmark::kMicrosecond);
    }
    benchmark::RegisterBenchmark(("register/" + std::string(backend->name())).c_str(), registration,
                                 backend)
        ->Unit(benchmark::kMillisecond);
  }
  for (const Suite& suite : suites().first(2)) {  // its arithmetic is the post's
    benchmark::RegisterBenchmark(("endpoint/" + std::string(suite.reading())).c_str(), endpoint,
                                 &suite)
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return bench::result();
}
