// SPDX-License-Identifier: Apache-2.0
//
// Certificates and private keys from DER into the library's objects, for signing and for TLS.
#pragma once

#include "internal.h"
#include "protocol/pkix.h"

namespace WIB_BACKEND_NAMESPACE {

// The certificate, or null if it does not parse whole.
[[nodiscard]] Certificate parse_certificate(const Library& library, ByteView der);

struct LoadedCertificate {
  Certificate certificate;        // null if the key is of KeyType::other
  wib::PublicKeyView public_key;  // a view into the DER that was loaded
};

// Errc::bad_certificate if it does not parse whole. With a key of KeyType::other, the library is
// not asked: which exotic keys it can read is its own affair, and no such key may serve.
[[nodiscard]] Result<LoadedCertificate> load_certificate(const Library& library,
                                                         ByteView certificate);

// Errc::bad_key if it does not parse whole or its numbers do not belong together.
[[nodiscard]] Result<Key> load_private_key(const Library& library, ByteView private_key);

}  // namespace WIB_BACKEND_NAMESPACE
