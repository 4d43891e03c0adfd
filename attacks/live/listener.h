// SPDX-License-Identifier: Apache-2.0
//
// Listener: an address that a device holds from its start to its end, and listens on only while
// there is something to be served.
#pragma once

#include <boost/asio.hpp>
#include <functional>

#include "attacks/live/address.h"

namespace wib::attacks {

class Listener {
 public:
  using Accept = std::function<void(boost::asio::ip::tcp::socket)>;
  using Say = std::function<void(const std::string& line)>;

  // `say` is told once if connections cannot be accepted.
  Listener(boost::asio::io_context& context, Address address, Accept accept, Say say);

  // Takes the address: nobody else can have it, and whoever connects is refused. A port 0 becomes
  // the one that the system chose. An error if somebody else has the address.
  [[nodiscard]] LiveResult<> hold();

  // Listens on what is held. close() refuses connections again, and holds.
  [[nodiscard]] LiveResult<> open();
  [[nodiscard]] LiveResult<> close();

  // Gives the address up.
  void release();

  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] const Address& address() const { return address_; }

 private:
  [[nodiscard]] boost::system::error_code bind(const boost::asio::ip::tcp::endpoint& endpoint,
                                               bool reuse);
  [[nodiscard]] std::unexpected<LiveError> failed(const boost::system::error_code& error) const;
  void wait();

  boost::asio::io_context& context_;
  Address address_;
  Accept accept_;
  Say say_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  bool open_ = false;
  bool complained_ = false;
  std::uint64_t generation_ = 0;  // of what is waited for: what was closed since is not
};

}  // namespace wib::attacks
