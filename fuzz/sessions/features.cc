// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/features.h"

#include <cstdint>

namespace wib::fuzz {
namespace {

constexpr std::size_t room = 8192;
// The section is libFuzzer's contract; without it this is an array.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[room];

}  // namespace

void feature(std::size_t number) noexcept {
  std::uint8_t& counter = counters[number % room];
  if (counter != 0xff) ++counter;
}

}  // namespace wib::fuzz
