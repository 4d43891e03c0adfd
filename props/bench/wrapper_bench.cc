// SPDX-License-Identifier: Apache-2.0
//
// What a backend's wrapper costs: each operation through the port, and as a bare call of the same
// library, by turns in one loop. `overhead` is the median of the pairs' differences over the median
// bare time; for what takes more than 5 microseconds it must be at most 3 %. At the end, the rates
// of all backends side by side.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "attacks/search/bench/targets.h"
#include "attacks/search/stream_random.h"
#include "backends/registry.h"
#include "protocol/groups.h"

namespace wib {
namespace {

using Clock = std::chrono::steady_clock;
using Bytes = std::vector<Byte>;

constexpr double max_overhead = 0.03;
constexpr double smallest_judged = 5e-6;

struct Inputs {
  Bytes key = draw("key", 32);
  Bytes iv = draw("iv", 16);
  Bytes nonce = draw("nonce", 12);
  Bytes block = draw("block", 1024);
  Bytes large = draw("large", 16384);
  Bytes scalar = draw("scalar", 32);
  Bytes other = draw("other", 32);
  Bytes u = draw("u", 32);
  Bytes out = Bytes(16384);
  Bytes tag = Bytes(64);
  Bytes sealed = Bytes(16384);
  Bytes sealed_tag = Bytes(16);
  Bytes point = Bytes(p256_point_size);

