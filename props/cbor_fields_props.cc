// SPDX-License-Identifier: Apache-2.0
//
// The map of byte strings that every message is.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "props/support/cbor_bytes.h"
#include "props/support/more_cases.h"

namespace wib::cbor {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

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
