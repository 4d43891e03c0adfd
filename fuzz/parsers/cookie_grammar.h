// SPDX-License-Identifier: Apache-2.0
//
// A second reading of RFC 6265 section 4.1.1: a text is cut at every "; " first, and then each part
// is judged by itself. (No cookie-octet, quote or attribute character is a semicolon.)
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/cookie.h"

namespace wib::fuzz {

// Takes the part in front of the next "; ", or all of it.
[[nodiscard]] inline std::string_view cut_part(std::string_view& text, bool& more) {
  const std::size_t at = text.find("; ");
  const std::string_view part = text.substr(0, at);
  more = at != std::string_view::npos;
  text.remove_prefix(more ? at + 2 : text.size());
  return part;
}

struct PlainCookie {
  std::string_view name;
  std::string_view value;  // with its quotes
};

// A cookie-pair, or null.
[[nodiscard]] inline std::optional<PlainCookie> cookie_pair(std::string_view part) {
  constexpr std::string_view token =
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~";
  const std::size_t equals = part.find('=');
  if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
  const PlainCookie cookie{part.substr(0, equals), part.substr(equals + 1)};
  if (cookie.name.find_first_not_of(token) != std::string_view::npos) return std::nullopt;
  std::string_view octets = cookie.value;
  if (octets.size() >= 2 && octets.starts_with('"') && octets.ends_with('"')) {
    octets = octets.substr(1, octets.size() - 2);
  }
  for (const char c : octets) {
    if (c < 0x21 || c > 0x7e || c == '"' || c == ',' || c == ';' || c == '\\') return std::nullopt;
  }
  return cookie;
}

// The session cookie that `value` spells, or null.
[[nodiscard]] inline std::optional<Cookie> session_cookie(std::string_view value) {
  if (value.size() != 2 * cookie_size) return std::nullopt;
  if (value.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  const auto digit = [&](std::size_t at) {
    return static_cast<unsigned>(value[at] <= '9' ? value[at] - '0' : value[at] - 'a' + 10);
  };
  Cookie cookie;
  for (std::size_t i = 0; i < cookie_size; ++i) {
    cookie[i] = static_cast<Byte>(digit(2 * i) * 16 + digit(2 * i + 1));
  }
  return cookie;
}

}  // namespace wib::fuzz
