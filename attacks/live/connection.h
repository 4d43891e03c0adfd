// SPDX-License-Identifier: Apache-2.0
//
// Connections: those of one kind that a device serves, within limits. Whoever is slow loses their
// own connection and nobody else's.
#pragma once

#include <boost/asio.hpp>
#include <list>
#include <memory>
#include <vector>

#include "attacks/live/limits.h"
#include "protocol/bytes.h"

namespace wib::attacks {

// What a connection speaks. It sees bytes; who moves them is not its business.
class Speaker {
 public:
  virtual ~Speaker() = default;
  struct Answer {
    std::vector<Byte> bytes;
    bool pending = false;  // more of the request has to come: its time runs on
    bool close = false;    // once the bytes are out
  };
  [[nodiscard]] virtual Answer receive(ByteView bytes) = 0;
};

class Connection;

class Connections {
 public:
  Connections(boost::asio::io_context& context, const ConnectionLimits& limits)
      : context_(context), limits_(limits) {}

  // Serves `socket` until it, the speaker or a limit ends it. Where there is no more room, the
  // connection that has been idle longest makes it; if none is idle, `socket` is closed at once.
  void add(boost::asio::ip::tcp::socket socket, std::unique_ptr<Speaker> speaker);

  // Closes all of them; the one that is being answered gets its answer first.
  void end();

  // Closes all of them now.
  void stop();

 private:
  friend class Connection;
  void rested(const std::shared_ptr<Connection>& connection);
  void gone(const std::shared_ptr<Connection>& connection) { connections_.remove(connection); }

  boost::asio::io_context& context_;
  ConnectionLimits limits_;
  std::list<std::shared_ptr<Connection>> connections_;  // the one that rested last is at the end
};

}  // namespace wib::attacks
