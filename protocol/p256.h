// SPDX-License-Identifier: Apache-2.0
//
// The equation of P-256. It is the one piece of curve arithmetic that the core does itself: whether
// a peer's point is on the curve is a judgement, and no library is asked for those.
#pragma once

#include "protocol/bytes.h"

namespace wib {

// True if y^2 = x^3 - 3x + b (SEC 2, secp256r1) for two coordinates below p, 32 bytes each,
// big-endian. Time does not depend on them.
[[nodiscard]] bool on_p256(ByteView x, ByteView y) noexcept;

}  // namespace wib
