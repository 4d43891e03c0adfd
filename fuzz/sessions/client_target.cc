// SPDX-License-Identifier: Apache-2.0
//
// Target: clients that are driven through their bytes by a script, on the backend that
// WIB_FUZZ_BACKEND names; with WIB_FUZZ_PAIR their requests are changed, too.
#include "fuzz/driver/target.h"
#include "fuzz/sessions/client_session.h"

namespace wib::fuzz {

const std::string_view invariant =
    "a client does what its table says, completes only for what its suite takes for success, and "
    "whatever it was told, the next one gets through";

void one_input(ByteView input) {
  const ClientResult result = run_client(Rig::of(WIB_FUZZ_BACKEND), input, {.pair = WIB_FUZZ_PAIR});
  expect(result.violations.empty(), result.violations.text());
}

}  // namespace wib::fuzz
