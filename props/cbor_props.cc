// SPDX-License-Identifier: Apache-2.0
//
// Covers: CBOR in core deterministic encoding (RFC 8949 section 4.2.1), and the map of byte strings
// that every message is.
#include "props/support/more_cases.h"
#include "protocol/cbor.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wib::cbor {
namespace {

using Bytes = std::vector<Byte>;

[[maybe_unused]] const bool enough = props::more_cases(2000);

Bytes hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<Byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

template <class Write>
Bytes written(Write write) {
  Bytes out(4096);
  Writer writer(out);
  write(writer);
  const auto view = writer.finish();
  EXPECT_TRUE(view.has_value());
  return view ? copy(*view) : Bytes{};
}

template <class T>
Error error_of(const Result<T>& result) {
  return result ? Error{} : result.error();
}

void expect_malformed(const Error& error, std::uint32_t offset, std::string_view input) {
  EXPECT_EQ(name(error.code), name(Errc::malformed)) << input;
  EXPECT_EQ(error.where, "here") << input;
  EXPECT_EQ(error.offset, offset) << input;
}

// --- RFC 8949 Appendix A -------------------------------------------------------------------------

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

// --- One encoding an item ------------------------------------------------------------------------

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

// --- Maps of byte strings ------------------------------------------------------------------------

constexpr std::array<Field, 3> fields = {
    Field{1, "a", 2, 2},
    Field{2, "b", 0, 3},
    Field{24, "c", 1, 30},
};

struct Body {
  std::string_view input;
  Errc code;
  std::string_view where;
  std::uint32_t offset;
};

TEST(CborFields, Accepts) {
  const Bytes body =
      hex("a3"
          "0142aabb"
          "0240"
          "181841cc");
  const auto values = read_fields(body, fields);
  ASSERT_TRUE(values);
  EXPECT_EQ(copy((*values)[0]), hex("aabb"));
  EXPECT_EQ(copy((*values)[1]), hex(""));
  EXPECT_EQ(copy((*values)[2]), hex("cc"));
  const Bytes empty = hex("a0");
  EXPECT_TRUE(read_fields(empty, std::array<Field, 0>{}));
}

TEST(CborFields, Refuses) {
  const std::vector<Body> table = {
      // Not a map, or not the whole of one.
      {"", Errc::malformed, "cbor: map", 0},
      {"80", Errc::malformed, "cbor: map", 0},
      {"40", Errc::malformed, "cbor: map", 0},
      {"bf0142aabb0240181841ccff", Errc::malformed, "cbor: map", 0},
      {"b8030142aabb0240181841cc", Errc::malformed, "cbor: map", 0},
      {"a3", Errc::malformed, "cbor: key", 1},
      {"a30142aabb0240", Errc::malformed, "cbor: key", 7},
      {"bbffffffffffffffff0142aabb0240181841cc", Errc::malformed, "cbor: key", 19},
      {"a30142aabb0240181841cc00", Errc::malformed, "cbor: map", 11},
      {"a20142aabb0240181841cc", Errc::malformed, "cbor: map", 7},
      // Keys: type, form, order, twice.
      {"a3616142aabb0240181841cc", Errc::malformed, "cbor: key", 1},
      {"a32042aabb0240181841cc", Errc::malformed, "cbor: key", 1},
      {"a3180142aabb0240181841cc", Errc::malformed, "cbor: key", 1},
      {"a302400142aabb181841cc", Errc::malformed, "cbor: key out of order", 3},
      {"a30142aabb0142aabb181841cc", Errc::malformed, "cbor: key out of order", 5},
      // Values: type, form, truncation; named by their field.
      {"a30162616102401818"
       "41cc",
       Errc::malformed, "a", 2},
      {"a3015802aabb0240181841cc", Errc::malformed, "a", 2},
      {"a3015f42aabbff0240181841cc", Errc::malformed, "a", 2},
      {"a30142aabb0200181841cc", Errc::malformed, "b", 6},
      {"a30142aabb0240181842cc", Errc::malformed, "c", 9},
      {"a10341", Errc::malformed, "cbor: unknown key", 2},
      // Fields that are missing.
      {"a0", Errc::missing_field, "a", 1},
      {"a20240181841cc", Errc::missing_field, "a", 1},
      {"a20142aabb181841cc", Errc::missing_field, "b", 5},
      {"a20142aabb0240", Errc::missing_field, "c", 7},
      // Fields that no rule has, before, between and behind.
      {"a400400142aabb0240181841cc", Errc::unknown_field, "cbor: unknown key", 1},
      {"a40142aabb02401740181841cc", Errc::unknown_field, "cbor: unknown key", 7},
      {"a40142aabb0240181841cc181940", Errc::unknown_field, "cbor: unknown key", 11},
      // Sizes.
      {"a30141aa0240181841cc", Errc::out_of_range, "a", 2},
      {"a30143aabbcc0240181841cc", Errc::out_of_range, "a", 2},
      {"a30142aabb0244aabbccdd181841cc", Errc::out_of_range, "b", 6},
      {"a30142aabb0240181840", Errc::out_of_range, "c", 9},
      // The grammar of the whole comes before what a field says.
      {"a30141aa0240181841cc00", Errc::malformed, "cbor: map", 10},
      {"a202401818", Errc::malformed, "c", 5},
  };
  for (const auto& [input, code, where, offset] : table) {
    const Bytes bytes = hex(input);
    const auto refused = read_fields(bytes, fields);
    ASSERT_FALSE(refused) << input;
    EXPECT_EQ(name(refused.error().code), name(code)) << input;
    EXPECT_EQ(refused.error().where, where) << input;
    EXPECT_EQ(refused.error().offset, offset) << input;
  }
}

TEST(CborFields, SizesAtTheLimits) {
  for (std::size_t size = 0; size <= 31; ++size) {
    const Bytes a = hex("aabb");
    const Bytes c(size, 0x55);
    const std::array<ByteView, 3> values = {a, ByteView{}, c};
    Bytes out(64);
    const auto view = write_fields(fields, values, out);
    EXPECT_EQ(view.has_value(), size >= 1 && size <= 30) << size;
    if (!view) {
      EXPECT_EQ(view.error().code, Errc::out_of_range) << size;
      EXPECT_EQ(view.error().where, "c") << size;
    }
    const Bytes raw = written([&](Writer& w) {
      w.map(3);
      w.unsigned_integer(1);
      w.byte_string(a);
      w.unsigned_integer(2);
      w.byte_string({});
      w.unsigned_integer(24);
      w.byte_string(c);
    });
    EXPECT_EQ(read_fields(raw, fields).has_value(), size >= 1 && size <= 30) << size;
  }
}

TEST(CborFields, WriterNeedsRoomAndAllValues) {
  const Bytes a = hex("aabb");
  const Bytes c = hex("cc");
  const std::array<ByteView, 3> values = {a, ByteView{}, c};
  for (std::size_t room = 0; room < 12; ++room) {
    Bytes out(room);
    const auto view = write_fields(fields, values, out);
    ASSERT_EQ(view.has_value(), room >= 11) << room;
    EXPECT_EQ(error_of(view).code, room < 11 ? Errc::capacity : Errc::none) << room;
  }
  Bytes out(64);
  const auto short_of = write_fields(fields, std::span(values).first(2), out);
  EXPECT_EQ(error_of(short_of).code, Errc::capacity);
  std::array<ByteView, 2> room;
  EXPECT_EQ(error_of(read_fields(out, fields, room)).code, Errc::capacity);
}

struct Table {
  std::vector<Field> fields;
  std::vector<Bytes> values;
};

rc::Gen<Table> tables() {
  return rc::gen::exec([] {
    const auto keys =
        *rc::gen::container<std::set<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 300));
    Table table;
    for (const std::uint64_t key : keys) {
      if (table.fields.size() == 12) break;
      table.values.push_back(*rc::gen::container<Bytes>(rc::gen::arbitrary<Byte>()));
      const std::size_t size = table.values.back().size();
      const auto slack = *rc::gen::inRange<std::size_t>(0, 3);
      table.fields.push_back({key, "field", size - std::min(size, slack), size + slack});
    }
    return table;
  });
}

