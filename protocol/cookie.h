// SPDX-License-Identifier: Apache-2.0
//
// Cookies (RFC 6265): the session cookie on the wire. The name is `wib`, the value 16 random bytes
// as 32 lower-case hexadecimal digits; any other spelling is another string, not the same cookie.
#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t cookie_size = 16;
using Cookie = std::array<Byte, cookie_size>;

// Parses a Cookie field's value by the strict grammar of RFC 6265 section 4.2.1 (pairs parted by
// "; ", token names, cookie-octets, an optional pair of quotes around a value, nothing before or
// behind). Returns the session cookie, or nullopt if none has our name or its value is not 32
// lower-case hexadecimal digits (an unknown cookie and a misspelt one are alike to the device).
// Errc::malformed outside the grammar, or if our name comes twice; offset counts from the value.
[[nodiscard]] Result<std::optional<Cookie>> parse_cookie_field(std::string_view value) noexcept;

// Writes "wib=<hex>" to the front of `out` (at least 36 bytes, else Errc::capacity).
[[nodiscard]] Result<std::string_view> write_cookie_field(const Cookie& cookie,
                                                          std::span<char> out) noexcept;

// Parses a Set-Cookie field's value: "wib=<hex>" and then any attributes of RFC 6265 section
// 4.1.1 (parted by "; "; they do not change what the client sends back within /setup).
// Errc::malformed outside the grammar, Errc::missing_field if the cookie is not ours or is not of
// our form.
[[nodiscard]] Result<Cookie> parse_set_cookie_field(std::string_view value) noexcept;

// Writes "wib=<hex>; Path=/setup; HttpOnly; SameSite=Strict" (at least 80 bytes of room).
[[nodiscard]] Result<std::string_view> write_set_cookie_field(const Cookie& cookie,
                                                              std::span<char> out) noexcept;

}  // namespace wib
