// SPDX-License-Identifier: Apache-2.0
//
// The typed messages that the cores exchange: what is left of HTTP and CBOR once they are parsed.
// All views point into buffers of the caller, or of the core that made the message (then valid
// until that core handles its next message).
#pragma once

#include <optional>
#include <variant>

#include "protocol/cookie.h"
#include "protocol/error.h"
#include "protocol/messages/offer.h"
#include "protocol/messages/proof.h"
#include "protocol/messages/sealed.h"
#include "protocol/messages/share.h"
#include "protocol/status.h"

namespace wib {

// The four requests of the protocol.
enum class Endpoint : std::uint8_t {
  get_dh,     // GET  /setup/dh.wib
  post_dh,    // POST /setup/dh.wib
  post_auth,  // POST /setup/auth.wib
  post_key    // POST /setup/key.wib
};

// The name that traces, tables and errors use ("get_dh").
[[nodiscard]] constexpr std::string_view name(Endpoint endpoint) noexcept {
  switch (endpoint) {
    case Endpoint::get_dh: return "get_dh";
    case Endpoint::post_dh: return "post_dh";
    case Endpoint::post_auth: return "post_auth";
    case Endpoint::post_key: return "post_key";
  }
  return "?";
}

// A body as a suite's slots have parsed it. An Error is a body that is there but is not in the
// grammar: to the core, a value like any other, with a row of the table for it.
using Body = std::variant<std::monostate, Error, Offer, Share, Proof, Sealed>;

struct Request {
  Endpoint endpoint = Endpoint::get_dh;
  std::optional<Cookie> cookie;
  Body body;
};

struct Response {
  Status status = Status::none;
  std::optional<Cookie> set_cookie;
  Body body;
};

}  // namespace wib
