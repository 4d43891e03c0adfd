// SPDX-License-Identifier: Apache-2.0
//
// Endpoints: the cores with their shell of HTTP and CBOR, from bytes to bytes. The host moves the
// bytes and tells the time.
#pragma once

#include "protocol/http.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"
#include "protocol/setup/wire.h"

namespace wib {

// One HTTP connection to a device. Several may be open to one Device.
class DeviceConnection {
 public:
  explicit DeviceConnection(Device& device) noexcept : device_(device) {}

  struct Served {
    std::size_t consumed = 0;  // bytes of the input that were used; call again with the rest
    ByteView response;         // in `out`; empty: the request is not complete yet
    Status status = Status::none;
    bool close = false;  // nothing more is read: send the response and close
    Claim claim;
  };

  // Takes bytes up to the end of one request and answers it into `out` (max_message_size bytes).
  // After a refusal of HTTP itself, and after anything that closed the window, the connection
  // closes.
  [[nodiscard]] Served receive(Instant now, ByteView bytes, ByteSpan out);

 private:
  Device& device_;
  http::RequestParser parser_;
};

// One client's run over HTTP.
class ClientConnection {
 public:
  // `host` is what the Host field says; it must outlive the connection.
  ClientConnection(Client& client, std::string_view host) noexcept : client_(client), host_(host) {}

  struct Stepped {
    std::size_t consumed = 0;
    ByteView request;       // in `out`, to be sent; empty: wait for more, or the run is over
    bool answered = false;  // a response was complete
    bool close = false;     // the server closes: the next request needs a new connection
    Error error;
    Claim claim;
  };

  [[nodiscard]] Stepped start(ByteSpan out);
  // Takes bytes up to the end of one response.
  [[nodiscard]] Stepped receive(ByteView bytes, ByteSpan out);
  // The connection ended before the answer was complete, or `error` happened to it.
  [[nodiscard]] Stepped lost(const Error& error);
  // Forgets bytes of an answer that will not be completed: the next bytes are a new connection's.
  void reconnected() noexcept { parser_.reset(); }

 private:
  [[nodiscard]] Stepped send(const ClientStep& step, std::size_t consumed, ByteSpan out);

  Client& client_;
  std::string_view host_;
  Endpoint asked_ = Endpoint::get_dh;
  http::ResponseParser parser_;
};

}  // namespace wib
