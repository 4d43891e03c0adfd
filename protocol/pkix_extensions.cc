// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "protocol/der.h"
#include "protocol/pkix_parts.h"

namespace wib {
namespace {

using der::Reader;
using der::Tag;

// The constraint that RFC 5280 4.2.1.x puts on the value of one extension.
struct Rule {
  std::array<Byte, 3> oid;
  bool may_be_critical;
  bool (*good)(Reader value);
};

bool good_subject_key_identifier(Reader value) {
  const auto identifier = value.take_last(Tag::octet_string);
  return identifier && !identifier->empty();
}

bool good_key_usage(Reader value) {
  const auto bits = value.take_last(Tag::bit_string);
  // Nine bits are defined. One at least must be set.
  return bits && bits->size() <= 3 &&
         std::ranges::any_of(bits->subspan(1), [](Byte byte) { return byte != 0; });
}

bool good_subject_alt_name(Reader value) {
  const auto names = value.take_last(Tag::sequence);
  return names && good_general_names(*names);
}

bool good_basic_constraints(Reader value) {
  const auto fields = value.take_last(Tag::sequence);
  if (!fields) return false;
  Reader reader(*fields);
  const auto authority = reader.take(Tag::boolean);
  const auto path_length = reader.take(Tag::integer);
  if (!reader.empty()) return false;
  // A path length is an authority's, and no path is longer than 127.
  return !path_length || (authority && (*authority)[0] != 0 && path_length->size() == 1 &&
                          (*path_length)[0] < 0x80);
}

bool good_authority_key_identifier(Reader value) {
  const auto fields = value.take_last(Tag::sequence);
  if (!fields) return false;
  Byte last = 0;
  for (Reader reader(*fields); !reader.empty();) {
    const auto field = reader.next();
    if (!field || (field->tag & 0x0fU) < last) return false;
    last = static_cast<Byte>((field->tag & 0x0fU) + 1);
    switch (field->tag) {
      case 0x80:  // keyIdentifier
      case 0x82:  // authorityCertSerialNumber
        if (field->content.empty()) return false;
        break;
      case 0xa1:  // authorityCertIssuer
        if (!good_general_names(field->content)) return false;
        break;
      default: return false;
    }
  }
  return true;
}

bool good_extended_key_usage(Reader value) {
  const auto purposes = value.take_last(Tag::sequence);
  if (!purposes || purposes->empty()) return false;
  for (Reader reader(*purposes); !reader.empty();) {
    if (!reader.take(Tag::oid)) return false;
  }
  return true;
}

constexpr std::array<Rule, 6> rules = {{
    {{0x55, 0x1d, 0x0e}, false, good_subject_key_identifier},
    {{0x55, 0x1d, 0x0f}, true, good_key_usage},
    {{0x55, 0x1d, 0x11}, true, good_subject_alt_name},
    {{0x55, 0x1d, 0x13}, true, good_basic_constraints},
    {{0x55, 0x1d, 0x23}, false, good_authority_key_identifier},
    {{0x55, 0x1d, 0x25}, true, good_extended_key_usage},
}};

const Rule* rule_for(ByteView oid) {
  const auto found =
      std::ranges::find_if(rules, [&](const Rule& rule) { return same_bytes(rule.oid, oid); });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

bool good_extension(ByteView oid, ByteView value) noexcept {
  if (!der::well_formed(value)) return false;
  const Rule* const rule = rule_for(oid);
  return rule == nullptr || rule->good(Reader(value));
}

bool known_extension(ByteView oid) noexcept {
  const Rule* const rule = rule_for(oid);
  return rule != nullptr && rule->may_be_critical;
}

}  // namespace wib
