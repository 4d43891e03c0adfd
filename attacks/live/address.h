// SPDX-License-Identifier: Apache-2.0
//
// Addresses as people type them.
#pragma once

#include <string>

#include "attacks/live/files.h"

namespace wib::attacks {

struct Address {
  std::string host;
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const;  // "127.0.0.1:8080", "[::1]:8080"
};

// "HOST:PORT" or "[V6]:PORT"; port 0 lets the system choose where that makes sense.
[[nodiscard]] LiveResult<Address> parse_address(std::string_view text);

// "http://HOST[:PORT][/]"; nothing else is a device's URL.
[[nodiscard]] LiveResult<Address> parse_url(std::string_view url);

}  // namespace wib::attacks
