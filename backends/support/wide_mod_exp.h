// SPDX-License-Identifier: Apache-2.0
//
// Modular exponentiation beyond what a library's numbers hold: for backends whose library stops
// below max_modulus_size.
#pragma once

#include "protocol/crypto.h"

namespace wib {

// base^exponent mod modulus as in Crypto::do_mod_exp, padded to the size of `modulus`, which is
// above 1 and begins with a byte that is not zero. Any size that the contract allows. For an odd
// modulus time depends on the sizes and on the public numbers alone; for an even one, which no
// group has, on the exponent too.
void wide_mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) noexcept;

}  // namespace wib
