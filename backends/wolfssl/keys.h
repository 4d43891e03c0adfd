// SPDX-License-Identifier: Apache-2.0
//
// Certificates and private keys from DER into the library's objects, for signing and for TLS.
#pragma once

#include "internal.h"
#include "protocol/pkix.h"

namespace WIB_BACKEND_NAMESPACE {

// A public or private key: `type` says which of the two objects is set. The library's objects
// cannot be moved, so a key is filled in place.
struct Key {
  wib::KeyType type = wib::KeyType::other;
  RsaState rsa;
  EccState ecc;
};

// Parses `certificate`, which must outlive `decoded`, and gives its information.
// Errc::bad_certificate if it does not parse whole. With a key of KeyType::other, the library is
// not asked: which exotic keys it can read is its own affair, and no such key may serve.
[[nodiscard]] Result<wib::CertificateInfo> load_certificate(ByteView certificate,
                                                            CertificateState& decoded);

// The public key of a certificate. For types other than RSA and the NIST curves, only `type` is
// set. Errc::bad_certificate if the certificate does not parse, or the point is not on the curve.
[[nodiscard]] Result<> load_public_key(ByteView certificate, Key& key);

// Errc::bad_key if it does not parse whole or its numbers do not belong together.
[[nodiscard]] Result<> load_private_key(ByteView private_key, Key& key);

// True if `key` is the private half of `public_key`.
[[nodiscard]] bool same_public_numbers(Key& key, Key& public_key);

}  // namespace WIB_BACKEND_NAMESPACE
