// SPDX-License-Identifier: Apache-2.0
//
// Covers: HTTP/1.1 messages (RFC 9110, RFC 9112): parsers, writers, limits, request smuggling.
#include "props/support/more_cases.h"
#include "protocol/http.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/beast/http.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace wib::http {
namespace {

[[maybe_unused]] const bool enough = props::more_cases(2000);

// --- Running a parser ----------------------------------------------------------------------------

// All that a caller can see of what a parser made of a stream.
struct Outcome {
  Progress progress = Progress::need_more;
  std::size_t consumed = 0;
  bool finished = false;
  std::string message;  // every field of the request or response, or of the refusal

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << "{progress " << static_cast<int>(outcome.progress) << ", consumed "
             << outcome.consumed << ", finished " << outcome.finished << ", " << outcome.message
             << "}";
}

std::string describe(const Request& request) {
  const char* method = request.method == Method::get    ? "GET"
                       : request.method == Method::post ? "POST"
                                                        : "other";
  std::string text = method;
  text += " target=" + std::string(request.target);
  if (request.has_cookie) text += " cookie=" + std::string(request.cookie);
  if (request.has_content_type) text += " type=" + std::string(request.content_type);
  if (request.has_content) text += " content";
  text += " body=" + std::string(as_text(request.body));
  return text + (request.keep_alive ? " keep" : " close");
}

std::string describe(const Response& response) {
  std::string text = std::to_string(response.status);
  if (response.has_set_cookie) text += " set-cookie=" + std::string(response.set_cookie);
  if (response.has_content_type) text += " type=" + std::string(response.content_type);
  text += " body=" + std::string(as_text(response.body));
  return text + (response.keep_alive ? " keep" : " close");
}

std::string describe(const Refusal& refusal) {
  return std::to_string(static_cast<unsigned>(refusal.status)) + " " +
         std::string(name(refusal.error.code)) + " " + std::string(refusal.error.where) + " @" +
         std::to_string(refusal.error.offset);
}

const Request& message_of(const RequestParser& parser) { return parser.request(); }
const Response& message_of(const ResponseParser& parser) { return parser.response(); }

// Feeds `stream` in pieces that end at `cuts` (in ascending order) and at its end. Each piece is
// its own allocation, so that a sanitizer sees a parser that looks behind it or keeps a view.
template <class P>
Outcome run(P& parser, std::string_view stream, const std::vector<std::size_t>& cuts = {}) {
  Outcome outcome;
  std::size_t begin = 0;
  const auto feed = [&](std::size_t end) {
    const std::vector<Byte> piece(stream.begin() + begin, stream.begin() + end);
    const Fed fed = parser.feed(piece);
    outcome.progress = fed.progress;
    outcome.consumed += fed.consumed;
    if (fed.progress == Progress::need_more) {
      EXPECT_EQ(fed.consumed, piece.size());
    }
    begin = end;
  };
  for (const std::size_t cut : cuts) feed(cut);
  feed(stream.size());
  outcome.finished = parser.finish();
  if (outcome.progress == Progress::complete) outcome.message = describe(message_of(parser));
  if (outcome.progress == Progress::refused) outcome.message = describe(parser.refusal());
  return outcome;
}

std::vector<std::size_t> every_byte(std::string_view stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < stream.size(); ++i) cuts.push_back(i);
  return cuts;
}

// The outcome for `stream`; checks that it is the same one byte at a time, in a parser that has
// been used before, and with more bytes behind, none of which are consumed.
template <class P>
Outcome outcome_of(std::string_view stream) {
  const auto parser = std::make_unique<P>();
  const Outcome whole = run(*parser, stream);
  parser->reset();
  EXPECT_EQ(run(*parser, stream, every_byte(stream)), whole) << stream;
  if (whole.progress == Progress::need_more) return whole;
  const Fed again = parser->feed(as_bytes("more"));
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

Outcome accepted(std::size_t size, std::string message) {
  return {Progress::complete, size, true, std::move(message)};
}

// --- Requests ------------------------------------------------------------------------------------

struct Case {
  std::string stream;
  std::string expected;
};

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
    const Outcome refused{Progress::refused, before.size(), false, expected};
    EXPECT_EQ(outcome, refused) << before << "|" << behind;
  }
}

const std::string get = "GET / HTTP/1.1\r\n";                             // 16 bytes
const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";                // 17 + 9 = 26 bytes
const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";  // 26 + 30 = 56 bytes

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

