// SPDX-License-Identifier: Apache-2.0
//
// The answer to GET /setup/dh.wib: "DH initial parameters (p, g)", or what the choices at the slots
// have there instead. Each slot owns the fields that it names; a suite's offer has those of its
// choices and no others.
//
//   offer = { ? 1 => bstr .size (1..1024),   ; p, big-endian            group_policy take_any
//             ? 2 => bstr .size (1..1024),   ; g, big-endian            group_policy take_any
//             ? 3 => bstr .size 2,           ; IANA's number            group_policy named
//             ? 4 => bstr .size (1..256),    ; offered suites, text     key_exchange spake2plus
//             ? 5 => bstr .size 16,          ; salt of PBKDF2           key_exchange spake2plus
//             ? 6 => bstr .size 4,           ; its iterations           key_exchange spake2plus
//             ? 7 => bstr .size 8 }          ; epoch                    freshness epoch
//
// Numbers are big-endian. The session cookie travels in Set-Cookie, not in the body.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t max_suites_size = 256;

// An empty view: the field is not there.
struct Offer {
  ByteView p;
  ByteView g;
  ByteView group;
  ByteView suites;
  ByteView salt;
  ByteView iterations;
  ByteView epoch;
};
inline constexpr std::size_t offer_field_count = 7;

// A set of its fields.
enum class OfferFields : std::uint8_t {
  none = 0,
  explicit_group = 1 << 0 | 1 << 1,     // p, g
  named_group = 1 << 2,                 // group
  password = 1 << 3 | 1 << 4 | 1 << 5,  // suites, salt, iterations
  epoch = 1 << 6
};
[[nodiscard]] constexpr OfferFields operator|(OfferFields a, OfferFields b) noexcept {
  return static_cast<OfferFields>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

// Views of the fields in the order of their keys.
[[nodiscard]] constexpr std::array<ByteView, offer_field_count> views(const Offer& offer) noexcept {
  return {offer.p, offer.g, offer.group, offer.suites, offer.salt, offer.iterations, offer.epoch};
}

// Reads a body that has exactly `fields`. Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Offer> parse_offer(ByteView body, OfferFields fields) noexcept;
// Writes `fields` of the offer: a view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_offer(const Offer& offer, OfferFields fields,
                                           ByteSpan out) noexcept;

}  // namespace wib