  static Bytes draw(const char* label, std::size_t size) {
    Bytes bytes(size);
    attacks::stream_bytes(attacks::seed_bytes(1), label, 0, bytes);
    // Scalars are clamped for X25519 and below the order of P-256.
    if (size == 32) {
      bytes[0] = static_cast<Byte>((bytes[0] & 0x78U) | 0x40U);
      bytes[31] = static_cast<Byte>((bytes[31] & 0x7fU) | 0x40U);
    }
    return bytes;
  }
  [[nodiscard]] ByteSpan first(std::size_t size) { return ByteSpan(out).first(size); }
};

struct Operation {
  std::string name;
  std::function<bool(Crypto&, Inputs&)> wrapped;
  std::function<bool(Bare&, Inputs&)> bare;
  std::function<bool(Crypto&, Inputs&)> prepare = {};
};

// Both sides are the same call but for the object that it is made on.
#define WIB_BOTH(CALL)                                             \
  [](Crypto& c, Inputs& in) { return static_cast<bool>(c.CALL); }, \
      [](Bare& c, Inputs& in) { return static_cast<bool>(c.CALL); }

std::vector<Operation> operations() {
  return {
      {"sha256 16 KiB", WIB_BOTH(sha256(in.large, in.first(32)))},
      {"hmac_sha512 16 KiB", WIB_BOTH(hmac_sha512(in.key, in.large, in.tag))},
      {"hkdf_sha256", WIB_BOTH(hkdf_sha256(in.iv, in.key, in.nonce, in.first(64)))},
      {"pbkdf2_sha256 1000", WIB_BOTH(pbkdf2_sha256(in.key, in.iv, 1000, in.first(32)))},
      {"aes256_cbc 16 KiB", WIB_BOTH(aes256_cbc_encrypt(in.key, in.iv, in.large, in.out))},
      {"aes256_cbc decrypt 16 KiB", WIB_BOTH(aes256_cbc_decrypt(in.key, in.iv, in.large, in.out))},
      {"aes256_ctr 16 KiB", WIB_BOTH(aes256_ctr(in.key, in.iv, in.large, in.out))},
      {"aes256_gcm 16 KiB", WIB_BOTH(aes256_gcm_seal(in.key, in.nonce, in.block, in.large, in.out,
                                                     ByteSpan(in.tag).first(16)))},
      {"aes256_gcm open 16 KiB",
       WIB_BOTH(aes256_gcm_open(in.key, in.nonce, in.block, in.sealed, in.sealed_tag, in.out)),
       [](Crypto& c, Inputs& in) {
         return c.aes256_gcm_seal(in.key, in.nonce, in.block, in.large, in.sealed, in.sealed_tag)
             .has_value();
       }},
      {"chacha20_poly1305 16 KiB",
       WIB_BOTH(chacha20_poly1305_seal(in.key, in.nonce, in.block, in.large, in.out,
                                       ByteSpan(in.tag).first(16)))},
      {"chacha20_poly1305 open 16 KiB",
       WIB_BOTH(
           chacha20_poly1305_open(in.key, in.nonce, in.block, in.sealed, in.sealed_tag, in.out)),
       [](Crypto& c, Inputs& in) {
         return c
             .chacha20_poly1305_seal(in.key, in.nonce, in.block, in.large, in.sealed, in.sealed_tag)
             .has_value();
       }},
      {"mod_exp ffdhe2048 256 bit",
       WIB_BOTH(mod_exp(ByteView(in.large).first(256), in.scalar, ffdhe2048().p, in.first(256)))},
      {"mod_exp ffdhe2048 2048 bit",
       WIB_BOTH(mod_exp(ByteView(in.large).first(256), ByteView(in.large).last(256), ffdhe2048().p,
                        in.first(256)))},
      {"x25519", WIB_BOTH(x25519(in.scalar, in.u, in.first(32)))},
      {"p256_base_mul", WIB_BOTH(p256_base_mul(in.scalar, in.first(p256_point_size)))},
      {"p256_mul", WIB_BOTH(p256_mul(in.scalar, in.point, in.first(p256_point_size))),
       [](Crypto& c, Inputs& in) { return c.p256_base_mul(in.other, in.point).has_value(); }},
      {"p256_mul_add",
       WIB_BOTH(p256_mul_add(in.scalar, p256_generator(), in.other, in.point,
                             in.first(p256_point_size))),
       [](Crypto& c, Inputs& in) { return c.p256_base_mul(in.other, in.point).has_value(); }},
  };
}

std::map<std::string, std::map<std::string, double>> rates;  // by operation, by backend

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

void measure(benchmark::State& state, Backend* backend, const Operation* operation) {
  Inputs inputs;
  Crypto& crypto = backend->crypto();
  Bare* bare = backend->bare();  // null: the rate alone is measured
  if (operation->prepare && !operation->prepare(crypto, inputs)) {
    state.SkipWithError("could not be prepared");
    return;
  }
  if (bare != nullptr && !operation->bare(*bare, inputs)) bare = nullptr;  // not offered
  std::vector<double> wrapped;
  std::vector<double> bares;
  std::vector<double> differences;
  bool wrapped_first = false;
  for (auto _ : state) {
    const auto timed = [&](auto&& call) {
      const auto begin = Clock::now();
      const bool done = call();
      const double time = std::chrono::duration<double>(Clock::now() - begin).count();
      if (!done) state.SkipWithError("failed");
      return time;
    };
    double with = 0;
    double without = 0;
    // Whoever comes second finds warmer caches.
    if (wrapped_first) with = timed([&] { return operation->wrapped(crypto, inputs); });
    if (bare != nullptr) without = timed([&] { return operation->bare(*bare, inputs); });
    if (!wrapped_first) with = timed([&] { return operation->wrapped(crypto, inputs); });
    wrapped_first = !wrapped_first;
    wrapped.push_back(with);
    bares.push_back(without);
    differences.push_back(with - without);
  }
  if (wrapped.empty()) return;
  const double rate = 1 / median(wrapped);
  state.counters["per_s"] = rate;
  rates[operation->name][std::string(backend->name())] = rate;
  if (bare == nullptr) return;
  const double time = median(bares);
  const double overhead = median(differences) / time;
  state.counters["bare_us"] = time * 1e6;
  const std::string name = operation->name + "/" + std::string(backend->name());
  // Below what is judged, any overhead will do.
  const double most = time > smallest_judged ? max_overhead : 1e9;
  bench::at_most(state, name, "overhead", overhead, most);
}

void print_rates(const std::vector<Operation>& all) {
  std::printf("\nper second, through the port%*s", 4, "");
  for (const Backend* backend : real_backends())
    std::printf("%14s", std::string(backend->name()).c_str());
  std::printf("\n");
  for (const Operation& operation : all) {
    if (!rates.contains(operation.name)) continue;
    std::printf("%-32s", operation.name.c_str());
    for (const Backend* backend : real_backends()) {
      const double rate = rates[operation.name][std::string(backend->name())];
      if (rate == 0) {
        std::printf("%14s", "-");
      } else {
        std::printf("%14.0f", rate);
      }
    }
    std::printf("\n");
  }
}

}  // namespace
}  // namespace wib

int main(int argc, char** argv) {
  const auto all = wib::operations();
  for (const auto& operation : all) {
    for (wib::Backend* backend : wib::real_backends()) {
      const std::string name = operation.name + "/" + std::string(backend->name());
      benchmark::RegisterBenchmark(name.c_str(), wib::measure, backend, &operation)
          ->Unit(benchmark::kMicrosecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  wib::print_rates(all);
  return wib::bench::result();
}
