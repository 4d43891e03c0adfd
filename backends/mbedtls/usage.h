// SPDX-License-Identifier: Apache-2.0
//
// What the extensions of a certificate allow its key to do. The library's own parser is not asked:
// it reads no certificate with an Ed25519 key or signature, nor one with a date that is none.
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

struct Usage {
  bool may_sign = true;
  bool may_serve_tls = true;
};

// Of a certificate that wib::check_certificate() takes.
[[nodiscard]] Usage usage_of(ByteView certificate) noexcept;

}  // namespace WIB_BACKEND_NAMESPACE
