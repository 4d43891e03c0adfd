// SPDX-License-Identifier: Apache-2.0
//
// A second reader of the protocol's bodies, written from RFC 8949 section 4.2.1 and the CDDL of
// protocol/messages/*.h alone. It judges by re-encoding: whatever length an argument was written
// in, it must have been the shortest.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib::fuzz {

struct PlainHead {
  unsigned major = 0;
  std::uint64_t argument = 0;
  std::size_t size = 0;
};

[[nodiscard]] constexpr std::size_t shortest_head(std::uint64_t argument) noexcept {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x1'0000) return 3;
  return argument < 0x1'0000'0000 ? 5 : 9;
}

// The head of the item at the front, in its shortest form; null for everything else.
[[nodiscard]] inline std::optional<PlainHead> plain_head(ByteView bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  const unsigned low = bytes[0] & 31U;
  if (low > 27) return std::nullopt;
  const std::size_t extra = low < 24 ? 0 : std::size_t{1} << (low - 24);
  if (bytes.size() < 1 + extra) return std::nullopt;
  std::uint64_t argument = extra == 0 ? low : 0;
  for (std::size_t i = 1; i <= extra; ++i) argument = argument * 256 + bytes[i];
  if (shortest_head(argument) != 1 + extra) return std::nullopt;
  return PlainHead{bytes[0] / 32U, argument, 1 + extra};
}

struct PlainField {
  std::uint64_t key = 0;
  ByteView value;
};

// Takes pairs of an unsigned key and a byte string off the front.
[[nodiscard]] inline std::optional<PlainField> plain_field(ByteView& rest) noexcept {
  const auto key = plain_head(rest);
  if (!key || key->major != 0) return std::nullopt;
  const ByteView behind = rest.subspan(key->size);
  const auto string = plain_head(behind);
  if (!string || string->major != 2) return std::nullopt;
  const ByteView content = behind.subspan(string->size);
  if (string->argument > content.size()) return std::nullopt;
  const auto size = static_cast<std::size_t>(string->argument);
  rest = content.subspan(size);
  return PlainField{key->argument, content.first(size)};
}

// One line of CDDL: key => bstr .size (min..max).
struct Rule {
  std::uint64_t key = 0;
  std::size_t min = 0;
  std::size_t max = 0;
};
inline constexpr std::size_t max_rules = 7;

// What a body is to a grammar: its values in the order of the rules, or the code of what is wrong
// first (all of the encoding comes before all of the fields).
struct Judged {
  Errc wrong = Errc::none;
  std::array<ByteView, max_rules> values;
};

[[nodiscard]] inline Judged judge(ByteView body, std::span<const Rule> rules) noexcept {
  Judged judged{.wrong = Errc::malformed};
  const auto map = plain_head(body);
  if (!map || map->major != 5) return judged;
  std::size_t next = 0;      // rule
  Errc fields = Errc::none;  // what is wrong first with the fields
  std::optional<std::uint64_t> before;
  ByteView rest = body.subspan(map->size);
  for (std::uint64_t i = 0; i < map->argument; ++i) {
    const auto field = plain_field(rest);
    if (!field || (before && field->key <= *before)) return judged;
    before = field->key;
    if (fields != Errc::none) continue;
    if (next == rules.size() || field->key < rules[next].key) {
      fields = Errc::unknown_field;
    } else if (field->key > rules[next].key) {
      fields = Errc::missing_field;
    } else if (field->value.size() < rules[next].min || field->value.size() > rules[next].max) {
      fields = Errc::out_of_range;
    } else {
      judged.values[next++] = field->value;
    }
  }
  if (!rest.empty()) return judged;
  judged.wrong = fields == Errc::none && next < rules.size() ? Errc::missing_field : fields;
  return judged;
}

}  // namespace wib::fuzz
