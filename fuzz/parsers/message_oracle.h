// SPDX-License-Identifier: Apache-2.0
//
// What all message targets check: a body means to a suite's slots what a second reader of its CDDL
// says, and whoever writes it gives the same bytes back through HTTP.
//
// An input is a byte that chooses the suite, a byte that chooses what is around the body, the body.
#pragma once

#include "fuzz/parsers/message_suites.h"
#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_cbor.h"
#include "protocol/setup/wire.h"

namespace wib::fuzz {

using Rules = std::span<const Rule>;

[[nodiscard]] inline Rules sealed_rules(const Suite& suite) {
  static constexpr std::array<Rule, 3> sealed = {{{1, 16, 16}, {2, 1, 7680}, {3, 64, 64}}};
  static constexpr std::array<Rule, 2> aead = {{{2, 1, 7680}, {3, 16, 16}}};
  return suite.protection.name() == "aead" ? Rules(aead) : Rules(sealed);
}
[[nodiscard]] inline bool has_password(const Suite& suite) {
  return suite.key_exchange.name() == "spake2plus";
}

// The fields of a parsed body, as they are in its rules' order.
struct Fields {
  std::array<ByteView, max_rules> values;
  std::size_t count = 0;
  void add(ByteView value) {
    if (!value.empty()) values[count++] = value;
  }
};
[[nodiscard]] inline Fields fields_of(const Body& body) {
  Fields fields;
  if (const auto* offer = std::get_if<Offer>(&body)) {
    for (const ByteView value : views(*offer)) fields.add(value);
  } else if (const auto* share = std::get_if<Share>(&body)) {
    fields.add(share->value);
    fields.add(share->confirmation);
  } else if (const auto* proof = std::get_if<Proof>(&body)) {
    fields.add(proof->confirmation);
  } else if (const auto* sealed = std::get_if<Sealed>(&body)) {
    for (const ByteView value : {sealed->iv, sealed->ciphertext, sealed->tag}) fields.add(value);
  }
  return fields;
}

// True if `body` was accepted; checks it against what the second reader says.
inline bool expect_judged(const Body& body, ByteView bytes, Rules rules) {
  const Judged judged = judge(bytes, rules);
  if (const auto* error = std::get_if<Error>(&body)) {
    expect(error->code == judged.wrong, "refused for what is wrong first");
    expect(!error->where.empty() && error->offset <= bytes.size(), "a place within the body");
    return false;
  }
  expect(judged.wrong == Errc::none, "accepted only if the CDDL has it");
  const Fields fields = fields_of(body);
  expect(fields.count == rules.size(), "all of the fields and no other");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    expect(same_view(fields.values[i], judged.values[i]), "a field is its bytes of the body");
  }
  return true;
}

// A cookie of the byte, or none.
[[nodiscard]] inline std::optional<Cookie> cookie_of(Byte byte) {
  if (byte % 4 == 0) return std::nullopt;
  Cookie cookie;
  cookie.fill(byte);
  return cookie;
}

// A POST to `target` as the device routes it.
inline void check_request(Endpoint endpoint, std::string_view target, ByteView input,
                          Rules (*rules_of)(const Suite&)) {
  static http::RequestParser parser;
  static std::array<Byte, max_message_size> buffer;
  Choices choices(input);
  const Suite& suite = message_suites()[choices.below(message_suites().size())];
  const auto cookie = cookie_of(choices.byte());
  const ByteView bytes = choices.rest();
  if (bytes.size() > http::max_body) return;
  std::array<char, 36> text;
  const auto field = cookie ? write_cookie_field(*cookie, text) : std::string_view();
  const http::Request request{.method = http::Method::post,
                              .target = target,
                              .has_cookie = cookie.has_value(),
                              .cookie = *field,
                              .has_content_type = true,
                              .content_type = media_type,
                              .has_content = true,
                              .body = bytes};
  const auto decoded = decode_request(suite, request);
  expect(decoded && decoded->endpoint == endpoint, "a body is no reason not to route a request");
  expect(decoded->cookie == cookie, "the cookie");
  const bool accepted = expect_judged(decoded->body, bytes, rules_of(suite));
  const auto written = encode_request(suite, *decoded, "h", buffer);
  expect(written.has_value() == accepted, "what was accepted can be written");
  if (!accepted) return;
  parser.reset();
  const http::Fed fed = parser.feed(*written);
  expect(fed.progress == http::Progress::complete && fed.consumed == written->size(),
         "one request");
  expect(same_bytes(parser.request().body, bytes), "the body is written as it was");
  const auto again = decode_request(suite, parser.request());
  expect(again && again->endpoint == endpoint && again->cookie == cookie, "and routed as it was");
}

// The answer to `asked` as the client takes it.
inline void check_response(Endpoint asked, ByteView input, Rules (*rules_of)(const Suite&)) {
  static constexpr std::array<unsigned, 4> statuses = {200, 200, 204, 401};
  static http::ResponseParser parser;
  static std::array<Byte, max_message_size> buffer;
  Choices choices(input);
  const Suite& suite = message_suites()[choices.below(message_suites().size())];
  const Byte around = choices.byte();
  const auto cookie = cookie_of(around);
  const unsigned status = statuses[around / 64];
  const ByteView bytes = choices.rest();
  if (bytes.size() > http::max_body) return;
  std::array<char, 80> text;
  const auto field = cookie ? write_set_cookie_field(*cookie, text) : std::string_view();
  const http::Response response{.status = status,
                                .has_set_cookie = cookie.has_value(),
                                .set_cookie = *field,
                                .has_content_type = true,
                                .content_type = media_type,
                                .body = bytes};
  const auto decoded = decode_response(suite, asked, response);
  expect(decoded && static_cast<unsigned>(decoded->status) == status, "the status");
  expect(decoded->set_cookie == cookie, "the cookie");
  if (status != 200) {
    expect(std::holds_alternative<std::monostate>(decoded->body), "only a 200 has a body");
    return;
  }
  if (!expect_judged(decoded->body, bytes, rules_of(suite))) return;
  const Reply reply{.status = Status::ok, .set_cookie = cookie, .body = decoded->body};
  const auto written = encode_reply(suite, asked, reply, false, buffer);
  if (!written) {  // a device's own payloads are far smaller than what a client takes
    expect(written.error().code == Errc::capacity && bytes.size() > 2000, "written if it fits");
    return;
  }
  parser.reset();
  const http::Fed fed = parser.feed(*written);
  expect(fed.progress == http::Progress::complete && fed.consumed == written->size(),
         "one response");
  expect(same_bytes(parser.response().body, bytes), "the body is written as it was");
  const auto again = decode_response(suite, asked, parser.response());
  expect(again && again->set_cookie == cookie, "and taken as it was");
}

}  // namespace wib::fuzz
