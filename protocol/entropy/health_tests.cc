// SPDX-License-Identifier: Apache-2.0
#include "protocol/entropy/health_tests.h"

#include <algorithm>
#include <array>

namespace wib {
namespace {

constexpr std::uint32_t window = adaptive_proportion_window;
constexpr std::uint32_t alpha_bits = 20;  // alpha = 2^-alpha_bits
constexpr std::uint32_t most_millibits = 8000;
constexpr std::uint32_t step_millibits = 100;

// 1 + critbinom(W, p, 1 - alpha): one more than the least k with P(X > k) <= alpha, where X is how
// many of W samples have a value of probability p. The probabilities are taken relative to that of
// the likeliest X, since at either end of the range of p their absolute values are below any
// double, and are left out where they are negligible (a compiler counts the steps that it takes
// here). No tail at a cutoff is nearer to alpha than 0.09 %, far more than the sums are wrong by.
consteval std::uint16_t binomial_cutoff(double p) {
  constexpr double alpha = 1.0 / (1U << alpha_bits);
  constexpr double negligible = alpha * 1e-15;
  const double odds = p / (1 - p);
  const auto likeliest = static_cast<std::uint32_t>(p * (window + 1));
  double total = -1;  // the likeliest is met twice
  double weight = 1;
  for (std::uint32_t x = likeliest; weight > negligible; --x) {
    total += weight;
    weight *= x / ((window - x + 1) * odds);  // 0 below x = 0
  }
  weight = 1;
  std::array<double, window + 2> weights{};
  std::uint32_t x = likeliest;
  for (; weight > negligible; ++x) {
    weights[x] = weight;
    total += weight;
    weight *= (window - x) * odds / (x + 1);  // 0 above x = W
  }
  double above = 0;  // the weight of all X that are x or more
  while (above + weights[x - 1] <= alpha * total) above += weights[--x];
  return static_cast<std::uint16_t>(x);
}

// Entry i is for H = i steps; entry 0, for less than one, is what no count in a window can reach.
consteval auto proportion_cutoffs() {
  constexpr double two_to_minus_a_tenth = 0.933032991536807415981;
  std::array<std::uint16_t, most_millibits / step_millibits + 1> cutoffs{};
  cutoffs[0] = window + 1;
  double p = 1;
  for (std::size_t i = 1; i < cutoffs.size(); ++i) {
    p *= two_to_minus_a_tenth;
    cutoffs[i] = binomial_cutoff(p);
  }
  return cutoffs;
}
constexpr auto cutoffs = proportion_cutoffs();

std::uint32_t nearest_claim(std::uint32_t millibits) noexcept {
  return std::clamp(millibits, std::uint32_t{1}, most_millibits);
}

}  // namespace

std::uint32_t repetition_cutoff(std::uint32_t millibits) noexcept {
  const std::uint32_t claim = nearest_claim(millibits);
  return 1 + (alpha_bits * 1000 + claim - 1) / claim;
}

std::uint32_t adaptive_proportion_cutoff(std::uint32_t millibits) noexcept {
  return cutoffs[nearest_claim(millibits) / step_millibits];
}

Result<> HealthTests::begin(std::uint32_t millibits) noexcept {
  *this = HealthTests();
  if (millibits == 0 || millibits > most_millibits) return fail(Errc::entropy, "noise: claim");
  repetition_cutoff_ = repetition_cutoff(millibits);
  proportion_cutoff_ = adaptive_proportion_cutoff(millibits);
  state_ = State::passing;
  return {};
}

Result<> HealthTests::take(ByteView samples) noexcept {
  for (const Byte sample : samples) {
    if (state_ != State::passing) break;
    state_ = judge(sample);
    if (state_ == State::passing) ++taken_;
  }
  return verdict();
}

HealthTests::State HealthTests::judge(Byte sample) noexcept {
  repeated_ = sample == last_ ? repeated_ + 1 : 1;
  last_ = sample;
  if (repeated_ >= repetition_cutoff_) return State::repetition;

  if (taken_ % window == 0) {
    reference_ = sample;
    counted_ = 0;
  }
  if (sample == reference_) ++counted_;
  return counted_ >= proportion_cutoff_ ? State::proportion : State::passing;
}

Result<> HealthTests::verdict() const noexcept {
  switch (state_) {
    case State::not_begun: return fail(Errc::entropy, "noise: health tests not begun");
    case State::passing: return {};
    case State::repetition: return fail(Errc::entropy, "noise: repetition count");
    case State::proportion: break;
  }
  return fail(Errc::entropy, "noise: adaptive proportion");
}

}  // namespace wib
