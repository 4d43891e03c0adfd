// SPDX-License-Identifier: Apache-2.0
#include "protocol/cookie.h"

namespace wib {
namespace {

constexpr std::string_view cookie_name = "wib";
constexpr std::string_view cookie_prefix = "wib=";
constexpr std::string_view set_cookie_suffix = "; Path=/setup; HttpOnly; SameSite=Strict";
constexpr std::size_t hex_size = cookie_size * 2;

// A std::string_view::substr that cannot throw.
[[nodiscard]] constexpr std::string_view part(std::string_view text, std::size_t begin,
                                              std::size_t end) noexcept {
  return {text.data() + begin, end - begin};
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 9110 section 5.6.2: tchar.
[[nodiscard]] constexpr bool is_token_char(char c) noexcept {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return is_digit(c) || is_alpha(c) || others.find(c) != std::string_view::npos;
}

// RFC 6265 section 4.1.1: "US-ASCII characters excluding CTLs, whitespace DQUOTE, comma,
// semicolon, and backslash".
[[nodiscard]] constexpr bool is_cookie_octet(char c) noexcept {
  return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
}

// RFC 6265 section 4.1.1, path-value and extension-av: "any CHAR except CTLs or ';'".
[[nodiscard]] constexpr bool is_attribute_char(char c) noexcept {
  return c >= ' ' && c <= '~' && c != ';';
}

[[nodiscard]] std::unexpected<Error> malformed(std::string_view where,
                                               std::size_t offset) noexcept {
  return fail(Errc::malformed, where, static_cast<std::uint32_t>(offset));
}

// The value of a lower-case hexadecimal digit, or -1.
[[nodiscard]] constexpr int digit_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

[[nodiscard]] std::optional<Cookie> from_hex(std::string_view text) noexcept {
  if (text.size() != hex_size) return std::nullopt;
  Cookie cookie;
  for (std::size_t i = 0; i < cookie_size; ++i) {
    const int high = digit_value(text[2 * i]);
    const int low = digit_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    cookie[i] = static_cast<Byte>(high << 4 | low);
  }
  return cookie;
}

// Writes `text` at `position` and moves it on; the caller has checked that there is room.
void append(std::string_view text, std::span<char> out, std::size_t& position) noexcept {
  std::ranges::copy(text, out.subspan(position).begin());
  position += text.size();
}

[[nodiscard]] Result<std::string_view> write_cookie(const Cookie& cookie, std::string_view suffix,
                                                    std::span<char> out,
                                                    std::string_view where) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  if (out.size() < cookie_prefix.size() + hex_size + suffix.size()) {
    return fail(Errc::capacity, where);
  }
  std::size_t position = 0;
  append(cookie_prefix, out, position);
  for (const Byte byte : cookie) {
    out[position++] = digits[byte >> 4U];
    out[position++] = digits[byte & 0xfU];
  }
  append(suffix, out, position);
  return std::string_view{out.data(), position};
}

// cookie-pair = cookie-name "=" cookie-value, at `begin` of `text`.
struct Pair {
  std::size_t begin;
  std::size_t equals;  // where "=" stands
  std::size_t end;     // behind the value, quotes included

  [[nodiscard]] std::string_view name(std::string_view text) const noexcept {
    return part(text, begin, equals);
  }
  [[nodiscard]] std::string_view value(std::string_view text) const noexcept {
    return part(text, equals + 1, end);
  }
};

// RFC 6265 section 4.1.1: cookie-value = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE ). Returns
// the position behind it. Quotes belong to the value: a quoted value is another string.
[[nodiscard]] Result<std::size_t> skip_value(std::string_view text, std::size_t position) noexcept {
  const bool quoted = position < text.size() && text[position] == '"';
  if (quoted) ++position;
  while (position < text.size() && is_cookie_octet(text[position])) ++position;
  if (!quoted) return position;
  if (position == text.size() || text[position] != '"') {
    return malformed("cookie: quotes do not close", position);
  }
  return position + 1;
}

[[nodiscard]] Result<Pair> read_pair(std::string_view text, std::size_t begin) noexcept {
  std::size_t equals = begin;
  while (equals < text.size() && is_token_char(text[equals])) ++equals;
  if (equals == begin) return malformed("cookie: no name", equals);
  if (equals == text.size() || text[equals] != '=') return malformed("cookie: no '='", equals);
  const auto end = skip_value(text, equals + 1);
  if (!end) return std::unexpected(end.error());
  return Pair{begin, equals, *end};
}

// The position behind the "; " at `position`.
[[nodiscard]] Result<std::size_t> skip_separator(std::string_view text,
                                                 std::size_t position) noexcept {
  if (text[position] != ';') return malformed("cookie: character not allowed", position);
  if (position + 1 == text.size() || text[position + 1] != ' ') {
    return malformed("cookie: no space behind ';'", position + 1);
  }
  return position + 2;
}

}  // namespace

Result<std::optional<Cookie>> parse_cookie_field(std::string_view value) noexcept {
  std::optional<Cookie> found;
  bool seen = false;
  std::size_t position = 0;
  while (true) {
    const auto pair = read_pair(value, position);
    if (!pair) return std::unexpected(pair.error());
    if (pair->name(value) == cookie_name) {
      if (seen) return malformed("cookie: our name comes twice", pair->begin);
      seen = true;
      found = from_hex(pair->value(value));
    }
    if (pair->end == value.size()) return found;
    const auto next = skip_separator(value, pair->end);
    if (!next) return std::unexpected(next.error());
    position = *next;
  }
}

Result<std::string_view> write_cookie_field(const Cookie& cookie, std::span<char> out) noexcept {
  return write_cookie(cookie, {}, out, "cookie: output");
}

Result<Cookie> parse_set_cookie_field(std::string_view value) noexcept {
  const auto pair = read_pair(value, 0);
  if (!pair) return std::unexpected(pair.error());
  std::size_t position = pair->end;
  while (position < value.size()) {
    const auto begin = skip_separator(value, position);
    if (!begin) return std::unexpected(begin.error());
    position = *begin;
    while (position < value.size() && is_attribute_char(value[position])) ++position;
    if (position == *begin) return malformed("set-cookie: empty attribute", position);
  }
  if (pair->name(value) != cookie_name) {
    return fail(Errc::missing_field, "set-cookie: not our name", 0);
  }
  const auto cookie = from_hex(pair->value(value));
  if (!cookie) {
    return fail(Errc::missing_field, "set-cookie: not our form",
                static_cast<std::uint32_t>(pair->equals + 1));
  }
  return *cookie;
}

Result<std::string_view> write_set_cookie_field(const Cookie& cookie,
                                                std::span<char> out) noexcept {
  return write_cookie(cookie, set_cookie_suffix, out, "set-cookie: output");
}

}  // namespace wib
