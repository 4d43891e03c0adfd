// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/mutate.h"

#include <algorithm>

namespace wib::fuzz {
namespace {

using Difference = Bytes::difference_type;

Bytes::iterator at(Bytes& bytes, std::size_t offset) {
  return bytes.begin() + static_cast<Difference>(std::min(offset, bytes.size()));
}
Bytes::const_iterator at(const Bytes& bytes, std::size_t offset) {
  return bytes.begin() + static_cast<Difference>(std::min(offset, bytes.size()));
}

// How often a new step is of each kind, of 32.
constexpr std::array<Action, 32> actions = {
    Action::press,      Action::press,       Action::restart,     Action::wait,
    Action::start,      Action::start,       Action::get_dh,      Action::get_dh,
    Action::post_dh,    Action::post_dh,     Action::post_dh,     Action::post_auth,
    Action::post_auth,  Action::post_auth,   Action::post_key,    Action::post_key,
    Action::post_key,   Action::offer,       Action::offer,       Action::answer,
    Action::answer,     Action::auth_result, Action::auth_result, Action::key_result,
    Action::key_result, Action::forward,     Action::forward,     Action::forward,
    Action::forward,    Action::forward,     Action::drop,        Action::long_press};

}  // namespace

void Mutator::generate_field(Dice& dice, Field field, Bytes& out) const {
  // Mostly something recent.
  const std::size_t index = dice.one_in(3) ? dice.below(32) : dice.below(3);
  std::size_t low = dice.below(8);
  switch (field) {
    case Field::status: out.push_back(dice.one_in(5) ? 1 : 0); return;
    case Field::which:
      switch (dice.below(6)) {
        case 0: out.push_back(static_cast<Byte>(128 + dice.below(24))); return;
        case 1:
        case 2: out.push_back(static_cast<Byte>(64 + dice.below(3))); return;
        default: out.push_back(0); return;
      }
    case Field::cookie:
      if (config_.holes ? dice.one_in(3) : dice.below(4) != 0) low = dice.below(4);
      break;
    case Field::element: break;
    case Field::confirm:
    case Field::sealed:
      if (config_.holes && dice.one_in(2)) low = 5;
      break;
    case Field::offer: break;
  }
  const Choice made = choice(field, static_cast<Byte>(low));
  const bool hole = (field == Field::cookie && made.kind == static_cast<Byte>(Cookies::hole)) ||
                    (field == Field::confirm && made.kind == static_cast<Byte>(Confirms::hole)) ||
                    (field == Field::sealed && made.kind == static_cast<Byte>(Seals::hole));
  if (hole && !config_.holes) low = 0;
  out.push_back(static_cast<Byte>(low | index << 3U));
  if (field == Field::element && made.kind == static_cast<Byte>(Elements::power)) {
    out.push_back(static_cast<Byte>(dice.below(4) | dice.below(4) << 3U));
  }
  if (field == Field::sealed && made.kind == static_cast<Byte>(Seals::parts)) {
    out.push_back(static_cast<Byte>(dice.next()));
  }
}

void Mutator::generate(Dice& dice, Bytes& out) const {
  const Action action = actions[dice.below(actions.size())];
  out.push_back(byte_of(action, dice.one_in(4) ? static_cast<unsigned>(dice.below(4)) : 0));
  const Schema of = schema(config_.shape, action);
  for (std::size_t i = 0; i < of.size; ++i) generate_field(dice, of.fields[i], out);
}

// The last step may be cut short: give it its zeros.
void Mutator::complete(Bytes& trace) {
  parse(config_.shape, trace, steps_, nullptr);
  if (!steps_.empty() && steps_.back().end > trace.size()) trace.resize(steps_.back().end, 0);
}

void Mutator::mutate(Dice& dice, Bytes& trace) {
  for (std::size_t i = 1 + dice.below(4); i > 0; --i) mutate_once(dice, trace);
  if (trace.size() > config_.max_size) trace.resize(config_.max_size);
  if (trace.empty()) trace.push_back(0);
}

void Mutator::mutate_once(Dice& dice, Bytes& trace) {
  complete(trace);
  parse(config_.shape, trace, steps_, &fields_);
  if (steps_.empty()) {
    generate(dice, trace);
    return;
  }
  scratch_.clear();
  const std::size_t count = steps_.size();
  const auto copy = [&](const Extent& from) {
    scratch_.assign(at(trace, from.begin), at(trace, from.end));
  };
  const auto insert_step = [&] {
    const std::size_t where = dice.below(count + 1);
    trace.insert(at(trace, where == count ? trace.size() : steps_[where].begin), scratch_.begin(),
                 scratch_.end());
  };
  const auto replace = [&](const Extent& what) {
    trace.erase(at(trace, what.begin), at(trace, what.end));
    trace.insert(at(trace, what.begin), scratch_.begin(), scratch_.end());
  };
  switch (dice.below(11)) {
    case 0:
    case 1:  // insert
      generate(dice, scratch_);
      insert_step();
      break;
    case 2:  // append
      generate(dice, trace);
      break;
    case 3: {  // skip
      const Extent step = steps_[dice.below(count)];
      trace.erase(at(trace, step.begin), at(trace, step.end));
      break;
    }
    case 4:  // repeat
      copy(steps_[dice.below(count)]);
      insert_step();
      break;
    case 5: {  // swap
      if (count < 2) break;
      const std::size_t i = dice.below(count - 1);
      std::rotate(at(trace, steps_[i].begin), at(trace, steps_[i + 1].begin),
                  at(trace, steps_[i + 1].end));
      break;
    }
    case 6: {  // replace a step
      const Extent step = steps_[dice.below(count)];
      generate(dice, scratch_);
      replace(step);
      break;
    }
    case 7:
    case 8: {  // replace a term
      if (fields_.empty()) break;
      const FieldExtent field = fields_[dice.below(fields_.size())];
      generate_field(dice, field.field, scratch_);
      replace(field);
      break;
    }
    case 9: {  // copy a term
      if (fields_.empty()) break;
      const FieldExtent field = fields_[dice.below(fields_.size())];
      const FieldExtent from = fields_[dice.below(fields_.size())];
      if (from.field != field.field) break;
      copy(from);
      replace(field);
      break;
    }
    case 10: {  // repeat a block at the end: a second run
      std::size_t first = dice.below(count);
      std::size_t last = dice.below(count);
      if (first > last) std::swap(first, last);
      last = std::min(last, first + 12);
      copy({steps_[first].begin, steps_[last].end});
      trace.insert(trace.end(), scratch_.begin(), scratch_.end());
      break;
    }
    default: break;
  }
}

void Mutator::cross(Dice& dice, const Bytes& a, const Bytes& b, Bytes& out) {
  parse(config_.shape, a, steps_, &fields_);
  parse(config_.shape, b, other_steps_, &other_fields_);
  out = a;
  if (steps_.empty() || other_steps_.empty()) return;
  if (dice.one_in(3) && !fields_.empty() && !other_fields_.empty()) {
    const FieldExtent field = fields_[dice.below(fields_.size())];
    for (int i = 0; i < 8; ++i) {
      const FieldExtent from = other_fields_[dice.below(other_fields_.size())];
      if (from.field != field.field || from.end > b.size() || field.end > a.size()) continue;
      out.erase(at(out, field.begin), at(out, field.end));
      out.insert(at(out, field.begin), at(b, from.begin), at(b, from.end));
      return;
    }
  }
  const Extent left = steps_[dice.below(steps_.size())];
  const Extent right = other_steps_[dice.below(other_steps_.size())];
  out.resize(std::min(left.end, a.size()));
  out.insert(out.end(), at(b, right.begin), b.end());
}

}  // namespace wib::fuzz
