// SPDX-License-Identifier: Apache-2.0
//
// Writing CBOR: it reads back, and what does not fit is not begun.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "props/support/cbor_bytes.h"
#include "props/support/more_cases.h"

namespace wib::cbor {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

std::string utf8(const std::vector<unsigned>& points) {
  std::string text;
  for (const unsigned point : points) {
    const auto tail = [&](unsigned shift) {
      text += static_cast<char>(0x80U | (point >> shift & 0x3fU));
    };
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xc0U | point >> 6U);
      tail(0);
    } else if (point < 0x10000) {
      text += static_cast<char>(0xe0U | point >> 12U);
      tail(6);
      tail(0);
    } else {
      text += static_cast<char>(0xf0U | point >> 18U);
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return text;
}

RC_GTEST_PROP(CborWriter, ReadsBackAsWritten, (const Bytes& bytes, bool as_map)) {
  const auto value = *rc::gen::apply([](std::uint64_t x, int shift) { return x >> shift; },
                                     rc::gen::arbitrary<std::uint64_t>(), rc::gen::inRange(0, 64));
  const auto points = *rc::gen::container<std::vector<unsigned>>(
      rc::gen::oneOf(rc::gen::inRange(0U, 0x80U), rc::gen::inRange(0x80U, 0xd800U),
                     rc::gen::inRange(0xe000U, 0x10000U), rc::gen::inRange(0x10000U, 0x110000U)));
  const std::string text = utf8(points);
  const Bytes all = written([&](Writer& w) {
    if (as_map) w.map(value);
    w.unsigned_integer(value);
    w.byte_string(bytes);
    w.text_string(text);
  });
  Reader reader(all);
  if (as_map) RC_ASSERT(*reader.map("here") == value);
  RC_ASSERT(*reader.unsigned_integer("here") == value);
  RC_ASSERT(copy(*reader.byte_string("here")) == bytes);
  RC_ASSERT(*reader.text_string("here") == text);
  RC_ASSERT(reader.end("here").has_value());
}

TEST(CborWriter, StopsAtTheFirstItemThatDoesNotFit) {
  const Bytes payload(30, 0xab);
  const auto write = [&](ByteSpan out) {
    Writer writer(out);
    writer.unsigned_integer(1000);
    writer.byte_string(payload);
    writer.text_string("abc");
    writer.map(1);
    return writer.finish();
  };
  Bytes whole(64);
  const auto view = write(whole);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->data(), whole.data());
  ASSERT_EQ(view->size(), 3U + 32U + 4U + 1U);
  for (std::size_t room = 0; room < view->size(); ++room) {
    Bytes small(64, 0xee);
    const auto refused = write(ByteSpan(small).first(room));
    ASSERT_FALSE(refused) << room;
    EXPECT_EQ(refused.error().code, Errc::capacity) << room;
    // What was written is a prefix of whole items, and nothing is written behind the room.
    const std::size_t fits = room < 3 ? 0 : room < 35 ? 3 : room < 39 ? 35 : 39;
    EXPECT_TRUE(std::equal(small.begin(), small.begin() + fits, whole.begin())) << room;
    EXPECT_TRUE(std::all_of(small.begin() + fits, small.end(), [](Byte b) { return b == 0xee; }))
        << room;
  }
  Bytes exact(view->size());
  EXPECT_TRUE(write(exact));
}

}  // namespace
}  // namespace wib::cbor
