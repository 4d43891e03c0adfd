// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_grammar.h"

namespace wib::http::detail {
namespace {

// Sets of characters, one bit each, so that a byte is classified by one look-up.
using CharSet = std::uint8_t;
constexpr CharSet token_set = 1;   // RFC 9110 section 5.6.2: tchar
constexpr CharSet target_set = 2;  // RFC 3986 section 2: what a URI is made of, "#" apart
constexpr CharSet host_set = 4;    // RFC 3986 section 3.2.2: host and port
constexpr CharSet value_set = 8;   // RFC 9110 section 5.5: field-vchar, SP and HTAB
constexpr CharSet digit_set = 16;
constexpr CharSet hex_set = 32;
constexpr CharSet blank_set = 64;  // RFC 9110 section 5.6.3: what OWS is made of

using CharTable = std::array<CharSet, 256>;

constexpr void add(CharTable& table, std::string_view chars, CharSet sets) noexcept {
  for (const char c : chars) table[static_cast<Byte>(c)] |= sets;
}

constexpr CharTable make_table() noexcept {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  CharTable table{};
  for (std::size_t c = 0x20; c < 256; ++c) {
    if (c != 0x7f) table[c] |= value_set;
  }
  add(table, digits, token_set | target_set | host_set | digit_set | hex_set);
  add(table, letters, token_set | target_set | host_set);
  add(table, "abcdefABCDEF", hex_set);
  add(table, "!#$%&'*+-.^_`|~", token_set);
  // unreserved, sub-delims, pct-encoded, and the general delimiters but "#", which starts a
  // fragment: RFC 9112 section 3.2 has none in a request target.
  add(table, "-._~!$&'()*+,;=%:/?[]@", target_set);
  add(table, "-._~!$&'()*+,;=%:[]", host_set);
  add(table, " \t", blank_set);
  add(table, "\t", value_set);
  return table;
}

constexpr CharTable char_table = make_table();

[[nodiscard]] bool is_in(char c, CharSet set) noexcept {
  return (char_table[static_cast<Byte>(c)] & set) != 0;
}

// The position of the first character from `begin` on that is not in `set`, or the size.
[[nodiscard]] std::size_t skip(std::string_view text, std::size_t begin, CharSet set) noexcept {
  while (begin < text.size() && is_in(text[begin], set)) ++begin;
  return begin;
}

// Both arguments are lower-case, or `name` is a mixture.
[[nodiscard]] bool equals_ignoring_case(std::string_view name, std::string_view lower) noexcept {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const char folded = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (folded != lower[i]) return false;
  }
  return true;
}

[[nodiscard]] FieldName identify(std::string_view name) noexcept {
  struct Known {
    std::string_view text;
    FieldName name;
  };
  constexpr std::array known = {
      Known{"connection", FieldName::connection},
      Known{"host", FieldName::host},
      Known{"cookie", FieldName::cookie},
      Known{"set-cookie", FieldName::set_cookie},
      Known{"content-type", FieldName::content_type},
      Known{"content-length", FieldName::content_length},
      Known{"transfer-encoding", FieldName::transfer_encoding},
  };
  for (const Known& entry : known) {
    if (equals_ignoring_case(name, entry.text)) return entry.name;
  }
  return FieldName::other;
}

// RFC 9112 section 2.2: "A recipient of such a bare CR MUST consider that element to be invalid".
[[nodiscard]] std::unexpected<Refusal> refuse_character(std::string_view line, std::size_t position,
                                                        std::string_view where) noexcept {
  return refuse(line[position] == '\r' ? std::string_view{"http: bare CR"} : where, position);
}

// RFC 9112 section 2.3: HTTP-version = "HTTP/" DIGIT "." DIGIT, the eight characters at `begin`.
// Returns the minor version.
[[nodiscard]] Parsed<unsigned> parse_version(std::string_view line, std::size_t begin) noexcept {
  constexpr std::string_view form = "HTTP/d.d";
  for (std::size_t i = 0; i < form.size(); ++i) {
    const std::size_t at = begin + i;
    if (at == line.size()) return refuse("http: no version", at);
    const bool fits = form[i] == 'd' ? is_in(line[at], digit_set) : line[at] == form[i];
    if (!fits) return refuse_character(line, at, "http: version");
  }
  const char major = line[begin + 5];
  const char minor = line[begin + 7];
  if (major != '1' || minor > '1') {
    return refuse("http: version not supported", begin + 5, Errc::out_of_range,
                  Status::http_version_not_supported);
  }
  return static_cast<unsigned>(minor - '0');
}

}  // namespace

