// SPDX-License-Identifier: Apache-2.0
//
// The two tables that wib_kill_table prints, as values.
#pragma once

#include <functional>
#include <string>

#include "fuzz/planted/kill.h"

namespace wib::fuzz {

// What is promised: every shallow bug, and deep_share of the deep ones' hunts, in that time.
inline constexpr double shallow_seconds = 1;
inline constexpr double deep_seconds = 10;
inline constexpr double deep_share = 0.95;

struct KillRow {
  const Bug* bug = nullptr;
  bool deep = false;            // bytes did not find it in most seeds
  unsigned found_by_bytes = 0;  // of bytes_seeds
  std::vector<Kill> kills;      // one for each seed
  [[nodiscard]] unsigned found() const noexcept;
  // Of the hunts that found it, all of them being asked: a hunt in vain counts as endless.
  [[nodiscard]] double median_seconds() const;
  [[nodiscard]] double worst_seconds() const;
  [[nodiscard]] std::uint64_t median_traces() const;
};

struct KillConfig {
  unsigned seeds = 10;
  unsigned bytes_seeds = 3;
  double bytes_seconds = 5;
  double limit = deep_seconds;
};
[[nodiscard]] KillRow kill_row(const Bug& bug, const KillConfig& config);

struct KillSummary {
  std::size_t bugs = 0;
  std::size_t deep = 0;
  std::size_t hunts_of_deep = 0;
  std::size_t deep_in_time = 0;
  std::vector<const Bug*> slow;  // shallow ones that were not found in time by every seed
  double worst_shallow = 0;
  [[nodiscard]] bool as_promised() const noexcept {
    return slow.empty() &&
           static_cast<double>(deep_in_time) >= deep_share * static_cast<double>(hunts_of_deep);
  }
  [[nodiscard]] std::string text() const;
};
[[nodiscard]] KillSummary summarise(std::span<const KillRow> rows);

// --- Ablation -----------------------------------------------------------------------------------

// What is hunted on as_posted.
struct Prey {
  std::string_view name;
  Violation violation;
  Conditions conditions;
};
[[nodiscard]] std::span<const Prey> preys();

struct AblationRow {
  Parts parts = Parts::bytes;
  std::vector<std::vector<Kill>> kills;  // by prey, by seed
  std::vector<Kill> deep;                // of the deep bugs, one hunt for each
  [[nodiscard]] std::size_t deep_found() const noexcept;
};
// `deep`: the bugs that are hunted beside.
[[nodiscard]] AblationRow ablate(Parts parts, unsigned seeds, double limit,
                                 std::span<const Bug* const> deep);

// As printf() writes it.
[[nodiscard, gnu::format(printf, 1, 2)]] std::string printed(const char* format, ...);

// "0.024", or "7/10" where not all found it.
[[nodiscard]] std::string cell(std::span<const Kill> kills);

}  // namespace wib::fuzz
