// SPDX-License-Identifier: Apache-2.0
//
// The parts that pkix.cc is made of. Each takes the content of an element whose whole encoding is
// known to be well formed (der.h).
#pragma once

#include "protocol/pkix.h"

namespace wib {

// SubjectPublicKeyInfo (RFC 5280 4.1.2.7). Errc::bad_certificate.
[[nodiscard]] Result<PublicKeyView> read_public_key(ByteView info) noexcept;

// True for a Name (RFC 5280 4.1.2.4), perhaps empty, of strings that are what their tags say.
[[nodiscard]] bool good_name(ByteView name) noexcept;

// True for GeneralNames (RFC 5280 4.2.1.6): one or more.
[[nodiscard]] bool good_general_names(ByteView names) noexcept;

// True if the value of the extension `oid`, the content of its OCTET STRING, is what RFC 5280 says
// for basicConstraints, keyUsage, extendedKeyUsage, subjectAltName and the two key identifiers, and
// well formed for every other.
[[nodiscard]] bool good_extension(ByteView oid, ByteView value) noexcept;

// True for the extensions that may be critical: those that mean something to us.
[[nodiscard]] bool known_extension(ByteView oid) noexcept;

}  // namespace wib
