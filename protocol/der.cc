// SPDX-License-Identifier: Apache-2.0
#include "protocol/der.h"

namespace wib::der {
namespace {

constexpr Byte constructed_bit = 0x20;
constexpr Byte class_bits = 0xc0;
constexpr Byte tag_number_bits = 0x1f;
// Certificates nest some ten deep; the bound keeps the stack of a small machine safe.
constexpr int max_depth = 16;

bool good_integer(ByteView content) {
  if (content.empty()) return false;
  if (content.size() == 1) return true;
  // The first nine bits may not all be the same: a shorter encoding exists.
  const bool next_bit = (content[1] & 0x80U) != 0;
  return !(content[0] == 0x00 && !next_bit) && !(content[0] == 0xff && next_bit);
}

bool good_bit_string(ByteView content) {
  if (content.empty() || content[0] > 7) return false;
  if (content.size() == 1) return content[0] == 0;
  return (content.back() & ((1U << content[0]) - 1U)) == 0;
}

bool good_oid(ByteView content) {
  if (content.empty() || (content.back() & 0x80U) != 0) return false;
  bool first = true;  // of a component, which may not begin with a zero digit
  for (const Byte byte : content) {
    if (first && byte == 0x80) return false;
    first = (byte & 0x80U) == 0;
  }
  return true;
}

bool good_primitive(const Element& element) {
  const ByteView content = element.content;
  switch (static_cast<Tag>(element.tag)) {
    case Tag::boolean: return content.size() == 1 && (content[0] == 0x00 || content[0] == 0xff);
    case Tag::integer: return good_integer(content);
    case Tag::bit_string: return good_bit_string(content);
    case Tag::null: return content.empty();
    case Tag::oid: return good_oid(content);
    default: return true;
  }
}

bool good_elements(ByteView bytes, int depth);

bool good_element(const Element& element, int depth) {
  const bool constructed = (element.tag & constructed_bit) != 0;
  if ((element.tag & class_bits) == 0) {  // universal
    // Sequences (16) and sets (17) are constructed in DER, and nothing else is.
    const auto number = static_cast<Byte>(element.tag & tag_number_bits);
    if (number == 0 || constructed != (number == 16 || number == 17)) return false;
  }
  return constructed ? good_elements(element.content, depth + 1) : good_primitive(element);
}

bool good_elements(ByteView bytes, int depth) {
  if (depth > max_depth) return false;
  Reader reader(bytes);
  while (!reader.empty()) {
    const auto element = reader.next();
    if (!element || !good_element(*element, depth)) return false;
  }
  return true;
}

}  // namespace

std::optional<Element> Reader::next() noexcept {
  if (rest_.size() < 2) return std::nullopt;
  const Byte tag = rest_[0];
  if ((tag & tag_number_bits) == tag_number_bits) return std::nullopt;  // more octets follow
  std::size_t header = 2;
  std::size_t length = rest_[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets == 0 || octets > 4 || rest_.size() < header + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8U | rest_[header + i];
    if (length < 0x80 || rest_[header] == 0) return std::nullopt;  // a shorter form exists
    header += octets;
  }
  if (length > rest_.size() - header) return std::nullopt;
  const Element element{tag, rest_.subspan(header, length)};
  rest_ = rest_.subspan(header + length);
  return element;
}

std::optional<ByteView> Reader::take(Tag tag) noexcept {
  if (rest_.empty() || rest_[0] != static_cast<Byte>(tag)) return std::nullopt;
  const auto element = next();
  if (!element) return std::nullopt;
  return element->content;
}

std::optional<ByteView> Reader::take_last(Tag tag) noexcept {
  const ByteView before = rest_;
  const auto content = take(tag);
  if (rest_.empty()) return content;
  rest_ = before;
  return std::nullopt;
}

bool well_formed(ByteView bytes) noexcept {
  Reader reader(bytes);
  const auto element = reader.next();
  return element && reader.empty() && good_element(*element, 0);
}

}  // namespace wib::der
