// SPDX-License-Identifier: Apache-2.0
//
// Wire: typed messages to HTTP and back. The suite's slots parse and write the bodies; this knows
// targets, methods, media types and cookies. Used by both endpoints and by whoever listens between
// them.
#pragma once

#include "protocol/http.h"
#include "protocol/messages/message.h"
#include "protocol/setup/device.h"
#include "protocol/suites.h"

namespace wib {

inline constexpr std::string_view media_type = "application/cbor";

// Large enough for every message of the protocol.
inline constexpr std::size_t max_message_size = http::max_head + http::max_body;

// Why a request does not reach the core: nothing changes.
struct Unroutable {
  Status status = Status::bad_request;
  Error error;
  std::string_view target;  // empty where it is none of ours, or was not read
  std::string_view allow;   // the methods that the resource has, for 405
};

// Routes a parsed HTTP request: target, method, media type and cookie. What is wrong with a *body*
// is no reason to refuse it here (the core decides, by its state). Views point into `request`.
[[nodiscard]] std::expected<Request, Unroutable> decode_request(const Suite& suite,
                                                                const http::Request& request);

// Writes a request to the front of `out` (max_message_size bytes). `host` is the Host field.
[[nodiscard]] Result<ByteView> encode_request(const Suite& suite, const Request& request,
                                              std::string_view host, ByteSpan out);

// Reads the answer to `asked`. Errc::malformed for a Set-Cookie that is not ours, or a body that
// is not of our media type; a body that does not parse is an Error in the Response.
[[nodiscard]] Result<Response> decode_response(const Suite& suite, Endpoint asked,
                                               const http::Response& response);

// Writes a device's reply to `asked` to the front of `out`. Statuses of 400 and above carry one
// line of text, "TARGET: what: where"; 401 is always the same line (it must not tell why).
[[nodiscard]] Result<ByteView> encode_reply(const Suite& suite, Endpoint asked, const Reply& reply,
                                            bool close, ByteSpan out);

// Writes a refusal that no core has seen.
[[nodiscard]] Result<ByteView> encode_refusal(const Unroutable& refusal, bool close, ByteSpan out);

}  // namespace wib
