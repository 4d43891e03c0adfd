// SPDX-License-Identifier: Apache-2.0
//
// The answer to POST /setup/key.wib: the sealed acknowledgement.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "An acknowledgement is accepted exactly if it is what its suite's CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) { return sealed_rules(suite); }

}  // namespace

void one_input(ByteView input) { check_response(Endpoint::post_key, input, rules_of); }

}  // namespace wib::fuzz
