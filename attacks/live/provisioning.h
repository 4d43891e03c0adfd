// SPDX-License-Identifier: Apache-2.0
//
// Provisioning: what the factory puts into a device besides its label.
#pragma once

#include "attacks/live/files.h"
#include "attacks/live/label.h"
#include "protocol/registration.h"

namespace wib::attacks {

struct ProvisioningOptions {
  std::filesystem::path store;  // made if it is not there
  const Label& label;
  std::uint32_t iterations = default_iterations;
  Crypto& crypto;
};

// Registers the label's code with a fresh salt and puts the verifier into the store. A store that
// has one already is refused: the label that goes with it would be worth nothing.
[[nodiscard]] LiveResult<> store_verifier(const ProvisioningOptions& options);

}  // namespace wib::attacks
