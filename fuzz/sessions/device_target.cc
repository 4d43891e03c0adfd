// SPDX-License-Identifier: Apache-2.0
//
// Target: a device that is driven through its bytes by a script (script.h), on the backend that
// WIB_FUZZ_BACKEND names.
#include "fuzz/driver/target.h"
#include "fuzz/sessions/device_session.h"

namespace wib::fuzz {

const std::string_view invariant =
    "a device does what its table says and keeps P-C1 to P-C5, whatever it is sent, and its owner "
    "gets through afterwards";

void one_input(ByteView input) {
  const DeviceResult result = run_device(Rig::of(WIB_FUZZ_BACKEND), input);
  expect(result.violations.empty(), result.violations.text());
}

}  // namespace wib::fuzz
