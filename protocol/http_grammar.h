// SPDX-License-Identifier: Apache-2.0
//
// The lines of an HTTP/1.1 message (RFC 9112), each judged as a whole and from left to right: what
// is wrong first is what is named. Internal to http*.cc. Lines come without their CRLF; an offset
// counts from the first byte of the line.
#pragma once

#include "protocol/http.h"

namespace wib::http::detail {

template <class T>
using Parsed = std::expected<T, Refusal>;

[[nodiscard]] std::unexpected<Refusal> refuse(std::string_view where, std::size_t offset,
                                              Errc code = Errc::malformed,
                                              Status status = Status::bad_request) noexcept;

// A std::string_view::substr that cannot throw.
[[nodiscard]] constexpr std::string_view part(std::string_view text, std::size_t begin,
                                              std::size_t end) noexcept {
  return {text.data() + begin, end - begin};
}

// The minor version is 0 or 1; the major version is 1.
struct RequestLine {
  std::string_view target;
  unsigned minor_version = 0;
};

struct StatusLine {
  unsigned status = 0;
  unsigned minor_version = 0;
};

// The fields that are read. Connection is read here, since llhttp skips whatever it does not expect
// in one, and does not find a "close" with a tab behind it.
enum class FieldName : std::uint8_t {
  other,
  connection,
  host,
  cookie,
  set_cookie,
  content_type,
  content_length,
  transfer_encoding,
};

struct FieldLine {
  FieldName name = FieldName::other;
  std::string_view value;  // without the white space around it
  std::size_t value_offset = 0;
};

// Which options a Connection field has; others have no meaning here.
struct ConnectionOptions {
  bool close = false;
  bool keep_alive = false;
};

[[nodiscard]] Parsed<RequestLine> parse_request_line(std::string_view line) noexcept;
[[nodiscard]] Parsed<StatusLine> parse_status_line(std::string_view line) noexcept;
[[nodiscard]] Parsed<FieldLine> parse_field_line(std::string_view line) noexcept;

// Refuses with 413 what is above `limit`.
[[nodiscard]] Parsed<std::size_t> parse_content_length(std::string_view value,
                                                       std::size_t limit) noexcept;
[[nodiscard]] Parsed<std::size_t> parse_chunk_size(std::string_view line,
                                                   std::size_t limit) noexcept;
[[nodiscard]] Parsed<void> check_transfer_encoding(std::string_view value) noexcept;
[[nodiscard]] Parsed<ConnectionOptions> parse_connection(std::string_view value) noexcept;
[[nodiscard]] Parsed<void> check_host(std::string_view value) noexcept;

// For writers: what the parsers above read back as it is.
[[nodiscard]] bool is_target(std::string_view text) noexcept;
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

}  // namespace wib::http::detail
