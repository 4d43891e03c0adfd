// SPDX-License-Identifier: Apache-2.0
//
// DeviceHost: the reference device as a process. Plain HTTP is served while the button's window is
// open and not a moment longer (the listener is closed, so that connections are refused); TLS is
// served with the installed pair whenever there is one.
#pragma once

#include <iosfwd>

#include "attacks/live/address.h"
#include "backends/backend.h"
#include "protocol/suites.h"

namespace wib::attacks {

struct DeviceOptions {
  Address listen;  // plain HTTP
  Address tls_listen;
  std::filesystem::path store;
  std::string serial;
  const Suite* suite = nullptr;
  Backend* backend = nullptr;
  bool press = false;  // the button is pressed at the start
};

// Runs until SIGINT or SIGTERM; SIGUSR1 presses the button. Says on `out`, a line each, what a
// person (or a script) waits for: "http HOST:PORT open", "http closed", "tls HOST:PORT open".
// No secret is ever written there.
[[nodiscard]] LiveResult<> run_device(const DeviceOptions& options, std::ostream& out);

}  // namespace wib::attacks
