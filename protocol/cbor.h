// SPDX-License-Identifier: Apache-2.0
//
// CBOR (RFC 8949) in its core deterministic encoding (section 4.2.1), and nothing else: shortest
// arguments, definite lengths, map keys in bytewise order. A body has one encoding, so a parser
// that accepts a body can write it back byte for byte. Views point into the input.
#pragma once

#include <array>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib::cbor {

// Reads items from the front of a buffer. Every error carries the offset of the first byte of the
// item that was refused; a refused item is not consumed.
class Reader {
 public:
  explicit Reader(ByteView input) noexcept : input_(input) {}

  // Each reads one item of its type. Errc::malformed: truncated, of another type, not in the
  // shortest form, or of indefinite length. `where` is what the error will name.
  [[nodiscard]] Result<std::uint64_t> unsigned_integer(std::string_view where) noexcept;
  [[nodiscard]] Result<ByteView> byte_string(std::string_view where) noexcept;
  [[nodiscard]] Result<std::string_view> text_string(std::string_view where) noexcept;  // UTF-8
  // Head of a map; returns the number of pairs that follow.
  [[nodiscard]] Result<std::uint64_t> map(std::string_view where) noexcept;

  // Errc::malformed if bytes are left.
  [[nodiscard]] Result<> end(std::string_view where) const noexcept;

  [[nodiscard]] std::uint32_t offset() const noexcept {
    return static_cast<std::uint32_t>(position_);
  }

 private:
  [[nodiscard]] Result<std::uint64_t> head(unsigned major_type, std::string_view where) noexcept;
  [[nodiscard]] Result<ByteView> string(unsigned major_type, std::string_view where) noexcept;

  ByteView input_;
  std::size_t position_ = 0;
};

// Writes items to the front of a buffer. From the first item that does not fit on, nothing more is
// written and finish() fails with Errc::capacity.
class Writer {
 public:
  explicit Writer(ByteSpan output) noexcept : output_(output) {}

  void unsigned_integer(std::uint64_t value) noexcept;
  void byte_string(ByteView bytes) noexcept;
  void text_string(std::string_view text) noexcept;  // the caller passes UTF-8
  void map(std::uint64_t pairs) noexcept;            // the caller writes keys in ascending order

  // What was written, a view of the front of the buffer.
  [[nodiscard]] Result<ByteView> finish() const noexcept;

 private:
  void head(unsigned major_type, std::uint64_t argument) noexcept;
  void item(unsigned major_type, std::uint64_t argument, ByteView content) noexcept;

  ByteSpan output_;
  std::size_t position_ = 0;
  bool overflow_ = false;
};

// One byte-string field of a message: its integer key, what errors call it, and its size in bytes.
struct Field {
  std::uint64_t key;
  std::string_view where;
  std::size_t min_size;
  std::size_t max_size;
};

// Reads `body` as a map of exactly `fields` (which are in ascending order of key) into `values`,
// in the same order; both are of one size (else Errc::capacity). The grammar of the whole body
// comes first: Errc::malformed if it is not a map of ascending unsigned integers to byte strings
// (type, shortest form, key order, a duplicate, truncation, trailing bytes). Then whichever comes
// first in the body: Errc::missing_field, Errc::unknown_field, Errc::out_of_range (size of a
// field).
[[nodiscard]] Result<> read_fields(ByteView body, std::span<const Field> fields,
                                   std::span<ByteView> values) noexcept;

template <std::size_t N>
[[nodiscard]] Result<std::array<ByteView, N>> read_fields(
    ByteView body, const std::array<Field, N>& fields) noexcept {
  std::array<ByteView, N> values;
  if (auto read = read_fields(body, fields, values); !read) return std::unexpected(read.error());
  return values;
}

// Writes the same map. Errc::out_of_range if a value is not of its field's size, Errc::capacity if
// `output` is too small. Returns a view of the front of `output`.
[[nodiscard]] Result<ByteView> write_fields(std::span<const Field> fields,
                                            std::span<const ByteView> values,
                                            ByteSpan output) noexcept;

}  // namespace wib::cbor
