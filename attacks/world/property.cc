// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/property.h"

#include <algorithm>
#include <array>

namespace wib::attacks {
namespace {

constexpr std::array<PropertyInfo, property_count> all = {{
    {Property::r0, "P-R0", "an honest run completes"},
    {Property::s1, "P-S1", "injected key secret, passive attacker, strong RNG"},
    {Property::s2, "P-S2", "injected key secret, active attacker"},
    {Property::s3_detectable, "P-S3/detectable",
     "injected key secret, passive, device noise weak in a way that health tests see"},
    {Property::s3_prng, "P-S3/prng",
     "injected key secret, passive, a low-entropy PRNG posing as noise"},
    {Property::a1, "P-A1", "client completed => this device installed its bundle"},
    {Property::a2, "P-A2", "device installed => an honest peer asked for it"},
    {Property::a3, "P-A3", "one install per run of the client"},
    {Property::a3_recorder, "P-A3/recorder",
     "one install per run of the client, attacker only replays, device RNG repeats"},
    {Property::l1, "P-L1", "the device is not taken over when its serial number leaks"},
    {Property::c1, "P-C1", "no key accepted before auth in the same session"},
    {Property::c2, "P-C2", "a cookie is dead after 401 on auth, after key.wib, after expiry"},
    {Property::c3, "P-C3", "the window closes after key.wib with an authenticated cookie"},
    {Property::c4, "P-C4", "nothing is accepted while the window is closed"},
    {Property::c5, "P-C5", "at most 10 guesses a press"},
    {Property::d1, "P-D1", "degenerate shares and foreign groups are refused"},
    {Property::f1, "P-F1",
     "messages of one type, session or direction are not accepted as another"},
    {Property::w1, "P-W1", "an honest owner gets through after a flood"},
}};

}  // namespace

std::span<const PropertyInfo> properties() noexcept { return all; }

std::string_view id(Property property) noexcept {
  return all[static_cast<std::size_t>(property)].id;
}

std::optional<Property> find_property(std::string_view id) noexcept {
  const auto* found = std::ranges::find(all, id, &PropertyInfo::id);
  if (found == all.end()) return std::nullopt;
  return found->property;
}

}  // namespace wib::attacks
