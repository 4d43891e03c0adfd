// SPDX-License-Identifier: Apache-2.0
//
// What the suites about backends share.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "backends/registry.h"

namespace wib {

// For gtest, which would print an address, and that a new one in each run.
inline void PrintTo(Backend* backend, std::ostream* stream) { *stream << backend->name(); }

}  // namespace wib

namespace wib::props {

using Bytes = std::vector<Byte>;

inline Bytes hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<Byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

inline Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

inline Bytes operator+(Bytes a, ByteView b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The code that a call ended with; Errc::none for success.
template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::none : result.error().code;
}

// Runs once for each backend, which is GetParam().
class EachBackend : public testing::TestWithParam<Backend*> {};

inline std::string backend_name(const testing::TestParamInfo<Backend*>& info) {
  return std::string(info.param->name());
}

}  // namespace wib::props
