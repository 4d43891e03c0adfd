// SPDX-License-Identifier: Apache-2.0
//
// Reading CBOR in core deterministic encoding (RFC 8949 section 4.2.1): one encoding an item.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "props/support/cbor_bytes.h"
#include "props/support/more_cases.h"

namespace wib::cbor {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

enum class Kind { integer, bytes, text, map };

Error read_one(Reader& reader, Kind kind) {
  switch (kind) {
    case Kind::integer: return error_of(reader.unsigned_integer("here"));
    case Kind::bytes: return error_of(reader.byte_string("here"));
    case Kind::text: return error_of(reader.text_string("here"));
    case Kind::map: return error_of(reader.map("here"));
  }
  return {};
}

struct Refused {
  Kind kind;
  std::string_view input;
};

TEST(CborReader, RefusesItems) {
  const std::vector<Refused> table = {
      // Nothing, and heads that are cut.
      {Kind::integer, ""},
      {Kind::integer, "18"},
      {Kind::integer, "1901"},
      {Kind::integer, "1a010000"},
      {Kind::integer, "1b01000000000000"},
      // Arguments longer than they need be: the last value of the shorter form in each longer one.
      {Kind::integer, "1800"},
      {Kind::integer, "1817"},
      {Kind::integer, "190000"},
      {Kind::integer, "190017"},
      {Kind::integer, "1900ff"},
      {Kind::integer, "1a00000000"},
      {Kind::integer, "1a0000ffff"},
      {Kind::integer, "1b0000000000000000"},
      {Kind::integer, "1b00000000ffffffff"},
      {Kind::bytes, "580100"},
      {Kind::bytes, "581700000000000000000000000000000000000000000000"},
      {Kind::bytes, "59000100"},
      {Kind::text, "780161"},
      {Kind::map, "b800"},
      {Kind::map, "b817"},
      // Reserved additional information, and indefinite lengths.
      {Kind::integer, "1c"},
      {Kind::integer, "1d"},
      {Kind::integer, "1e"},
      {Kind::integer, "1f"},
      {Kind::bytes, "5c"},
      {Kind::bytes, "5f4100ff"},
      {Kind::text, "7f6161ff"},
      {Kind::map, "bfff"},
      // Strings that are cut, and lengths that lie.
      {Kind::bytes, "41"},
      {Kind::bytes, "44010203"},
      {Kind::bytes, "5818"},
      {Kind::bytes, "5affffffff00"},
      {Kind::bytes, "5bffffffffffffffff00"},
      {Kind::text, "6261"},
      {Kind::text, "7bffffffffffffffff61"},
      // Another type.
      {Kind::integer, "40"},
      {Kind::bytes, "60"},
      {Kind::text, "40"},
      {Kind::map, "80"},
      {Kind::integer, "20"},
      {Kind::integer, "c000"},
      // Not UTF-8 (RFC 3629 section 4): a continuation alone, overlong forms, surrogates, above
      // U+10FFFF, a sequence that is cut, and one without its continuations.
      {Kind::text, "6180"},
      {Kind::text, "61bf"},
      {Kind::text, "62c080"},
      {Kind::text, "62c1bf"},
      {Kind::text, "63e08080"},
      {Kind::text, "63e09fbf"},
      {Kind::text, "64f0808080"},
      {Kind::text, "64f08fbfbf"},
      {Kind::text, "63eda080"},
      {Kind::text, "63edbfbf"},
      {Kind::text, "64f4908080"},
      {Kind::text, "64f5808080"},
      {Kind::text, "61ff"},
      {Kind::text, "61c3"},
      {Kind::text, "62e6b0"},
      {Kind::text, "63f09085"},
      {Kind::text, "62c361"},
      {Kind::text, "63e6b061"},
      {Kind::text, "63e661b0"},
      {Kind::text, "64f0908561"},
  };
  for (const auto& [kind, input] : table) {
    // Alone, and behind another item, so that the offset is seen to be the item's.
    const Bytes alone = hex(input);
    Reader first(alone);
    expect_malformed(read_one(first, kind), 0, input);
    EXPECT_EQ(first.offset(), 0U) << input;
    const Bytes behind = hex("1818" + std::string(input));
    Reader second(behind);
    EXPECT_TRUE(second.unsigned_integer("x"));
    expect_malformed(read_one(second, kind), 2, input);
    EXPECT_EQ(second.offset(), 2U) << input;
  }
}

TEST(CborReader, AcceptsTheEdgesOfUtf8) {
  for (const auto input : {"617f", "62c280", "62dfbf", "63e0a080", "63ed9fbf", "63ee8080",
                           "63efbfbf", "64f0908080", "64f48fbfbf", "6100"}) {
    const Bytes bytes = hex(input);
    Reader reader(bytes);
    EXPECT_TRUE(reader.text_string("here")) << input;
  }
}

TEST(CborReader, RefusesWhatIsLeft) {
  const Bytes bytes = hex("0000");
  Reader reader(bytes);
  expect_malformed(error_of(reader.end("here")), 0, "0000");
  EXPECT_TRUE(reader.unsigned_integer("here"));
  expect_malformed(error_of(reader.end("here")), 1, "0000");
  EXPECT_TRUE(reader.unsigned_integer("here"));
  EXPECT_TRUE(reader.end("here"));
}

// Any initial byte and any argument bytes: what is accepted is what the writer would write.
RC_GTEST_PROP(CborReader, AcceptsOneEncodingOfAnInteger, ()) {
  const auto info = *rc::gen::inRange(0, 32);
  auto bytes = *rc::gen::container<Bytes>(
      8,
      rc::gen::weightedOneOf<Byte>({{1, rc::gen::just(Byte{0})}, {1, rc::gen::arbitrary<Byte>()}}));
  bytes.insert(bytes.begin(), static_cast<Byte>(info));
  Reader reader(bytes);
  const auto value = reader.unsigned_integer("here");
  if (!value) {
    RC_ASSERT(reader.offset() == 0U);
    return;
  }
  bytes.resize(reader.offset());
  RC_ASSERT(written([&](Writer& w) { w.unsigned_integer(*value); }) == bytes);
}

}  // namespace
}  // namespace wib::cbor
