// SPDX-License-Identifier: Apache-2.0
#include "usage.h"

#include <array>

#include "protocol/der.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::der::Reader;
using wib::der::Tag;

// RFC 5280 4.2.1.3, 4.2.1.12; without headers.
constexpr std::array<Byte, 3> oid_key_usage = {0x55, 0x1d, 0x0f};
constexpr std::array<Byte, 3> oid_extended_key_usage = {0x55, 0x1d, 0x25};
constexpr std::array<Byte, 4> oid_any_purpose = {0x55, 0x1d, 0x25, 0x00};
constexpr std::array<Byte, 8> oid_server_auth = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
constexpr Byte digital_signature = 0x80;

// The list of extensions; empty if there is none.
ByteView extensions_of(ByteView certificate) {
  Reader outer(certificate);
  Reader parts(outer.take(Tag::sequence).value_or(ByteView{}));
  Reader fields(parts.take(Tag::sequence).value_or(ByteView{}));
  while (const auto field = fields.next()) {
    if (field->tag == static_cast<Byte>(Tag::context_3)) {
      return Reader(field->content).take(Tag::sequence).value_or(ByteView{});
    }
  }
  return {};
}

bool allows_signing(Reader value) {
  // How many bits are unused, then the bits.
  const auto bits = value.take(Tag::bit_string);
  return bits && bits->size() > 1 && ((*bits)[1] & digital_signature) != 0;
}

bool allows_serving(Reader value) {
  Reader purposes(value.take(Tag::sequence).value_or(ByteView{}));
  while (const auto purpose = purposes.take(Tag::oid)) {
    if (wib::same_bytes(*purpose, oid_any_purpose) || wib::same_bytes(*purpose, oid_server_auth)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Usage usage_of(ByteView certificate) noexcept {
  Usage usage;
  Reader extensions(extensions_of(certificate));
  while (const auto extension = extensions.take(Tag::sequence)) {
    Reader fields(*extension);
    const ByteView oid = fields.take(Tag::oid).value_or(ByteView{});
    (void)fields.take(Tag::boolean);  // critical
    const Reader value(fields.take(Tag::octet_string).value_or(ByteView{}));
    if (wib::same_bytes(oid, oid_key_usage)) usage.may_sign = allows_signing(value);
    if (wib::same_bytes(oid, oid_extended_key_usage)) usage.may_serve_tls = allows_serving(value);
  }
  return usage;
}

}  // namespace WIB_BACKEND_NAMESPACE
