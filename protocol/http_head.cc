// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_head.h"

namespace wib::http::detail {

void Head::reset() noexcept {
  for (const ByteSpan kept : {target_.span(), cookie_.span(), content_type_.span()}) {
    secure_wipe(kept);
  }
  target_.clear();
  cookie_.clear();
  content_type_.clear();
  started_ = false;
  seen_ = minor_version_ = status_ = 0;
  fields_ = size_ = length_ = 0;
  connection_ = {};
}

// Once the fields are at their number, or the head is at its size, only the empty line fits.
std::size_t Head::line_limit() const noexcept {
  if (fields_ == max_fields) return 0;
  return std::min(max_field_line, max_head - size_);
}

Refusal Head::refuse_long_line(std::string_view line) noexcept {
  if (!started_) {
    // What is wrong with the part that is there (a target that is too long) says more than the
    // length does; that it ends says nothing.
    const auto taken = take_start_line(line);
    if (!taken && taken.error().error.offset < line.size()) return taken.error();
  }
  const std::size_t limit = line_limit();
  const std::string_view where = fields_ == max_fields    ? "head: too many fields"
                                 : limit < max_field_line ? "head: too large"
                                                          : "head: line too long";
  return refuse(where, limit, Errc::out_of_range, Status::header_fields_too_large).error();
}

Parsed<void> Head::take_line(std::string_view line) noexcept {
  auto taken = started_ ? take_field_line(line) : take_start_line(line);
  if (taken) {
    started_ = true;
    size_ += line.size();
  }
  return taken;
}

Parsed<void> Head::take_start_line(std::string_view line) noexcept {
  if (is_request()) {
    const auto parsed = parse_request_line(line);
    if (!parsed) return std::unexpected(parsed.error());
    minor_version_ = parsed->minor_version;
    // Cannot fail: the grammar knows the limit.
    if (!target_.assign(as_bytes(parsed->target))) return refuse("request line: target", 0);
    return {};
  }
  const auto parsed = parse_status_line(line);
  if (!parsed) return std::unexpected(parsed.error());
  minor_version_ = parsed->minor_version;
  status_ = parsed->status;
  return {};
}

Parsed<void> Head::take_field_line(std::string_view line) noexcept {
  const auto field = parse_field_line(line);
  if (!field) return std::unexpected(field.error());
  ++fields_;
  if (field->name == FieldName::other) return {};
  if (has(field->name) && field->name != FieldName::connection) {
    return refuse("field: comes twice", 0);
  }
  seen_ |= 1U << static_cast<unsigned>(field->name);
  auto taken = take_field(*field);
  if (!taken) taken.error().error.offset += static_cast<std::uint32_t>(field->value_offset);
  return taken;
}

// Offsets count from the first byte of the value.
Parsed<void> Head::take_field(const FieldLine& field) noexcept {
  // RFC 9112 section 6.3: a message with both "might indicate an attempt to perform request
  // smuggling ... and ought to be handled as an error".
  constexpr std::string_view both = "framing: Content-Length with Transfer-Encoding";
  switch (field.name) {
    case FieldName::connection: return take_connection(field.value);
    case FieldName::host: return check_host(field.value);
    case FieldName::content_length: {
      if (has(FieldName::transfer_encoding)) return refuse(both, 0);
      const auto length = parse_content_length(field.value, max_body);
      if (!length) return std::unexpected(length.error());
      length_ = *length;
      return {};
    }
    case FieldName::transfer_encoding:
      if (has(FieldName::content_length)) return refuse(both, 0);
      // Section 6.1: an HTTP/1.0 message with Transfer-Encoding MUST be treated "as if the framing
      // is faulty".
      if (minor_version_ == 0) return refuse("framing: Transfer-Encoding in HTTP/1.0", 0);
      return check_transfer_encoding(field.value);
    default: return store(field);
  }
}

// The one field that may come more than once: its values make one list.
Parsed<void> Head::take_connection(std::string_view value) noexcept {
  const auto options = parse_connection(value);
  if (!options) return std::unexpected(options.error());
  connection_.close = connection_.close || options->close;
  connection_.keep_alive = connection_.keep_alive || options->keep_alive;
  return {};
}

Parsed<void> Head::store(const FieldLine& field) noexcept {
  const FieldName ours = is_request() ? FieldName::cookie : FieldName::set_cookie;
  bool stored = true;
  if (field.name == ours) stored = cookie_.assign(as_bytes(field.value));
  if (field.name == FieldName::content_type) stored = content_type_.assign(as_bytes(field.value));
  // Cannot fail: a field line fits its buffer.
  if (!stored) return refuse("field: value too long", 0);
  return {};
}

Parsed<Framing> Head::end() const noexcept {
  if (is_request()) {
    // RFC 9112 section 3.2: "A server MUST respond with a 400 (Bad Request) status code to any
    // HTTP/1.1 request message that lacks a Host header field".
    if (minor_version_ == 1 && !has(FieldName::host)) {
      return refuse("head: no Host", 0, Errc::missing_field);
    }
  } else {
    // Section 6.3: such a response "is always terminated by the first empty line after the header
    // fields"; one that announces content all the same is read in two ways.
    const bool bare = status_ == 204 || status_ == 304;
    if (bare && has_framing()) return refuse("framing: length of a response without content", 0);
    // What is left by section 6.3 is content up to the end of the connection, which cannot be told
    // from a connection that was cut.
    if (!bare && !has_framing()) {
      return refuse("framing: response without a length", 0, Errc::missing_field);
    }
  }
  return Framing{has(FieldName::transfer_encoding), length_};
}

}  // namespace wib::http::detail
