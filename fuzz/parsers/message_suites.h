// SPDX-License-Identifier: Apache-2.0
//
// The suites that message targets choose from; the tool that writes their seeds counts on the
// order.
#pragma once

#include <vector>

#include "protocol/suites.h"

namespace wib::fuzz {

// The named suites in all readings, and rows that mix their slots.
[[nodiscard]] inline const std::vector<Suite>& message_suites() {
  static const std::vector<Suite> all = [] {
    std::vector<Suite> list(suites().begin(), suites().end());
    for (const std::string_view mix :
         {"as_posted+key_exchange=spake2plus,protection=aead", "hardened+key_exchange=plain_dh",
          "hardened+protection=encrypt_and_mac", "as_posted+group_policy=named_x25519",
          "as_posted+freshness=epoch", "hardened+key_exchange=plain_dh,group_policy=take_any"}) {
      if (const auto suite = parse_suite(mix)) list.push_back(*suite);
    }
    return list;
  }();
  return all;
}

}  // namespace wib::fuzz
