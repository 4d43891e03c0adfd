// SPDX-License-Identifier: Apache-2.0
//
// Bytes written in hexadecimal, and what the CBOR codec makes of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/cbor.h"

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

template <class Write>
Bytes written(Write write) {
  Bytes out(4096);
  cbor::Writer writer(out);
  write(writer);
  const auto view = writer.finish();
  EXPECT_TRUE(view.has_value());
  return view ? copy(*view) : Bytes{};
}

template <class T>
Error error_of(const Result<T>& result) {
  return result ? Error{} : result.error();
}

// Malformed at `offset`, in what the reader was told to call "here".
inline void expect_malformed(const Error& error, std::uint32_t offset, std::string_view input) {
  EXPECT_EQ(name(error.code), name(Errc::malformed)) << input;
  EXPECT_EQ(error.where, "here") << input;
  EXPECT_EQ(error.offset, offset) << input;
}

}  // namespace wib::props
