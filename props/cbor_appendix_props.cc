// SPDX-License-Identifier: Apache-2.0
//
// RFC 8949 Appendix A: every example, read and written, or refused.
#include <gtest/gtest.h>

#include <utility>

#include "props/support/cbor_bytes.h"

namespace wib::cbor {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

const std::vector<std::pair<std::uint64_t, std::string_view>> integers = {
    {0, "00"},
    {1, "01"},
    {10, "0a"},
    {23, "17"},
    {24, "1818"},
    {25, "1819"},
    {100, "1864"},
    {1000, "1903e8"},
    {1000000, "1a000f4240"},
    {1000000000000, "1b000000e8d4a51000"},
    {18446744073709551615U, "1bffffffffffffffff"},
    // Not in the appendix: both sides of each change of size.
    {0xff, "18ff"},
    {0x100, "190100"},
    {0xffff, "19ffff"},
    {0x10000, "1a00010000"},
    {0xffffffff, "1affffffff"},
    {0x100000000, "1b0000000100000000"},
};

TEST(CborAppendixA, UnsignedIntegers) {
  for (const auto& [value, encoding] : integers) {
    const Bytes bytes = hex(encoding);
    Reader reader(bytes);
    EXPECT_EQ(reader.unsigned_integer("here").value_or(~value), value) << encoding;
    EXPECT_TRUE(reader.end("here")) << encoding;
    EXPECT_EQ(written([&](Writer& w) { w.unsigned_integer(value); }), bytes) << encoding;
  }
}

TEST(CborAppendixA, ByteStrings) {
  for (const auto& [value, encoding] : {std::pair{"", "40"}, std::pair{"01020304", "4401020304"}}) {
    const Bytes bytes = hex(encoding);
    Reader reader(bytes);
    const auto read = reader.byte_string("here");
    ASSERT_TRUE(read) << encoding;
    EXPECT_EQ(copy(*read), hex(value)) << encoding;
    EXPECT_EQ(written([&](Writer& w) { w.byte_string(hex(value)); }), bytes) << encoding;
  }
}

TEST(CborAppendixA, TextStrings) {
  const std::vector<std::pair<std::string_view, std::string_view>> table = {
      {"", "60"},
      {"a", "6161"},
      {"IETF", "6449455446"},
      {"\"\\", "62225c"},
      {"\xc3\xbc", "62c3bc"},
      {"\xe6\xb0\xb4", "63e6b0b4"},
      {"\xf0\x90\x85\x91", "64f0908591"},
  };
  for (const auto& [value, encoding] : table) {
    const Bytes bytes = hex(encoding);
    Reader reader(bytes);
    const auto read = reader.text_string("here");
    ASSERT_TRUE(read) << encoding;
    EXPECT_EQ(*read, value) << encoding;
    EXPECT_EQ(written([&](Writer& w) { w.text_string(value); }), bytes) << encoding;
  }
}

TEST(CborAppendixA, Maps) {
  const Bytes bytes = hex("a201020304");
  Reader reader(bytes);
  EXPECT_EQ(reader.map("here").value_or(0), 2U);
  for (const std::uint64_t value : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(reader.unsigned_integer("here").value_or(0), value);
  }
  EXPECT_TRUE(reader.end("here"));
  EXPECT_EQ(written([](Writer& w) { w.map(0); }), hex("a0"));
}

// Every other example of the appendix is of a type, or in a form, that no reader accepts.
TEST(CborAppendixA, OtherTypesAndForms) {
  const std::vector<std::string_view> table = {"c249010000000000000000",
                                               "3bffffffffffffffff",
                                               "c349010000000000000000",
                                               "20",
                                               "29",
                                               "3863",
                                               "3903e7",
                                               "f90000",
                                               "f98000",
                                               "fb3ff199999999999a",
                                               "fa47c35000",
                                               "f97c00",
                                               "f97e00",
                                               "fb7ff0000000000000",
                                               "f4",
                                               "f5",
                                               "f6",
                                               "f7",
                                               "f0",
                                               "f8ff",
                                               "c074323031332d30332d32315432303a"
                                               "30343a30305a",
                                               "c11a514b67b0",
                                               "d74401020304",
                                               "d818456449455446",
                                               "80",
                                               "83010203",
                                               "5f42010243030405ff",
                                               "7f657374726561646d696e67ff",
                                               "9fff",
                                               "bf61610161629f0203ffff"};
  for (const auto input : table) {
    const Bytes bytes = hex(input);
    Reader reader(bytes);
    expect_malformed(error_of(reader.unsigned_integer("here")), 0, input);
    expect_malformed(error_of(reader.byte_string("here")), 0, input);
    expect_malformed(error_of(reader.text_string("here")), 0, input);
    expect_malformed(error_of(reader.map("here")), 0, input);
    EXPECT_EQ(reader.offset(), 0U) << input;
  }
}

}  // namespace
}  // namespace wib::cbor
