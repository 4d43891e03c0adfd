// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/terms.h"

#include <bit>
#include <cstring>

namespace wib::fuzz {
namespace {

constexpr std::size_t table_size = std::size_t{4} * Terms::capacity;

// A word of a value: mark, number, check, place, mark. As a scalar of P-256, a share, an X25519
// scalar or coordinate it is in range wherever it stands first or last.
constexpr Byte first_mark = 0x5a;
constexpr std::size_t word_size = 8;
constexpr unsigned place_shift = 48;

// In memory order, as one number.
static_assert(std::endian::native == std::endian::little);
constexpr std::uint64_t marks = 0x6700'0000'0000'1d5aULL;

constexpr std::uint64_t word(Ref ref) noexcept {
  const std::uint64_t number = ref;
  const std::uint64_t check = number ^ 0xa5ffULL;
  return marks | number << 16U | check << 32U;
}

std::uint64_t load(const Byte* bytes, std::size_t size = word_size) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, size);
  return value;
}

}  // namespace

Terms::Terms() : table_(table_size) {
  nodes_.reserve(capacity);
  slots_.reserve(capacity);
  nodes_.emplace_back();  // number 0 is none
  slots_.push_back(0);
}

void Terms::mark() noexcept {
  marked_nodes_ = nodes_.size();
  marked_children_ = children_.size();
  marked_data_ = data_.size();
}

void Terms::reset() noexcept {
  // Newest first, so that what is left is the table as it was.
  for (std::size_t i = nodes_.size(); i-- > marked_nodes_;) table_[slots_[i]] = 0;
  nodes_.resize(marked_nodes_);
  slots_.resize(marked_nodes_);
  children_.resize(marked_children_);
  data_.resize(marked_data_);
}

Ref Terms::make(Kind kind, std::uint64_t hash, std::size_t size, std::span<const Ref> children,
                ByteView data, std::uint64_t context) {
  hash = mix(hash, static_cast<std::uint64_t>(kind) << 32U | size);
  std::size_t slot = hash & (table_size - 1);
  for (; table_[slot] != 0; slot = (slot + 1) & (table_size - 1)) {
    if (nodes_[table_[slot]].hash == hash) return table_[slot];
  }
  // A trace ends before (full()); whatever still comes is one node that says nothing.
  if (nodes_.size() >= capacity) return static_cast<Ref>(capacity - 1);
  const auto ref = static_cast<Ref>(nodes_.size());
  table_[slot] = ref;
  slots_.push_back(static_cast<std::uint32_t>(slot));
  nodes_.push_back({.hash = hash,
                    .context = context,
                    .first = static_cast<std::uint32_t>(children_.size()),
                    .data = static_cast<std::uint32_t>(data_.size()),
                    .children = static_cast<std::uint16_t>(children.size()),
                    .data_size = static_cast<std::uint16_t>(data.size()),
                    .size = static_cast<std::uint16_t>(size),
                    .kind = kind});
  children_.insert(children_.end(), children.begin(), children.end());
  data_.insert(data_.end(), data.begin(), data.end());
  return ref;
}

Ref Terms::constant(ByteView bytes) {
  std::uint64_t hash = bytes.size();
  for (const Byte byte : bytes) hash = mix(hash, byte);
  return make(Kind::constant, hash, bytes.size(), {}, bytes);
}

void Terms::write(Ref ref, ByteSpan out) noexcept {
  const std::uint64_t first = word(ref);
  std::uint64_t place = 0;
  std::size_t at = 0;
  for (; at + word_size <= out.size(); at += word_size) {
    const std::uint64_t next = first | (place++ & 0xffU) << place_shift;
    std::memcpy(out.data() + at, &next, word_size);
  }
  const std::uint64_t last = first | (place & 0xffU) << place_shift;
  std::memcpy(out.data() + at, &last, out.size() - at);
}

Ref Terms::carried(const Byte* bytes, std::size_t size) const noexcept {
  const std::uint64_t first = load(bytes, std::min(size, word_size));
  const auto ref = static_cast<Ref>(first >> 16U);
  const std::uint64_t expected = word(ref);
  const std::uint64_t mask = size < word_size ? 0x0000'ffff'ffff'ffffULL : 0xff00'ffff'ffff'ffffULL;
  return (first & mask) == (expected & mask) && ref < nodes_.size() ? ref : Ref{0};
}

Ref Terms::whole(ByteView bytes) const noexcept {
  if (bytes.size() < min_size) return 0;
  const Ref ref = carried(bytes.data(), bytes.size());
  if (ref == 0 || nodes_[ref].size != bytes.size()) return 0;
  // All of it: a value with something changed is another string.
  const std::uint64_t first = word(ref);
  std::uint64_t place = 0;
  std::size_t at = 0;
  std::uint64_t wrong = 0;
  for (; at + word_size <= bytes.size(); at += word_size) {
    wrong |= load(bytes.data() + at) ^ (first | (place++ & 0xffU) << place_shift);
  }
  if (const std::size_t left = bytes.size() - at; left > 0) {
    const std::uint64_t last = first | (place & 0xffU) << place_shift;
    std::uint64_t expected = 0;
    std::memcpy(&expected, &last, left);
    wrong |= load(bytes.data() + at, left) ^ expected;
  }
  return wrong == 0 ? ref : Ref{0};
}

std::uint64_t Terms::read(ByteView bytes, std::uint64_t hash, std::vector<Ref>& refs) const {
  hash = mix(hash, bytes.size());
  while (!bytes.empty()) {
    if (bytes.size() >= min_size) {
      if (const Ref ref = carried(bytes.data(), bytes.size()); ref != 0) {
        // A whole value is one token; of a slice every word is.
        const std::size_t size = nodes_[ref].size;
        const std::size_t eaten = size <= bytes.size() && whole(bytes.first(size)) == ref
                                      ? size
                                      : std::min(word_size, bytes.size());
        hash =
            mix(hash, load(bytes.data(), std::min(eaten, word_size)) ^ std::uint64_t{eaten} << 1U);
        if (refs.empty() || refs.back() != ref) refs.push_back(ref);
        bytes = bytes.subspan(eaten);
        continue;
      }
    }
    const auto* const next =
        static_cast<const Byte*>(std::memchr(bytes.data() + 1, first_mark, bytes.size() - 1));
    const std::size_t size =
        next == nullptr ? bytes.size() : static_cast<std::size_t>(next - bytes.data());
    for (std::size_t at = 0; at < size; at += word_size) {
      hash = mix(hash, load(bytes.data() + at, std::min(word_size, size - at)));
    }
    bytes = bytes.subspan(size);
    hash = mix(hash, size);
  }
  return hash;
}

}  // namespace wib::fuzz
