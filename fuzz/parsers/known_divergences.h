// SPDX-License-Identifier: Apache-2.0
//
// Certificates that the libraries read differently although the core's profile has them. Found by
// the target certificate_der; to be taken out of the profile, and then out of here.
#pragma once

#include <algorithm>
#include <array>

#include "protocol/bytes.h"

namespace wib::fuzz {

// wolfSSL tells object identifiers by the sum of their bytes: those of the extensions and of the
// purposes of extendedKeyUsage that it knows.
[[nodiscard]] inline bool has_sum_of_known(ByteView oid) noexcept {
  static constexpr auto sums =
      std::to_array<unsigned>({69,  71,  72,  73,  74,  78,  79,  92,  121, 128, 129, 130, 131,
                               132, 133, 134, 144, 145, 146, 147, 149, 150, 151, 168, 753});
  unsigned sum = 0;
  for (const Byte byte : oid) sum += byte;
  return std::ranges::find(sums, sum) != sums.end();
}

// True if `oid` is an extension that the core's profile looks into, or a purpose of
// extendedKeyUsage. Into others (policyConstraints, cRLDistributionPoints) wolfSSL and
// OpenSSL look, and the core does not.
[[nodiscard]] inline bool is_looked_into(ByteView oid) noexcept {
  static constexpr std::array<Byte, 6> extensions = {14, 15, 17, 19, 35, 37};  // 2.5.29.x
  static constexpr std::array<Byte, 4> any_purpose = {0x55, 0x1d, 0x25, 0};
  static constexpr std::array<Byte, 7> purposes = {0x2b, 6, 1, 5, 5, 7, 3};
  if (oid.size() == 3 && oid[0] == 0x55 && oid[1] == 0x1d) {
    return std::ranges::find(extensions, oid[2]) != extensions.end();
  }
  if (std::ranges::equal(oid, any_purpose)) return true;
  return oid.size() == 8 && std::ranges::equal(oid.first(7), purposes);
}

// Extensions of RFC 5280, and Netscape's, which libraries may look into.
[[nodiscard]] inline bool is_extension(ByteView oid) noexcept {
  static constexpr std::array<Byte, 2> standard = {0x55, 0x1d};
  static constexpr std::array<Byte, 7> pkix = {0x2b, 6, 1, 5, 5, 7, 1};
  static constexpr std::array<Byte, 7> netscape = {0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42};
  const auto begins_with = [&](ByteView front) {
    return oid.size() > front.size() && std::ranges::equal(oid.first(front.size()), front);
  };
  return begins_with(standard) || begins_with(pkix) || begins_with(netscape);
}

// Looks at everything that could be an object identifier, wherever it stands: it may say yes once
// too often.
[[nodiscard]] inline bool libraries_differ(ByteView certificate) noexcept {
  static constexpr std::array<Byte, 9> empty_key_identifier = {0x06, 0x03, 0x55, 0x1d, 0x23,
                                                               0x04, 0x02, 0x30, 0x00};
  for (std::size_t at = 0; at + 2 < certificate.size(); ++at) {
    const ByteView rest = certificate.subspan(at);
    if (rest.size() >= 9 && std::ranges::equal(rest.first(9), empty_key_identifier)) return true;
    const std::size_t size = rest[1];
    if (rest[0] != 6 || size == 0 || size > 64 || rest.size() < 2 + size) continue;
    const ByteView oid = rest.subspan(2, size);
    // An attribute of a name that begins as 2.5.4.x does and is shorter or longer than those.
    if (size != 3 && size > 1 && oid[0] == 0x55 && oid[1] == 4) return true;
    if ((has_sum_of_known(oid) || is_extension(oid)) && !is_looked_into(oid)) return true;
  }
  return false;
}

}  // namespace wib::fuzz
