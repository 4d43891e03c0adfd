// SPDX-License-Identifier: Apache-2.0
//
// A Diffie-Hellman share ("DH intermediate"), the body of POST /setup/dh.wib and of its answer.
//
//   share = { 1 => bstr .size (1..1024) }  ; g^x mod p, big-endian
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

struct Share {
  ByteView value;
};

// Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Share> parse_share(ByteView body) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_share(const Share& share, ByteSpan out) noexcept;

}  // namespace wib
