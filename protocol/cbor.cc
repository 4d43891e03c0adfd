// SPDX-License-Identifier: Apache-2.0
#include "protocol/cbor.h"

namespace wib::cbor {
namespace {

// RFC 8949 section 3: the three high-order bits of the initial byte hold the major type.
constexpr unsigned type_unsigned = 0;
constexpr unsigned type_bytes = 2;
constexpr unsigned type_text = 3;
constexpr unsigned type_map = 5;

// Section 3: the five low-order bits hold the argument if they are below 24; 24..27 announce one
// of 1, 2, 4, 8 bytes; 28..30 are reserved and 31 is an indefinite length.
constexpr unsigned info_one_byte = 24;
constexpr unsigned info_eight_bytes = 27;

constexpr std::string_view where_map = "cbor: map";
constexpr std::string_view where_key = "cbor: key";
constexpr std::string_view where_order = "cbor: key out of order";
constexpr std::string_view where_unknown = "cbor: unknown key";
constexpr std::string_view where_output = "cbor: output";
constexpr std::string_view where_values = "cbor: number of values";

// Section 4.2.1: "0 to 23 ... MUST be expressed in the same byte as the major type", and so on:
// the number of bytes that follow the initial byte.
[[nodiscard]] constexpr std::size_t argument_size(std::uint64_t argument) noexcept {
  if (argument < info_one_byte) return 0;
  if (argument <= 0xff) return 1;
  if (argument <= 0xffff) return 2;
  if (argument <= 0xffff'ffff) return 4;
  return 8;
}

[[nodiscard]] constexpr bool is_continuation(Byte byte) noexcept { return (byte & 0xc0) == 0x80; }

// The size of the UTF-8 sequence at the front of `bytes`, or 0 if there is none. RFC 3629 section
// 4: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] std::size_t utf8_sequence(ByteView bytes) noexcept {
  const Byte lead = bytes[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;  // continuation, overlong, or above U+10FFFF
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes.size() < size) return 0;
  // The second byte has a narrower range after four of the lead bytes.
  const Byte low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const Byte high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (!is_continuation(bytes[i])) return 0;
  }
  return size;
}

[[nodiscard]] bool is_utf8(ByteView bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t size = utf8_sequence(bytes);
    if (size == 0) return false;
    bytes = bytes.subspan(size);
  }
  return true;
}

// What errors call the value behind `key`.
[[nodiscard]] std::string_view name_of(std::uint64_t key, std::span<const Field> fields) noexcept {
  for (const Field& field : fields) {
    if (field.key == key) return field.where;
  }
  return where_unknown;
}

// Checks that `body` is a map of unsigned integers in ascending order to byte strings, and nothing
// behind it. RFC 8949 section 4.2.1 asks for bytewise order of the encoded keys; for unsigned
// integers in their shortest form that is the order of the integers.
[[nodiscard]] Result<> check_grammar(ByteView body, std::span<const Field> fields) noexcept {
  Reader reader(body);
  const auto pairs = reader.map(where_map);
  if (!pairs) return std::unexpected(pairs.error());
  std::uint64_t previous = 0;
  for (std::uint64_t i = 0; i < *pairs; ++i) {
    const std::uint32_t at = reader.offset();
    const auto key = reader.unsigned_integer(where_key);
    if (!key) return std::unexpected(key.error());
    if (i > 0 && *key <= previous) return fail(Errc::malformed, where_order, at);
    previous = *key;
    if (auto value = reader.byte_string(name_of(*key, fields)); !value) {
      return std::unexpected(value.error());
    }
  }
  return reader.end(where_map);
}

}  // namespace

Result<std::uint64_t> Reader::head(unsigned major_type, std::string_view where) noexcept {
  const auto refuse = [&] { return fail(Errc::malformed, where, offset()); };
  const ByteView rest = input_.subspan(position_);
  if (rest.empty() || rest[0] >> 5U != major_type) return refuse();
  const unsigned info = rest[0] & 0x1fU;
  if (info < info_one_byte) {
    position_ += 1;
    return info;
  }
  if (info > info_eight_bytes) return refuse();
  const std::size_t size = std::size_t{1} << (info - info_one_byte);
  if (rest.size() <= size) return refuse();
  std::uint64_t argument = 0;
  for (const Byte byte : rest.subspan(1, size)) argument = argument << 8U | byte;
  if (argument_size(argument) != size) return refuse();
  position_ += 1 + size;
  return argument;
}

