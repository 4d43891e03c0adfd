// SPDX-License-Identifier: Apache-2.0
//
// The seed search against what one would write first: two ratios, each with both sides measured in
// turn in this process. Rates are seeds per second of processor time, on one thread; a search's
// figures include its table.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <vector>

#include "attacks/search/bench/targets.h"
#include "attacks/search/seed_search.h"
#include "attacks/search/sha256.h"
#include "attacks/search/stream_random.h"
#include "backends/openssl/bench/naive_mod_exp.h"
#include "protocol/groups.h"

namespace wib::attacks {
namespace {

namespace naive = wib_backend_openssl_bench;

constexpr std::string_view label = "device";

// Processor time of all threads: what other processes take does not count.
double cpu_seconds() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

template <class F>
double rate(std::uint64_t seeds, const F& f) {
  const double start = cpu_seconds();
  f();
  return static_cast<double>(seeds) / (cpu_seconds() - start);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double per_round_median(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
  return median(ratios);
}

// The whole search of an n-bit space that holds no match: its worst case, table included.
void share_path(benchmark::State& state) {
  const Offer group = ffdhe2048();
  std::vector<Byte> share(group.p.size(), 0x5a);
  const SeedSpace space = SeedSpace::of_bits(static_cast<unsigned>(state.range(0)));
  constexpr std::uint64_t naive_seeds = 1000;
  const SearchOptions options{.threads = 1, .progress = {}};
  const ShareTarget target{
      .exponent_offset = 16, .exponent_size = 32, .p = group.p, .g = group.g, .share = share};

  std::vector<double> ours;
  std::vector<double> theirs;
  std::size_t table_bytes = 0;
  for (auto _ : state) {
    ours.push_back(rate(space.count, [&] {
      const Result<SearchResult> result = search_by_share(space, label, target, options);
      if (!result || result->seed) state.SkipWithError("search failed");
      if (result) table_bytes = result->table_bytes;
    }));
    theirs.push_back(rate(naive_seeds, [&] {
      if (naive::naive_share_search(label, 0, naive_seeds, group.p, share) != naive::none) {
        state.SkipWithError("naive search failed");
      }
    }));
  }
  state.counters["seeds_per_s"] = median(ours);
  state.counters["naive_per_s"] = median(theirs);
  bench::at_least(state, "share_path/" + std::to_string(state.range(0)), "ratio",
                  per_round_median(ours, theirs), 5);
  state.counters["table_MB"] = static_cast<double>(table_bytes) / 1e6;
}
BENCHMARK(share_path)->Arg(16)->Arg(20)->Iterations(5)->Unit(benchmark::kMillisecond);

// Block 0 of each seed's stream, one at a time, with every midstate that can be had beforehand.
Byte single_stream_kdf(std::uint64_t count) {
  const Sha256Kernel& kernel = best_sha256();
  const HmacSha256Key extract = stream_label_key(label);
  const auto last_block = [](std::size_t words) {
    Sha256Block block{};
    block[words] = 0x80000000;
    block[15] = static_cast<std::uint32_t>(8 * (64 + 4 * words));
    return block;
  };
  const Sha256Block index_block = last_block(2);
  Sha256Block seed_block = last_block(2);
  Sha256Block digest_block = last_block(8);
  Byte sum = 0;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    seed_block[0] = static_cast<std::uint32_t>(seed >> 32);
    seed_block[1] = static_cast<std::uint32_t>(seed);
    const auto mac = [&](Sha256State inner, Sha256State outer, const Sha256Block& message) {
      kernel.compress(inner, message);
      std::ranges::copy(inner, digest_block.begin());
      kernel.compress(outer, digest_block);
      return outer;
    };
    const Sha256State prk = mac(extract.inner(), extract.outer(), seed_block);
    const auto pad = [&](std::uint32_t word) {
      Sha256Block block;
      for (std::size_t i = 0; i < 16; ++i) block[i] = (i < 8 ? prk[i] : 0) ^ word;
      Sha256State key = sha256_initial;
      kernel.compress(key, block);
      return key;
    };
    sum ^= static_cast<Byte>(mac(pad(0x36363636), pad(0x5c5c5c5c), index_block)[0] >> 24);
  }
  return sum;
}

void cookie_path(benchmark::State& state) {
  const std::array<Byte, 16> cookie{};  // no seed of the space has it
  const SeedSpace space = SeedSpace::of_bits(19);
  const SearchOptions options{.threads = 1, .progress = {}};
  std::vector<double> ours;
  std::vector<double> openssl;
  std::vector<double> single;
  std::vector<double> bare;
  for (auto _ : state) {
    ours.push_back(rate(space.count, [&] {
      const Result<SearchResult> result = search_by_cookie(space, label, 0, cookie, options);
      if (!result || result->seed) state.SkipWithError("search failed");
    }));
    Byte a = 0;
    Byte b = 0;
    openssl.push_back(rate(space.count, [&] { a = naive::bare_kdf(label, 0, space.count); }));
    single.push_back(rate(space.count, [&] { b = single_stream_kdf(space.count); }));
    if (a != b) state.SkipWithError("the derivations differ");
    bare.push_back(std::max(openssl.back(), single.back()));
  }
  state.counters["seeds_per_s"] = median(ours);
  state.counters["openssl_kdf_per_s"] = median(openssl);
  state.counters["single_kdf_per_s"] = median(single);
  bench::at_least(state, "cookie_path", "ratio", per_round_median(ours, bare), 0.8);
}
BENCHMARK(cookie_path)->Iterations(9)->Unit(benchmark::kMillisecond);

// Table included, every core; wall clock.
void share_path_all_cores(benchmark::State& state) {
  const Offer group = ffdhe2048();
  const std::vector<Byte> share(group.p.size(), 0x5a);
  const SeedSpace space = SeedSpace::of_bits(16);
  const ShareTarget target{
      .exponent_offset = 16, .exponent_size = 32, .p = group.p, .g = group.g, .share = share};
  for (auto _ : state) {
    benchmark::DoNotOptimize(search_by_share(space, label, target).has_value());
  }
  state.counters["seeds_per_s"] = benchmark::Counter(static_cast<double>(space.count),
                                                     benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(share_path_all_cores)->Iterations(3)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wib::attacks

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return wib::bench::result();
}
