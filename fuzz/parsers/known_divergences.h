// SPDX-License-Identifier: Apache-2.0
//
// Certificates that the libraries read differently although the core's profile has them. Found by
// the target certificate_der; to be taken out of the profile, and then out of here.
#pragma once

#include <algorithm>
#include <array>

#include "protocol/der.h"

namespace wib::fuzz {

// wolfSSL tells object identifiers by the sum of their bytes: true if it could take this one for an
// extension of RFC 5280 (2.5.29.x or below 1.3.6.1.5.5.7) or for a purpose of extendedKeyUsage.
[[nodiscard]] inline bool has_sum_of_known(ByteView oid) noexcept {
  unsigned sum = 0;
  for (const Byte byte : oid) sum += byte;
  return (sum >= 69 && sum <= 92) || (sum >= 114 && sum <= 180) || sum == 753;
}

[[nodiscard]] inline bool begins_with(ByteView oid, ByteView front) noexcept {
  return oid.size() > front.size() && std::ranges::equal(oid.first(front.size()), front);
}

// An extension that the core looks into, as every library does: 2.5.29.x.
[[nodiscard]] inline bool is_looked_into(ByteView oid) noexcept {
  static constexpr std::array<Byte, 6> extensions = {14, 15, 17, 19, 35, 37};
  return oid.size() == 3 && oid[0] == 0x55 && oid[1] == 0x1d &&
         std::ranges::find(extensions, oid[2]) != extensions.end();
}

// An extension that some libraries look into, and the core does not: policyConstraints,
// cRLDistributionPoints and others of RFC 5280, and Netscape's.
[[nodiscard]] inline bool some_look_into(ByteView oid) noexcept {
  static constexpr std::array<Byte, 2> standard = {0x55, 0x1d};
  static constexpr std::array<Byte, 7> pkix = {0x2b, 6, 1, 5, 5, 7, 1};
  static constexpr std::array<Byte, 7> netscape = {0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42};
  return begins_with(oid, standard) || begins_with(oid, pkix) || begins_with(oid, netscape);
}

[[nodiscard]] inline bool purposes_differ(ByteView value) noexcept {
  static constexpr std::array<Byte, 4> any = {0x55, 0x1d, 0x25, 0};
  static constexpr std::array<Byte, 7> purposes = {0x2b, 6, 1, 5, 5, 7, 3};
  der::Reader list(der::Reader(value).take(der::Tag::sequence).value_or(ByteView{}));
  while (const auto oid = list.take(der::Tag::oid)) {
    const bool known = std::ranges::equal(*oid, any) || begins_with(*oid, purposes);
    if (has_sum_of_known(*oid) && !known) return true;
  }
  return false;
}

[[nodiscard]] inline bool extension_differs(ByteView extension) noexcept {
  der::Reader reader(extension);
  const ByteView oid = reader.take(der::Tag::oid).value_or(ByteView{});
  (void)reader.take(der::Tag::boolean);
  const ByteView value = reader.take(der::Tag::octet_string).value_or(ByteView{});
  if (!is_looked_into(oid)) return has_sum_of_known(oid) || some_look_into(oid);
  if (oid[2] == 37) return purposes_differ(value);
  return oid[2] == 35 && value.size() == 2;  // an authorityKeyIdentifier that is empty
}

// An attribute of a name that begins as 2.5.4.x does and is shorter or longer than those are.
[[nodiscard]] inline bool name_differs(ByteView name) noexcept {
  der::Reader sets(name);
  while (const auto set = sets.take(der::Tag::set)) {
    der::Reader attributes(*set);
    while (const auto attribute = attributes.take(der::Tag::sequence)) {
      const ByteView oid = der::Reader(*attribute).take(der::Tag::oid).value_or(ByteView{});
      if (oid.size() != 3 && oid.size() > 1 && oid[0] == 0x55 && oid[1] == 4) return true;
    }
  }
  return false;
}

// For a certificate that the core accepts.
[[nodiscard]] inline bool libraries_differ(ByteView certificate) noexcept {
  der::Reader outer(der::Reader(certificate).take(der::Tag::sequence).value_or(ByteView{}));
  der::Reader fields(outer.take(der::Tag::sequence).value_or(ByteView{}));
  while (const auto field = fields.next()) {
    if (field->tag == 0x30 && name_differs(field->content)) return true;
    if (field->tag != 0xa3) continue;
    der::Reader list(der::Reader(field->content).take(der::Tag::sequence).value_or(ByteView{}));
    while (const auto extension = list.take(der::Tag::sequence)) {
      if (extension_differs(*extension)) return true;
    }
  }
  return false;
}

}  // namespace wib::fuzz
