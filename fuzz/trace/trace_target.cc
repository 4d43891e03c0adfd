// SPDX-License-Identifier: Apache-2.0
//
// Traces of a Dolev-Yao attacker as a libFuzzer target: the features are extra counters, new traces
// are made of the shortest one for each feature. WIB_FUZZ_SUITE names the suite, WIB_FUZZ_REPEATS
// is 1 where the device's generator begins again at every boot.
#include "fuzz/driver/target.h"
#include "fuzz/trace/hunter.h"

namespace wib::fuzz {
namespace {

const Suite& suite() {
  static const Suite parsed = *parse_suite(WIB_FUZZ_SUITE);
  return parsed;
}
constexpr Conditions conditions{.repeats = WIB_FUZZ_REPEATS != 0};

Hunter& hunter() {
  static Hunter made({.suite = suite(), .conditions = conditions}, {});
  return made;
}

#ifdef WIB_FUZZ_MUTATOR
[[gnu::section("__libfuzzer_extra_counters")]] Byte counters[Feedback::size];
#endif

}  // namespace

const std::string_view invariant =
    "no trace of any attacker violates a property that PROTOCOL says the suite holds";

void one_input(ByteView input) {
  static const Violations expected = expected_of(suite(), conditions);
#ifdef WIB_FUZZ_MUTATOR
  hunter().harness().set_counters(counters);
#endif
  const Outcome& outcome = hunter().feed({input.begin(), input.end()});
  const Violations found = outcome.violations.without(expected);
  for (std::size_t i = 0; i < violation_count; ++i) {
    const auto violation = static_cast<Violation>(i);
    expect(!found.has(violation), id(violation));
  }
}

}  // namespace wib::fuzz

#ifdef WIB_FUZZ_MUTATOR
using wib::fuzz::Bytes;
using wib::fuzz::Dice;

namespace {

wib::fuzz::Mutator& mutator() {
  static wib::fuzz::Mutator made({.shape = wib::fuzz::hunter().harness().shape()});
  return made;
}

std::size_t give(const Bytes& trace, wib::Byte* out, std::size_t room) {
  const std::size_t size = std::min(trace.size(), room);
  std::ranges::copy(wib::ByteView(trace).first(size), out);
  return size;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names
extern "C" std::size_t LLVMFuzzerCustomMutator(wib::Byte* data, std::size_t size, std::size_t room,
                                               unsigned seed) {
  Dice dice(seed);
  // Mostly of a champion: the engine's own choice knows nothing of features that are states.
  Bytes trace = dice.one_in(8) ? Bytes(data, data + size) : wib::fuzz::hunter().parent(dice);
  mutator().mutate(dice, trace);
  return give(trace, data, room);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const wib::Byte* a, std::size_t a_size,
                                                 const wib::Byte* b, std::size_t b_size,
                                                 wib::Byte* out, std::size_t room, unsigned seed) {
  Dice dice(seed);
  Bytes crossed;
  mutator().cross(dice, Bytes(a, a + a_size), Bytes(b, b + b_size), crossed);
  if (crossed.empty()) crossed.push_back(0);
  return give(crossed, out, room);
}
// NOLINTEND(readability-identifier-naming)
#endif
