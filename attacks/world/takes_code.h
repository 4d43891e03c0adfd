// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/suites.h"

namespace wib::attacks {

// True if a client authenticates itself with a setup code, which its device then has a verifier of:
// the offer says how to stretch it.
[[nodiscard]] inline bool takes_code(const Suite& suite) noexcept {
  const OfferFields fields = suite.offer_fields();
  return (fields | OfferFields::password) == fields;
}

}  // namespace wib::attacks
