// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 responses: what is accepted and what is refused.
#include <gtest/gtest.h>

#include "props/support/http_outcome.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

TEST(HttpResponse, Accepts) {
  const std::vector<Case> table = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 body=hi keep"},
      {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 body= keep"},
      {"HTTP/1.1 200 all \t\x80 good\r\nContent-Length: 0\r\n\r\n", "200 body= keep"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 body=hi close"},
      {"HTTP/1.1 204 No Content\r\n\r\n", "204 body= keep"},
      {"HTTP/1.1 304 Not Modified\r\n\r\n", "304 body= keep"},
      {"HTTP/1.1 599 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "599 body= close"},
      {"HTTP/1.1 200 OK\r\nSet-Cookie: wib=1; Path=/setup\r\nContent-Type: application/cbor\r\n"
       "Content-Length: 1\r\n\r\nx",
       "200 set-cookie=wib=1; Path=/setup type=application/cbor body=x keep"},
      {"HTTP/1.1 200 OK\r\nCookie: a\r\nContent-Length: 0\r\n\r\n", "200 body= keep"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
       "200 body=hi keep"},
      {"HTTP/1.1 200 OK\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi",
       "200 body=hi keep"},
  };
  for (const auto& [stream, expected] : table) {
    EXPECT_EQ(outcome_of<ResponseParser>(stream), accepted(stream.size(), expected)) << stream;
  }
}

TEST(HttpResponse, Refuses) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";  // 17 bytes
  const std::string range = "400 out of range status line: code out of range @9";
  expect_refused<ResponseParser>({
      {"\r\n", ok, "400 malformed status line: empty @0"},
      {"HTTP/1.1 200 OK\n", "\n", "400 malformed http: bare LF @15"},
      {"HTTP/1.1 200 O\rK\r\n", "\r\n", "400 malformed http: bare CR @14"},
      {"HTTP/1.1 200 O\x01K\r\n", "\r\n", "400 malformed status line: control character @14"},
      {"HTTP/1.1 200\r\n", "\r\n", "400 malformed status line: no space behind the code @12"},
      {"HTTP/1.1 200OK\r\n", "\r\n", "400 malformed status line: no space behind the code @12"},
      {"HTTP/1.1 2000 OK\r\n", "\r\n", "400 malformed status line: no space behind the code @12"},
      {"HTTP/1.1 20 OK\r\n", "\r\n", "400 malformed status line: code @11"},
      {"HTTP/1.1  200 OK\r\n", "\r\n", "400 malformed status line: code @9"},
      {"HTTP/1.1 +20 OK\r\n", "\r\n", "400 malformed status line: code @9"},
      {"HTTP/1.1\r\n", "\r\n", "400 malformed status line: no space before the code @8"},
      {"HTTP/1.1200 OK\r\n", "\r\n", "400 malformed status line: no space before the code @8"},
      {"HTTP/1.1 100 Continue\r\n", "\r\n" + ok, range},
      {"HTTP/1.1 101 Switching Protocols\r\n", "\r\n", range},
      {"HTTP/1.1 199 x\r\n", "\r\n", range},
      {"HTTP/1.1 600 x\r\n", "\r\n", range},
      {"HTTP/1.1 000 x\r\n", "\r\n", range},
      {"HTTP/2.0 200 OK\r\n", "\r\n", "505 out of range http: version not supported @5"},
      {"http/1.1 200 OK\r\n", "\r\n", "400 malformed http: version @0"},
      {"GET / HTTP/1.1\r\n", "\r\n", "400 malformed http: version @0"},
      {ok + "\r\n", "to the end", "400 missing field framing: response without a length @17"},
      {"HTTP/1.1 204 x\r\nContent-Length: 1\r\n\r\n", "x",
       "400 malformed framing: length of a response without content @35"},
      {"HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n", "",
       "400 malformed framing: length of a response without content @35"},
      {"HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n",
       "400 malformed framing: length of a response without content @44"},
      {ok + "Content-Length: 1\r\nContent-Length: 1\r\n", "\r\nx",
       "400 malformed field: comes twice @36"},
      {ok + "Set-Cookie: a\r\nSet-Cookie: b\r\n", "\r\n", "400 malformed field: comes twice @32"},
      {ok + "Content-Length: 8193\r\n", "\r\n", "413 out of range content-length: too large @33"},
      {ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "\r\n",
       "400 malformed framing: Content-Length with Transfer-Encoding @55"},
      {ok + "Transfer-Encoding: gzip\r\n", "\r\n",
       "400 malformed transfer-encoding: not chunked @36"},
  });
}

}  // namespace
}  // namespace wib::http
