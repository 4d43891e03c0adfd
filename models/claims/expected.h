// SPDX-License-Identifier: Apache-2.0
//
// models/expected.json: what each question is expected to give for each suite. Checked in,
// reviewed, and wrong both ways: an attack that is not found is as red as one that is.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "models/claims/scenario.h"
#include "models/outcome.h"

namespace wib::models {

enum class Expected : std::uint8_t {
  holds,       // for the bound
  attack,      // the property can be broken
  reachable,   // P-R0: an honest run completes
  unreachable  // and where a suite refuses to begin one, it must not
};
[[nodiscard]] std::string_view name(Expected expected) noexcept;

class Expectations {
 public:
  // Reads and checks the file: every question of every scenario for every suite that is listed,
  // no others; no question whose bound is vacuous; a negative control for each that holds somewhere
  // (the same question attacked on another suite, or the entry's "control").
  [[nodiscard]] static Outcome<Expectations> read(const std::string& path);

  // Names as Suite::name() gives them, in the file's order.
  [[nodiscard]] const std::vector<std::string>& suites() const noexcept { return suites_; }

  // Nullopt if the file says nothing of that suite, or the scenario does not apply to it.
  [[nodiscard]] std::optional<Expected> of(std::string_view suite, std::string_view scenario,
                                           std::string_view property) const;
  // Another scenario that must be an attack where this holds ("leaked"), or a mutant of the model
  // ("mutant key-before-auth"). Empty: other suites are the control.
  [[nodiscard]] std::string_view control(std::string_view scenario,
                                         std::string_view property) const;

 private:
  using Key = std::pair<std::string, std::string>;  // scenario, property
  struct Entry {
    std::map<std::string, Expected, std::less<>> by_suite;
    std::string control;
  };
  std::vector<std::string> suites_;
  std::map<Key, Entry> entries_;
};

// WIB_MODELS_DIR/expected.json.
[[nodiscard]] std::string expected_path();

}  // namespace wib::models
