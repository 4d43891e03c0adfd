// SPDX-License-Identifier: Apache-2.0
//
// Mutators of traces: on steps and on fields, over the bytes; and crossover.
#pragma once

#include "fuzz/trace/language.h"

namespace wib::fuzz {

using Bytes = std::vector<Byte>;

// A generator for choices: the same everywhere for the same seed (xorshift*, Vigna 2016).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {
    for (int i = 0; i < 8; ++i) (void)next();
  }
  [[nodiscard]] std::uint32_t next() noexcept {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return static_cast<std::uint32_t>((state_ * 0x2545f4914f6cdd1dULL) >> 32U);
  }
  // 0..count-1, or 0.
  [[nodiscard]] std::size_t below(std::size_t count) noexcept {
    return count == 0 ? 0 : (std::uint64_t{next()} * count) >> 32U;
  }
  [[nodiscard]] bool one_in(std::size_t count) noexcept { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

struct MutatorConfig {
  Shape shape;
  bool holes = true;  // new fields may be "whatever the receiver wants"
  std::size_t max_size = 256;
};

class Mutator {
 public:
  explicit Mutator(const MutatorConfig& config) : config_(config) {}

  // Changes `trace` a few times.
  void mutate(Dice& dice, Bytes& trace);
  // Of two traces: a front of the one and an end of the other, or a term of the one in the other.
  void cross(Dice& dice, const Bytes& a, const Bytes& b, Bytes& out);
  // One new step, at the end of `out`.
  void generate(Dice& dice, Bytes& out) const;

 private:
  void mutate_once(Dice& dice, Bytes& trace);
  void generate_field(Dice& dice, Field field, Bytes& out) const;
  void complete(Bytes& trace);

  MutatorConfig config_;
  std::vector<Extent> steps_, other_steps_;
  std::vector<FieldExtent> fields_, other_fields_;
  Bytes scratch_;
};

}  // namespace wib::fuzz