std::unexpected<Refusal> refuse(std::string_view where, std::size_t offset, Errc code,
                                Status status) noexcept {
  return std::unexpected(Refusal{status, Error{code, where, static_cast<std::uint32_t>(offset)}});
}

// RFC 9112 section 3: request-line = method SP request-target SP HTTP-version. Which methods there
// are is for llhttp to say.
Parsed<RequestLine> parse_request_line(std::string_view line) noexcept {
  const std::size_t method_end = skip(line, 0, token_set);
  if (line.empty()) return refuse("request line: empty", 0);
  if (method_end == line.size()) return refuse("request line: no target", method_end);
  if (method_end == 0 || line[method_end] != ' ') {
    return refuse_character(line, method_end, "request line: method");
  }
  const std::size_t begin = method_end + 1;
  const std::size_t end = skip(line, begin, target_set);
  if (end - begin > max_target) {
    return refuse("request line: target too long", begin + max_target, Errc::out_of_range,
                  Status::not_found);
  }
  if (end == line.size()) return refuse("request line: no version", end);
  if (end == begin || line[end] != ' ') return refuse_character(line, end, "request line: target");
  const auto minor = parse_version(line, end + 1);
  if (!minor) return std::unexpected(minor.error());
  const std::size_t line_end = end + 1 + std::string_view{"HTTP/1.1"}.size();
  if (line_end != line.size()) return refuse_character(line, line_end, "request line: end");
  return RequestLine{part(line, begin, end), *minor};
}

// RFC 9112 section 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
Parsed<StatusLine> parse_status_line(std::string_view line) noexcept {
  constexpr std::size_t digits_begin = 9;  // behind "HTTP/1.1 "
  constexpr std::size_t digits_end = 12;
  if (line.empty()) return refuse("status line: empty", 0);
  const auto minor = parse_version(line, 0);
  if (!minor) return std::unexpected(minor.error());
  if (line.size() < digits_begin || line[digits_begin - 1] != ' ') {
    return refuse("status line: no space before the code", digits_begin - 1);
  }
  const std::size_t end = std::min(skip(line, digits_begin, digit_set), digits_end);
  if (end != digits_end) return refuse("status line: code", end);
  if (line.size() == end || line[end] != ' ') {
    return refuse("status line: no space behind the code", end);
  }
  const std::size_t reason_end = skip(line, end, value_set);
  if (reason_end != line.size()) {
    return refuse_character(line, reason_end, "status line: control character");
  }
  unsigned status = 0;
  for (const char c : part(line, digits_begin, digits_end)) {
    status = status * 10 + static_cast<unsigned>(c - '0');
  }
  if (status < 200 || status > 599) {
    return refuse("status line: code out of range", digits_begin, Errc::out_of_range);
  }
  return StatusLine{status, *minor};
}