TEST(HttpRequest, AsksForMore) {
  const std::string whole = chunked + "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Outcome outcome = outcome_of<RequestParser>(std::string_view(whole).substr(0, size));
    EXPECT_EQ(outcome, (Outcome{Progress::need_more, size, size == 0, ""})) << size;
  }
}

// --- Limits --------------------------------------------------------------------------------------

Outcome refused(std::size_t consumed, std::string message) {
  return {Progress::refused, consumed, false, std::move(message)};
}

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

// --- Responses -----------------------------------------------------------------------------------

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

// --- The life of a parser ------------------------------------------------------------------------

TEST(HttpParser, ReadsOneMessageAfterAnother) {
  const std::string first = head + "Cookie: a\r\nContent-Type: t\r\nContent-Length: 2\r\n\r\nhi";
  const std::string second = "GET /x HTTP/1.0\r\n\r\n";
  const std::string third = "GET /y HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  const std::string stream = first + second + third + first;
  for (const bool whole : {true, false}) {
    const auto parser = std::make_unique<RequestParser>();
    std::vector<std::string> seen;
    std::size_t position = 0;
    while (position < stream.size()) {
      const std::size_t size = whole ? stream.size() - position : 1;
      const Fed fed = parser->feed(as_bytes(std::string_view(stream).substr(position, size)));
      ASSERT_NE(fed.progress, Progress::refused);
      position += fed.consumed;
      if (fed.progress != Progress::complete) continue;
      EXPECT_TRUE(parser->finish());
      seen.push_back(describe(parser->request()));
      parser->reset();
      EXPECT_TRUE(parser->finish());
    }
    const std::string shown = "POST target=/ cookie=a type=t content body=hi keep";
    EXPECT_EQ(seen, (std::vector<std::string>{shown, "GET target=/x body= close",
                                              "GET target=/y body= close", shown}));
  }
}

TEST(HttpParser, WipesTheMessage) {
  const std::string secret = "correct horse battery staple";
  const std::string stream = head + "Cookie: " + secret + "\r\nContent-Length: 28\r\n\r\n" + secret;
  // The end of it: a shorter line may have gone over the beginning.
  const std::string tail = secret.substr(secret.size() - 8, 7);
  const auto contains = [&](const auto& memory) {
    const std::string_view text(reinterpret_cast<const char*>(memory.data()), memory.size());
    return text.find(tail) != std::string_view::npos;
  };
  for (const auto& cuts : {std::vector<std::size_t>{}, every_byte(stream)}) {
    alignas(RequestParser) std::array<Byte, sizeof(RequestParser)> memory{};
    auto* parser = new (memory.data()) RequestParser;
    EXPECT_EQ(run(*parser, stream, cuts).progress, Progress::complete);
    EXPECT_TRUE(contains(memory));
    parser->reset();
    EXPECT_FALSE(contains(memory));
    // Also what came of a message that is not complete: of its content, and of a line.
    for (const std::size_t cut : {stream.size() - 1, head.size() + 8 + secret.size()}) {
      parser->reset();
      EXPECT_EQ(run(*parser, std::string_view(stream).substr(0, cut)).progress,
                Progress::need_more);
      parser->reset();
      EXPECT_FALSE(contains(memory)) << cut;
    }
    EXPECT_EQ(run(*parser, stream, cuts).progress, Progress::complete);
    parser->~RequestParser();
    EXPECT_FALSE(contains(memory));
  }
}

TEST(HttpParser, TakesEmptyInput) {
  const auto parser = std::make_unique<RequestParser>();
  const Fed fed = parser->feed({});
  EXPECT_EQ(fed.consumed, 0U);
  EXPECT_EQ(fed.progress, Progress::need_more);
  EXPECT_TRUE(parser->finish());
}

// --- Writers -------------------------------------------------------------------------------------

std::string text_of(const Result<ByteView>& result) {
  return result ? std::string(as_text(*result)) : std::string(name(result.error().code));
}

