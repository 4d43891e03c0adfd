// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

namespace wib::models {

// A value, or what went wrong, for a person: which tool, file or line, and what was expected.
template <class T = void>
using Outcome = std::expected<T, std::string>;

}  // namespace wib::models
