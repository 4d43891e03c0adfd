// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 requests (RFC 9110, RFC 9112) that are accepted, and those that are not whole yet.
#include <gtest/gtest.h>

#include "props/support/http_outcome.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

TEST(HttpRequest, Accepts) {
  const std::vector<Case> table = {
      {"GET /setup HTTP/1.1\r\nHost: h\r\n\r\n", "GET target=/setup body= keep"},
      {"GET /setup HTTP/1.0\r\n\r\n", "GET target=/setup body= close"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET target=/ body= keep"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", "GET target=/ body= close"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive, x\r\n\r\n", "GET target=/ body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, close\r\n\r\n",
       "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: CLOSE\r\n\r\n", "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: ,a\t,close\t,\r\n\r\n",
       "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\t\r\n\r\n", "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: closed, xclose\r\n\r\n",
       "GET target=/ body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection:\r\n\r\n", "GET target=/ body= keep"},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nConnection: x\r\n\r\n",
       "GET target=/ body= keep"},
      {"GET / HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
       "GET target=/ body= close"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
       "GET target=/ body= close"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
       "POST target=/p content body=hello keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\n\r\n", "POST target=/p body= keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
       "POST target=/p content body= keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 0005\r\n\r\nhello",
       "POST target=/p content body=hello keep"},
      {"POST /p HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
       "POST target=/p content body=hello close"},
      {"GET /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
       "GET target=/p content body=hello keep"},
      {"POST /p HTTP/1.1\r\nHOST:h\r\ncontent-LENGTH:5\r\n\r\nhello",
       "POST target=/p content body=hello keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: \t 5 \r\n\r\n\r\n\r\n" +
           std::string(1, '\0'),
       "POST target=/p content body=\r\n\r\n" + std::string(1, '\0') + " keep"},
      // Chunks.
      {"POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "POST target=/p content body= keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
       "5\r\nhello\r\n00a\r\n0123456789\r\nA\r\nabcdefghij\r\n000\r\n\r\n",
       "POST target=/p content body=hello0123456789abcdefghij keep"},
      {"POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0000000000000002\r\n\r\n\r\n0000000000000000\r\n\r\n",
       "POST target=/p content body=\r\n keep"},
      // Cookie, Content-Type; white space around a value; what is allowed in one.
      {"GET / HTTP/1.1\r\nHost: h\r\nCookie: wib=1; a=b\r\n\r\n",
       "GET target=/ cookie=wib=1; a=b body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nCookie:\t a \t\r\n\r\n", "GET target=/ cookie=a body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nCookie:\r\n\r\n", "GET target=/ cookie= body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nCookie:  \r\n\r\n", "GET target=/ cookie= body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nSet-Cookie: a\r\n\r\n", "GET target=/ body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\ncOOKIE: a:b\tc\x80\xff\r\n\r\n",
       "GET target=/ cookie=a:b\tc\x80\xff body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nContent-Type: application/cbor\r\nCookies: x\r\n\r\n",
       "GET target=/ type=application/cbor body= keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: \r\nX: a\r\n!#$%&'*+-.^_`|~09: b\r\n\r\n",
       "GET target=/ body= keep"},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET target=/ body= keep"},
      {"GET / HTTP/1.1\r\nHost: [fe80::1]:8080\r\n\r\n", "GET target=/ body= keep"},
      // Targets are passed on as they are.
      {"GET * HTTP/1.1\r\nHost: h\r\n\r\n", "GET target=* body= keep"},
      {"GET //setup HTTP/1.1\r\nHost: h\r\n\r\n", "GET target=//setup body= keep"},
      {"GET /%2e/set%75p?a=b HTTP/1.1\r\nHost: h\r\n\r\n",
       "GET target=/%2e/set%75p?a=b body= keep"},
      {"GET http://h/setup HTTP/1.1\r\nHost: h\r\n\r\n", "GET target=http://h/setup body= keep"},
      // Other methods, and what asks for another protocol: neither swallows the content.
      {"HEAD /setup HTTP/1.1\r\nHost: h\r\n\r\n", "other target=/setup body= keep"},
      {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "other target=* body= keep"},
      {"DELETE / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx",
       "other target=/ content body=x keep"},
      {"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", "other target=h:80 body= keep"},
      {"CONNECT h:80 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
       "other target=h:80 content body=abc keep"},
      {"CONNECT h:80 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
       "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
       "other target=h:80 content body=abc keep"},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
       "GET target=/ body= keep"},
      {"POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
       "Content-Length: 3\r\n\r\nabc",
       "POST target=/ content body=abc keep"},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
       "POST target=/ content body=abc keep"},
  };
  for (const auto& [stream, expected] : table) {
    EXPECT_EQ(outcome_of<RequestParser>(stream), accepted(stream.size(), expected)) << stream;
  }
}

TEST(HttpRequest, AsksForMore) {
  const std::string whole = chunked + "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Outcome outcome = outcome_of<RequestParser>(std::string_view(whole).substr(0, size));
    EXPECT_EQ(outcome, (Outcome{Progress::need_more, size, size == 0, ""})) << size;
  }
}

}  // namespace
}  // namespace wib::http
