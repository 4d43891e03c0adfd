// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/listener.h"

namespace wib::attacks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;
using ReuseAddress = asio::socket_base::reuse_address;

// How long to leave it be when connections cannot be accepted: descriptors or memory are out.
constexpr auto accept_pause = std::chrono::milliseconds(100);

}  // namespace

Listener::Listener(asio::io_context& context, Address address, Accept accept, Say say)
    : context_(context),
      address_(std::move(address)),
      accept_(std::move(accept)),
      say_(std::move(say)),
      acceptor_(context),
      pause_(context) {}

LiveResult<> Listener::hold() {
  Code error;
  const auto found =
      tcp::resolver(context_).resolve(address_.host, std::to_string(address_.port), error);
  if (error) return failed(error);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  error = bind(endpoint, false);
  // What is left of connections that were closed is in the way of a plain bind, and no obstacle.
  if (error == asio::error::address_in_use) error = bind(endpoint, true);
  if (error) return failed(error);
  // A port that the system chose is kept when it is held again.
  address_.port = acceptor_.local_endpoint(error).port();
  if (error) return failed(error);
  return {};
}

Code Listener::bind(const tcp::endpoint& endpoint, bool reuse) {
  Code error;
  acceptor_ = tcp::acceptor(context_);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(ReuseAddress(reuse), error);
  if (!error) acceptor_.bind(endpoint, error);
  // With the option, an address that is not listened on could be had by whoever sets it as well.
  if (!error) acceptor_.set_option(ReuseAddress(false), error);
  return error;
}

LiveResult<> Listener::open() {
  Code error;
  acceptor_.set_option(ReuseAddress(true), error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed(error);
  open_ = true;
  wait();
  return {};
}

LiveResult<> Listener::close() {
  release();
  return hold();
}

void Listener::release() {
  Code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  open_ = false;
  ++generation_;
}

std::unexpected<LiveError> Listener::failed(const Code& error) const {
  return std::unexpected(LiveError{"cannot listen on " + address_.text() + ": " + error.message()});
}

void Listener::wait() {
  acceptor_.async_accept([this, generation = generation_](Code error, tcp::socket socket) {
    if (generation != generation_) return;
    if (!error) {
      accept_(std::move(socket));
      if (generation == generation_) wait();
      return;
    }
    if (!complained_) {
      say_("cannot accept a connection on " + address_.text() + " for now: " + error.message());
    }
    complained_ = true;
    pause_.expires_after(accept_pause);
    pause_.async_wait([this, generation](Code cancelled) {
      if (!cancelled && generation == generation_) wait();
    });
  });
}

}  // namespace wib::attacks
