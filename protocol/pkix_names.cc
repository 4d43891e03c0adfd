// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "protocol/der.h"
#include "protocol/pkix_parts.h"

namespace wib {
namespace {

using der::Reader;
using der::Tag;

// The string types of a DirectoryString and an e-mail attribute (RFC 5280 4.1.2.4, A.1).
enum class StringTag : Byte {
  utf8 = 0x0c,
  printable = 0x13,
  teletex = 0x14,
  ia5 = 0x16,
  bmp = 0x1e
};

// The length of the UTF-8 character (RFC 3629) at the front of `text`, or 0 if there is none.
std::size_t character_size(ByteView text) {
  struct Form {
    Byte lead_mask, lead, size;
    std::uint32_t first;  // the first character that needs this form
  };
  static constexpr std::array<Form, 4> forms = {{{0x80, 0x00, 1, 0x0},
                                                 {0xe0, 0xc0, 2, 0x80},
                                                 {0xf0, 0xe0, 3, 0x800},
                                                 {0xf8, 0xf0, 4, 0x10000}}};
  for (const Form& form : forms) {
    if ((text[0] & form.lead_mask) != form.lead) continue;
    if (text.size() < form.size) return 0;
    std::uint32_t code = text[0] & static_cast<Byte>(~form.lead_mask);
    for (std::size_t i = 1; i < form.size; ++i) {
      if ((text[i] & 0xc0U) != 0x80) return 0;
      code = code << 6U | (text[i] & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < form.first || code > 0x10ffff || surrogate ? 0 : form.size;
  }
  return 0;
}

bool good_utf8(ByteView text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text = text.subspan(size);
  }
  return true;
}

// Two-octet characters; surrogates are no part of the Basic Multilingual Plane's text.
bool good_bmp(ByteView text) {
  if (text.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    if ((text[i] & 0xf8U) == 0xd8) return false;
  }
  return true;
}

bool good_string(const der::Element& element) {
  switch (static_cast<StringTag>(element.tag)) {
    case StringTag::utf8: return good_utf8(element.content);
    case StringTag::bmp: return good_bmp(element.content);
    case StringTag::printable:
    case StringTag::teletex:
    case StringTag::ia5: return true;
  }
  return false;
}

// AttributeTypeAndValue.
bool good_attribute(ByteView attribute) {
  Reader fields(attribute);
  if (!fields.take(Tag::oid)) return false;
  const auto value = fields.next();
  return value && fields.empty() && good_string(*value);
}

bool good_general_name(const der::Element& name) {
  switch (name.tag) {
    case 0x81:  // rfc822Name
    case 0x82:  // dNSName
    case 0x86:  // uniformResourceIdentifier
      return true;
    case 0x87:  // iPAddress
      return name.content.size() == 4 || name.content.size() == 16;
    case 0xa0: {  // otherName
      Reader fields(name.content);
      return fields.take(Tag::oid) && fields.take_last(Tag::context_0);
    }
    case 0xa4: {  // directoryName
      Reader fields(name.content);
      const auto inner = fields.take_last(Tag::sequence);
      return inner && good_name(*inner);
    }
    default: return false;  // x400Address, ediPartyName, registeredID: nobody uses them
  }
}

}  // namespace

bool good_name(ByteView name) noexcept {
  Reader sets(name);
  while (!sets.empty()) {
    const auto set = sets.take(Tag::set);
    if (!set || set->empty()) return false;
    Reader attributes(*set);
    while (!attributes.empty()) {
      const auto attribute = attributes.take(Tag::sequence);
      if (!attribute || !good_attribute(*attribute)) return false;
    }
  }
  return true;
}

bool good_general_names(ByteView names) noexcept {
  if (names.empty()) return false;
  Reader reader(names);
  while (!reader.empty()) {
    const auto name = reader.next();
    if (!name || !good_general_name(*name)) return false;
  }
  return true;
}

}  // namespace wib
