// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/identities.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace wib::attacks {
namespace {

consteval Byte digit(char c) { return static_cast<Byte>(c <= '9' ? c - '0' : c - 'a' + 10); }

template <std::size_t n>
consteval std::array<Byte, (n - 1) / 2> from_hex(const char (&text)[n]) {
  std::array<Byte, (n - 1) / 2> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<Byte>(digit(text[2 * i]) << 4U | digit(text[2 * i + 1]));
  }
  return bytes;
}

#include "attacks/world/identities_data.inc"

}  // namespace

std::span<const Identity> identities() noexcept { return identities_data; }

const Identity& identity(std::string_view name) noexcept {
  const auto found = std::ranges::find(identities_data, name, &Identity::name);
  if (found == identities_data.end()) std::abort();
  return *found;
}

}  // namespace wib::attacks
