// SPDX-License-Identifier: Apache-2.0
//
// Requests that are refused: start lines, fields, framing (request smuggling), chunks; each with
// its status, code, place and offset.
#include <gtest/gtest.h>

#include "props/support/http_outcome.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

TEST(HttpRequest, RefusesStartLines) {
  expect_refused<RequestParser>({
      {"\r\n", get, "400 malformed request line: empty @0"},
      {"\n", get, "400 malformed http: bare LF @0"},
      {"GET / HTTP/1.1\n", "Host: h\n\n", "400 malformed http: bare LF @14"},
      {"GET / \rHTTP/1.1\r\n", "\r\n", "400 malformed http: bare CR @6"},
      {"GET\r / HTTP/1.1\r\n", "\r\n", "400 malformed http: bare CR @3"},
      {"GET /\r HTTP/1.1\r\n", "\r\n", "400 malformed http: bare CR @5"},
      {"GET / HTTP/1.1\r\r\n", "\r\n", "400 malformed http: bare CR @14"},
      {" GET / HTTP/1.1\r\n", "\r\n", "400 malformed request line: method @0"},
      {"GET  / HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @4"},
      {"GET\t/ HTTP/1.1\r\n", "\r\n", "400 malformed request line: method @3"},
      {"GET /\tHTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {"GET /  HTTP/1.1\r\n", "\r\n", "400 malformed http: version @6"},
      {"GET / HTTP/1.1 \r\n", "\r\n", "400 malformed request line: end @14"},
      {"GET / HTTP/1.1\t\r\n", "\r\n", "400 malformed request line: end @14"},
      {"GET / x HTTP/1.1\r\n", "\r\n", "400 malformed http: version @6"},
      {"GET / HTTP/1.1 HTTP/1.1\r\n", "\r\n", "400 malformed request line: end @14"},
      {"GET\r\n", "\r\n", "400 malformed request line: no target @3"},
      {"GET /\r\n", "\r\n", "400 malformed request line: no version @5"},
      {"GET / \r\n", "\r\n", "400 malformed http: no version @6"},
      {"GET / HTTP\r\n", "\r\n", "400 malformed http: no version @10"},
      {"GET / HTTP/1.\r\n", "\r\n", "400 malformed http: no version @13"},
      {"GET / http/1.1\r\n", "\r\n", "400 malformed http: version @6"},
      {"GET / HTTP/1,1\r\n", "\r\n", "400 malformed http: version @12"},
      {"GET / HTTP/11.1\r\n", "\r\n", "400 malformed http: version @12"},
      {"GET / HTTP/1.10\r\n", "\r\n", "400 malformed request line: end @14"},
      {"GET / HTTP/0.9\r\n", "\r\n", "505 out of range http: version not supported @11"},
      {"GET / HTTP/1.2\r\n", "\r\n", "505 out of range http: version not supported @11"},
      {"GET / HTTP/2.0\r\n", "\r\n", "505 out of range http: version not supported @11"},
      {"PRI * HTTP/2.0\r\n", "\r\nSM\r\n\r\n", "505 out of range http: version not supported @11"},
      {"GET / ICE/1.0\r\n", "\r\n", "400 malformed http: version @6"},
      {"OPTIONS / RTSP/1.0\r\n", "\r\n", "400 malformed http: version @10"},
      {"GET /# HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {"GET /\" HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {"GET /\\ HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {"GET /\x7f HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {"GET /\x80 HTTP/1.1\r\n", "\r\n", "400 malformed request line: target @5"},
      {std::string("GET /\0 HTTP/1.1\r\n", 17), "\r\n", "400 malformed request line: target @5"},
      {"G(T / HTTP/1.1\r\n", "\r\n", "400 malformed request line: method @1"},
      {"{\"a\":1}\r\n", "\r\n", "400 malformed request line: method @0"},
      // What llhttp says: methods in its list alone, spelt as they are, and targets of a form that
      // it knows.
      {"get / HTTP/1.1\r\n", "\r\n", "400 malformed Invalid method encountered @0"},
      {"GETS / HTTP/1.1\r\n", "\r\n", "400 malformed Expected space after method @3"},
      {"GE / HTTP/1.1\r\n", "\r\n", "400 malformed Invalid method encountered @2"},
      {"FOO / HTTP/1.1\r\n", "\r\n", "400 malformed Invalid method encountered @1"},
      {"DESCRIBE / HTTP/1.1\r\n", "\r\n", "400 malformed Invalid method for HTTP/x.x request @16"},
      {"PRI * HTTP/1.1\r\nHost: h\r\n", "\r\n",
       "400 malformed Expected HTTP/2 Connection Preface @16"},
      {"GET setup HTTP/1.1\r\n", "\r\n", "400 malformed Invalid characters in url @10"},
      {"GET ?a HTTP/1.1\r\n", "\r\n", "400 malformed Unexpected start char in url @4"},
  });
}

TEST(HttpRequest, RefusesFields) {
  expect_refused<RequestParser>({
      {get + "Host: h\n", "\n", "400 malformed http: bare LF @23"},
      {get + "Host: h\r\n\n", "", "400 malformed http: bare LF @25"},
      {get + "Host: a\rb\r\n", "\r\n", "400 malformed http: bare CR @23"},
      {get + "Host: h\r\r\n", "\r\n", "400 malformed http: bare CR @23"},
      {get + "Ho\rst: h\r\n", "\r\n", "400 malformed http: bare CR @18"},
      {get + "\rHost: h\r\n", "\r\n", "400 malformed http: bare CR @16"},
      {get + " Host: h\r\n", "\r\n", "400 malformed field: white space before the name @16"},
      {get + "Host: h\r\n x\r\n", "\r\n", "400 malformed field: white space before the name @25"},
      {get + "Host: h\r\n\tx\r\n", "\r\n", "400 malformed field: white space before the name @25"},
      {get + "Host: h\r\n \r\n", "\r\n", "400 malformed field: white space before the name @25"},
      {get + "Host : h\r\n", "\r\n", "400 malformed field: white space before the colon @20"},
      {get + "Host\t: h\r\n", "\r\n", "400 malformed field: white space before the colon @20"},
      {get + "Host h\r\n", "\r\n", "400 malformed field: white space before the colon @20"},
      {get + "Host\r\n", "\r\n", "400 malformed field: no colon @20"},
      {get + ": h\r\n", "\r\n", "400 malformed field: name @16"},
      {get + "Ho(st: h\r\n", "\r\n", "400 malformed field: name @18"},
      {get + "H\xc3\xb6st: h\r\n", "\r\n", "400 malformed field: name @17"},
      {get + std::string("Ho\0st: h\r\n", 10), "\r\n", "400 malformed field: name @18"},
      {get + std::string("X: a\0b\r\n", 8), "\r\n", "400 malformed field: control character @20"},
      {get + "X: a\x01\r\n", "\r\n", "400 malformed field: control character @20"},
      {get + "X: a\x1f\r\n", "\r\n", "400 malformed field: control character @20"},
      {get + "X: a\x7f\r\n", "\r\n", "400 malformed field: control character @20"},
      {get + "X: a\x0b\r\n", "\r\n", "400 malformed field: control character @20"},
      // What has to be there, and once.
      {get + "\r\n", "", "400 missing field head: no Host @16"},
      {get + "Hosts: h\r\n\r\n", "", "400 missing field head: no Host @26"},
      {get + "Host: h\r\nHost: h\r\n", "\r\n", "400 malformed field: comes twice @25"},
      {get + "Host: h\r\nhOST:\r\n", "\r\n", "400 malformed field: comes twice @25"},
      {get + "Cookie: a\r\nCookie: b\r\n", "\r\n", "400 malformed field: comes twice @27"},
      {get + "Cookie:\r\nCookie:\r\n", "\r\n", "400 malformed field: comes twice @25"},
      {get + "Set-Cookie: a\r\nSet-Cookie: a\r\n", "\r\n", "400 malformed field: comes twice @31"},
      {get + "Content-Type: a\r\nContent-Type: a\r\n", "\r\n",
       "400 malformed field: comes twice @33"},
      {get + "Host: a b\r\n", "\r\n", "400 malformed host: character not allowed @23"},
      {get + "Connection: close x\r\n", "\r\n",
       "400 malformed connection: not a list of options @34"},
      {get + "Connection: close\r\nConnection: ;\r\n", "\r\n",
       "400 malformed connection: not a list of options @47"},
      {get + "Host: a/b\r\n", "\r\n", "400 malformed host: character not allowed @23"},
      {get + "Host: u@h\r\n", "\r\n", "400 malformed host: character not allowed @23"},
  });
}

// The classics of request smuggling: what makes one reader end a message where another does not.
TEST(HttpRequest, RefusesAmbiguousFraming) {
  const std::string length = "Content-Length: 5\r\n";
  const std::string te = "Transfer-Encoding: chunked\r\n";
  const std::string not_a_number = "400 malformed content-length: not a number ";
  const std::string not_chunked = "400 malformed transfer-encoding: not chunked ";
  const std::string both = "400 malformed framing: Content-Length with Transfer-Encoding ";
  expect_refused<RequestParser>({
      {head + length + te, "\r\n0\r\n\r\n", both + "@64"},
      {head + te + length, "\r\n0\r\n\r\n", both + "@70"},
      {head + length + "tRANSFER-eNCODING: identity\r\n", "\r\n", both + "@64"},
      {head + length + length, "\r\nhello", "400 malformed field: comes twice @45"},
      {head + length + "Content-Length: 6\r\n", "\r\nhello",
       "400 malformed field: comes twice @45"},
      {head + te + te, "\r\n0\r\n\r\n", "400 malformed field: comes twice @54"},
      {head + "Content-Length:\r\n", "\r\n", not_a_number + "@41"},
      {head + "Content-Length: \r\n", "\r\n", not_a_number + "@42"},
      {head + "Content-Length: +5\r\n", "\r\nhello", not_a_number + "@42"},
      {head + "Content-Length: -5\r\n", "\r\nhello", not_a_number + "@42"},
      {head + "Content-Length: 5,5\r\n", "\r\nhello", not_a_number + "@43"},
      {head + "Content-Length: 5, 5\r\n", "\r\nhello", not_a_number + "@43"},
      {head + "Content-Length: 5 5\r\n", "\r\nhello", not_a_number + "@43"},
      {head + "Content-Length: 0x5\r\n", "\r\nhello", not_a_number + "@43"},
      {head + "Content-Length: 5.0\r\n", "\r\nhello", not_a_number + "@43"},
      {head + "Content-Length: five\r\n", "\r\nhello", not_a_number + "@42"},
      {head + "Content-Length: 5\x0b\r\n", "\r\nhello",
       "400 malformed field: control character @43"},
      {head + "Content-Length : 5\r\n", "\r\nhello",
       "400 malformed field: white space before the colon @40"},
      {head + "Content-Length 5\r\n", "\r\nhello",
       "400 malformed field: white space before the colon @40"},
      {head + "Transfer-Encoding : chunked\r\n", "\r\n",
       "400 malformed field: white space before the colon @43"},
      {head + "Transfer-Encoding\x0b: chunked\r\n", "\r\n", "400 malformed field: name @43"},
      {head + "X: y\r\n Transfer-Encoding: chunked\r\n", "\r\n",
       "400 malformed field: white space before the name @32"},
      {head + "Transfer-Encoding:\r\n", " chunked\r\n\r\n", not_chunked + "@44"},
      {head + "Transfer-Encoding: xchunked\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: chunkedx\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: chunke\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: identity\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: gzip\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: gzip, chunked\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: chunked, identity\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: chunked, chunked\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: chunked;q=1\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: ,chunked\r\n", "\r\n", not_chunked + "@45"},
      {head + "Transfer-Encoding: \"chunked\"\r\n", "\r\n", not_chunked + "@45"},
      {"POST / HTTP/1.0\r\n" + te, "\r\n0\r\n\r\n",
       "400 malformed framing: Transfer-Encoding in HTTP/1.0 @36"},
  });
}

TEST(HttpRequest, RefusesChunks) {
  const std::string size = "400 malformed chunk: size ";
  expect_refused<RequestParser>({
      {chunked + "5;a=b\r\n", "hello\r\n0\r\n\r\n", "400 malformed chunk: extension @57"},
      {chunked + "5;\r\n", "hello\r\n0\r\n\r\n", "400 malformed chunk: extension @57"},
      {chunked + "5;" + std::string(16, 'x'), "", "400 malformed chunk: extension @57"},
      {chunked + "0;a\r\n", "\r\n", "400 malformed chunk: extension @57"},
      {chunked + ";a\r\n", "\r\n", size + "@56"},
      {chunked + "5 \r\n", "hello\r\n0\r\n\r\n", size + "@57"},
      {chunked + " 5\r\n", "hello\r\n0\r\n\r\n", size + "@56"},
      {chunked + "5\t\r\n", "hello\r\n0\r\n\r\n", size + "@57"},
      {chunked + "0x5\r\n", "hello\r\n0\r\n\r\n", size + "@57"},
      {chunked + "-1\r\n", "\r\n", size + "@56"},
      {chunked + "+5\r\n", "\r\n", size + "@56"},
      {chunked + "g\r\n", "\r\n", size + "@56"},
      {chunked + "\r\n", "\r\n", "400 malformed chunk: no size @56"},
      {chunked + "5\n", "hello\r\n0\r\n\r\n", "400 malformed http: bare LF @57"},
      {chunked + "5\r\r\n", "hello", "400 malformed http: bare CR @57"},
      {chunked + "5\r\nhello\n", "0\r\n\r\n", "400 malformed http: bare LF @64"},
      {chunked + "5\r\nhello!\r", "\n0\r\n\r\n",
       "400 malformed chunk: no CRLF behind the data @64"},
      {chunked + "5\r\nhello0\r", "\n\r\n", "400 malformed chunk: no CRLF behind the data @64"},
      {chunked + "5\r\nhello\r\r", "\n\r\n", "400 malformed chunk: no CRLF behind the data @64"},
      {chunked + "0\r\n\n", "", "400 malformed http: bare LF @59"},
      {chunked + "0\r\nX:", " y\r\n\r\n", "400 malformed chunk: trailer @59"},
      {chunked + "0\r\nHo", "st: h\r\n\r\n", "400 malformed chunk: trailer @59"},
      {chunked + std::string(18, '0'), "\r\n\r\n", "400 malformed chunk: size too long @72"},
  });
}

}  // namespace
}  // namespace wib::http
