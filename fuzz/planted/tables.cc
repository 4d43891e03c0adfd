// SPDX-License-Identifier: Apache-2.0
#include "fuzz/planted/tables.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <limits>

namespace wib::fuzz {
namespace {

template <class Value, class Of>
Value median(std::span<const Kill> kills, Value endless, Of of) {
  std::vector<Value> values;
  for (const Kill& kill : kills) values.push_back(kill.found ? of(kill) : endless);
  if (values.empty()) return endless;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

constexpr double endless = std::numeric_limits<double>::infinity();
double seconds_of(const Kill& kill) { return kill.seconds; }
bool is_found(const Kill& kill) { return kill.found; }

}  // namespace

unsigned KillRow::found() const noexcept {
  return static_cast<unsigned>(std::ranges::count_if(kills, is_found));
}
double KillRow::median_seconds() const { return median(std::span(kills), endless, seconds_of); }
double KillRow::worst_seconds() const {
  double worst = 0;
  for (const Kill& kill : kills) worst = std::max(worst, kill.found ? kill.seconds : endless);
  return worst;
}
std::uint64_t KillRow::median_traces() const {
  return median(std::span(kills), std::numeric_limits<std::uint64_t>::max(),
                [](const Kill& kill) { return kill.traces; });
}

KillRow kill_row(const Bug& bug, const KillConfig& config) {
  KillRow row{.bug = &bug};
  for (unsigned seed = 1; seed <= config.seeds; ++seed) {
    row.kills.push_back(hunt(bug, all_parts, seed, {.seconds = config.limit}));
  }
  for (unsigned seed = 1; seed <= config.bytes_seeds; ++seed) {
    if (hunt(bug, Parts::bytes, seed, {.seconds = config.bytes_seconds}).found) {
      ++row.found_by_bytes;
    }
  }
  row.deep = 2 * row.found_by_bytes < config.bytes_seeds;
  return row;
}

KillSummary summarise(std::span<const KillRow> rows) {
  KillSummary summary{.bugs = rows.size()};
  for (const KillRow& row : rows) {
    if (!row.deep) {
      summary.worst_shallow = std::max(summary.worst_shallow, row.worst_seconds());
      if (row.worst_seconds() > shallow_seconds) summary.slow.push_back(row.bug);
      continue;
    }
    ++summary.deep;
    summary.hunts_of_deep += row.kills.size();
    summary.deep_in_time += static_cast<std::size_t>(std::ranges::count_if(
        row.kills, [](const Kill& kill) { return kill.found && kill.seconds <= deep_seconds; }));
  }
  return summary;
}

std::string KillSummary::text() const {
  const double share = hunts_of_deep == 0 ? 100.0
                                          : 100.0 * static_cast<double>(deep_in_time) /
                                                static_cast<double>(hunts_of_deep);
  std::string text = printed(
      "%zu bugs, %zu deep: the shallow in %.2f s at most; of %zu hunts of the deep %zu in %.0f s "
      "(%.1f %%)",
      bugs, deep, worst_shallow, hunts_of_deep, deep_in_time, deep_seconds, share);
  for (const Bug* bug : slow) text += "; too slow: " + std::string(bug->id);
  return text;
}

std::span<const Prey> preys() {
  using P = attacks::Property;
  static const std::array<Prey, 5> all = {{{"theft", falls(P::s2), {}},
                                           {"rogue device", falls(P::a1), {}},
                                           {"takeover", falls(P::a2), {}},
                                           {"full MITM", Violation::mitm, {}},
                                           {"replay", falls(P::a3), {.repeats = true}}}};
  return all;
}

std::size_t AblationRow::deep_found() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(deep, is_found));
}

AblationRow ablate(Parts parts, unsigned seeds, double limit, std::span<const Bug* const> deep) {
  AblationRow row{.parts = parts};
  const Suite& suite = *find_suite("as_posted");
  for (const Prey& prey : preys()) {
    row.kills.emplace_back();
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      const Configuration configuration{.suite = suite, .conditions = prey.conditions};
      row.kills.back().push_back(
          hunt(configuration, prey.violation, parts, seed, {.seconds = limit}));
    }
  }
  for (const Bug* bug : deep) row.deep.push_back(hunt(*bug, parts, 1, {.seconds = limit}));
  return row;
}

std::string printed(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::array<char, 512> text{};
  (void)std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return text.data();
}

std::string cell(std::span<const Kill> kills) {
  const auto found = std::ranges::count_if(kills, is_found);
  if (static_cast<std::size_t>(found) < kills.size()) {
    return printed("%zd/%zu", found, kills.size());
  }
  return printed("%.3f", median(kills, endless, seconds_of));
}

}  // namespace wib::fuzz
