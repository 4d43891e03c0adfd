// SPDX-License-Identifier: Apache-2.0
//
// Named finite-field groups. Views of static storage.
#pragma once

#include "protocol/messages/offer.h"

namespace wib {

// RFC 7919 appendix A.1: a 2048-bit safe prime and g = 2; the device's default.
[[nodiscard]] Offer ffdhe2048() noexcept;

}  // namespace wib