TEST(HttpWriters, WriteExactly) {
  std::vector<Byte> out(1024);
  EXPECT_EQ(text_of(write_request({Method::get, "/setup", "h", "wib=1", ""}, {}, out)),
            "GET /setup HTTP/1.1\r\nHost: h\r\nCookie: wib=1\r\n\r\n");
  EXPECT_EQ(text_of(write_request({Method::post, "/p", "h", "", "t/s"}, as_bytes("hi"), out)),
            "POST /p HTTP/1.1\r\nHost: h\r\nContent-Type: t/s\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(text_of(write_request({Method::post, "/p", "", "", ""}, {}, out)),
            "POST /p HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(text_of(write_request({Method::get, "/p", "h", "", ""}, as_bytes("x"), out)),
            "GET /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(text_of(write_response({}, as_bytes("hi"), out)),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(text_of(write_response({Status::no_content, "a=b", "", "", "", false}, {}, out)),
            "HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n");
  EXPECT_EQ(
      text_of(write_response({Status::method_not_allowed, "", "t", "w", "GET", true}, {}, out)),
      "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: t\r\nWWW-Authenticate: w\r\n"
      "Allow: GET\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpWriters, RefuseWhatWouldBeReadOtherwise) {
  std::vector<Byte> out(1024);
  const std::string refused_text(name(Errc::out_of_range));
  for (const std::string& value :
       std::vector<std::string>{"a\rb", "a\nb", "a\r\nSet-Cookie: x", std::string("a\0b", 3),
                                "a\x7f", "a\x01", " a", "a ", "\ta", "a\t"}) {
    EXPECT_EQ(text_of(write_request({Method::get, value, "h", "", ""}, {}, out)), refused_text);
    EXPECT_EQ(text_of(write_request({Method::get, "/", value, "", ""}, {}, out)), refused_text);
    EXPECT_EQ(text_of(write_request({Method::get, "/", "h", value, ""}, {}, out)), refused_text);
    EXPECT_EQ(text_of(write_request({Method::get, "/", "h", "", value}, {}, out)), refused_text);
    EXPECT_EQ(text_of(write_response({Status::ok, value, "", "", "", false}, {}, out)),
              refused_text);
    EXPECT_EQ(text_of(write_response({Status::ok, "", value, "", "", false}, {}, out)),
              refused_text);
    EXPECT_EQ(text_of(write_response({Status::ok, "", "", value, "", false}, {}, out)),
              refused_text);
    EXPECT_EQ(text_of(write_response({Status::ok, "", "", "", value, false}, {}, out)),
              refused_text);
  }
  EXPECT_EQ(text_of(write_request({Method::other, "/", "h", "", ""}, {}, out)), refused_text);
  EXPECT_EQ(text_of(write_request({Method::get, "", "h", "", ""}, {}, out)), refused_text);
  EXPECT_EQ(text_of(write_request({Method::get, "/ x", "h", "", ""}, {}, out)), refused_text);
  EXPECT_EQ(text_of(write_response({Status::none, "", "", "", "", false}, {}, out)), refused_text);
  EXPECT_EQ(
      text_of(write_response({Status::no_content, "", "", "", "", false}, as_bytes("x"), out)),
      refused_text);
}

TEST(HttpWriters, NeedRoom) {
  const RequestHead request{Method::post, "/p", "h", "c", "t"};
  const ResponseHead response{Status::ok, "s", "t", "w", "a", true};
  std::vector<Byte> out(1024);
  const std::size_t request_size = write_request(request, as_bytes("body"), out)->size();
  const std::size_t response_size = write_response(response, as_bytes("body"), out)->size();
  for (std::size_t room = 0; room < 256; ++room) {
    const ByteSpan small = ByteSpan(out).first(room);
    const auto one = write_request(request, as_bytes("body"), small);
    EXPECT_EQ(one.has_value(), room >= request_size) << room;
    EXPECT_EQ(one ? Errc::none : one.error().code, one ? Errc::none : Errc::capacity) << room;
    const auto other = write_response(response, as_bytes("body"), small);
    EXPECT_EQ(other.has_value(), room >= response_size) << room;
    EXPECT_EQ(other ? Errc::none : other.error().code, other ? Errc::none : Errc::capacity) << room;
  }
}

rc::Gen<std::string> strings_of(std::string alphabet, int max_size) {
  return rc::gen::mapcat(rc::gen::inRange(0, max_size), [=](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size),
                                           rc::gen::elementOf(alphabet));
  });
}

const std::string value_alphabet = "abcXYZ019=;,:\"\\()/-._~!@\x80\xff";

