// SPDX-License-Identifier: Apache-2.0
//
// The writers: bytes, room, what they refuse to write, and that it reads back.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <memory>

#include "props/support/http_streams.h"
#include "props/support/more_cases.h"
#include "protocol/http.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

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

}  // namespace
}  // namespace wib::http
