// SPDX-License-Identifier: Apache-2.0
//
// Promises: what the protocol promises of a device, whatever its table says; told by the messages
// alone, with no look into the device but for whether its window is open.
//   P-C1  no key is accepted unless auth.wib was answered with 204 in the same session before
//   P-C2  a cookie is dead after 401 on auth.wib, after an authenticated key.wib, after its time,
//         and with its window
//   P-C3  the window is closed after a key.wib with an authenticated cookie
//   P-C4  nothing is accepted while it is closed: 403 and nothing else
//   P-C5  at most 10 guesses are answered in a window, and 100 in a life without a success or a
//         long press, where attempts are limited
#pragma once

#include <vector>

#include "fuzz/sessions/parts.h"
#include "protocol/setup/endpoint.h"

namespace wib::fuzz {

class Promises {
 public:
  Promises(const Suite& suite, std::uint32_t charged_in_life, Violations& violations)
      : suite_(suite), life_(charged_in_life), violations_(violations) {}

  // A press, after it: whether the window is open now tells if it took effect.
  void pressed(Instant now, bool held, bool had_effect);
  void restarted();
  void passed(Instant now);
  // A request that reached the core was answered.
  void answered(Instant now, const Request& request, Status status, bool issued,
                const Cookie& cookie, bool window_open);

 private:
  struct Issued {
    Cookie cookie;
    Instant at;
    bool authenticated = false;
    bool dead = false;
  };
  void close();
  void count_guess(Endpoint endpoint, Status status);

  const Suite& suite_;
  bool open_ = false;
  Instant closes_{};
  bool held_ = false;
  std::uint32_t window_ = 0;  // guesses that were answered, less the right ones
  std::uint32_t life_;
  std::vector<Issued> issued_;
  Violations& violations_;
};

}  // namespace wib::fuzz
