// SPDX-License-Identifier: Apache-2.0
//
// Responses, as a client reads them off a connection: one after another until one is refused.
#include "fuzz/parsers/http_oracle.h"
#include "protocol/setup/wire.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A response stream has one outcome however it is cut; what is accepted, Beast reads the same "
    "and our writer writes so that it reads the same.";

namespace {

void compare_with_beast(ByteView stream, const http::Fed& fed, const http::Response& ours) {
  using Field = beast::field;
  const BeastReading<beast::response_parser<beast::string_body>> other(stream);
  expect(other.done, "Beast accepts what we accept");
  expect(other.consumed == fed.consumed, "Beast ends the message where we do");
  const auto& read = other.parser.get();
  expect_strict(read, false);
  expect(read.result_int() == ours.status, "the status");
  expect(other.field(Field::set_cookie) == ours.set_cookie, "Set-Cookie");
  expect(other.field(Field::content_type) == ours.content_type, "Content-Type");
  expect(read.body() == as_text(ours.body), "the body");
  expect(same_persistence(read.version(), other.parser.keep_alive(), ours.keep_alive),
         "the connection's persistence");
}

bool fits(std::string_view value, std::string_view names) {
  return value.size() + names.size() <= http::max_field_line;
}

void write_and_read(const http::Response& response, http::ResponseParser& parser) {
  static std::array<Byte, max_message_size> buffer;
  const http::ResponseHead head{.status = static_cast<Status>(response.status),
                                .set_cookie = response.set_cookie,
                                .content_type = response.content_type,
                                .close = !response.keep_alive};
  const auto written = http::write_response(head, response.body, buffer);
  expect(written.has_value(), "what was read can be written");
  const ByteSpan narrow = std::span(buffer).first(written->size() - 1);
  const auto cut = http::write_response(head, response.body, narrow);
  expect(!cut && cut.error().code == Errc::capacity, "no room is an error");
  parser.reset();
  const http::Fed fed = parser.feed(*written);
  // Our writer announces the length of a 304, which RFC 9110 section 8.6 allows and our parser does
  // not take: the device never sends one.
  if (response.status == 304) return;
  if (!fits(response.set_cookie, "Set-Cookie: ")) return;
  if (!fits(response.content_type, "Content-Type: ")) return;
  expect(fed.progress == http::Progress::complete && fed.consumed == written->size(),
         "what was written can be read");
  const http::Response& again = parser.response();
  expect(again.status == response.status && again.set_cookie == response.set_cookie &&
             again.content_type == response.content_type && same_bytes(again.body, response.body) &&
             again.keep_alive == response.keep_alive,
         "what was written is read as it was");
}

}  // namespace

void one_input(ByteView input) {
  static http::ResponseParser whole;
  static http::ResponseParser cut;
  const std::uint64_t hash = hash_of(input);
  for (int messages = 0; messages < 4; ++messages) {
    whole.reset();
    const http::Fed fed = feed_checked(whole, cut, input, hash);
    if (fed.progress != http::Progress::complete) return;
    const http::Response& response = whole.response();
    expect(response.status >= 200 && response.status <= 599, "a status that ends an exchange");
    compare_with_beast(input, fed, response);
    if (hash % 2 == 0) write_and_read(response, cut);
    input = input.subspan(fed.consumed);
  }
}

}  // namespace wib::fuzz
