// SPDX-License-Identifier: Apache-2.0
//
// Peer: a production client with its connection, and the request that it would send next.
#pragma once

#include "fuzz/sessions/rig.h"
#include "protocol/setup/endpoint.h"

namespace wib::fuzz {

struct PeerPlan {
  std::size_t bundle = 0;
  bool right_serial = true;
  bool right_code = true;
  std::span<const ClientRow> table = client_table();
  Crypto* crypto = nullptr;  // null: the rig's
};

class Peer {
 public:
  Peer(Rig& rig, const Suite& suite, std::uint64_t seed, const PeerPlan& plan)
      : random_(seed),
        bundle_(Rig::bundle(plan.bundle)),
        client_({suite, plan.table, as_bytes(plan.right_serial ? rig_serial : "WIB-FUZZ-2"),
                 bundle_, &rig.password(plan.right_code)},
                {plan.crypto == nullptr ? rig.crypto() : *plan.crypto, random_}),
        connection_(client_, "device") {}

  ClientConnection::Stepped start(ByteSpan out) { return keep(connection_.start(out)); }
  // Gives it bytes of an answer.
  ClientConnection::Stepped receive(ByteView bytes, ByteSpan out) {
    return keep(connection_.receive(bytes, out));
  }
  ClientConnection::Stepped lost() {
    return keep(connection_.lost({Errc::malformed, "fuzz: lost"}));
  }

  // The connection broke in the middle of an answer, and the next bytes are another one's.
  void reconnected() noexcept { connection_.reconnected(); }

  [[nodiscard]] const Client& client() const noexcept { return client_; }
  [[nodiscard]] bool over() const noexcept {
    return client_.state() == ClientState::completed || client_.state() == ClientState::failed;
  }
  // Empty when it is over.
  [[nodiscard]] const ByteVector& request() const noexcept { return request_; }
  [[nodiscard]] const Bundle& bundle() const noexcept { return bundle_; }

 private:
  ClientConnection::Stepped keep(ClientConnection::Stepped stepped) {
    if (!stepped.request.empty() || over()) {
      request_.assign(stepped.request.begin(), stepped.request.end());
    }
    return stepped;
  }

  TapeRandom random_;
  Bundle bundle_;
  Client client_;
  ClientConnection connection_;
  ByteVector request_;
};

}  // namespace wib::fuzz
