// SPDX-License-Identifier: Apache-2.0
//
// An independent reader: whatever we accept, Boost.Beast reads the same.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <boost/beast/http.hpp>

#include <memory>

#include "props/support/http_streams.h"
#include "props/support/more_cases.h"
#include "protocol/http.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

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

}  // namespace
}  // namespace wib::http
