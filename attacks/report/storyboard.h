// SPDX-License-Identifier: Apache-2.0
//
// Storyboard: the story of a run as the rows of a sequence diagram. Every message passes through
// the attacker's hands; what it passes on unchanged is one row and not two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacks/scenarios/record.h"

namespace wib::attacks::report {

inline constexpr std::string_view attacker_lane = "attacker";
inline constexpr std::string_view device_lane = "device";

enum class Origin : std::uint8_t {
  honest,    // an honest party's message, delivered or on its way
  replayed,  // an honest party's bytes, sent again by the attacker
  forged     // of the attacker's making
};

[[nodiscard]] constexpr std::string_view name(Origin origin) noexcept {
  switch (origin) {
    case Origin::honest: return "honest";
    case Origin::replayed: return "replayed";
    case Origin::forged: return "forged";
  }
  return "?";
}

struct Row {
  const StoryLine* line = nullptr;
  Origin origin = Origin::honest;
  bool relayed = false;  // sent by `from`, passed on by the attacker unchanged
  std::string from;
  std::string to;
  std::string note;
  // A message's number, as the attacker's terms have it ("wire 2.share"). Messages count from 0 as
  // they come to be: an honest one when it is sent, a forged one when it is made.
  std::optional<std::size_t> message;
};

// The rows refer to `story`. A message on its way and its delivery are one row, at the delivery,
// if nothing but events of the parties is between them.
[[nodiscard]] std::vector<Row> arrange(std::span<const StoryLine> story);

// Lanes from left to right: the clients as they appear, the attacker, the device.
[[nodiscard]] std::vector<std::string> lanes(std::span<const StoryLine> story);

// The row in words: "owner to device, passed on unchanged: #2 POST /setup/dh.wib".
[[nodiscard]] std::string in_words(const Row& row);

// "#2 POST /setup/dh.wib"; the label alone if it is no message.
[[nodiscard]] std::string numbered_label(const Row& row);

// True if two stories have the same steps, whatever the values.
[[nodiscard]] bool same_steps(std::span<const StoryLine> left, std::span<const StoryLine> right);

}  // namespace wib::attacks::report
