// SPDX-License-Identifier: Apache-2.0
//
// The reference client as a process: sets up one device over plain HTTP.
#pragma once

#include <iosfwd>
#include <optional>

#include "attacks/live/stream.h"
#include "backends/backend.h"
#include "protocol/setup_code.h"
#include "protocol/suites.h"

namespace wib::attacks {

struct SetupOptions {
  std::string url;
  std::string serial;
  std::optional<SetupCode> code;  // where the suite takes one
  std::filesystem::path certificate;
  std::filesystem::path private_key;
  const Suite* suite = nullptr;
  Backend* backend = nullptr;
  Timeout timeout = std::chrono::seconds(10);  // of each answer
};

enum class SetupOutcome : std::uint8_t {
  completed,
  refused  // by the device, or by the client itself: said on `out`
};

// One run. An error is something that is wrong before or beside the protocol: a file, an address,
// the network. Says each step on `out`.
[[nodiscard]] LiveResult<SetupOutcome> run_setup(const SetupOptions& options, std::ostream& out);

}  // namespace wib::attacks
