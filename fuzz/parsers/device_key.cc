// SPDX-License-Identifier: Apache-2.0
//
// The sealed bundle, the body of POST /setup/key.wib, as a device of any suite takes it.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A sealed bundle is accepted exactly if it is what its suite's CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) { return sealed_rules(suite); }

}  // namespace

void one_input(ByteView input) {
  check_request(Endpoint::post_key, "/setup/key.wib", input, rules_of);
}

}  // namespace wib::fuzz
