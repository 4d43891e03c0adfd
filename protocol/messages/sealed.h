// SPDX-License-Identifier: Apache-2.0
//
// A protected payload: the body of POST /setup/auth.wib (where that is sealed) and POST
// /setup/key.wib, and of the sealed acknowledgement.
//
//   sealed = { 1 => bstr .size 16,          ; CBC's IV, or CTR's initial counter
//              2 => bstr .size (1..7680),   ; ciphertext
//              3 => bstr .size 64 }         ; HMAC-SHA-512 of the plaintext, in clear
//
//   aead   = { 2 => bstr .size (1..7680),   ; ciphertext; the nonce is a counter and not sent
//              3 => bstr .size 16 }         ; AES-256-GCM's or ChaCha20-Poly1305's tag
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t max_ciphertext_size = 7680;

struct Sealed {
  ByteView iv;  // empty: the nonce is not sent
  ByteView ciphertext;
  ByteView tag;
};

// Views into `body`. Errors as cbor::read_fields.
[[nodiscard]] Result<Sealed> parse_sealed(ByteView body) noexcept;
[[nodiscard]] Result<Sealed> parse_aead(ByteView body) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_sealed(const Sealed& sealed, ByteSpan out) noexcept;
[[nodiscard]] Result<ByteView> write_aead(const Sealed& sealed, ByteSpan out) noexcept;

}  // namespace wib
