// SPDX-License-Identifier: Apache-2.0
//
// Groups for Diffie-Hellman: named ones (RFC 7919, RFC 8446 section 4.2.7, by their numbers in
// IANA's registry "TLS Supported Groups"), and explicit p and g; and how a key is agreed on in
// each.
#pragma once

#include <optional>

#include "protocol/crypto.h"

namespace wib {

enum class NamedGroup : std::uint16_t {
  none = 0,  // explicit p and g
  secp256r1 = 23,
  x25519 = 29,
  ffdhe2048 = 256,
  ffdhe3072 = 257
};

// The registry's name ("ffdhe2048"); "explicit" for none.
[[nodiscard]] std::string_view name(NamedGroup group) noexcept;

// A group to calculate in. Views: of static storage where it is named.
struct Group {
  ByteView p;  // of a finite-field group, big-endian; else empty
  ByteView g;
  NamedGroup name = NamedGroup::none;
};

// The device's default.
[[nodiscard]] Group ffdhe2048() noexcept;
// Nullopt for a number that is none of ours.
[[nodiscard]] std::optional<Group> find_group(std::uint16_t number) noexcept;

// Bytes of a Diffie-Hellman exponent, or of a scalar on a curve. RFC 7919 appendix A asks for at
// least 225 bits for ffdhe2048 and 275 for ffdhe3072, which so takes 8 bytes more.
inline constexpr std::size_t exponent_size = 32;
inline constexpr std::size_t max_exponent_size = 40;
[[nodiscard]] constexpr std::size_t exponent_size_for(const Group& group) noexcept {
  return group.name == NamedGroup::ffdhe3072 ? max_exponent_size : exponent_size;
}

// The shared secret: Z of a finite field left-padded to the size of p, x of a P-256 point, X25519's
// result, or K_shared of SPAKE2+.
using SharedSecret = SecretBuffer<max_modulus_size>;

// Bytes of a share: that of p, an uncompressed point, a u-coordinate.
[[nodiscard]] std::size_t share_size(const Group& group) noexcept;

// The share of `exponent` (exponent_size_for(group) bytes); `share` has share_size(group) bytes.
// Errc::entropy for an exponent that is a multiple of P-256's order: it has no share.
[[nodiscard]] Result<> make_public(Crypto& crypto, const Group& group, ByteView exponent,
                                   ByteSpan share);

// Sets `secret` from the peer's share. Raw in a finite field: every share has a result. On a curve
// Errc::out_of_range for a share that is none (the arithmetic has no result for it).
[[nodiscard]] Result<> agree(Crypto& crypto, const Group& group, ByteView exponent, ByteView peer,
                             SharedSecret& secret);

}  // namespace wib
