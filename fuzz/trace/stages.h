// SPDX-License-Identifier: Apache-2.0
//
// Stages: how near a campaign came to attacks that are known elsewhere. Each is a ladder; what is
// shown is the highest rung that any trace has reached.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "protocol/bytes.h"

namespace wib::fuzz {

enum class KnownAttack : Byte { theft, takeover, rogue_device, replay };
inline constexpr std::size_t known_attack_count = 4;
using Stages = std::array<Byte, known_attack_count>;

struct Ladder {
  std::string_view name;
  std::span<const std::string_view> rungs;
};
[[nodiscard]] inline Ladder ladder(KnownAttack attack) noexcept {
  static constexpr std::array<std::string_view, 4> theft = {
      "a client sent its share", "the attacker has the client's keys",
      "... and the client proved itself under them", "the private key is the attacker's"};
  static constexpr std::array<std::string_view, 4> takeover = {
      "a session is open", "the attacker has its keys", "... and has proven itself under them",
      "the attacker's own bundle is installed"};
  static constexpr std::array<std::string_view, 4> rogue = {
      "a client sent its share", "it took the attacker's answer for the device's",
      "it sent its bundle", "it completed, and nothing was installed"};
  static constexpr std::array<std::string_view, 5> replay = {
      "a secret bundle is installed", "... and the window is open again",
      "... and a session has the keys of an earlier one", "... and was authenticated",
      "the bundle is installed again"};
  switch (attack) {
    case KnownAttack::theft: return {"theft", theft};
    case KnownAttack::takeover: return {"takeover", takeover};
    case KnownAttack::rogue_device: return {"rogue device", rogue};
    case KnownAttack::replay: return {"replay", replay};
  }
  return {};
}

}  // namespace wib::fuzz
