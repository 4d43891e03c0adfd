// SPDX-License-Identifier: Apache-2.0
//
// "Certificate and private key, bundled": the plaintext of key.wib, and what the device stores.
//
//   bundle = { 1 => bstr .size (1..4096),   ; X.509 certificate, DER
//              2 => bstr .size (1..3072) }  ; private key, PKCS#8 DER, not encrypted
#pragma once

#include "protocol/bytes.h"
#include "protocol/certificates.h"
#include "protocol/error.h"

namespace wib {

// Bytes around the two fields, at most.
inline constexpr std::size_t bundle_overhead = 16;
inline constexpr std::size_t max_bundle_size =
    max_certificate_size + max_private_key_size + bundle_overhead;

struct Bundle {
  ByteView certificate;
  ByteView private_key;
};

// Views into `bytes`. Errors as cbor::read_fields.
[[nodiscard]] Result<Bundle> parse_bundle(ByteView bytes) noexcept;
// A view of the front of `out`. Errors as cbor::write_fields.
[[nodiscard]] Result<ByteView> write_bundle(const Bundle& bundle, ByteSpan out) noexcept;

}  // namespace wib
