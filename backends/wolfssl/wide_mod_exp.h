// SPDX-License-Identifier: Apache-2.0
//
// Modular exponentiation beyond what the library's numbers hold.
#pragma once

#include "protocol/crypto.h"

namespace WIB_BACKEND_NAMESPACE {

// base^exponent mod modulus as in wib::Crypto::mod_exp, for a modulus above one of any size that
// the contract allows. `modulus` must begin with a byte that is not zero, and sizes must have been
// checked. Not constant time.
void wide_mod_exp(wib::ByteView base, wib::ByteView exponent, wib::ByteView modulus,
                  wib::ByteSpan out) noexcept;

}  // namespace WIB_BACKEND_NAMESPACE
