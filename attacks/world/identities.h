// SPDX-License-Identifier: Apache-2.0
//
// Identities: certificates with their private keys for the parties of a test, all valid from 2020
// to 2120 unless their name says otherwise. The keys are public test keys, secret to nobody, made
// by ci/make-identities.
#pragma once

#include <span>
#include <string_view>

#include "protocol/bytes.h"

namespace wib::attacks {

// All DER; the views are to static storage. But for the last two, the certificates are for
// "device.local", "localhost" and 127.0.0.1.
struct Identity {
  std::string_view name;
  ByteView certificate;
  ByteView private_key;  // PKCS#8
  ByteView issuer;       // the certificate that a client has to trust
};

// "owner" (P-256), "owner-rsa" (2048 bits), "owner-p384", "owner-p521", "owner-plain" (no usage
// extensions), "thief" (P-256, same issuer and names), "stranger" (another issuer), "self-signed"
// (is its own issuer, and no CA), and the unusable "expired", "client-only" (extendedKeyUsage),
// "key-agreement-only" (keyUsage), "ed25519", "rsa-1024", "impostor" (issued by "owner", which
// is no authority), "odd-names" and "no-names".
[[nodiscard]] std::span<const Identity> identities() noexcept;

// The identity of that name, which must be one of the above: anything else ends the program.
[[nodiscard]] const Identity& identity(std::string_view name) noexcept;

}  // namespace wib::attacks
