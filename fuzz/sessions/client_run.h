// SPDX-License-Identifier: Apache-2.0
//
// The run of one script against clients (client_session.h).
#pragma once

#include <optional>

#include "fuzz/sessions/client_session.h"
#include "fuzz/sessions/peer.h"

namespace wib::fuzz {

class ClientRun {
 public:
  ClientRun(Rig& rig, const Beginning& beginning, const ClientPlan& plan, ClientResult& result);
  void step(const Step& step);
  void owner();

 private:
  // A client, and what it was given so far.
  struct Runner {
    std::optional<Peer> peer;
    std::uint64_t seed = 0;
    PeerPlan plan;
    std::vector<ByteVector> given;
    bool genuine = true;  // all of it was what the device said to it
  };
  // What the device has said of a run.
  struct Said {
    std::array<Byte, sha256_size> transcript;
    std::array<Byte, sha256_size> fingerprint;
  };

  void begin(const Step& step);
  void exchange(const Step& step);
  void replay(const Step& step);
  [[nodiscard]] ByteVector forge(const Step& step);
  // The device's answer to a request; empty if it has none yet.
  [[nodiscard]] ByteVector ask(ByteView request);
  void give(Runner& runner, const ByteVector& answer, const Step& step, bool genuine);
  void try_on_copy(const ByteVector& answer, const Step& step);
  void feed(Peer& peer, const ByteVector& answer, const Step& step, http::Fed fed);
  void check_state(const Runner& runner, ClientState before, ClientEvent event, bool genuine);
  void check_request(const Peer& peer, Endpoint endpoint);
  void check_completed(const Peer& peer);
  void check_keys(const Peer& peer);
  void press();
  [[nodiscard]] ByteView other(const Step& step) const noexcept;

  Rig& rig_;
  const Suite& suite_;
  ClientPlan plan_;
  ClientResult& result_;
  Instant now_ = std::chrono::milliseconds(1);
  TapeRandom random_;
  TapeNoise noise_;
  ShelfStore store_;
  Device device_;
  std::optional<DeviceConnection> line_;
  Runner runner_;
  std::uint64_t clients_ = 0;
  std::vector<ByteVector> answers_;
  std::vector<Said> installed_;
  std::vector<SecretBuffer<key_size>> agreed_;
  http::ResponseParser answer_;
  http::RequestParser request_;
  TapeRandom forger_{99};
  std::array<Byte, max_message_size> device_out_;
  std::array<Byte, max_message_size> client_out_;
};

}  // namespace wib::fuzz
