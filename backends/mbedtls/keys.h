// SPDX-License-Identifier: Apache-2.0
//
// Public and private keys from DER into the library's objects, for signing and for TLS.
#pragma once

#include "internal.h"
#include "protocol/pkix.h"
#include "random.h"

namespace WIB_BACKEND_NAMESPACE {

// The public key of a certificate, as the library has it: not set for types other than RSA and the
// NIST curves. Errc::bad_certificate if the certificate does not parse, or the point is not on the
// curve.
[[nodiscard]] Result<wib::PublicKeyView> load_public_key(ByteView certificate, Key& key);

// Errc::bad_key if it does not parse whole or its numbers do not belong together.
[[nodiscard]] Result<> load_private_key(ByteView private_key, Random& random, Key& key);

}  // namespace WIB_BACKEND_NAMESPACE