Result<ByteView> Reader::string(unsigned major_type, std::string_view where) noexcept {
  const std::size_t start = position_;
  const auto size = head(major_type, where);
  if (!size) return std::unexpected(size.error());
  const ByteView rest = input_.subspan(position_);
  if (*size > rest.size()) {
    position_ = start;
    return fail(Errc::malformed, where, offset());
  }
  const ByteView bytes = rest.first(static_cast<std::size_t>(*size));
  position_ += bytes.size();
  return bytes;
}

Result<std::uint64_t> Reader::unsigned_integer(std::string_view where) noexcept {
  return head(type_unsigned, where);
}

Result<ByteView> Reader::byte_string(std::string_view where) noexcept {
  return string(type_bytes, where);
}

Result<std::string_view> Reader::text_string(std::string_view where) noexcept {
  const std::size_t start = position_;
  const auto bytes = string(type_text, where);
  if (!bytes) return std::unexpected(bytes.error());
  if (!is_utf8(*bytes)) {
    position_ = start;
    return fail(Errc::malformed, where, offset());
  }
  return as_text(*bytes);
}

Result<std::uint64_t> Reader::map(std::string_view where) noexcept { return head(type_map, where); }

Result<> Reader::end(std::string_view where) const noexcept {
  if (position_ != input_.size()) return fail(Errc::malformed, where, offset());
  return {};
}

void Writer::head(unsigned major_type, std::uint64_t argument) noexcept {
  const std::size_t size = argument_size(argument);
  const unsigned info = size == 0   ? static_cast<unsigned>(argument)
                        : size == 1 ? info_one_byte
                        : size == 2 ? info_one_byte + 1
                        : size == 4 ? info_one_byte + 2
                                    : info_eight_bytes;
  output_[position_++] = static_cast<Byte>(major_type << 5U | info);
  for (std::size_t i = size; i > 0; --i) {
    output_[position_++] = static_cast<Byte>(argument >> (8 * (i - 1)));
  }
}

void Writer::item(unsigned major_type, std::uint64_t argument, ByteView content) noexcept {
  const std::size_t room = output_.size() - position_;
  const std::size_t head_size = 1 + argument_size(argument);
  if (overflow_ || head_size > room || content.size() > room - head_size) {
    overflow_ = true;
    return;
  }
  head(major_type, argument);
  std::ranges::copy(content, output_.subspan(position_).begin());
  position_ += content.size();
}

void Writer::unsigned_integer(std::uint64_t value) noexcept { item(type_unsigned, value, {}); }

void Writer::byte_string(ByteView bytes) noexcept { item(type_bytes, bytes.size(), bytes); }

void Writer::text_string(std::string_view text) noexcept {
  item(type_text, text.size(), as_bytes(text));
}

void Writer::map(std::uint64_t pairs) noexcept { item(type_map, pairs, {}); }

Result<ByteView> Writer::finish() const noexcept {
  if (overflow_) {
    return fail(Errc::capacity, where_output, static_cast<std::uint32_t>(position_));
  }
  return output_.first(position_);
}

Result<> read_fields(ByteView body, std::span<const Field> fields,
                     std::span<ByteView> values) noexcept {
  if (values.size() != fields.size()) return fail(Errc::capacity, where_values);
  if (auto grammar = check_grammar(body, fields); !grammar) return grammar;
  Reader reader(body);
  const std::uint64_t pairs = *reader.map(where_map);
  std::size_t next = 0;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::uint32_t at_key = reader.offset();
    const std::uint64_t key = *reader.unsigned_integer(where_key);
    if (next == fields.size() || key < fields[next].key) {
      return fail(Errc::unknown_field, where_unknown, at_key);
    }
    const Field& field = fields[next];
    if (key > field.key) return fail(Errc::missing_field, field.where, at_key);
    const std::uint32_t at_value = reader.offset();
    const ByteView value = *reader.byte_string(field.where);
    if (value.size() < field.min_size || value.size() > field.max_size) {
      return fail(Errc::out_of_range, field.where, at_value);
    }
    values[next++] = value;
  }
  if (next < fields.size()) return fail(Errc::missing_field, fields[next].where, reader.offset());
  return {};
}

Result<ByteView> write_fields(std::span<const Field> fields, std::span<const ByteView> values,
                              ByteSpan output) noexcept {
  if (values.size() != fields.size()) return fail(Errc::capacity, where_values);
  Writer writer(output);
  writer.map(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    const ByteView value = values[i];
    if (value.size() < field.min_size || value.size() > field.max_size) {
      return fail(Errc::out_of_range, field.where);
    }
    writer.unsigned_integer(field.key);
    writer.byte_string(value);
  }
  return writer.finish();
}

}  // namespace wib::cbor
