// SPDX-License-Identifier: Apache-2.0
//
// The little that is done with real numbers: bringing an input into its one form, small groups that
// have no room for symbols, and whether a point that came from outside is on its curve. All are
// big-endian and unsigned, none is secret. Slow, and rarely needed.
#pragma once

#include "protocol/big_endian.h"
#include "protocol/certificates.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Byte;
using wib::ByteSpan;
using wib::ByteView;

[[nodiscard]] ByteView without_leading_zeros(ByteView number) noexcept;

// True for a number that is one less than `of`, in the same size.
[[nodiscard]] bool is_one_less(ByteView number, ByteView of) noexcept;

// number mod modulus; `out` has the size of the modulus, which is not zero.
void reduce(ByteView number, ByteView modulus, ByteSpan out) noexcept;

// base^exponent mod modulus, for a modulus of 1 to 4 bytes that is above zero.
[[nodiscard]] std::uint32_t small_power(ByteView base, ByteView exponent,
                                        ByteView modulus) noexcept;

// True if an encoded, uncompressed, finite point (04, x, y) is on the NIST curve of that type.
[[nodiscard]] bool on_curve(wib::KeyType curve, ByteView point) noexcept;

// The prime of P-256.
[[nodiscard]] ByteView p256_prime() noexcept;

}  // namespace WIB_BACKEND_NAMESPACE
