// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <limits>

#include "protocol/http_grammar.h"

namespace wib::http {
namespace {

// Writes to the front of a buffer; after the first piece that does not fit, nothing more.
class Output {
 public:
  explicit Output(ByteSpan out) noexcept : out_(out) {}

  void bytes(ByteView piece) noexcept {
    if (overflow_ || piece.size() > out_.size() - position_) {
      overflow_ = true;
      return;
    }
    std::ranges::copy(piece, out_.subspan(position_).begin());
    position_ += piece.size();
  }

  void text(std::string_view piece) noexcept { bytes(as_bytes(piece)); }

  void number(std::size_t value) noexcept {
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  // A field line; none if there is no value.
  void field(std::string_view name, std::string_view value) noexcept {
    if (value.empty()) return;
    text(name);
    text(": ");
    text(value);
    text("\r\n");
  }

  void content_length(std::size_t size) noexcept {
    text("Content-Length: ");
    number(size);
    text("\r\n");
  }

  [[nodiscard]] Result<ByteView> finish() const noexcept {
    if (overflow_) {
      return fail(Errc::capacity, "http: output", static_cast<std::uint32_t>(position_));
    }
    return out_.first(position_);
  }

 private:
  ByteSpan out_;
  std::size_t position_ = 0;
  bool overflow_ = false;
};

[[nodiscard]] std::string_view text_of(Method method) noexcept {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::other: break;
  }
  return {};
}

// What errors call a value that no parser of ours would read back.
[[nodiscard]] std::string_view unwritable(const RequestHead& head) noexcept {
  if (text_of(head.method).empty()) return "request: method";
  if (!detail::is_target(head.target)) return "request: target";
  if (!detail::is_field_value(head.host)) return "request: host";
  if (!detail::is_field_value(head.cookie)) return "request: cookie";
  if (!detail::is_field_value(head.content_type)) return "request: content type";
  return {};
}

[[nodiscard]] std::string_view unwritable(const ResponseHead& head, ByteView body) noexcept {
  const auto status = static_cast<unsigned>(head.status);
  if (status < 200 || status > 599) return "response: status";
  if (head.status == Status::no_content && !body.empty()) return "response: content of a 204";
  if (!detail::is_field_value(head.set_cookie)) return "response: set-cookie";
  if (!detail::is_field_value(head.content_type)) return "response: content type";
  if (!detail::is_field_value(head.www_authenticate)) return "response: www-authenticate";
  if (!detail::is_field_value(head.allow)) return "response: allow";
  return {};
}

}  // namespace

Result<ByteView> write_request(const RequestHead& head, ByteView body, ByteSpan out) noexcept {
  if (const auto where = unwritable(head); !where.empty()) return fail(Errc::out_of_range, where);
  Output output(out);
  output.text(text_of(head.method));
  output.text(" ");
  output.text(head.target);
  output.text(" HTTP/1.1\r\n");
  output.field("Host", head.host);
  output.field("Cookie", head.cookie);
  output.field("Content-Type", head.content_type);
  // RFC 9110 section 8.6: a user agent "SHOULD send Content-Length in a request when the method
  // defines a meaning for enclosed content", even for a value of 0.
  if (head.method == Method::post || !body.empty()) output.content_length(body.size());
  output.text("\r\n");
  output.bytes(body);
  return output.finish();
}

Result<ByteView> write_response(const ResponseHead& head, ByteView body, ByteSpan out) noexcept {
  if (const auto where = unwritable(head, body); !where.empty()) {
    return fail(Errc::out_of_range, where);
  }
  Output output(out);
  output.text("HTTP/1.1 ");
  output.number(static_cast<std::size_t>(head.status));
  output.text(" ");
  output.text(reason_phrase(head.status));
  output.text("\r\n");
  output.field("Set-Cookie", head.set_cookie);
  output.field("Content-Type", head.content_type);
  output.field("WWW-Authenticate", head.www_authenticate);
  output.field("Allow", head.allow);
  if (head.close) output.text("Connection: close\r\n");
  // RFC 9110 section 8.6: "A server MUST NOT send a Content-Length header field in any response
  // with a status code of 1xx (Informational) or 204 (No Content)."
  if (head.status != Status::no_content) output.content_length(body.size());
  output.text("\r\n");
  output.bytes(body);
  return output.finish();
}

}  // namespace wib::http
