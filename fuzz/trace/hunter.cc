// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/hunter.h"

namespace wib::fuzz {
namespace {

// Champions are replaced; so that the corpus does not grow for ever, it is rebuilt at this size.
constexpr std::size_t max_corpus = 60'000;

void mutate_bytes(Dice& dice, Bytes& trace, std::size_t max_size) {
  for (std::size_t i = 1 + dice.below(4); i > 0; --i) {
    if (trace.empty()) {
      trace.push_back(static_cast<Byte>(dice.next()));
      continue;
    }
    const std::size_t where = dice.below(trace.size());
    const auto place = trace.begin() + static_cast<Bytes::difference_type>(where);
    switch (dice.below(5)) {
      case 0: *place = static_cast<Byte>(dice.next()); break;
      case 1: *place = static_cast<Byte>(*place ^ 1U << dice.below(8)); break;
      case 2: trace.insert(place, static_cast<Byte>(dice.next())); break;
      case 3: trace.erase(place); break;
      default: {
        const std::size_t size = std::min(1 + dice.below(16), trace.size() - where);
        const Bytes copy(place, place + static_cast<Bytes::difference_type>(size));
        const std::size_t to = dice.below(trace.size() + 1);
        trace.insert(trace.begin() + static_cast<Bytes::difference_type>(to), copy.begin(),
                     copy.end());
        break;
      }
    }
  }
  if (trace.size() > max_size) trace.resize(max_size);
}

}  // namespace

Hunter::Hunter(const Configuration& configuration, const HuntConfig& hunt)
    : hunt_(hunt),
      harness_(configuration),
      mutator_({harness_.shape(), configuration.holes, hunt.max_size}),
      dice_(hunt.seed) {
  corpus_.push_back({byte_of(Action::press)});
}

const Bytes& Hunter::parent(Dice& dice) {
  if (hunt_.champions && !seen_.empty()) {
    // By turns any feature, and one of the newest.
    const std::size_t count = seen_.size();
    const std::size_t recent = std::min<std::size_t>(count, 24);
    const std::size_t pick = dice.one_in(2) ? dice.below(count) : count - 1 - dice.below(recent);
    return corpus_[champion_[seen_[pick]] - 1];
  }
  const std::size_t recent = std::min<std::size_t>(corpus_.size(), 16);
  return dice.one_in(3) ? corpus_[corpus_.size() - 1 - dice.below(recent)]
                        : corpus_[dice.below(corpus_.size())];
}

void Hunter::make() {
  trace_ = parent(dice_);
  if (!hunt_.structured) {
    mutate_bytes(dice_, trace_, hunt_.max_size);
    return;
  }
  if (corpus_.size() > 1 && dice_.one_in(8)) {
    mutator_.cross(dice_, trace_, parent(dice_), crossed_);
    std::swap(trace_, crossed_);
  }
  mutator_.mutate(dice_, trace_);
}

const Outcome& Hunter::next() {
  make();
  return run();
}

const Outcome& Hunter::feed(const Bytes& trace) {
  trace_ = trace;
  return run();
}

const Outcome& Hunter::run() {
  outcome_ = harness_.run(trace_);
  ++traces_;
  steps_ += outcome_.steps;
  if (outcome_.honest) ++honest_;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    stages_[i] = std::max(stages_[i], outcome_.stages[i]);
  }
  if (!outcome_.violations.none()) {
    for (std::size_t i = 0; i < violation_count; ++i) {
      const auto violation = static_cast<Violation>(i);
      if (!outcome_.violations.has(violation)) continue;
      ++counts_[i];
      if (all_.has(violation)) continue;
      all_.add(violation);
      finds_.push_back({violation, trace_, traces_});
    }
  }
  learn();
  return outcome_;
}

