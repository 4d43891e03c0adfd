// SPDX-License-Identifier: Apache-2.0
//
// The run of one script against one device (device_session.h).
#pragma once

#include <optional>

#include "fuzz/sessions/device_monitor.h"
#include "fuzz/sessions/device_session.h"
#include "fuzz/sessions/peer.h"
#include "fuzz/sessions/promises.h"

namespace wib::fuzz {

class DeviceRun {
 public:
  DeviceRun(Rig& rig, const Beginning& beginning, const DevicePlan& plan, DeviceResult& result);
  void step(const Step& step);
  void owner();

 private:
  // A connection, with the bytes of a message that is not complete.
  struct Line {
    std::optional<DeviceConnection> connection;
    ByteVector pending;
    std::size_t fed = 0;

    void open(Device& device) {
      if (!connection) connection.emplace(device);
    }
    void reset() {
      connection.reset();
      pending.clear();
      fed = 0;
    }
  };

  using Routed = std::optional<std::expected<Request, Unroutable>>;

  void press(bool held);
  void pass(Instant duration);
  void set_faults();
  void begin_peer(const Step& step);
  void advance(const Step& step);
  void forge(const Step& step);
  void guess(const Step& step);
  void send(const Step& step, const Request& request);
  [[nodiscard]] ByteView share_of_nobody();
  // An older message, by the step's amount.
  [[nodiscard]] ByteView other(const Step& step) const noexcept;

  // Delivers bytes, which may be several messages; the last answer, empty if there was none.
  ByteView deliver(const Step& step, const ByteVector& message, bool pristine);
  ByteView exchange(Line& line, const Step& step, bool pristine);
  void check_response(const DeviceConnection::Served& served, bool refused, bool read_elsewhere);
  [[nodiscard]] static std::size_t piece(const Step& step, std::size_t rest) noexcept {
    switch (step.how & how_split) {
      case 1: return std::min<std::size_t>(rest, rest > 1 ? 1 + step.position % (rest - 1) : 1);
      case 2: return std::min<std::size_t>(rest, 7);
      case 3: return std::min<std::size_t>(rest, 1);
      default: return rest;
    }
  }

  Rig& rig_;
  const Suite& suite_;
  std::size_t suite_number_;
  DeviceResult& result_;
  Instant now_ = std::chrono::milliseconds(1);
  TapeRandom random_;
  TapeNoise noise_;
  ShelfStore store_;
  Faults faults_;
  Device device_;
  Violations aside_;
  DeviceMonitor monitor_;
  Promises promises_;
  std::array<std::optional<Peer>, 3> peers_;
  std::array<Line, 4> connections_;
  http::RequestParser whole_;  // a parser of our own, which gets each message in one piece
  http::ResponseParser answer_;
  Request honest_;  // what is delivered, when nothing was changed
  std::vector<ByteVector> sent_;
  std::uint64_t peer_seed_ = 0;
  TapeRandom forger_{99};
  std::array<Byte, max_modulus_size> share_;
  std::array<Byte, max_message_size> sealed_;
  std::array<Byte, max_message_size> device_out_;
  std::array<Byte, max_message_size> client_out_;
};

}  // namespace wib::fuzz
