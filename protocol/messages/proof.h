// SPDX-License-Identifier: Apache-2.0
//
// The client's confirmation, the body of POST /setup/auth.wib of SPAKE2+.
//
//   proof = { 1 => bstr .size 32 }  ; confirmP
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

struct Proof {
  ByteView confirmation;
};

// Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Proof> parse_proof(ByteView body) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_proof(const Proof& proof, ByteSpan out) noexcept;

}  // namespace wib
