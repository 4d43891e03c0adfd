// SPDX-License-Identifier: Apache-2.0
//
// TlsSpeaker: a device that is set up serves one page over TLS, to show with which key.
#pragma once

#include <memory>
#include <string>

#include "attacks/live/connection.h"
#include "protocol/http.h"
#include "protocol/tls.h"

namespace wib::attacks {

// One handshake and one request; all of it is one request to the limits of a connection.
class TlsSpeaker final : public Speaker {
 public:
  TlsSpeaker(std::unique_ptr<TlsSession> session, std::string page)
      : session_(std::move(session)), page_(std::move(page)) {}

  // A request is answered even if the peer closes its side right after it.
  [[nodiscard]] Answer receive(ByteView bytes) override;

 private:
  void answer_request(Answer& answer);
  void drain(Answer& answer);

  std::unique_ptr<TlsSession> session_;
  std::string page_;
  http::RequestParser parser_;
};

}  // namespace wib::attacks