void Hunter::learn() {
  bool kept = false;
  for (const std::uint16_t feature : harness_.feedback().features()) {
    const std::uint32_t place = champion_[feature];
    const bool news = place == 0;
    if (!news && (!hunt_.champions || corpus_[place - 1].size() <= trace_.size())) continue;
    if (news) {
      seen_.push_back(feature);
      if (Feedback::group_of(feature) == Feedback::Group::states) ++states_;
    }
    if (!kept) corpus_.push_back(trace_);
    kept = true;
    champion_[feature] = static_cast<std::uint32_t>(corpus_.size());
  }
  if (corpus_.size() < max_corpus) return;
  // Only what is somebody's champion stays.
  std::vector<Bytes> left = {corpus_.front()};
  std::vector<std::uint32_t> moved(corpus_.size() + 1, 0);
  for (const std::uint16_t feature : seen_) {
    std::uint32_t& to = moved[champion_[feature]];
    if (to == 0) {
      left.push_back(std::move(corpus_[champion_[feature] - 1]));
      to = static_cast<std::uint32_t>(left.size());
    }
    champion_[feature] = to;
  }
  corpus_ = std::move(left);
}

std::vector<Bytes> Hunter::champions() const {
  std::vector<std::uint32_t> places;
  for (const std::uint16_t feature : seen_) places.push_back(champion_[feature]);
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
  std::vector<Bytes> all;
  for (const std::uint32_t place : places) all.push_back(corpus_[place - 1]);
  return all;
}

namespace {

Bytes cut(const Bytes& from, const Extent& what) {
  const auto at = [&](std::size_t offset) {
    return from.begin() + static_cast<Bytes::difference_type>(std::min(offset, from.size()));
  };
  Bytes left(from.begin(), at(what.begin));
  left.insert(left.end(), at(what.end), from.end());
  return left;
}

class Minimiser {
 public:
  Minimiser(Harness& harness, Violation violation, Bytes trace)
      : harness_(harness), violation_(violation), trace_(std::move(trace)) {}

  [[nodiscard]] Bytes operator()() {
    // What is plainer may need less.
    while (leave_out() | simplify()) {
    }
    return trace_;
  }

 private:
  // Takes the candidate if it does the same.
  [[nodiscard]] bool take(Bytes candidate) {
    if (candidate == trace_ || !harness_.run(candidate).violations.has(violation_)) return false;
    trace_ = std::move(candidate);
    return true;
  }

  // Blocks of steps, from large to single ones, until nothing can go any more.
  [[nodiscard]] bool leave_out() {
    bool any = false;
    for (bool again = true; again;) {
      again = false;
      parse(harness_.shape(), trace_, steps_, nullptr);
      for (std::size_t block = std::max<std::size_t>(steps_.size() / 2, 1); block > 0; block /= 2) {
        for (std::size_t i = 0; i + block <= steps_.size();) {
          if (take(cut(trace_, {steps_[i].begin, steps_[i + block - 1].end}))) {
            any = again = true;
            parse(harness_.shape(), trace_, steps_, nullptr);
          } else {
            ++i;
          }
        }
      }
    }
    return any;
  }

  // The plainest term that will do, and nothing more with an action than is needed. Never back to
  // what is less plain, so that it ends.
  [[nodiscard]] bool simplify() {
    bool any = false;
    parse(harness_.shape(), trace_, steps_, &fields_);
    for (const FieldExtent& field : fields_) {
      if (field.end > trace_.size() || field.end - field.begin != 1) continue;
      // An attacker's own share is plainer than another's; then what was seen last, or before; then
      // the first of its kind.
      const Byte old = trace_[field.begin];
      const Byte first = field.field == Field::element ? Byte{3} : Byte{0};
      for (const Byte plain : {first, Byte{0}, Byte{8}, Byte{16}, static_cast<Byte>(old & 7U)}) {
        if (plain == old) break;
        Bytes candidate = trace_;
        candidate[field.begin] = plain;
        if (field_size(field.field, ByteView(candidate).subspan(field.begin)) == 1 &&
            take(std::move(candidate))) {
          any = true;
          break;
        }
      }
    }
    for (const Extent& step : steps_) {
      Bytes candidate = trace_;
      candidate[step.begin] = static_cast<Byte>(candidate[step.begin] % action_count);
      any = take(std::move(candidate)) || any;
    }
    return any;
  }

  Harness& harness_;
  Violation violation_;
  Bytes trace_;
  std::vector<Extent> steps_;
  std::vector<FieldExtent> fields_;
};

}  // namespace

Bytes minimise(Harness& harness, Violation violation, Bytes trace) {
  return Minimiser(harness, violation, std::move(trace))();
}

}  // namespace wib::fuzz
