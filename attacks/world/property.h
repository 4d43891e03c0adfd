// SPDX-License-Identifier: Apache-2.0
//
// The properties, by the ids that the models, the fuzzers, the tests and the reports share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wib::attacks {

enum class Property : std::uint8_t {
  r0,             // P-R0: an honest run completes
  s1,             // P-S1: injected key secret, passive attacker, strong randomness
  s2,             // P-S2: injected key secret, active attacker
  s3_detectable,  // P-S3/detectable: ... passive, weakness that health tests can see
  s3_prng,        // P-S3/prng: ... passive, a PRNG posing as noise
  a1,             // P-A1: client completed => this device installed its bundle
  a2,             // P-A2: device installed => an honest peer asked for it
  a3,             // P-A3: one install per run of the client
  a3_recorder,    // P-A3/recorder: the same, replays only, the device's randomness repeats
  l1,             // P-L1: the long-term secret leaked: takeover
  c1,             // P-C1: no key accepted before auth in the same session
  c2,             // P-C2: a cookie is dead after 401 on auth, after key.wib, after expiry
  c3,             // P-C3: the window closes after key.wib with an authenticated cookie
  c4,             // P-C4: nothing is accepted while the window is closed
  c5,             // P-C5: at most 10 guesses a press
  d1,             // P-D1: degenerate shares and foreign groups are refused
  f1,             // P-F1: messages of one type, session or direction are not taken as another
  w1              // P-W1: an honest owner gets through after a flood
};
inline constexpr std::size_t property_count = 18;

struct PropertyInfo {
  Property property;
  std::string_view id;  // "P-S2"
  std::string_view title;
};

// All of them, in the order above.
[[nodiscard]] std::span<const PropertyInfo> properties() noexcept;
[[nodiscard]] std::string_view id(Property property) noexcept;
[[nodiscard]] std::optional<Property> find_property(std::string_view id) noexcept;

// What a run says of a property. For P-R0, which says that something is possible, `holds` means
// that it happened.
enum class Finding : std::uint8_t {
  not_applicable,  // the property's condition is not this run's
  holds,           // nothing in this run contradicts it
  broken           // this run contradicts it, and the witness says how
};

[[nodiscard]] constexpr std::string_view name(Finding finding) noexcept {
  switch (finding) {
    case Finding::not_applicable: return "not applicable";
    case Finding::holds: return "holds";
    case Finding::broken: return "broken";
  }
  return "?";
}

struct PropertyResult {
  Property property = Property::r0;
  Finding finding = Finding::not_applicable;
  std::string witness;
};

}  // namespace wib::attacks
