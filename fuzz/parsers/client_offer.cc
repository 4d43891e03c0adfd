// SPDX-License-Identifier: Apache-2.0
//
// The answer to GET /setup/dh.wib, as a client of any suite takes it.
#include "fuzz/parsers/message_oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "An offer is accepted exactly if it is what its suite's CDDL "
    "says, its fields are views of the body, and it is written back byte for byte.";

namespace {

Rules rules_of(const Suite& suite) {
  static std::array<Rule, max_rules> rules;
  std::size_t count = 0;
  if (has_password(suite)) {
    rules[count++] = {4, 1, 256};
    rules[count++] = {5, 16, 16};
    rules[count++] = {6, 4, 4};
  } else if (suite.group_policy.name() == "take_any") {
    rules[count++] = {1, 1, 1024};
    rules[count++] = {2, 1, 1024};
  } else {
    rules[count++] = {3, 2, 2};
  }
  if (suite.freshness.name() == "epoch") rules[count++] = {7, 8, 8};
  return Rules(rules).first(count);
}

}  // namespace

void one_input(ByteView input) { check_response(Endpoint::get_dh, input, rules_of); }

}  // namespace wib::fuzz
