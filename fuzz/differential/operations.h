// SPDX-License-Identifier: Apache-2.0
//
// Operations: each one of the port Crypto with inputs from an input, ready to be asked of any
// backend.
#pragma once

#include <functional>
#include <string_view>

#include "fuzz/differential/values.h"

namespace wib::fuzz {

// What a backend said: an error's code, and what stands in the output whatever it said.
struct Answer {
  Errc code = Errc::none;
  ByteVector out;

  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Question {
  std::string_view operation;
  std::function<Answer(Crypto&)> ask;
};

inline constexpr std::size_t operation_count = 24;

// The question that the choices come to. `reference` seals what is to be opened and makes points.
[[nodiscard]] Question make_question(Choices& choices, Crypto& reference);

}  // namespace wib::fuzz
