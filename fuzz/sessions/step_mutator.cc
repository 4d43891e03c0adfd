// SPDX-License-Identifier: Apache-2.0
//
// The mutator of scripts: whole steps are inserted, taken out, repeated, swapped, and taken from
// another script; within a step a field is changed. Bytes are mutated by the engine now and then.
// The fuzzing engine calls it by its name (libFuzzer's contract); no other program links it.
#include <cstring>
#include <vector>

#include "fuzz/sessions/script.h"

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names
extern "C" {
__attribute__((weak)) std::size_t LLVMFuzzerMutate(wib::Byte* data, std::size_t size,
                                                   std::size_t max_size);
std::size_t LLVMFuzzerCustomMutator(wib::Byte* data, std::size_t size, std::size_t max_size,
                                    unsigned seed);
std::size_t LLVMFuzzerCustomCrossOver(const wib::Byte* first, std::size_t first_size,
                                      const wib::Byte* second, std::size_t second_size,
                                      wib::Byte* out, std::size_t max_size, unsigned seed);
}

namespace wib::fuzz {
namespace {

using Bytes = std::vector<Byte>;

// SplitMix64 of the engine's seed.
class Dice {
 public:
  explicit Dice(unsigned seed) noexcept : state_(seed) {}
  std::size_t below(std::size_t count) noexcept { return count == 0 ? 0 : next() % count; }
  Byte byte() noexcept { return static_cast<Byte>(next()); }
  bool one_in(std::size_t count) noexcept { return below(count) == 0; }

 private:
  std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15U;
    z = (z ^ z >> 30U) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ z >> 27U) * 0x94d0'49bb'1331'11ebU;
    return z ^ z >> 31U;
  }
  std::uint64_t state_;
};

struct Parts {
  Bytes beginning;
  std::vector<Bytes> steps;
};

Parts take_apart(ByteView input) {
  Parts parts;
  const ByteView front = input.first(std::min(input.size(), beginning_size));
  parts.beginning.assign(front.begin(), front.end());
  parts.beginning.resize(beginning_size);
  for (ByteView rest = input.subspan(front.size()); !rest.empty();) {
    const std::size_t length = step_length(rest);
    Bytes step(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
    if (step.size() < step_size) step.resize(step_size);
    parts.steps.push_back(std::move(step));
    rest = rest.subspan(length);
  }
  return parts;
}

std::size_t put_together(const Parts& parts, ByteSpan out) {
  std::size_t size = 0;
  const auto put = [&](ByteView bytes) {
    if (bytes.size() > out.size() - size) return false;
    std::ranges::copy(bytes, out.begin() + static_cast<std::ptrdiff_t>(size));
    size += bytes.size();
    return true;
  };
  if (!put(parts.beginning)) return 0;
  for (const Bytes& step : parts.steps) {
    if (!put(step)) break;
  }
  return size;
}

Bytes random_step(Dice& dice) {
  Bytes step(step_size);
  step[0] = static_cast<Byte>(dice.below(raw_op));
  step[1] = static_cast<Byte>(dice.one_in(3) ? dice.below(8) : 0);
  if (dice.one_in(2)) {
    step[2] = static_cast<Byte>(dice.below(32));
    step[3] = static_cast<Byte>(dice.one_in(4) ? dice.below(4) : 0);
    step[4] = dice.byte();
  }
  step[5] = dice.one_in(2) ? dice.byte() : Byte{0};
  step[6] = static_cast<Byte>(dice.one_in(2) ? dice.below(24) : 0);
  step[7] = dice.one_in(3) ? dice.byte() : Byte{0};
  return step;
}

std::ptrdiff_t place(Dice& dice, const Parts& parts) {
  return static_cast<std::ptrdiff_t>(dice.below(parts.steps.size() + 1));
}

void mutate_once(Parts& parts, Dice& dice) {
  auto& steps = parts.steps;
  const std::size_t at = dice.below(steps.size());
  const auto here = steps.begin() + static_cast<std::ptrdiff_t>(at);
  switch (steps.empty() ? 0 : dice.below(10)) {
    case 0: steps.insert(steps.begin() + place(dice, parts), random_step(dice)); break;
    case 1: steps.insert(steps.begin() + place(dice, parts), Bytes(step_size)); break;
    case 2: steps.erase(here); break;
    case 3: {
      const Bytes copy = *here;
      steps.insert(steps.begin() + place(dice, parts), copy);
      break;
    }
    case 4: std::swap(*here, steps[dice.below(steps.size())]); break;
    case 5: *here = random_step(dice); break;
    case 6: {  // a block, again
      const std::size_t length = 1 + dice.below(std::min<std::size_t>(6, steps.size() - at));
      const std::vector<Bytes> block(here, here + static_cast<std::ptrdiff_t>(length));
      steps.insert(steps.begin() + place(dice, parts), block.begin(), block.end());
      break;
    }
    case 7: parts.beginning[dice.below(beginning_size)] = dice.byte(); break;
    default: {  // a field, of which the first says what the step is
      Bytes& step = *here;
      const std::size_t field = dice.below(step.size());
      step[field] = field > 0 && dice.one_in(2)
                        ? static_cast<Byte>(step[field] ^ 1U << dice.below(8))
                        : dice.byte();
      break;
    }
  }
}

}  // namespace
}  // namespace wib::fuzz

std::size_t LLVMFuzzerCustomMutator(wib::Byte* data, std::size_t size, std::size_t max_size,
                                    unsigned seed) {
  using namespace wib::fuzz;
  Dice dice(seed);
  if (dice.one_in(6) && LLVMFuzzerMutate != nullptr) return LLVMFuzzerMutate(data, size, max_size);
  Parts parts = take_apart({data, size});
  // Short ones are tried sooner.
  constexpr std::size_t long_script = 24;
  if (parts.steps.size() > long_script && !dice.one_in(3)) {
    const std::size_t at = dice.below(parts.steps.size());
    const std::size_t length = 1 + dice.below(parts.steps.size() - at);
    const auto here = parts.steps.begin() + static_cast<std::ptrdiff_t>(at);
    parts.steps.erase(here, here + static_cast<std::ptrdiff_t>(length));
  }
  for (std::size_t i = 0; i <= dice.below(3); ++i) mutate_once(parts, dice);
  return put_together(parts, {data, max_size});
}

// The beginning of one, steps of both.
std::size_t LLVMFuzzerCustomCrossOver(const wib::Byte* first, std::size_t first_size,
                                      const wib::Byte* second, std::size_t second_size,
                                      wib::Byte* out, std::size_t max_size, unsigned seed) {
  using namespace wib::fuzz;
  Dice dice(seed);
  Parts parts = take_apart({first, first_size});
  const Parts others = take_apart({second, second_size});
  parts.steps.resize(dice.below(parts.steps.size() + 1));
  const std::size_t from = dice.below(others.steps.size() + 1);
  parts.steps.insert(parts.steps.end(), others.steps.begin() + static_cast<std::ptrdiff_t>(from),
                     others.steps.end());
  return put_together(parts, {out, max_size});
}
// NOLINTEND(readability-identifier-naming)
