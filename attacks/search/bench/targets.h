// SPDX-License-Identifier: Apache-2.0
//
// Targets: figures that a benchmark must reach. Misses are listed at the end, and the program's
// exit code tells. Google Benchmark calls a function several times to find how often to repeat it:
// the last call of a name counts.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>

namespace wib::bench {

inline std::map<std::string, std::string> missed;  // by name: what was missed

inline void require(benchmark::State& state, const std::string& name, const std::string& counter,
                    double value, bool reached, const char* relation, double target) {
  state.counters[counter] = value;
  missed.erase(name);
  if (reached) return;
  char text[160];
  std::snprintf(text, sizeof text, "%s is %.4g, and must be at %s %.4g", counter.c_str(), value,
                relation, target);
  missed[name] = text;
}

inline void at_least(benchmark::State& state, const std::string& name, const std::string& counter,
                     double value, double target) {
  require(state, name, counter, value, value >= target, "least", target);
}

inline void at_most(benchmark::State& state, const std::string& name, const std::string& counter,
                    double value, double target) {
  require(state, name, counter, value, value <= target, "most", target);
}

// What main() returns.
inline int result() {
  for (const auto& [name, what] : missed) {
    std::printf("MISSED %s: %s\n", name.c_str(), what.c_str());
  }
  return missed.empty() ? 0 : 1;
}

}  // namespace wib::bench
