// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/endpoint.h"

namespace wib {

DeviceConnection::Served DeviceConnection::receive(Instant now, ByteView bytes, ByteSpan out) {
  Served served;
  const http::Fed fed = parser_.feed(bytes);
  served.consumed = fed.consumed;
  if (fed.progress == http::Progress::need_more) return served;

  if (fed.progress == http::Progress::refused) {
    const http::Refusal refusal = parser_.refusal();
    served.status = refusal.status;
    served.close = true;
    served.response =
        encode_refusal({refusal.status, refusal.error, {}, {}}, true, out).value_or(ByteView{});
    return served;
  }

  const http::Request& request = parser_.request();
  served.close = !request.keep_alive;
  const auto routed = decode_request(device_.suite(), request);
  if (!routed) {
    served.status = routed.error().status;
    served.response = encode_refusal(routed.error(), served.close, out).value_or(ByteView{});
  } else {
    const Reply reply = device_.handle(now, *routed);
    served.status = reply.status;
    served.claim = reply.claim;
    served.close = served.close || !device_.window_open();
    served.response = encode_reply(device_.suite(), routed->endpoint, reply, served.close, out)
                          .value_or(ByteView{});
  }
  parser_.reset();
  return served;
}

ClientConnection::Stepped ClientConnection::start(ByteSpan out) {
  return send(client_.start(), 0, out);
}

ClientConnection::Stepped ClientConnection::receive(ByteView bytes, ByteSpan out) {
  const http::Fed fed = parser_.feed(bytes);
  if (fed.progress == http::Progress::need_more) return Stepped{.consumed = fed.consumed};
  if (fed.progress == http::Progress::refused) {
    const Error error = parser_.refusal().error;
    parser_.reset();
    return send(client_.lost(error), fed.consumed, out);
  }
  const http::Response& response = parser_.response();
  const bool close = !response.keep_alive;
  const auto decoded = decode_response(client_.suite(), asked_, response);
  Stepped stepped = decoded ? send(client_.handle(*decoded), fed.consumed, out)
                            : send(client_.lost(decoded.error()), fed.consumed, out);
  stepped.answered = true;
  stepped.close = close;
  parser_.reset();
  return stepped;
}

ClientConnection::Stepped ClientConnection::lost(const Error& error) {
  const ClientStep step = client_.lost(error);
  return Stepped{.error = step.error, .claim = step.claim};
}

ClientConnection::Stepped ClientConnection::send(const ClientStep& step, std::size_t consumed,
                                                 ByteSpan out) {
  Stepped stepped{.consumed = consumed, .error = step.error, .claim = step.claim};
  if (!step.send) return stepped;
  asked_ = step.send->endpoint;
  const auto written = encode_request(client_.suite(), *step.send, host_, out);
  if (!written) {
    const ClientStep failed = client_.lost(written.error());
    stepped.error = failed.error;
    stepped.claim = failed.claim;
    return stepped;
  }
  stepped.request = *written;
  return stepped;
}

}  // namespace wib
