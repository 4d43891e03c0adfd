// SPDX-License-Identifier: Apache-2.0
//
// What the HTTP parsers make of a stream, as one value that can be compared and shown.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "protocol/http.h"

namespace wib::props {

// All that a caller can see of what a parser made of a stream.
struct Outcome {
  http::Progress progress = http::Progress::need_more;
  std::size_t consumed = 0;
  bool finished = false;
  std::string message;  // every field of the request or response, or of the refusal

  friend bool operator==(const Outcome&, const Outcome&) = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

[[nodiscard]] std::string describe(const http::Request& request);
[[nodiscard]] std::string describe(const http::Response& response);
[[nodiscard]] std::string describe(const http::Refusal& refusal);

inline const http::Request& message_of(const http::RequestParser& parser) {
  return parser.request();
}
inline const http::Response& message_of(const http::ResponseParser& parser) {
  return parser.response();
}

// Feeds `stream` in pieces that end at `cuts` (in ascending order) and at its end. Each piece is
// its own allocation, so that a sanitizer sees a parser that looks behind it or keeps a view.
template <class P>
Outcome run(P& parser, std::string_view stream, const std::vector<std::size_t>& cuts = {}) {
  Outcome outcome;
  std::size_t begin = 0;
  const auto feed = [&](std::size_t end) {
    const std::vector<Byte> piece(stream.begin() + begin, stream.begin() + end);
    const http::Fed fed = parser.feed(piece);
    outcome.progress = fed.progress;
    outcome.consumed += fed.consumed;
    if (fed.progress == http::Progress::need_more) {
      EXPECT_EQ(fed.consumed, piece.size());
    }
    begin = end;
  };
  for (const std::size_t cut : cuts) feed(cut);
  feed(stream.size());
  outcome.finished = parser.finish();
  if (outcome.progress == http::Progress::complete) outcome.message = describe(message_of(parser));
  if (outcome.progress == http::Progress::refused) outcome.message = describe(parser.refusal());
  return outcome;
}

// The cuts that part every byte from the next.
[[nodiscard]] std::vector<std::size_t> every_byte(std::string_view stream);

// The outcome for `stream`; checks that it is the same one byte at a time, in a parser that has
// been used before, and with more bytes behind, none of which are consumed.
template <class P>
Outcome outcome_of(std::string_view stream) {
  const auto parser = std::make_unique<P>();
  const Outcome whole = run(*parser, stream);
  parser->reset();
  EXPECT_EQ(run(*parser, stream, every_byte(stream)), whole) << stream;
  if (whole.progress == http::Progress::need_more) return whole;
  const http::Fed again = parser->feed(as_bytes("more"));
  EXPECT_EQ(again.consumed, 0U) << stream;
  EXPECT_EQ(again.progress, whole.progress) << stream;
  for (const std::string_view behind : {"\r\n", "GET / HTTP/1.1\r\n", "0", "\n"}) {
    const std::string longer = std::string(stream) + std::string(behind);
    parser->reset();
    EXPECT_EQ(run(*parser, longer), whole) << longer;
    parser->reset();
    EXPECT_EQ(run(*parser, longer, every_byte(longer)), whole) << longer;
  }
  return whole;
}

// A message that is complete after `size` bytes; a stream that is refused after `consumed`.
[[nodiscard]] Outcome accepted(std::size_t size, std::string message);
[[nodiscard]] Outcome refused(std::size_t consumed, std::string message);

// A stream that is accepted, and what is read of it.
struct Case {
  std::string stream;
  std::string expected;
};

// A stream that is refused at the bar: the line that the bar stands behind is the last one that is
// consumed. `expected` is the refusal; offsets count from the start of the stream.
struct RefusedCase {
  std::string before;
  std::string behind;
  std::string expected;
};

template <class P>
void expect_refused(const std::vector<RefusedCase>& table) {
  for (const auto& [before, behind, expected] : table) {
    const Outcome outcome = outcome_of<P>(before + behind);
    const Outcome refused{http::Progress::refused, before.size(), false, expected};
    EXPECT_EQ(outcome, refused) << before << "|" << behind;
  }
}

// Beginnings of requests, up to the fields, the length and the first chunk.
inline const std::string get = "GET / HTTP/1.1\r\n";               // 16 bytes
inline const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";  // 17 + 9 = 26 bytes
inline const std::string chunked =
    head + "Transfer-Encoding: chunked\r\n\r\n";  // 26 + 30 = 56 bytes

}  // namespace wib::props
