// SPDX-License-Identifier: Apache-2.0
//
// Script: how an input of a session target is read. Four bytes say how everything begins, then come
// steps of eight bytes; a raw step has bytes of its own behind it. Every byte string is a script,
// and where a step begins follows from the bytes alone, so that a mutator can move whole steps.
#pragma once

#include "protocol/bytes.h"

namespace wib::fuzz {

// How everything begins. All zeros: the first suite, a device that has booted and was pressed.
struct Beginning {
  Byte suite = 0;
  Byte flags = 0;     // see the targets
  Byte counters = 0;  // what the device has counted over its life
  Byte seed = 0;      // of every generator
};

// One step. What the numbers mean is the target's and its operation's to say.
struct Step {
  unsigned op = 0;  // 0..15; 15 is raw
  Byte who = 0;
  Byte kind = 0;               // how a message is changed (edits.h)
  std::uint16_t position = 0;  // where
  Byte value = 0;              // to what
  Byte amount = 0;
  Byte how = 0;  // how it is delivered
  ByteView raw;  // of a raw step alone
};

inline constexpr std::size_t beginning_size = 4;
inline constexpr std::size_t step_size = 8;
inline constexpr unsigned raw_op = 15;
inline constexpr std::size_t max_steps = 64;

// The bytes that the step at the front of `rest` takes, at most all of them.
[[nodiscard]] std::size_t step_length(ByteView rest) noexcept;

class Script {
 public:
  explicit Script(ByteView input) noexcept;

  [[nodiscard]] const Beginning& beginning() const noexcept { return beginning_; }
  // The next step; false when there is none, or after max_steps.
  [[nodiscard]] bool next(Step& step) noexcept;

 private:
  Beginning beginning_;
  ByteView rest_;
  std::size_t taken_ = 0;
};

// Appends a step, as Script reads it.
template <class Bytes>
void write_step(Bytes& out, const Step& step) {
  const unsigned raw_size = static_cast<unsigned>(step.raw.size());
  const bool raw = step.op == raw_op;
  out.push_back(static_cast<Byte>(step.op));
  out.push_back(step.who);
  out.push_back(step.kind);
  out.push_back(static_cast<Byte>(raw ? raw_size >> 8U : step.position >> 8U));
  out.push_back(static_cast<Byte>(raw ? raw_size : step.position));
  out.push_back(step.value);
  out.push_back(step.amount);
  out.push_back(step.how);
  if (raw) out.insert(out.end(), step.raw.begin(), step.raw.end());
}

}  // namespace wib::fuzz