Bytes write_table(const Table& table) {
  Bytes out(8192);
  const std::vector<ByteView> values(table.values.begin(), table.values.end());
  const auto view = write_fields(table.fields, values, out);
  RC_ASSERT(view.has_value());
  return copy(*view);
}

RC_GTEST_PROP(CborFields, ReadBackAsWritten, ()) {
  const Table table = *tables();
  const Bytes body = write_table(table);
  std::vector<ByteView> values(table.fields.size());
  RC_ASSERT(read_fields(body, table.fields, values).has_value());
  for (std::size_t i = 0; i < values.size(); ++i) RC_ASSERT(copy(values[i]) == table.values[i]);
}

// A body that is damaged in up to three places is refused, or is the one encoding of what it says.
RC_GTEST_PROP(CborFields, AcceptedIsCanonical, ()) {
  Table table = *tables();
  Bytes body = write_table(table);
  const auto edits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, body.size() + 1);
    const auto byte = *rc::gen::arbitrary<Byte>();
    switch (*rc::gen::inRange(0, 3)) {
      case 0: body.insert(body.begin() + at, byte); break;
      case 1:
        if (at < body.size()) body.erase(body.begin() + at);
        break;
      default:
        if (at < body.size()) body[at] = byte;
    }
  }
  std::vector<ByteView> values(table.fields.size());
  const auto read = read_fields(body, table.fields, values);
  RC_CLASSIFY(read.has_value(), "accepted");
  if (!read) {
    RC_ASSERT(!read.error().local());
    RC_ASSERT(read.error().offset <= body.size());
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) table.values[i] = copy(values[i]);
  RC_ASSERT(write_table(table) == body);
}

RC_GTEST_PROP(CborFields, SurvivesAnyBytes, (const Bytes& body)) {
  const auto read = read_fields(body, fields);
  RC_ASSERT((read.has_value() || read.error().offset <= body.size()));
}

}  // namespace
}  // namespace wib::cbor
