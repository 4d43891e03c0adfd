// SPDX-License-Identifier: Apache-2.0
//
// The head of a message: its lines one after another, what they must not say, and what is kept of
// them. Internal to http*.cc. Knows nothing of llhttp.
#pragma once

#include "protocol/http_grammar.h"

namespace wib::http::detail {

enum class Direction : std::uint8_t { request, response };

// Where the content ends (RFC 9112 section 6.3). A message without content has a length of 0.
struct Framing {
  bool chunked = false;
  std::size_t length = 0;
};

class Head {
 public:
  explicit Head(Direction direction) noexcept : direction_(direction) {}

  // False before the start line.
  [[nodiscard]] bool started() const noexcept { return started_; }
  // How long the next line may be, without its CRLF.
  [[nodiscard]] std::size_t line_limit() const noexcept;
  // Why a line that begins with `line`, which is one byte longer than that, is refused.
  [[nodiscard]] Refusal refuse_long_line(std::string_view line) noexcept;

  // Takes a line, without its CRLF: the start line or, after it, a field line.
  [[nodiscard]] Parsed<void> take_line(std::string_view line) noexcept;
  // The empty line behind the fields: what they say together.
  [[nodiscard]] Parsed<Framing> end() const noexcept;

  [[nodiscard]] bool has(FieldName name) const noexcept {
    return (seen_ >> static_cast<unsigned>(name) & 1U) != 0;
  }
  [[nodiscard]] bool has_framing() const noexcept {
    return has(FieldName::content_length) || has(FieldName::transfer_encoding);
  }
  // RFC 9112 section 9.3: whether another message may follow.
  [[nodiscard]] bool keep_alive() const noexcept {
    return !connection_.close && (minor_version_ == 1 || connection_.keep_alive);
  }
  [[nodiscard]] unsigned status() const noexcept { return status_; }
  [[nodiscard]] std::string_view target() const noexcept { return as_text(target_.view()); }
  // The value of Cookie or, in a response, of Set-Cookie.
  [[nodiscard]] std::string_view cookie() const noexcept { return as_text(cookie_.view()); }
  [[nodiscard]] std::string_view content_type() const noexcept {
    return as_text(content_type_.view());
  }

  // Makes ready for the next message; wipes what was kept.
  void reset() noexcept;

 private:
  [[nodiscard]] bool is_request() const noexcept { return direction_ == Direction::request; }
  [[nodiscard]] Parsed<void> take_start_line(std::string_view line) noexcept;
  [[nodiscard]] Parsed<void> take_field_line(std::string_view line) noexcept;
  [[nodiscard]] Parsed<void> take_field(const FieldLine& field) noexcept;
  [[nodiscard]] Parsed<void> take_connection(std::string_view value) noexcept;
  [[nodiscard]] Parsed<void> store(const FieldLine& field) noexcept;

  Direction direction_;
  bool started_ = false;
  unsigned seen_ = 0;  // one bit a FieldName
  unsigned minor_version_ = 0;
  unsigned status_ = 0;
  std::size_t fields_ = 0;
  std::size_t size_ = 0;    // line ends not counted
  std::size_t length_ = 0;  // what Content-Length said
  ConnectionOptions connection_;
  Buffer<max_target> target_;
  Buffer<max_field_line> cookie_;
  Buffer<max_field_line> content_type_;
};

}  // namespace wib::http::detail
