// SPDX-License-Identifier: Apache-2.0
//
// DeviceHost: the reference device as a process. Plain HTTP is served while the button's window is
// open and not a moment longer: then connections are refused, and those that are there are closed,
// but for the one that is being answered, which gets its answer first. TLS is served with the
// installed pair whenever there is one. Both addresses are held from the start, served or not.
#pragma once

#include <iosfwd>

#include "attacks/live/address.h"
#include "attacks/live/limits.h"
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
  bool press = false;       // the button is pressed at the start
  ConnectionLimits limits;  // for plain HTTP, and as much again for TLS
};

// Runs until SIGINT or SIGTERM; SIGUSR1 presses the button, SIGUSR2 holds it. Where the suite takes
// a setup code, the store must have its verifier (label.h). Says on `out`, a line each, what a
// person (or a script) waits for: "http HOST:PORT open", "http closed", "tls HOST:PORT open".
// No secret is ever written there.
[[nodiscard]] LiveResult<> run_device(const DeviceOptions& options, std::ostream& out);

}  // namespace wib::attacks
