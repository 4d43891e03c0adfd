// SPDX-License-Identifier: Apache-2.0
//
// Requests, as a device reads them off a connection: one after another until one is refused.
#include "fuzz/parsers/http_oracle.h"
#include "protocol/setup/wire.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A request stream has one outcome however it is cut; what is accepted, Beast reads the same "
    "and our writer writes so that it reads the same.";

namespace {

void compare_with_beast(ByteView stream, const http::Fed& fed, const http::Request& ours) {
  using Field = beast::field;
  const BeastReading<beast::request_parser<beast::string_body>> other(stream);
  expect(other.done, "Beast accepts what we accept");
  expect(other.consumed == fed.consumed, "Beast ends the message where we do");
  const auto& read = other.parser.get();
  expect_strict(read, true);
  const auto method = read.method_string();
  expect((ours.method == http::Method::get) == (method == "GET"), "the method");
  expect((ours.method == http::Method::post) == (method == "POST"), "the method");
  const auto target = read.target();
  expect(std::string_view(target.data(), target.size()) == ours.target, "the target");
  expect(other.field(Field::cookie) == ours.cookie, "Cookie");
  expect(other.field(Field::content_type) == ours.content_type, "Content-Type");
  expect((read.has_content_length() || read.chunked()) == ours.has_content, "has content");
  expect(read.body() == as_text(ours.body), "the body");
  expect(same_persistence(read.version(), other.parser.keep_alive(), ours.keep_alive),
         "the connection's persistence");
}

// `names` are the bytes of a field line besides its value.
bool fits(std::string_view value, std::string_view names) {
  return value.size() + names.size() <= http::max_field_line;
}

void write_and_read(const http::Request& request, http::RequestParser& parser) {
  static std::array<Byte, max_message_size> buffer;
  const http::RequestHead head{.method = request.method,
                               .target = request.target,
                               .host = "h",
                               .cookie = request.cookie,
                               .content_type = request.content_type};
  const auto written = http::write_request(head, request.body, buffer);
  if (request.method == http::Method::other) {
    expect(!written && written.error().code == Errc::out_of_range, "no other method is written");
    return;
  }
  expect(written.has_value(), "what was read can be written");
  const ByteSpan narrow = std::span(buffer).first(written->size() - 1);
  const auto cut = http::write_request(head, request.body, narrow);
  expect(!cut && cut.error().code == Errc::capacity, "no room is an error");
  parser.reset();
  const http::Fed fed = parser.feed(*written);
  if (!fits(request.cookie, "Cookie: ") || !fits(request.content_type, "Content-Type: ")) return;
  expect(fed.progress == http::Progress::complete && fed.consumed == written->size(),
         "what was written can be read");
  const http::Request& again = parser.request();
  expect(again.method == request.method && again.target == request.target &&
             again.cookie == request.cookie && again.content_type == request.content_type &&
             same_bytes(again.body, request.body) && again.keep_alive,
         "what was written is read as it was");
}

}  // namespace

void one_input(ByteView input) {
  static http::RequestParser whole;
  static http::RequestParser cut;
  const std::uint64_t hash = hash_of(input);
  for (int messages = 0; messages < 4; ++messages) {
    whole.reset();
    const http::Fed fed = feed_checked(whole, cut, input, hash);
    if (fed.progress == http::Progress::refused) {
      const Status status = whole.refusal().status;
      expect(status == Status::bad_request || status == Status::not_found ||
                 status == Status::payload_too_large || status == Status::header_fields_too_large ||
                 status == Status::http_version_not_supported,
             "a refusal has one of its statuses");
    }
    if (fed.progress != http::Progress::complete) return;
    compare_with_beast(input, fed, whole.request());
    if (hash % 2 == 0) write_and_read(whole.request(), cut);
    input = input.subspan(fed.consumed);
  }
}

}  // namespace wib::fuzz
