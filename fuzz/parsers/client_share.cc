// SPDX-License-Identifier: Apache-2.0
//
// The answer to POST /setup/dh.wib: a share, with SPAKE2+ the device's confirmation beside it.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A device's share is accepted exactly if it is what its suite's CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) {
  static constexpr std::array<Rule, 1> share = {{{1, 1, 1024}}};
  static constexpr std::array<Rule, 2> confirmed = {{{1, 65, 65}, {2, 32, 32}}};
  return has_password(suite) ? Rules(confirmed) : Rules(share);
}

}  // namespace

void one_input(ByteView input) { check_response(Endpoint::post_dh, input, rules_of); }

}  // namespace wib::fuzz
