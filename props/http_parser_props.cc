// SPDX-License-Identifier: Apache-2.0
//
// The life of a parser: one message after another, what it wipes, and that cuts and damage make no
// difference.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "props/support/http_outcome.h"
#include "props/support/http_streams.h"
#include "props/support/more_cases.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

[[maybe_unused]] const bool enough = more_cases(2000);

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

}  // namespace
}  // namespace wib::http
