// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/script.h"

namespace wib::fuzz {
namespace {

constexpr std::size_t max_raw = 1023;

unsigned op_of(ByteView step) noexcept { return step[0] & 15U; }

std::size_t raw_size_of(ByteView step) noexcept {
  return ((static_cast<std::size_t>(step[3]) << 8U) | step[4]) & max_raw;
}

}  // namespace

std::size_t step_length(ByteView rest) noexcept {
  if (rest.size() < step_size) return rest.size();
  if (op_of(rest) != raw_op) return step_size;
  return std::min(rest.size(), step_size + raw_size_of(rest));
}

Script::Script(ByteView input) noexcept {
  const auto at = [&](std::size_t i) { return i < input.size() ? input[i] : Byte{0}; };
  beginning_ = {at(0), at(1), at(2), at(3)};
  rest_ = input.subspan(std::min(input.size(), beginning_size));
}

bool Script::next(Step& step) noexcept {
  if (rest_.size() < step_size || taken_ >= max_steps) return false;
  ++taken_;
  const std::size_t length = step_length(rest_);
  const ByteView bytes = rest_.first(length);
  rest_ = rest_.subspan(length);
  step = Step{.op = op_of(bytes),
              .who = bytes[1],
              .kind = bytes[2],
              .position = static_cast<std::uint16_t>(bytes[3] << 8U | bytes[4]),
              .value = bytes[5],
              .amount = bytes[6],
              .how = bytes[7],
              .raw = bytes.subspan(step_size)};
  return true;
}

}  // namespace wib::fuzz