RC_GTEST_PROP(HttpWriters, RequestsReadBackAsWritten, (const std::vector<Byte>& body)) {
  const auto method = *rc::gen::element(Method::get, Method::post);
  const std::string target = "/" + *strings_of("abc/%?=&.~", 40);
  const std::string cookie = *strings_of(value_alphabet, 60);
  const std::string type = *strings_of(value_alphabet, 60);
  std::vector<Byte> out(16384);
  const auto view = write_request({method, target, "host", cookie, type}, body, out);
  RC_ASSERT(view.has_value());
  const auto parser = std::make_unique<RequestParser>();
  const Fed fed = parser->feed(*view);
  RC_ASSERT(fed.progress == Progress::complete);
  RC_ASSERT(fed.consumed == view->size());
  const Request& read = parser->request();
  RC_ASSERT(read.method == method);
  RC_ASSERT(read.target == target);
  RC_ASSERT(read.has_cookie == !cookie.empty());
  RC_ASSERT(read.cookie == cookie);
  RC_ASSERT(read.has_content_type == !type.empty());
  RC_ASSERT(read.content_type == type);
  RC_ASSERT(read.has_content == (method == Method::post || !body.empty()));
  RC_ASSERT(same_bytes(read.body, body));
  RC_ASSERT(read.keep_alive);
  // And what was read writes the same bytes again.
  std::vector<Byte> again(16384);
  const auto second = write_request(
      {read.method, read.target, "host", read.cookie, read.content_type}, read.body, again);
  RC_ASSERT(second.has_value());
  RC_ASSERT(same_bytes(*second, *view));
}

RC_GTEST_PROP(HttpWriters, ResponsesReadBackAsWritten, (std::vector<Byte> body, bool close)) {
  const auto status =
      *rc::gen::element(Status::ok, Status::no_content, Status::bad_request, Status::not_found,
                        Status::conflict, Status::http_version_not_supported);
  if (status == Status::no_content) body.clear();
  const std::string set_cookie = *strings_of(value_alphabet, 60);
  const std::string type = *strings_of(value_alphabet, 60);
  std::vector<Byte> out(16384);
  const auto view = write_response({status, set_cookie, type, "w", "GET", close}, body, out);
  RC_ASSERT(view.has_value());
  const auto parser = std::make_unique<ResponseParser>();
  const Fed fed = parser->feed(*view);
  RC_ASSERT(fed.progress == Progress::complete);
  RC_ASSERT(fed.consumed == view->size());
  const Response& read = parser->response();
  RC_ASSERT(read.status == static_cast<unsigned>(status));
  RC_ASSERT(read.has_set_cookie == !set_cookie.empty());
  RC_ASSERT(read.set_cookie == set_cookie);
  RC_ASSERT(read.has_content_type == !type.empty());
  RC_ASSERT(read.content_type == type);
  RC_ASSERT(same_bytes(read.body, body));
  RC_ASSERT(read.keep_alive == !close);
}

// --- Streams that are messages, or nearly --------------------------------------------------------

using Strings = std::vector<std::string>;

std::string weighted(std::size_t usual, const std::string& one, const Strings& others) {
  return *rc::gen::weightedOneOf<std::string>(
      {{usual, rc::gen::just(one)}, {1, rc::gen::elementOf(others)}});
}

std::string any_content(bool chunks) {
  const std::string content = *strings_of("ab\r\n0;: ", 30);
  if (!chunks) return content;
  std::string stream;
  std::size_t begin = 0;
  while (begin < content.size()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, content.size() - begin + 1);
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "%zx", size);
    stream += digits.data() + weighted(30, "\r\n", {"\n", ";x\r\n", " \r\n", "\r"});
    stream += content.substr(begin, size) + weighted(30, "\r\n", {"\n", "", "\r"});
    begin += size;
  }
  return stream +
         weighted(20, "0\r\n\r\n", {"0\r\nX: y\r\n\r\n", "0\r\n", "0\n\n", "00\r\n\r\n", "\r\n"});
}

std::string any_fields() {
  std::string fields;
  const auto count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    fields += *rc::gen::weightedOneOf<std::string>(
        {{12, rc::gen::elementOf(Strings{"Cookie: wib=1", "Set-Cookie: a=b", "Content-Type: t/s",
                                         "X-Y:\t z ", "Accept: */*", "Connection: close",
                                         "Connection: keep-alive", "Connection: upgrade",
                                         "Upgrade: h2c", "Connection: close, keep-alive"})},
         {1, rc::gen::elementOf(Strings{" folded", "Host: again", "Content-Length : 3", "nothing",
                                        "Content-Length: 3", "Transfer-Encoding: gzip", "",
                                        "Connection: close\r", std::string("X: \0", 4)})}});
    fields += "\r\n";
  }
  return fields;
}

