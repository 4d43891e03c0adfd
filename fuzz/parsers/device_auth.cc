// SPDX-License-Identifier: Apache-2.0
//
// The client's proof, the body of POST /setup/auth.wib: SPAKE2+'s confirmation, or the sealed
// serial.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A proof is accepted exactly if it is what its suite's CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) {
  static constexpr std::array<Rule, 1> proof = {{{1, 32, 32}}};
  return has_password(suite) ? Rules(proof) : sealed_rules(suite);
}

}  // namespace

void one_input(ByteView input) {
  check_request(Endpoint::post_auth, "/setup/auth.wib", input, rules_of);
}

}  // namespace wib::fuzz
