// SPDX-License-Identifier: Apache-2.0
//
// Feedback: which features a trace has. A core that is driven by a table has almost no edges of its
// own, so a feature is a state that was reached, an answer that was given there, or something that
// the oracle has to remember.
#pragma once

#include <array>
#include <vector>

#include "protocol/bytes.h"

namespace wib::fuzz {

class Feedback {
 public:
  static constexpr std::size_t size = 12288;

  // Groups of features, each with numbers of its own (taken modulo the room that it has).
  enum class Group : std::uint16_t {
    states,    // of both parties, and what the attacker knows of their keys
    answers,   // (state, request, answer)
    progress,  // installs, runs, epochs, guesses
    ghosts     // what the oracle remembers
  };

  void begin() noexcept {
    for (const std::uint16_t feature : hit_) own_[feature] = 0;
    hit_.clear();
  }
  void set_counters(Byte* counters) noexcept { counters_ = counters; }

  void hit(Group group, std::uint32_t number) noexcept {
    const auto [first, room] = places[static_cast<std::size_t>(group)];
    const auto feature = static_cast<std::uint16_t>(first + number % room);
    if (counters_ != nullptr) counters_[feature] = 1;
    if (own_[feature] != 0) return;
    own_[feature] = 1;
    hit_.push_back(feature);
  }
  // In the order in which they came.
  [[nodiscard]] const std::vector<std::uint16_t>& features() const noexcept { return hit_; }

  // The group that a feature is of.
  [[nodiscard]] static Group group_of(std::uint16_t feature) noexcept {
    std::size_t group = places.size() - 1;
    while (places[group].first > feature) --group;
    return static_cast<Group>(group);
  }

 private:
  struct Place {
    std::uint16_t first;
    std::uint16_t room;
  };
  static constexpr std::array<Place, 4> places = {
      {{0, 4096}, {4096, 1024}, {5120, 1024}, {6144, 6144}}};

  std::array<Byte, size> own_{};
  std::vector<std::uint16_t> hit_;
  Byte* counters_ = nullptr;
};

}  // namespace wib::fuzz
