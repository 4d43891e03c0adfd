// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 messages (RFC 9110, RFC 9112), bounded and strict: an adapter over llhttp that keeps
// what the protocol uses and refuses what two parsers might read differently. It refuses obs-fold,
// chunk extensions, trailers, a repeated Content-Length, Content-Length with Transfer-Encoding,
// any transfer coding but "chunked" (or one in HTTP/1.0), bare CR and bare LF, white space before a
// colon, a repeated Host, Cookie, Set-Cookie or Content-Type, a missing Host in HTTP/1.1, a Host
// with characters that no host has, a Connection that is not a list of tokens, control characters
// in values, an empty line before the start line, and a method that llhttp does not know. An
// Upgrade is ignored, and CONNECT is a method like any other. Parsers hold their message in place:
// no heap, no exceptions.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"
#include "protocol/status.h"

namespace wib::http {

// Limits in bytes (line ends not counted) and in header fields. Over the line, field or count
// limits a message is refused with 431 (a target that is too long: 404, since no such resource
// exists; a request line that is too long otherwise: 431), over the body limit with 413, as soon as
// Content-Length or a chunk's size says so. HTTP versions but 1.0 and 1.1: 505. All else: 400.
inline constexpr std::size_t max_target = 64;
inline constexpr std::size_t max_field_line = 1024;
inline constexpr std::size_t max_fields = 32;
inline constexpr std::size_t max_head = 8192;  // start line and all header fields
inline constexpr std::size_t max_body = 8192;

// Why a message was refused. `error.offset` counts from the first byte of the message. The codes:
// Errc::malformed, Errc::out_of_range (a limit, a version, a status), Errc::missing_field (Host; in
// a response, a length). A line is judged once it is whole or too long, from left to right.
struct Refusal {
  Status status = Status::bad_request;
  Error error;
};

enum class Progress : std::uint8_t { need_more, complete, refused };

struct Fed {
  // Bytes of the input that belong to this message; if it is refused, those up to the end of the
  // line that was refused. What follows was not looked at.
  std::size_t consumed = 0;
  Progress progress = Progress::need_more;
};

enum class Method : std::uint8_t { get, post, other };

// Views live until the parser is reset, moved or destroyed.
struct Request {
  Method method = Method::other;
  std::string_view target;
  bool has_cookie = false;
  std::string_view cookie;  // the Cookie field's value, not yet parsed
  bool has_content_type = false;
  std::string_view content_type;  // the Content-Type field's value
  bool has_content = false;       // a Content-Length or Transfer-Encoding field was there
  ByteView body;
  bool keep_alive = false;  // the connection may carry another request
};

struct Response {
  unsigned status = 0;  // 200..599; interim responses (1xx) are refused
  bool has_set_cookie = false;
  std::string_view set_cookie;
  bool has_content_type = false;
  std::string_view content_type;
  ByteView body;
  bool keep_alive = false;
};

namespace detail {
// The llhttp state and the storage, alike for both directions. Hidden so that llhttp.h is seen by
// http_parser.cc alone, which checks that the size suffices.
class Parser;
inline constexpr std::size_t parser_size = max_body + max_field_line * 3 + 512;
}  // namespace detail

// Reads one request after another from a byte stream.
class RequestParser {
 public:
  RequestParser() noexcept;
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Takes the next bytes. After complete or refused, nothing more is consumed until reset(), and
  // the answer stays the same.
  // However the bytes are cut into pieces, the outcome is the same.
  [[nodiscard]] Fed feed(ByteView bytes) noexcept;

  // The stream has ended. True if it ended between two messages (before the first byte of one, or
  // once it is complete), false if inside one or after a refusal.
  [[nodiscard]] bool finish() const noexcept;

  [[nodiscard]] const Request& request() const noexcept;  // after Progress::complete
  [[nodiscard]] const Refusal& refusal() const noexcept;  // after Progress::refused

  // Makes ready for the next message; wipes the body.
  void reset() noexcept;

 private:
  detail::Parser& parser() noexcept;
  const detail::Parser& parser() const noexcept;
  alignas(std::max_align_t) std::array<Byte, detail::parser_size> storage_;
};

// Reads one response after another. A response to any of the protocol's requests has a body unless
// its status is 204 or 304, which must then announce none; a body that is delimited by the end of
// the connection is refused. Refusal::status has no use here.
class ResponseParser {
 public:
  ResponseParser() noexcept;
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  [[nodiscard]] Fed feed(ByteView bytes) noexcept;
  [[nodiscard]] bool finish() const noexcept;
  [[nodiscard]] const Response& response() const noexcept;
  [[nodiscard]] const Refusal& refusal() const noexcept;
  void reset() noexcept;

 private:
  detail::Parser& parser() noexcept;
  const detail::Parser& parser() const noexcept;
  alignas(std::max_align_t) std::array<Byte, detail::parser_size> storage_;
};

// What a request is written from. Empty strings leave the field out; a body is announced by
// Content-Length (a POST always has one).
struct RequestHead {
  Method method = Method::get;
  std::string_view target;
  std::string_view host;
  std::string_view cookie;
  std::string_view content_type;
};

struct ResponseHead {
  Status status = Status::ok;
  std::string_view set_cookie;
  std::string_view content_type;
  std::string_view www_authenticate;
  std::string_view allow;  // for 405
  bool close = false;      // adds "Connection: close"
};

// Write one message to the front of `out`; a view of what was written, or Errc::capacity. A 204
// has no Content-Length and its body must be empty. Values are checked, so that nothing can be
// smuggled or split: Errc::out_of_range for a control character in one, for white space at its
// ends, for a target that is empty or has a character that no target has, for Method::other, and
// for a status outside 200..599. The parsers' size limits are not checked.
[[nodiscard]] Result<ByteView> write_request(const RequestHead& head, ByteView body,
                                             ByteSpan out) noexcept;
[[nodiscard]] Result<ByteView> write_response(const ResponseHead& head, ByteView body,
                                              ByteSpan out) noexcept;

}  // namespace wib::http
