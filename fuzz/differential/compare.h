// SPDX-License-Identifier: Apache-2.0
//
// Compare: one question, asked of several.
#pragma once

#include <span>
#include <string>

#include "fuzz/differential/operations.h"

namespace wib::fuzz {

struct Asked {
  std::string_view name;
  Crypto* crypto;
};

// What the first and another answer differently to the question that the input comes to; empty if
// they agree. Who does not have the operation is not asked.
[[nodiscard]] std::string difference(ByteView input, std::span<const Asked> all);

}  // namespace wib::fuzz
