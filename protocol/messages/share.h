// SPDX-License-Identifier: Apache-2.0
//
// A share ("DH intermediate"), the body of POST /setup/dh.wib and of its answer. The answer of
// SPAKE2+ brings the device's confirmation with it.
//
//   share  = { 1 => bstr .size (1..1024) }  ; g^x mod p, big-endian; a point; a u-coordinate
//   answer = { 1 => bstr .size 65,          ; shareV
//              2 => bstr .size 32 }         ; confirmV
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t confirmation_size = 32;

struct Share {
  ByteView value;
  ByteView confirmation;  // empty: none
};

// Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Share> parse_share(ByteView body) noexcept;
[[nodiscard]] Result<Share> parse_confirmed_share(ByteView body) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_share(const Share& share, ByteSpan out) noexcept;
[[nodiscard]] Result<ByteView> write_confirmed_share(const Share& share, ByteSpan out) noexcept;

}  // namespace wib
