// SPDX-License-Identifier: Apache-2.0
//
// Certificates around a given public key: the port verifies with certificates, the vectors have
// bare keys.
#pragma once

#include "backends/conformance/vector.h"
#include "protocol/certificates.h"

namespace wib::conformance {

// The key type that the vectors call "rsa", "p256", "p384", "p521" or "ed25519".
[[nodiscard]] KeyType key_type_of(std::string_view name);

// SubjectPublicKeyInfo of an RSA key, or of an uncompressed point ("p256", "p384", "p521").
[[nodiscard]] Bytes rsa_public_key(ByteView n, ByteView e);
[[nodiscard]] Bytes ec_public_key(std::string_view curve, ByteView point);
// Ecdsa-Sig-Value.
[[nodiscard]] Bytes ecdsa_signature(ByteView r, ByteView s);

// A certificate for device.local with that key. What signs it is not looked at (Certificates), so a
// placeholder does.
[[nodiscard]] Bytes certificate_around(ByteView public_key);
// A self-signed one, signed by `certificates` itself.
[[nodiscard]] Result<Bytes> self_signed(Certificates& certificates, ByteView public_key,
                                        ByteView private_key);

}  // namespace wib::conformance
