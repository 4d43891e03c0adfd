// SPDX-License-Identifier: Apache-2.0
#include "fuzz/planted/kill.h"

#include <bit>

#include "fuzz/trace/campaign.h"

namespace wib::fuzz {
namespace {

constexpr std::uint64_t attempt_unit = 10'000;  // traces

// What was spent, and whether there is more.
class Clock {
 public:
  explicit Clock(const Limits& limits) noexcept : limits_(limits), begin_(cpu_seconds()) {}
  [[nodiscard]] double seconds() const noexcept { return cpu_seconds() - begin_; }
  [[nodiscard]] bool over(std::uint64_t traces) const noexcept {
    // The clock is dear.
    return traces >= limits_.traces || ((traces & 255U) == 0 && seconds() > limits_.seconds);
  }

 private:
  const Limits& limits_;
  double begin_;
};

// What the loops without a Hunter share: runs `make` and `learn` until `wanted` is violated.
template <class Make, class Learn>
Kill loop(const Configuration& configuration, Violation wanted, const Clock& clock, Make make,
          Learn learn) {
  Harness harness(configuration);
  Kill kill;
  Bytes trace;
  while (!kill.found && !clock.over(kill.traces)) {
    make(trace);
    const Outcome outcome = harness.run(trace);
    ++kill.traces;
    if (outcome.honest) ++kill.honest;
    kill.found = outcome.violations.has(wanted);
    if (kill.found) kill.trace = trace;
    learn(harness, trace);
  }
  return kill;
}

// A walk without a compass: each trace is made of one of the last ones, whatever they did.
Kill walk(const Configuration& configuration, Violation wanted, Dice dice, const Clock& clock) {
  Mutator mutator({Shape::of(configuration.suite), configuration.holes, HuntConfig{}.max_size});
  std::array<Bytes, 256> last;
  last.fill({byte_of(Action::press)});
  return loop(
      configuration, wanted, clock,
      [&](Bytes& trace) {
        // Now and then from nothing, or all of them would grow for ever.
        trace = dice.one_in(16) ? Bytes{byte_of(Action::press)} : last[dice.below(last.size())];
        mutator.mutate(dice, trace);
      },
      [&](const Harness&, Bytes& trace) { std::swap(last[dice.below(last.size())], trace); });
}

Kill hunt_by_bytes(const Configuration& configuration, Violation wanted, Dice dice,
                   const Clock& clock) {
  std::vector<Bytes> corpus = {{byte_of(Action::press)}};
  std::vector<bool> seen(Feedback::size);
  return loop(
      configuration, wanted, clock,
      [&](Bytes& trace) {
        // By turns any, and one of the newest.
        const std::size_t recent = std::min<std::size_t>(corpus.size(), 16);
        trace = dice.one_in(3) ? corpus[corpus.size() - 1 - dice.below(recent)]
                               : corpus[dice.below(corpus.size())];
        mutate_bytes(dice, trace, HuntConfig{}.max_size);
      },
      [&](const Harness& harness, const Bytes& trace) {
        bool news = false;
        for (const std::uint16_t feature : harness.feedback().features()) {
          if (Feedback::group_of(feature) != Feedback::Group::answers || seen[feature]) continue;
          seen[feature] = true;
          news = true;
        }
        if (news) corpus.push_back(trace);
      });
}

}  // namespace

void mutate_bytes(Dice& dice, Bytes& trace, std::size_t max_size) {
  const auto at = [&](std::size_t offset) {
    return trace.begin() + static_cast<Bytes::difference_type>(offset);
  };
  for (std::size_t i = 1 + dice.below(4); i > 0; --i) {
    if (trace.empty()) trace.push_back(static_cast<Byte>(dice.next()));
    const std::size_t where = dice.below(trace.size());
    switch (dice.below(5)) {
      case 0: trace[where] = static_cast<Byte>(dice.next()); break;
      case 1: trace[where] = static_cast<Byte>(trace[where] ^ 1U << dice.below(8)); break;
      case 2: trace.insert(at(where), static_cast<Byte>(dice.next())); break;
      case 3: trace.erase(at(where)); break;
      default: {  // a copy of a piece
        const std::size_t size = std::min(1 + dice.below(16), trace.size() - where);
        const Bytes piece(at(where), at(where + size));
        trace.insert(at(dice.below(trace.size() + 1)), piece.begin(), piece.end());
        break;
      }
    }
  }
  if (trace.size() > max_size) trace.resize(max_size);
}

std::string_view name(Parts parts) noexcept {
  static constexpr std::array<std::string_view, parts_count> names = {
      "bytes", "custom", "+counters", "+holes", "+ghosts", "+champions", "+restarts"};
  return names[static_cast<std::size_t>(parts)];
}

std::uint64_t attempt_size(std::uint64_t n) noexcept {
  while (true) {
    const auto bits = static_cast<unsigned>(std::bit_width(n));
    const std::uint64_t full = (std::uint64_t{1} << bits) - 1;
    if (n == full) return attempt_unit << (bits - 1);
    n -= full >> 1U;
  }
}

Kill hunt(Configuration configuration, Violation wanted, Parts parts, std::uint64_t seed,
          const Limits& limits) {
  configuration.feedback = parts != Parts::custom;
  configuration.holes = parts >= Parts::holes;
  configuration.ghosts = parts >= Parts::ghosts;
  const Clock clock(limits);
  Kill kill;
  if (parts < Parts::counters) {
    kill = parts == Parts::custom ? walk(configuration, wanted, Dice(seed), clock)
                                  : hunt_by_bytes(configuration, wanted, Dice(seed), clock);
    kill.seconds = clock.seconds();
    return kill;
  }
  for (std::uint64_t attempt = 1; !kill.found; ++attempt) {
    HuntConfig config;
    config.seed = mix(seed, attempt);
    config.champions = parts >= Parts::champions;
    Hunter hunter(configuration, config);
    const std::uint64_t size = parts >= Parts::restarts ? attempt_size(attempt) : UINT64_MAX;
    bool over = false;
    while (hunter.traces() < size) {
      over = clock.over(kill.traces);
      if (over) break;
      ++kill.traces;
      if (!hunter.next().violations.has(wanted)) continue;
      kill.found = true;
      for (const Find& find : hunter.finds()) {
        if (find.violation == wanted) kill.trace = find.trace;
      }
      break;
    }
    kill.honest += hunter.honest();
    if (over) break;
  }
  kill.seconds = clock.seconds();
  return kill;
}

Kill hunt(const Bug& bug, Parts parts, std::uint64_t seed, const Limits& limits) {
  const auto planting = bug.make();
  return hunt(planting->configuration(), bug.property, parts, seed, limits);
}

}  // namespace wib::fuzz