// Up to two bytes replaced, inserted or taken out.
void damage(std::string& stream) {
  const auto edits = *rc::gen::weightedElement<int>({{4, 0}, {2, 1}, {1, 2}});
  for (int i = 0; i < edits && !stream.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    const char byte =
        *rc::gen::weightedOneOf<char>({{3, rc::gen::elementOf(std::string("\r\n\t\0 :;,0a1", 12))},
                                       {1, rc::gen::arbitrary<char>()}});
    switch (*rc::gen::inRange(0, 3)) {
      case 0: stream.insert(stream.begin() + at, byte); break;
      case 1: stream.erase(stream.begin() + at); break;
      default: stream[at] = byte;
    }
  }
}

std::string any_message(const std::string& start) {
  const int framing = *rc::gen::weightedElement<int>({{4, 0}, {4, 1}, {4, 2}, {1, 3}});
  std::string content;
  if (framing > 0) content = any_content(framing >= 2);
  std::string stream = start + any_fields();
  if (framing == 1 || framing == 3) {
    stream += "Content-Length: " +
              weighted(15, std::to_string(content.size()),
                       {std::to_string(content.size() + 1), "0", "1", "+1", "1,1", "9000", "0x1"}) +
              "\r\n";
  }
  if (framing >= 2) {
    stream += "Transfer-Encoding: " +
              weighted(15, "chunked", {"Chunked", "xchunked", "gzip, chunked", "chunked, x", ""}) +
              "\r\n";
  }
  stream += "\r\n" + content;
  damage(stream);
  return stream + weighted(3, "", {"GET / HTTP/1.1\r\n\r\n", "\r\n", "0", "x"});
}

rc::Gen<std::string> near_requests() {
  return rc::gen::exec([] {
    const std::string methods =
        weighted(1, "GET", {"POST", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "get", "FOO"});
    const std::string target = methods == "CONNECT"
                                   ? "h:80"
                                   : weighted(3, "/setup",
                                              {"/", "*", "//x", "/a?b", "http://h/x", "x", "/#",
                                               std::string(64, '/'), std::string(65, '/')});
    const std::string version =
        weighted(12, "HTTP/1.1", {"HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1"});
    return any_message(methods + " " + target + " " + version + "\r\n" +
                       weighted(12, "Host: h\r\n", {""}));
  });
}

rc::Gen<std::string> near_responses() {
  return rc::gen::exec([] {
    const std::string version = weighted(12, "HTTP/1.1", {"HTTP/1.0", "HTTP/2.0", "http/1.1"});
    const std::string status = weighted(
        3, "200 OK",
        {"204 No Content", "304 ", "400 Bad Request", "503 x", "100 Continue", "999 x", "200"});
    return any_message(version + " " + status + "\r\n");
  });
}

std::vector<std::size_t> any_cuts(std::size_t size) {
  std::vector<std::size_t> cuts;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) cuts.push_back(*rc::gen::inRange<std::size_t>(0, size + 1));
  std::ranges::sort(cuts);
  return cuts;
}

template <class P>
void cuts_make_no_difference(const std::string& stream) {
  const auto parser = std::make_unique<P>();
  const Outcome whole = run(*parser, stream);
  RC_CLASSIFY(whole.progress == Progress::complete, "accepted");
  RC_CLASSIFY(whole.progress == Progress::need_more, "asks for more");
  RC_ASSERT(whole.consumed <= stream.size());
  if (whole.progress == Progress::refused) {
    RC_ASSERT(parser->refusal().error.offset <= whole.consumed);
    RC_ASSERT(!parser->refusal().error.where.empty());
  }
  parser->reset();
  RC_ASSERT(run(*parser, stream, any_cuts(stream.size())) == whole);
  parser->reset();
  RC_ASSERT(run(*parser, stream, every_byte(stream)) == whole);
  // The bytes that were consumed suffice for the outcome.
  parser->reset();
  RC_ASSERT(run(*parser, std::string_view(stream).substr(0, whole.consumed)) == whole);
}

RC_GTEST_PROP(HttpRequest, CutsMakeNoDifference, ()) {
  cuts_make_no_difference<RequestParser>(*near_requests());
}

RC_GTEST_PROP(HttpResponse, CutsMakeNoDifference, ()) {
  cuts_make_no_difference<ResponseParser>(*near_responses());
}

RC_GTEST_PROP(HttpParser, SurvivesAnyBytes, (const std::string& bytes)) {
  cuts_make_no_difference<RequestParser>(bytes);
  cuts_make_no_difference<ResponseParser>(bytes);
  cuts_make_no_difference<RequestParser>(get + bytes);
  cuts_make_no_difference<RequestParser>(chunked + bytes);
}

