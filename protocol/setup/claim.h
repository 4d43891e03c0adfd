// SPDX-License-Identifier: Apache-2.0
//
// Claims: what an honest party says of itself, for a referee to judge. They are part of no message
// and an attacker never sees them.
#pragma once

#include "protocol/cookie.h"
#include "protocol/crypto.h"

namespace wib {

enum class ClaimKind : std::uint8_t {
  none,
  // device
  issued,         // a session cookie was handed out
  agreed,         // keys are set: the share was answered
  authenticated,  // the peer proved the serial number: 204 on auth.wib
  rejected,       // a session was refused and its cookie is dead
  installed,      // a pair was stored: 204 on key.wib
  // client
  started,
  accepted,   // the device answered auth.wib with 204
  completed,  // the device answered key.wib as the suite demands: the client's run is over
  aborted     // the run failed
};

[[nodiscard]] constexpr std::string_view name(ClaimKind kind) noexcept {
  switch (kind) {
    case ClaimKind::none: return "none";
    case ClaimKind::issued: return "issued";
    case ClaimKind::agreed: return "agreed";
    case ClaimKind::authenticated: return "authenticated";
    case ClaimKind::rejected: return "rejected";
    case ClaimKind::installed: return "installed";
    case ClaimKind::started: return "started";
    case ClaimKind::accepted: return "accepted";
    case ClaimKind::completed: return "completed";
    case ClaimKind::aborted: return "aborted";
  }
  return "?";
}

struct Claim {
  ClaimKind kind = ClaimKind::none;
  Cookie session{};  // zeros where no session is meant
  std::array<Byte, sha256_size> transcript{};
  // SHA-256 of the bundle (messages/bundle.h), for installed, started, completed; else zeros.
  std::array<Byte, sha256_size> fingerprint{};
};

}  // namespace wib
