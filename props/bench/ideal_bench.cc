// SPDX-License-Identifier: Apache-2.0
//
// How fast sessions can be explored on the ideal backend, on one core:
//
//   session/READING       a whole session through handle(Message), from the press to the installed
//                         pair: a new client, four requests, a real bundle; as posted in ffdhe2048.
//                         The arena is reset each time, as an explorer does, and a hardened device
//                         and client get their registration again with it, which is not timed.
//   kept/READING          the same without reset, up to the arena's limit
//   parties/READING       as posted, the same calls of the cores, with a backend that does nothing
//                         but copy: what no backend can do without
#include <benchmark/benchmark.h>

#include <chrono>

#include "attacks/search/bench/targets.h"
#include "attacks/world/entropy.h"
#include "attacks/world/identities.h"
#include "attacks/world/memory_store.h"
#include "backends/ideal/ideal.h"
#include "protocol/groups.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"

namespace {

using namespace wib;  // NOLINT: the whole program is about it

constexpr std::string_view serial = "WIB-2015-12-0042";

constexpr std::string_view code = "0123456789";
constexpr std::array<Byte, salt_size> salt = {1, 2, 3};

// Draws that never repeat and cost next to nothing (SplitMix64): a generator that hashes would be
// measured with the rest.
class CountingRandom final : public Random {
 public:
  explicit CountingRandom(std::uint64_t seed) : state_(seed) {}

  Result<> fill(ByteSpan out) override {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word = next();
      out[i] = static_cast<Byte>(word >> (8 * (i % 8)));
    }
    return {};
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
};

class CountingNoise final : public NoiseSource {
 public:
  explicit CountingNoise(std::uint64_t seed) : random_(seed) {}
  Result<> sample(ByteSpan samples) override { return random_.fill(samples); }
  std::uint32_t claimed_millibits() const noexcept override { return 7000; }

 private:
  CountingRandom random_;
};

// Zeros for every result, and the plaintext for a ciphertext.
class Copying final : public Crypto {
 private:
  static Result<> zeros(ByteSpan out) {
    std::ranges::fill(out, Byte{0});
    return {};
  }
  static Result<> copy(ByteView in, ByteSpan out) {
    if (in.data() != out.data()) std::ranges::copy(in, out.begin());
    return {};
  }
  Result<> do_sha256(Pieces, ByteSpan digest) override { return zeros(digest); }
  Result<> do_hmac_sha512(ByteView, Pieces, ByteSpan tag) override { return zeros(tag); }
  Result<> do_aes256_cbc_encrypt(ByteView, ByteView, ByteView in, ByteSpan out) override {
    return copy(in, out);
  }
  Result<> do_aes256_cbc_decrypt(ByteView, ByteView, ByteView in, ByteSpan out) override {
    return copy(in, out);
  }
  Result<> do_aes256_ctr(ByteView, ByteView, ByteView in, ByteSpan out) override {
    return copy(in, out);
  }
  Result<std::size_t> do_mod_exp(ByteView, ByteView, ByteView, ByteSpan out) override {
    if (auto done = zeros(out); !done) return std::unexpected(done.error());
    return out.size();
  }
};

class AnyPair final : public Certificates {
 public:
  Result<CertificateInfo> inspect(ByteView) override { return CertificateInfo{}; }
  Result<std::size_t> sign(ByteView, ByteView, ByteSpan) override { return 0; }
  Result<bool> verify(ByteView, ByteView, ByteView) override { return true; }
  Result<> check_pair(ByteView, ByteView) override { return {}; }
};

struct Parties {
  Parties(const Suite& suite, Crypto& crypto_of_all, Certificates& certificates)
      : crypto(crypto_of_all),
        random(1),
        client_random(2),
        noise(3),
        pake(suite.key_exchange.reveals_with_share()),
        password(as_bytes(code), as_bytes(serial)),
        device({suite, device_table(), as_bytes(serial), ffdhe2048(), &verifier},
               {crypto, certificates, random, noise, store}),
        client_config{
            suite,
            client_table(),
            as_bytes(serial),
            {attacks::identity("owner").certificate, attacks::identity("owner").private_key},
            &password} {
    registered();
  }

  // What was registered before is not known to an arena that was reset.
  void registered() {
    if (!pake) return;
    password = Password(as_bytes(code), as_bytes(serial));
    if (!register_verifier(crypto, as_bytes(code), as_bytes(serial), salt, min_iterations,
                           verifier)) {
      std::abort();
    }
  }

  void session() {
    device.press(Instant(0));
    Client client(client_config, {crypto, client_random});
    ClientStep step = client.start();
    while (step.send) {
      const Reply reply = device.handle(Instant(1), *step.send);
      step = client.handle({reply.status, reply.set_cookie, reply.body});
    }
    if (client.state() != ClientState::completed || device.window_open()) std::abort();
  }

  Crypto& crypto;
  CountingRandom random;
  CountingRandom client_random;
  CountingNoise noise;
  attacks::MemoryStore store;
  bool pake;
  Verifier verifier;
  Password password;
  Device device;
  ClientConfig client_config;
};

void session(benchmark::State& state, const Suite* suite, bool reset) {
  const auto ideal = wib_backend_ideal::make();
  Parties parties(*suite, ideal->crypto(), ideal->certificates());
  std::size_t terms = 0;
  std::size_t bytes = 0;
  std::chrono::duration<double> time{};
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    parties.session();
    const bool full = ideal->bytes() > (std::size_t{1} << 28U);
    if (reset || full) {
      terms = ideal->terms();
      bytes = ideal->bytes();
      ideal->reset();
    }
    time += std::chrono::steady_clock::now() - begin;
    if (reset || full) parties.registered();  // once for each code, not for each session
  }
  bench::at_least(state, (reset ? "session/" : "kept/") + std::string(suite->reading()),
                  "sessions_per_s", static_cast<double>(state.iterations()) / time.count(),
                  parties.pake ? 50e3 : 100e3);
  if (reset) {
    state.counters["terms"] = static_cast<double>(terms);
    state.counters["bytes"] = static_cast<double>(bytes);
  }
}

void parties(benchmark::State& state, const Suite* suite) {
  Copying crypto;
  AnyPair certificates;
  Parties all(*suite, crypto, certificates);
  for (auto _ : state) all.session();
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

int main(int argc, char** argv) {
  for (const Suite& suite : suites()) {
    const std::string reading(suite.reading());
    const auto add = [](const std::string& name, auto... arguments) {
      benchmark::RegisterBenchmark(name.c_str(), arguments...)->Unit(benchmark::kMicrosecond);
    };
    add("session/" + reading, session, &suite, true);
    add("kept/" + reading, session, &suite, false);
    if (!suite.key_exchange.reveals_with_share()) add("parties/" + reading, parties, &suite);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return bench::result();
}