// --- An independent reader -----------------------------------------------------------------------

namespace beast = boost::beast::http;

// What Boost.Beast makes of `stream`, or why it refuses.
template <class P>
struct BeastRun {
  explicit BeastRun(std::string_view stream) {
    parser.eager(true);
    parser.header_limit(2 * max_head);
    parser.body_limit(max_body);
    while (!parser.is_done() && consumed < stream.size()) {
      const boost::asio::const_buffer rest(stream.data() + consumed, stream.size() - consumed);
      const std::size_t taken = parser.put(rest, error);
      consumed += taken;
      if (error || taken == 0) break;
    }
  }

  P parser;
  boost::system::error_code error;
  std::size_t consumed = 0;
};

template <class Message>
std::string field_of(const Message& message, beast::field field) {
  return std::string(message[field]);
}

// Left out: an HTTP/1.0 message with both options, which Beast would keep the connection for;
// RFC 9112 section 9.3 lets "close" win.
void expect_same_persistence(const std::string& stream, bool theirs, bool ours) {
  const bool old = stream.find("HTTP/1.0") != std::string::npos;
  RC_ASSERT((theirs == ours || (old && theirs && stream.find("close") != std::string::npos)));
}

// Whatever we accept, Beast accepts, and reads the same from the same bytes.
RC_GTEST_PROP(HttpRequest, BeastAgrees, ()) {
  const std::string stream = *near_requests();
  const auto parser = std::make_unique<RequestParser>();
  const Fed fed = parser->feed(as_bytes(stream));
  RC_CLASSIFY(fed.progress == Progress::complete, "accepted");
  if (fed.progress != Progress::complete) return;
  BeastRun<beast::request_parser<beast::string_body>> other(stream);
  const auto& read = other.parser.get();
  const Request& ours = parser->request();
  RC_LOG(stream + " -> " + other.error.message());
  RC_ASSERT(other.parser.is_done());
  RC_ASSERT(other.consumed == fed.consumed);
  const std::string method(read.method_string());
  RC_ASSERT((ours.method == Method::get) == (method == "GET"));
  RC_ASSERT((ours.method == Method::post) == (method == "POST"));
  RC_ASSERT(std::string(read.target()) == ours.target);
  RC_ASSERT(field_of(read, beast::field::cookie) == ours.cookie);
  RC_ASSERT(field_of(read, beast::field::content_type) == ours.content_type);
  RC_ASSERT((read.has_content_length() || read.chunked()) == ours.has_content);
  RC_ASSERT(read.body() == as_text(ours.body));
  expect_same_persistence(stream, other.parser.keep_alive(), ours.keep_alive);
}

RC_GTEST_PROP(HttpResponse, BeastAgrees, ()) {
  const std::string stream = *near_responses();
  const auto parser = std::make_unique<ResponseParser>();
  const Fed fed = parser->feed(as_bytes(stream));
  RC_CLASSIFY(fed.progress == Progress::complete, "accepted");
  if (fed.progress != Progress::complete) return;
  BeastRun<beast::response_parser<beast::string_body>> other(stream);
  const auto& read = other.parser.get();
  const Response& ours = parser->response();
  RC_LOG(stream + " -> " + other.error.message());
  RC_ASSERT(other.parser.is_done());
  RC_ASSERT(other.consumed == fed.consumed);
  RC_ASSERT(read.result_int() == ours.status);
  RC_ASSERT(field_of(read, beast::field::set_cookie) == ours.set_cookie);
  RC_ASSERT(field_of(read, beast::field::content_type) == ours.content_type);
  RC_ASSERT(read.body() == as_text(ours.body));
  expect_same_persistence(stream, other.parser.keep_alive(), ours.keep_alive);
}

// --- llhttp's own samples ------------------------------------------------------------------------

std::optional<std::filesystem::path> llhttp_samples() {
  std::vector<std::filesystem::path> folders;
  if (const char* given = std::getenv("WIB_VECTORS"); given != nullptr) folders.emplace_back(given);
#ifdef WIB_SOURCE_DIR
  folders.push_back(std::filesystem::path(WIB_SOURCE_DIR) / ".." / "shared" / "vectors");
#endif
  for (const auto& folder : folders) {
    if (std::filesystem::is_directory(folder / "llhttp" / "test"))
      return folder / "llhttp" / "test";
  }
  return std::nullopt;
}

