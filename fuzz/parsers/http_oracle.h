// SPDX-License-Identifier: Apache-2.0
//
// What both HTTP targets check of a stream of messages: however it is cut the parser says the same,
// what it says lasts, and an independent reader (Boost.Beast) reads the same of what is accepted.
#pragma once

#include <boost/beast/http.hpp>
#include <cstring>

#include "fuzz/parsers/oracle.h"
#include "protocol/http.h"

namespace wib::fuzz {

namespace beast = boost::beast::http;

inline const http::Request& message_of(const http::RequestParser& parser) {
  return parser.request();
}
inline const http::Response& message_of(const http::ResponseParser& parser) {
  return parser.response();
}

[[nodiscard]] inline bool same(const http::Request& a, const http::Request& b) noexcept {
  return a.method == b.method && a.target == b.target && a.has_cookie == b.has_cookie &&
         a.cookie == b.cookie && a.has_content_type == b.has_content_type &&
         a.content_type == b.content_type && a.has_content == b.has_content &&
         same_bytes(a.body, b.body) && a.keep_alive == b.keep_alive;
}
[[nodiscard]] inline bool same(const http::Response& a, const http::Response& b) noexcept {
  return a.status == b.status && a.has_set_cookie == b.has_set_cookie &&
         a.set_cookie == b.set_cookie && a.has_content_type == b.has_content_type &&
         a.content_type == b.content_type && same_bytes(a.body, b.body) &&
         a.keep_alive == b.keep_alive;
}
[[nodiscard]] inline bool same(const http::Refusal& a, const http::Refusal& b) noexcept {
  return a.status == b.status && a.error == b.error;
}

// Feeds `stream` in pieces whose sizes come from `cuts` (0: one byte at a time). A piece is copied
// to a buffer that the next one overwrites: a parser that keeps a view of it is found out.
template <class Parser>
http::Fed feed_cut(Parser& parser, ByteView stream, std::uint64_t cuts) {
  std::array<Byte, 64> piece;
  http::Fed all;
  while (!stream.empty() && all.progress == http::Progress::need_more) {
    std::size_t size = 1;
    if (cuts != 0) {
      cuts = cuts * 6364136223846793005U + 1442695040888963407U;
      size = std::min<std::size_t>(1 + (cuts >> 33U) % piece.size(), stream.size());
    }
    std::memcpy(piece.data(), stream.data(), size);
    const http::Fed fed = parser.feed(ByteView(piece).first(size));
    std::memset(piece.data(), 0xa5, size);
    expect(fed.consumed <= size, "no more is consumed than there is");
    expect(fed.consumed == size || fed.progress != http::Progress::need_more,
           "who needs more takes all");
    all.consumed += fed.consumed;
    all.progress = fed.progress;
    stream = stream.subspan(size);
  }
  return all;
}

// Checks what `whole` says of the message at the front of `stream`, and that it lasts.
template <class Parser>
void expect_outcome(Parser& whole, ByteView stream, const http::Fed& fed) {
  if (fed.progress == http::Progress::need_more) {
    expect(fed.consumed == stream.size(), "who needs more takes all");
    expect(whole.finish() == stream.empty(), "a stream may end between messages");
    return;
  }
  const bool complete = fed.progress == http::Progress::complete;
  expect(whole.finish() == complete, "a stream may not end after a refusal");
  if (!complete) expect_error(whole.refusal().error, stream.size());
  const http::Fed more = whole.feed(as_bytes("\r\nGET / HTTP/1.1\r\n"));
  expect(more.consumed == 0 && more.progress == fed.progress, "an outcome lasts until reset()");
}

// Checks that `cut`, which is ready for a message, says the same when the stream comes in pieces.
template <class Parser>
void expect_same_in_pieces(const Parser& whole, Parser& cut, ByteView stream, const http::Fed& fed,
                           std::uint64_t cuts) {
  const http::Fed pieces = feed_cut(cut, stream, cuts);
  expect(fed.progress == pieces.progress, "cuts do not change the outcome");
  expect(fed.consumed == pieces.consumed, "cuts do not change how much is consumed");
  expect(whole.finish() == cut.finish(), "cuts do not change where a stream may end");
  if (fed.progress == http::Progress::complete) {
    expect(same(message_of(whole), message_of(cut)), "cuts do not change the message");
  } else if (fed.progress == http::Progress::refused) {
    expect(same(whole.refusal(), cut.refusal()), "cuts do not change the refusal");
  }
}

// The outcome of the message at the front of `stream` in `whole`, which is ready for one. Three
// inputs in eight go through `cut` as well, one of them a byte at a time: that is the dear part.
template <class Parser>
http::Fed feed_checked(Parser& whole, Parser& cut, ByteView stream, std::uint64_t hash) {
  const http::Fed fed = whole.feed(stream);
  expect_outcome(whole, stream, fed);
  const std::uint64_t way = hash % 8;
  if (way >= 5) {
    cut.reset();
    expect_same_in_pieces(whole, cut, stream, fed, way == 7 ? 0 : hash);
  }
  return fed;
}

// What Boost.Beast makes of the message at the front of `stream`.
template <class Parser>
struct BeastReading {
  explicit BeastReading(ByteView stream) {
    parser.eager(true);
    parser.header_limit(2 * http::max_head);
    parser.body_limit(http::max_body);
    boost::system::error_code error;
    while (!parser.is_done() && consumed < stream.size()) {
      const std::size_t taken = parser.put(
          boost::asio::const_buffer(stream.data() + consumed, stream.size() - consumed), error);
      consumed += taken;
      if (error || taken == 0) break;
    }
    done = !error && parser.is_done();
  }
  [[nodiscard]] std::string_view field(beast::field name) const {
    const auto value = parser.get()[name];
    return {value.data(), value.size()};
  }

  Parser parser;
  std::size_t consumed = 0;
  bool done = false;
};

// What must not be in a message that was accepted, by the fields as Beast has them.
template <class Message>
void expect_strict(const Message& read, bool request) {
  using Field = beast::field;
  const auto count = [&](Field name) { return read.count(name); };
  expect(std::distance(read.begin(), read.end()) <= static_cast<std::ptrdiff_t>(http::max_fields),
         "no more fields than allowed");
  for (const Field once : {Field::host, Field::content_length, Field::content_type,
                           request ? Field::cookie : Field::set_cookie}) {
    expect(count(once) <= 1, "a field that may come once");
  }
  if (request && read.version() == 11) expect(count(Field::host) == 1, "HTTP/1.1 has a Host");
  const bool chunked = count(Field::transfer_encoding) != 0;
  expect(!chunked || count(Field::content_length) == 0, "one way to end the content");
  expect(!chunked || read.version() == 11, "no Transfer-Encoding in HTTP/1.0");
  for (const auto& field : read) {
    const std::string_view value(field.value().data(), field.value().size());
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      expect((byte >= 0x20 && byte != 0x7f) || c == '\t', "no control character in a value");
    }
    if (field.name() != Field::host) continue;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:[]";
    expect(value.find_first_not_of(allowed) == std::string_view::npos, "characters of a Host");
  }
}

// Beast would keep an HTTP/1.0 connection that has both options; RFC 9112 section 9.3 lets "close"
// win. All else is the same.
inline bool same_persistence(unsigned version, bool theirs, bool ours) noexcept {
  return theirs == ours || (version == 10 && theirs);
}

}  // namespace wib::fuzz
