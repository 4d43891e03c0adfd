// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/connection.h"

#include <algorithm>

namespace wib::attacks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t read_size = 4096;

}  // namespace

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Connections& all, tcp::socket socket, std::unique_ptr<Speaker> speaker)
      : all_(all), socket_(std::move(socket)), timer_(all.context_), speaker_(std::move(speaker)) {}

  [[nodiscard]] bool idle() const { return !busy_; }

  void run() {
    limit(all_.limits_.idle);
    read();
  }

  void end() {
    if (answering_) {
      ending_ = true;
    } else {
      finish();
    }
  }

  void finish() {
    Code ignored;
    timer_.cancel();
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    socket_.close(ignored);
    all_.gone(shared_from_this());
  }

 private:
  void read() {
    socket_.async_read_some(asio::buffer(in_),
                            [self = shared_from_this()](Code error, std::size_t size) {
                              if (error) return self->finish();
                              self->receive(ByteView(self->in_).first(size));
                            });
  }

  void receive(ByteView bytes) {
    // The limit counts from the first byte of a request; more bytes do not prolong it.
    if (!busy_) limit(all_.limits_.request);
    busy_ = true;
    answering_ = true;
    auto answer = speaker_->receive(bytes);
    out_ = std::move(answer.bytes);
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this(), pending = answer.pending, close = answer.close](
                          Code error, std::size_t) {
                        if (error || close || self->ending_) return self->finish();
                        self->answered(pending);
                      });
  }

  void answered(bool pending) {
    answering_ = false;
    if (!pending) {
      busy_ = false;
      limit(all_.limits_.idle);
      all_.rested(shared_from_this());
    }
    read();
  }

  void limit(Timeout timeout) {
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this()](Code error) {
      // Not if a new limit was set while this was on its way.
      if (!error && self->timer_.expiry() <= std::chrono::steady_clock::now()) self->finish();
    });
  }

  Connections& all_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::unique_ptr<Speaker> speaker_;
  bool busy_ = false;       // a request has begun
  bool answering_ = false;  // its bytes are looked at, or its answer is on the way out
  bool ending_ = false;     // the answer that is on the way out is the last
  std::vector<Byte> in_ = std::vector<Byte>(read_size);
  std::vector<Byte> out_;
};

void Connections::add(tcp::socket socket, std::unique_ptr<Speaker> speaker) {
  if (connections_.size() >= limits_.connections) {
    const auto oldest = std::ranges::find_if(connections_, &Connection::idle,
                                             [](const auto& each) -> auto& { return *each; });
    if (oldest == connections_.end()) return;
    const auto evicted = *oldest;
    evicted->finish();
  }
  connections_.push_back(
      std::make_shared<Connection>(*this, std::move(socket), std::move(speaker)));
  connections_.back()->run();
}

void Connections::end() {
  const auto all = connections_;
  for (const auto& connection : all) connection->end();
}

void Connections::stop() {
  const auto all = connections_;
  for (const auto& connection : all) connection->finish();
}

void Connections::rested(const std::shared_ptr<Connection>& connection) {
  const auto found = std::ranges::find(connections_, connection);
  if (found != connections_.end()) connections_.splice(connections_.end(), connections_, found);
}

}  // namespace wib::attacks