struct Sample {
  std::string name;  // file and heading
  std::string type;  // "request", "response", or one of those with a suffix
  std::string meta;
  std::string stream;
  std::string log;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// As llhttp's test/md-test.ts makes a stream of a block: lines end in CRLF, a backslash joins two,
// and there are escapes.
std::string stream_of(std::string block) {
  if (!block.empty() && block.back() == '\n') block.pop_back();
  replace_all(block, "\\\n", "");
  replace_all(block, "\n", "\r\n");
  replace_all(block, "\\r", "\r");
  replace_all(block, "\\n", "\n");
  replace_all(block, "\\t", "\t");
  replace_all(block, "\\f", "\f");
  static const std::regex escape(R"(\\x([0-9a-fA-F]+))");
  std::string stream;
  auto begin = block.cbegin();
  for (std::sregex_iterator it(block.begin(), block.end(), escape), end; it != end; ++it) {
    stream.append(begin, (*it)[0].first);
    stream += static_cast<char>(std::stoul((*it)[1], nullptr, 16));
    begin = (*it)[0].second;
  }
  return stream.append(begin, block.cend());
}

std::vector<Sample> read_samples(const std::filesystem::path& file) {
  static const std::regex type(R"re("type":\s*"([^"]*)")re");
  std::ifstream in(file);
  std::vector<Sample> samples;
  Sample sample;
  std::string heading;
  std::string* block = nullptr;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (line == "```" && block != nullptr) {
      if (block == &sample.log) samples.push_back(sample);
      block = nullptr;
    } else if (block != nullptr) {
      *block += line + "\n";
    } else if (line == "```http" || line == "```url") {
      sample.stream.clear();
      block = &sample.stream;
    } else if (line == "```log") {
      sample.log.clear();
      block = &sample.log;
    } else if (line.starts_with("#")) {
      heading = line;
    } else if (line.starts_with("<!-- meta=") && std::regex_search(line, match, type)) {
      sample = {
          file.parent_path().filename().string() + "/" + file.filename().string() + " " + heading,
          match[1], line, "", ""};
    }
  }
  for (Sample& each : samples) each.stream = stream_of(each.stream);
  return samples;
}

// The spans of one name in a log, joined, from line `begin` to the next "message complete".
struct LoggedMessage {
  std::string method;
  std::string url;
  std::size_t body_size = 0;
  std::string status;
};

struct Log {
  std::vector<LoggedMessage> complete;
  std::string error;  // the reason, if there is one
};

Log read_log(const std::string& text) {
  static const std::regex span(R"re(len=(\d+) span\[(\w+)\]="?(.*?)"?$)re");
  static const std::regex error(R"re(error code=\d+ reason="(.*)")re");
  static const std::regex status(R"re(headers complete status=(\d+))re");
  Log log;
  LoggedMessage message;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, error)) {
      log.error = match[1];
    } else if (std::regex_search(line, match, span)) {
      if (match[2] == "method") message.method += match[3];
      if (match[2] == "url") message.url += match[3];
      if (match[2] == "body") message.body_size += std::stoul(match[1]);
    } else if (std::regex_search(line, match, status)) {
      message.status = match[1];
    } else if (line.ends_with("message complete")) {
      log.complete.push_back(std::exchange(message, {}));
    }
  }
  return log;
}

LoggedMessage logged(const Request& request) {
  return {request.method == Method::get    ? "GET"
          : request.method == Method::post ? "POST"
                                           : "other",
          std::string(request.target), request.body.size(), ""};
}

LoggedMessage logged(const Response& response) {
  return {"", "", response.body.size(), std::to_string(response.status)};
}

// Messages, one after another, up to a refusal or the end.
template <class P>
Log read_messages(std::string_view stream) {
  const auto parser = std::make_unique<P>();
  Log log;
  while (!stream.empty()) {
    const Fed fed = parser->feed(as_bytes(stream));
    if (fed.progress == Progress::refused) log.error = parser->refusal().error.where;
    if (fed.progress != Progress::complete) break;
    stream.remove_prefix(fed.consumed);
    log.complete.push_back(logged(message_of(*parser)));
    parser->reset();
  }
  return log;
}

