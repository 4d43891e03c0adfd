// SPDX-License-Identifier: Apache-2.0
//
// The client's share, the body of POST /setup/dh.wib, as a device of any suite takes it.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A share is accepted exactly if it is what its CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) {
  static constexpr std::array<Rule, 1> share = {{{1, 1, 1024}}};
  static_cast<void>(suite);  // the same in all
  return share;
}

}  // namespace

void one_input(ByteView input) {
  check_request(Endpoint::post_dh, "/setup/dh.wib", input, rules_of);
}

}  // namespace wib::fuzz
