// SPDX-License-Identifier: Apache-2.0
//
// The limits of http.h: one below, on it, one above.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "props/support/http_outcome.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

TEST(HttpLimits, Target) {
  for (const std::size_t size : {max_target - 1, max_target, max_target + 1, std::size_t{900}}) {
    const std::string target = "/" + std::string(size - 1, 'a');
    const std::string line = "GET " + target + " HTTP/1.0\r\n";
    EXPECT_EQ(outcome_of<RequestParser>(line + "\r\n"),
              size <= max_target
                  ? accepted(line.size() + 2, "GET target=" + target + " body= close")
                  : refused(line.size(), "404 out of range request line: target too long @68"))
        << size;
  }
  // Longer than a line may be: refused as soon as that is seen.
  const std::string endless = "GET /" + std::string(max_field_line + 2 - 5, 'a');
  EXPECT_EQ(outcome_of<RequestParser>(endless),
            refused(endless.size(), "404 out of range request line: target too long @68"));
}

TEST(HttpLimits, RequestLine) {
  const std::string endless(max_field_line + 2, 'A');
  EXPECT_EQ(outcome_of<RequestParser>(endless),
            refused(endless.size(), "431 out of range head: line too long @1024"));
  const std::string full = std::string(max_field_line - 11, 'A') + " / HTTP/1.1";
  EXPECT_EQ(outcome_of<RequestParser>(full + "\r\n"),
            refused(max_field_line + 2, "400 malformed Invalid method encountered @1"));
  EXPECT_EQ(outcome_of<RequestParser>("AA" + full + "\r\n"),
            refused(max_field_line + 2, "431 out of range head: line too long @1024"));
}

TEST(HttpLimits, StatusLine) {
  for (const std::size_t size : {max_field_line - 1, max_field_line, max_field_line + 1}) {
    const std::string line = "HTTP/1.1 204 " + std::string(size - 13, 'a') + "\r\n";
    EXPECT_EQ(outcome_of<ResponseParser>(line + "\r\n"),
              size <= max_field_line
                  ? accepted(line.size() + 2, "204 body= keep")
                  : refused(max_field_line + 2, "431 out of range head: line too long @1024"))
        << size;
  }
}

TEST(HttpLimits, FieldLine) {
  for (const std::size_t size : {max_field_line - 1, max_field_line, max_field_line + 1}) {
    for (const std::string_view field : {"Cookie:", "Content-Type:", "X:"}) {
      const std::string value(size - field.size(), 'a');
      const std::string start = "GET / HTTP/1.0\r\n";
      const std::string stream = start + std::string(field) + value + "\r\n\r\n";
      const std::string shown = field == "Cookie:"         ? " cookie=" + value
                                : field == "Content-Type:" ? " type=" + value
                                                           : "";
      EXPECT_EQ(outcome_of<RequestParser>(stream),
                size <= max_field_line
                    ? accepted(stream.size(), "GET target=/" + shown + " body= close")
                    : refused(start.size() + max_field_line + 2,
                              "431 out of range head: line too long @1040"))
          << size << field;
    }
  }
}

TEST(HttpLimits, NumberOfFields) {
  for (const std::size_t count : {max_fields - 1, max_fields, max_fields + 1}) {
    std::string stream = "GET / HTTP/1.0\r\n";
    for (std::size_t i = 0; i < std::min(count, max_fields); ++i) stream += "X: y\r\n";
    const std::size_t size = stream.size();
    if (count > max_fields) stream += "X: y\r\n";
    stream += "\r\n";
    EXPECT_EQ(outcome_of<RequestParser>(stream),
              count <= max_fields ? accepted(stream.size(), "GET target=/ body= close")
                                  : refused(size + 2, "431 out of range head: too many fields @" +
                                                          std::to_string(size)))
        << count;
  }
}

TEST(HttpLimits, Head) {
  for (const std::size_t total : {max_head - 1, max_head, max_head + 1}) {
    std::string stream = "GET / HTTP/1.0\r\n";
    std::size_t left = total - 14;
    std::size_t last = 0;
    while (left > 0) {
      last = stream.size();
      const std::size_t line = std::min(left, max_field_line);
      stream += "X:" + std::string(line - 2, 'a') + "\r\n";
      left -= line;
    }
    stream += "\r\n";
    const std::size_t fits = max_head - 14 - 7 * max_field_line;  // of the last line
    EXPECT_EQ(outcome_of<RequestParser>(stream),
              total <= max_head ? accepted(stream.size(), "GET target=/ body= close")
                                : refused(last + fits + 2, "431 out of range head: too large @" +
                                                               std::to_string(last + fits)))
        << total;
  }
}

TEST(HttpLimits, ContentLength) {
  for (const std::size_t size : {max_body - 1, max_body}) {
    const std::string body(size, 'b');
    const std::string stream = head + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + body;
    EXPECT_EQ(outcome_of<RequestParser>(stream),
              accepted(stream.size(), "POST target=/ content body=" + body + " keep"));
  }
  // Refused from the field alone, before any content.
  for (const std::string length :
       {"8193", "00008193", "4294967296", "18446744073709551615", "18446744073709551616",
        "18446744073709559808", "99999999999999999999999999999999999999"}) {
    const std::string field = "Content-Length: " + length + "\r\n";
    EXPECT_EQ(outcome_of<RequestParser>(head + field),
              refused(26 + field.size(), "413 out of range content-length: too large @42"));
  }
}

TEST(HttpLimits, Chunks) {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{1000}, max_body}) {
    for (const std::size_t size : {max_body - 1, max_body, max_body + 1}) {
      std::string stream = chunked;
      std::size_t left = size;
      std::size_t last = 0;
      std::size_t last_end = 0;
      while (left > 0) {
        const std::size_t now = std::min(left, chunk);
        std::array<char, 20> digits{};
        const int digits_size = std::snprintf(digits.data(), digits.size(), "%zx", now);
        last = stream.size();
        stream += std::string(digits.data(), static_cast<std::size_t>(digits_size)) + "\r\n";
        last_end = stream.size();
        stream += std::string(now, 'b') + "\r\n";
        left -= now;
      }
      stream += "0\r\n\r\n";
      const Outcome expected =
          size <= max_body
              ? accepted(stream.size(),
                         "POST target=/ content body=" + std::string(size, 'b') + " keep")
              : refused(last_end,
                        "413 out of range chunk: body too large @" + std::to_string(last));
      EXPECT_EQ(outcome_of<RequestParser>(stream), expected) << chunk << " " << size;
    }
  }
  for (const std::string size : {"2001", "ffffffff", "FFFFFFFFFFFFFFFF"}) {
    EXPECT_EQ(outcome_of<RequestParser>(chunked + size + "\r\n"),
              refused(56 + size.size() + 2, "413 out of range chunk: body too large @56"));
  }
  EXPECT_EQ(outcome_of<RequestParser>(chunked + std::string(18, 'f')),
            refused(56 + 18, "413 out of range chunk: body too large @56"));
}

}  // namespace
}  // namespace wib::http