// Why we refuse what llhttp accepts. Every one is a rule of http.h; the samples may name no other.
const std::map<std::string_view, std::string_view> stricter_rules = {
    {"request line: empty", "RFC 9112 section 2.2 lets a server skip an empty line; ours does not"},
    {"status line: empty", "section 2.2 lets no client do so"},
    {"request line: no version", "HTTP/0.9"},
    {"http: version", "RTSP and ICE, which llhttp reads as well"},
    {"http: version not supported", "HTTP/0.9 in a response"},
    {"request line: target", "RFC 3986 section 2: no quotes, no bars; RFC 9112 3.2: no fragment"},
    {"Invalid method encountered", "QUERY, which llhttp 8.1 does not know yet"},
    {"Invalid character in Content-Length", "tabs around a number, which llhttp 8.1 refuses"},
    {"field: comes twice", "Transfer-Encoding in two lines"},
    {"transfer-encoding: not chunked", "other codings, alone or before chunked"},
    {"chunk: extension", "no chunk extension has a meaning here"},
    {"chunk: trailer", "no trailer field has a meaning here"},
    {"framing: response without a length", "content up to the end of the connection"},
    {"framing: length of a response without content", "a 304 with a length"},
    {"status line: no space behind the code", "RFC 9112 section 4 asks for it"},
    {"status line: code out of range", "interim responses"},
};

// Why we take what llhttp refuses.
const std::map<std::string_view, std::string_view> wider_rules = {
    {"Pause on CONNECT/Upgrade", "an Upgrade is ignored, and CONNECT is a method like any other"},
    {"Data after `Connection: close`",
     "our parser reads one message; closing is the caller's part"},
};

// What is wrong with `ours` in the light of `theirs`; empty if nothing is.
std::string difference(const Log& ours, const Log& theirs, bool request) {
  const bool wider = wider_rules.contains(theirs.error);
  if (ours.complete.size() > theirs.complete.size() && !wider) return "more messages than llhttp";
  for (std::size_t i = 0; i < std::min(ours.complete.size(), theirs.complete.size()); ++i) {
    const LoggedMessage& a = ours.complete[i];
    const LoggedMessage& b = theirs.complete[i];
    const bool same_method =
        a.method == "other" ? b.method != "GET" && b.method != "POST" : a.method == b.method;
    if (request && !same_method) return "another method";
    if (request && a.url != b.url) return "another target";
    if (!request && a.status != b.status) return "another status";
    if (a.body_size != b.body_size && !wider) return "another body";
  }
  if (theirs.error.empty() && !ours.error.empty() && !stricter_rules.contains(ours.error)) {
    return "refused without a rule";
  }
  if (theirs.error.empty() && ours.error.empty() &&
      ours.complete.size() != theirs.complete.size()) {
    return "fewer messages than llhttp";
  }
  return "";
}

// Most samples have no Host, which would hide all else that they have.
std::string with_host(std::string stream) {
  static const std::regex host("\nhost:", std::regex::icase);
  if (!std::regex_search(stream, host)) {
    replace_all(stream, "HTTP/1.1\r\n", "HTTP/1.1\r\nHost: h\r\n");
  }
  return stream;
}

TEST(HttpVectors, LlhttpSamples) {
  const auto folder = llhttp_samples();
  if (!folder) GTEST_SKIP() << "no llhttp/test below WIB_VECTORS or ../shared/vectors";
  std::size_t count = 0;
  std::size_t messages = 0;
  std::set<std::string_view> used;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".md") continue;
    for (const Sample& sample : read_samples(entry.path())) {
      const bool request = sample.type == "request";
      if (!request && sample.type != "response") continue;  // what llhttp calls lenient
      // There, llhttp is told by its caller to read no body.
      if (sample.meta.find("skipBody") != std::string::npos) continue;
      ++count;
      const Log theirs = read_log(sample.log);
      const Log ours = request ? read_messages<RequestParser>(with_host(sample.stream))
                               : read_messages<ResponseParser>(sample.stream);
      EXPECT_EQ(difference(ours, theirs, request), "")
          << sample.name << "\n"
          << sample.stream << "\nours: " << ours.complete.size() << " " << ours.error
          << "\ntheirs: " << theirs.complete.size() << " " << theirs.error;
      messages += ours.complete.size();
      if (const auto rule = stricter_rules.find(ours.error); rule != stricter_rules.end())
        used.insert(rule->first);
      if (const auto rule = wider_rules.find(theirs.error); rule != wider_rules.end())
        used.insert(rule->first);
    }
  }
  // The samples were found and read, and no rule is there for nothing.
  EXPECT_GT(count, 150U);
  EXPECT_GT(messages, 80U);
  EXPECT_EQ(used.size(), stricter_rules.size() + wider_rules.size());
  RecordProperty("samples", static_cast<int>(count));
  RecordProperty("messages", static_cast<int>(messages));
}

}  // namespace
}  // namespace wib::http
