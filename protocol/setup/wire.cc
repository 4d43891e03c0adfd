// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/wire.h"

#include <charconv>

namespace wib {
namespace {

struct Route {
  Endpoint endpoint;
  http::Method method;
  std::string_view target;
  std::string_view allow;  // of the target
};

constexpr std::array<Route, 4> routes = {{
    {Endpoint::get_dh, http::Method::get, "/setup/dh.wib", "GET, POST"},
    {Endpoint::post_dh, http::Method::post, "/setup/dh.wib", "GET, POST"},
    {Endpoint::post_auth, http::Method::post, "/setup/auth.wib", "POST"},
    {Endpoint::post_key, http::Method::post, "/setup/key.wib", "POST"},
}};

std::unexpected<Unroutable> refuse(Status status, const Error& error, std::string_view target = {},
                                   std::string_view allow = {}) {
  return std::unexpected(Unroutable{status, error, target, allow});
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Media types are compared without regard to case (RFC 9110 section 8.3.1); ours has no parameters.
bool is_our_media_type(std::string_view value) noexcept {
  return std::ranges::equal(value, media_type, {}, lower);
}

bool has_body(const http::Request& request) noexcept { return !request.body.empty(); }

Body decode_body(const Suite& suite, Endpoint endpoint, ByteView body) {
  switch (endpoint) {
    case Endpoint::get_dh: return {};
    case Endpoint::post_dh: return suite.key_exchange.parse_share(body);
    case Endpoint::post_auth: return suite.key_exchange.parse_proof(suite.protection, body);
    case Endpoint::post_key: return suite.protection.parse_sealed(body);
  }
  return {};
}

Result<ByteView> encode_body(const Suite& suite, Endpoint endpoint, const Body& body,
                             ByteSpan out) {
  switch (endpoint) {
    case Endpoint::get_dh: return ByteView{};
    case Endpoint::post_dh: return suite.key_exchange.write_share(body, out);
    case Endpoint::post_auth: return suite.key_exchange.write_proof(suite.protection, body, out);
    case Endpoint::post_key: return suite.protection.write_sealed(body, out);
  }
  return fail(Errc::unexpected, "request");
}

// One line for a person: "/setup/dh.wib: malformed: cbor: key at byte 3".
class Line {
 public:
  void add(std::string_view text) noexcept {
    for (const char c : text) {
      if (size_ < text_.size()) text_[size_++] = c;
    }
  }
  void add(std::uint32_t number) noexcept {
    std::array<char, 10> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number);
    add(std::string_view(digits.begin(), static_cast<std::size_t>(end.ptr - digits.begin())));
  }
  [[nodiscard]] ByteView bytes() const noexcept {
    return as_bytes(std::string_view(text_.data(), size_));
  }

 private:
  std::array<char, 160> text_;
  std::size_t size_ = 0;
};

Line describe(Status status, std::string_view target, const Error& error) {
  Line line;
  if (status == Status::unauthorized || error.code == Errc::none) {
    line.add(reason_phrase(status));
  } else {
    line.add(target);
    if (!target.empty()) line.add(": ");
    line.add(name(error.code));
    line.add(": ");
    line.add(error.where);
    if (error.offset != Error::no_offset) {
      line.add(" at byte ");
      line.add(error.offset);
    }
  }
  line.add("\n");
  return line;
}

const Route& route_of(Endpoint endpoint) noexcept {
  return routes[static_cast<std::size_t>(endpoint)];
}

}  // namespace

std::expected<Request, Unroutable> decode_request(const Suite& suite,
                                                  const http::Request& request) {
  const Route* route = nullptr;
  std::string_view allow;
  for (const Route& candidate : routes) {
    if (candidate.target != request.target) continue;
    allow = candidate.allow;
    if (candidate.method == request.method) route = &candidate;
  }
  if (allow.empty()) return refuse(Status::not_found, {Errc::unexpected, "http: target"});
  if (route == nullptr) {
    return refuse(Status::method_not_allowed, {Errc::unexpected, "http: method"}, request.target,
                  allow);
  }
  const std::string_view target = route->target;
  if (route->method == http::Method::get && has_body(request)) {
    return refuse(Status::bad_request, {Errc::unexpected, "http: a GET has no body"}, target);
  }
  if (route->method == http::Method::post) {
    if (!request.has_content) {
      return refuse(Status::length_required, {Errc::missing_field, "http: Content-Length"}, target);
    }
    if (!request.has_content_type || !is_our_media_type(request.content_type)) {
      return refuse(Status::unsupported_media_type,
                    {Errc::unexpected, "http: Content-Type is not application/cbor"}, target);
    }
  }
  Request decoded{.endpoint = route->endpoint};
  if (request.has_cookie) {
    const auto cookie = parse_cookie_field(request.cookie);
    if (!cookie) return refuse(Status::bad_request, cookie.error(), target);
    decoded.cookie = *cookie;
  }
  decoded.body = decode_body(suite, route->endpoint, request.body);
  return decoded;
}

Result<ByteView> encode_request(const Suite& suite, const Request& request, std::string_view host,
                                ByteSpan out) {
  const Route& route = route_of(request.endpoint);
  std::array<Byte, http::max_body> body_buffer;
  const auto body = encode_body(suite, request.endpoint, request.body, body_buffer);
  if (!body) return body;
  std::array<char, 64> cookie_buffer;
  std::string_view cookie;
  if (request.cookie) {
    const auto written = write_cookie_field(*request.cookie, cookie_buffer);
    if (!written) return std::unexpected(written.error());
    cookie = *written;
  }
  const http::RequestHead head{
      .method = route.method,
      .target = route.target,
      .host = host,
      .cookie = cookie,
      .content_type = route.method == http::Method::post ? media_type : std::string_view{},
  };
  return http::write_request(head, *body, out);
}

Result<Response> decode_response(const Suite& suite, Endpoint asked,
                                 const http::Response& response) {
  Response decoded{.status = static_cast<Status>(response.status)};
  if (response.has_set_cookie) {
    const auto cookie = parse_set_cookie_field(response.set_cookie);
    if (!cookie) return std::unexpected(cookie.error());
    decoded.set_cookie = *cookie;
  }
  if (decoded.status != Status::ok) return decoded;
  if (!response.has_content_type || !is_our_media_type(response.content_type)) {
    return fail(Errc::malformed, "http: Content-Type");
  }
  switch (asked) {
    case Endpoint::get_dh: {
      const auto offer = parse_offer(response.body, suite.offer_fields());
      if (offer) {
        decoded.body = *offer;
      } else {
        decoded.body = offer.error();
      }
      break;
    }
    case Endpoint::post_dh: decoded.body = suite.key_exchange.parse_answer(response.body); break;
    case Endpoint::post_auth: break;
    case Endpoint::post_key: decoded.body = suite.protection.parse_sealed(response.body); break;
  }
  return decoded;
}

Result<ByteView> encode_reply(const Suite& suite, Endpoint asked, const Reply& reply, bool close,
                              ByteSpan out) {
  if (reply.status >= Status::bad_request) {
    return encode_refusal({reply.status, reply.error, route_of(asked).target, {}}, close, out);
  }
  http::ResponseHead head{.status = reply.status, .close = close};
  std::array<char, 96> cookie_buffer;
  if (reply.set_cookie) {
    const auto written = write_set_cookie_field(*reply.set_cookie, cookie_buffer);
    if (!written) return std::unexpected(written.error());
    head.set_cookie = *written;
  }
  std::array<Byte, max_modulus_size * 2 + 64> body_buffer;
  Result<ByteView> body = ByteView{};
  if (reply.status == Status::ok) {
    switch (asked) {
      case Endpoint::get_dh: {
        const Offer* offer = std::get_if<Offer>(&reply.body);
        body = offer == nullptr ? Result<ByteView>(fail(Errc::missing_field, "offer"))
                                : write_offer(*offer, suite.offer_fields(), body_buffer);
        break;
      }
      case Endpoint::post_dh:
        body = suite.key_exchange.write_answer(reply.body, body_buffer);
        break;
      case Endpoint::post_auth: break;
      case Endpoint::post_key:
        if (!std::holds_alternative<std::monostate>(reply.body)) {
          body = suite.protection.write_sealed(reply.body, body_buffer);
        }
        break;
    }
  }
  if (!body) return body;
  if (!body->empty()) head.content_type = media_type;
  return http::write_response(head, *body, out);
}

Result<ByteView> encode_refusal(const Unroutable& refusal, bool close, ByteSpan out) {
  const Line line = describe(refusal.status, refusal.target, refusal.error);
  http::ResponseHead head{.status = refusal.status, .content_type = "text/plain"};
  // RFC 9110 section 11.6.1: a 401 names a scheme.
  if (refusal.status == Status::unauthorized) head.www_authenticate = "wib-setup";
  head.allow = refusal.allow;
  head.close = close;
  return http::write_response(head, line.bytes(), out);
}

}  // namespace wib