// RFC 9112 section 5: field-line = field-name ":" OWS field-value OWS.
Parsed<FieldLine> parse_field_line(std::string_view line) noexcept {
  // Section 5.2: "A server that receives an obs-fold in a request message that is not within a
  // "message/http" container MUST either reject the message ..."
  if (is_in(line[0], blank_set)) return refuse("field: white space before the name", 0);
  const std::size_t colon = skip(line, 0, token_set);
  if (colon == line.size()) return refuse("field: no colon", colon);
  // Section 5.1: "No whitespace is allowed between the field name and colon."
  if (is_in(line[colon], blank_set)) return refuse("field: white space before the colon", colon);
  if (colon == 0 || line[colon] != ':') return refuse_character(line, colon, "field: name");
  const std::size_t value_end = skip(line, colon + 1, value_set);
  if (value_end != line.size()) {
    return refuse_character(line, value_end, "field: control character");
  }
  const std::size_t begin = skip(line, colon + 1, blank_set);
  std::size_t end = line.size();
  while (end > begin && is_in(line[end - 1], blank_set)) --end;
  return FieldLine{identify(part(line, 0, colon)), part(line, begin, end), begin};
}

// RFC 9110 section 8.6: Content-Length = 1*DIGIT. Neither a sign nor a list.
Parsed<std::size_t> parse_content_length(std::string_view value, std::size_t limit) noexcept {
  const std::size_t end = skip(value, 0, digit_set);
  if (value.empty() || end != value.size()) return refuse("content-length: not a number", end);
  std::size_t length = 0;
  for (const char c : value) {
    length = length * 10 + static_cast<std::size_t>(c - '0');
    if (length > limit) {
      return refuse("content-length: too large", 0, Errc::out_of_range, Status::payload_too_large);
    }
  }
  return length;
}

// RFC 9112 section 7.1: chunk-size = 1*HEXDIG, and no chunk-ext.
Parsed<std::size_t> parse_chunk_size(std::string_view line, std::size_t limit) noexcept {
  const std::size_t end = skip(line, 0, hex_set);
  if (end != line.size()) {
    if (end > 0 && line[end] == ';') return refuse("chunk: extension", end);
    return refuse_character(line, end, "chunk: size");
  }
  if (line.empty()) return refuse("chunk: no size", 0);
  std::size_t size = 0;
  for (const char c : line) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    size = size * 16 + static_cast<std::size_t>(digit);
    if (size > limit) {
      return refuse("chunk: body too large", 0, Errc::out_of_range, Status::payload_too_large);
    }
  }
  return size;
}

// RFC 9112 section 7: "All transfer-coding names are case-insensitive".
Parsed<void> check_transfer_encoding(std::string_view value) noexcept {
  if (!equals_ignoring_case(value, "chunked")) return refuse("transfer-encoding: not chunked", 0);
  return {};
}

// RFC 9110 section 7.6.1: Connection = [ connection-option *( OWS "," OWS connection-option ) ],
// options being case-insensitive; section 5.6.1.2 asks a recipient to skip empty elements.
Parsed<ConnectionOptions> parse_connection(std::string_view value) noexcept {
  ConnectionOptions options;
  std::size_t position = 0;
  while (true) {
    const std::size_t begin = skip(value, position, blank_set);
    const std::size_t end = skip(value, begin, token_set);
    const std::string_view option = part(value, begin, end);
    options.close = options.close || equals_ignoring_case(option, "close");
    options.keep_alive = options.keep_alive || equals_ignoring_case(option, "keep-alive");
    position = skip(value, end, blank_set);
    if (position == value.size()) return options;
    if (value[position] != ',') return refuse("connection: not a list of options", position);
    ++position;
  }
}

// RFC 9112 section 3.2: a server must refuse "a Host header field with an invalid field value".
// The characters suffice for that here: nothing is routed by the host.
Parsed<void> check_host(std::string_view value) noexcept {
  const std::size_t end = skip(value, 0, host_set);
  if (end != value.size()) return refuse("host: character not allowed", end);
  return {};
}

bool is_target(std::string_view text) noexcept {
  return !text.empty() && skip(text, 0, target_set) == text.size();
}

bool is_field_value(std::string_view text) noexcept {
  if (text.empty()) return true;
  const bool padded = is_in(text.front(), blank_set) || is_in(text.back(), blank_set);
  return !padded && skip(text, 0, value_set) == text.size();
}

}  // namespace wib::http::detail
