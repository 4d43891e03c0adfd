// SPDX-License-Identifier: Apache-2.0
//
// The answer to GET /setup/dh.wib of plain Diffie-Hellman: "DH initial parameters (p, g)".
//
//   offer = { 1 => bstr .size (1..1024),   ; p, big-endian
//             2 => bstr .size (1..1024) }  ; g, big-endian
//
// The session cookie travels in Set-Cookie, not in the body.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

struct Offer {
  ByteView p;
  ByteView g;
};

// Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Offer> parse_offer(ByteView body) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_offer(const Offer& offer, ByteSpan out) noexcept;

}  // namespace wib
