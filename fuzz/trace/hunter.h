// SPDX-License-Identifier: Apache-2.0
//
// Hunter: the loop. It keeps one champion for each feature - the shortest trace that has it - and
// makes new traces of champions. Everything follows from the seed.
#pragma once

#include <functional>

#include "fuzz/trace/harness.h"
#include "fuzz/trace/mutate.h"

namespace wib::fuzz {

struct HuntConfig {
  std::uint64_t seed = 1;
  // Parts that can be left out, to see what they are worth.
  bool structured = true;  // mutators of steps and terms; else of bytes
  bool champions = true;   // else: a corpus of whatever had a new feature
  std::size_t max_size = 256;
};

// The first trace that violated a property.
struct Find {
  Violation violation = Violation::differs;
  Bytes trace;
  std::uint64_t traces = 0;  // that were run until then
};

class Hunter {
 public:
  Hunter(const Configuration& configuration, const HuntConfig& hunt);

  // Makes and runs one trace.
  const Outcome& next();

  // Runs a trace of somebody else's making, and learns from it.
  const Outcome& feed(const Bytes& trace);

  [[nodiscard]] std::uint64_t traces() const noexcept { return traces_; }
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] std::uint64_t honest() const noexcept { return honest_; }
  [[nodiscard]] std::size_t features() const noexcept { return seen_.size(); }
  // Features that are states of the parties.
  [[nodiscard]] std::size_t states() const noexcept { return states_; }
  [[nodiscard]] const std::vector<Find>& finds() const noexcept { return finds_; }
  [[nodiscard]] bool found(Violation violation) const noexcept { return all_.has(violation); }
  [[nodiscard]] std::uint64_t count(Violation violation) const noexcept {
    return counts_[static_cast<std::size_t>(violation)];
  }
  // The highest rung of each known attack that any trace has reached.
  [[nodiscard]] const Stages& stages() const noexcept { return stages_; }
  // A trace to make a new one of. Valid until the next trace is run.
  [[nodiscard]] const Bytes& parent(Dice& dice);
  // The traces that it makes new ones of.
  [[nodiscard]] const std::vector<Bytes>& corpus() const noexcept { return corpus_; }
  // Of those, each that is the shortest for a feature, in a fixed order.
  [[nodiscard]] std::vector<Bytes> champions() const;
  [[nodiscard]] Harness& harness() noexcept { return harness_; }

 private:
  void make();
  const Outcome& run();
  void learn();

  HuntConfig hunt_;
  Harness harness_;
  Mutator mutator_;
  Dice dice_;
  Bytes trace_;
  Bytes crossed_;
  Outcome outcome_;
  std::vector<Bytes> corpus_;
  std::vector<std::uint16_t> seen_;  // features, in the order in which they were first had
  std::array<std::uint32_t, Feedback::size> champion_{};  // place in the corpus, plus one
  std::uint64_t traces_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t honest_ = 0;
  std::size_t states_ = 0;
  Violations all_;
  Stages stages_{};
  std::vector<Find> finds_;
  std::array<std::uint64_t, violation_count> counts_{};
};

// The same violation with as few steps and as simple terms as can be found by leaving out
// (ddmin, Zeller and Hildebrandt 2002) and by putting zeros for fields.
[[nodiscard]] Bytes minimise(Harness& harness, Violation violation, Bytes trace);

}  // namespace wib::fuzz
