// SPDX-License-Identifier: Apache-2.0
//
// How many traces the hunt runs in a second of CPU time, from an empty corpus. One of the targets
// of ci/bench; built under ASan and UBSan it measures that (WIB_FUZZ_ASAN).
#include <benchmark/benchmark.h>

#include "attacks/search/bench/targets.h"
#include "fuzz/trace/campaign.h"

namespace wib::fuzz {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(WIB_FUZZ_ASAN)
constexpr double promised = 10e3;
#else
constexpr double promised = 60e3;
#endif

void loop(benchmark::State& state, const char* suite, bool repeats) {
  constexpr int traces = 50'000;
  const auto parsed = parse_suite(suite);
  double seconds = 0;
  std::uint64_t all = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    Hunter hunter({.suite = *parsed, .conditions = {.repeats = repeats}}, {.seed = 1});
    const double begin = cpu_seconds();
    for (int i = 0; i < traces; ++i) (void)hunter.next();
    seconds += cpu_seconds() - begin;
    all += hunter.traces();
    steps += hunter.steps();
  }
  const std::string name = std::string(suite) + (repeats ? "/repeat" : "");
  bench::at_least(state, name, "traces_per_s", static_cast<double>(all) / seconds, promised);
  state.counters["messages_per_s"] = static_cast<double>(steps) / seconds;
  state.counters["messages_per_trace"] = static_cast<double>(steps) / static_cast<double>(all);
}

// The production cores alone, over symbolic cryptography: one honest run, again and again.
void honest(benchmark::State& state, const char* suite) {
  const auto parsed = parse_suite(suite);
  Harness harness({.suite = *parsed, .feedback = false});
  Bytes trace = {byte_of(Action::press), byte_of(Action::start)};
  for (int i = 0; i < 8; ++i) {
    trace.push_back(byte_of(Action::forward));
    trace.push_back(0);
  }
  for (auto _ : state) benchmark::DoNotOptimize(harness.run(trace));
  state.SetItemsProcessed(state.iterations());
}

}  // namespace
}  // namespace wib::fuzz

int main(int argc, char** argv) {
  using namespace wib::fuzz;
  for (const char* suite : {"as_posted", "hardened"}) {
    for (const bool repeats : {false, true}) {
      benchmark::RegisterBenchmark(
          (std::string("loop/") + suite + (repeats ? "/repeat" : "")).c_str(), loop, suite, repeats)
          ->Unit(benchmark::kMillisecond)
          ->Iterations(3);
    }
    benchmark::RegisterBenchmark((std::string("honest_run/") + suite).c_str(), honest, suite)
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return wib::bench::result();
}
