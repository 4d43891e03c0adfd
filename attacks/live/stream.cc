// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/stream.h"

#include <boost/asio.hpp>
#include <optional>

namespace wib::attacks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

std::unexpected<LiveError> wrong(const std::string& address, std::string_view what) {
  return std::unexpected(LiveError{address + ": " + std::string(what)});
}

// Runs `context` until the one operation that was started on it is done, or time is up; then
// `cancel` ends the operation.
template <class Cancel>
bool finish(asio::io_context& context, Timeout timeout, const std::optional<Code>& done,
            Cancel cancel) {
  context.restart();
  context.run_for(timeout);
  if (done) return true;
  cancel();
  context.restart();
  context.run();
  return false;
}

}  // namespace

struct Stream::Impl {
  explicit Impl(std::string name) : address(std::move(name)) {}
  asio::io_context context;
  tcp::socket socket{context};
  std::string address;
};

Stream::Stream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

LiveResult<Stream> Stream::connect(const Address& address, Timeout timeout) {
  auto impl = std::make_unique<Impl>(address.text());
  Code resolve_error;
  const auto found = tcp::resolver(impl->context)
                         .resolve(address.host, std::to_string(address.port), resolve_error);
  if (resolve_error) return wrong(impl->address, resolve_error.message());
  std::optional<Code> done;
  asio::async_connect(impl->socket, found, [&](Code error, const tcp::endpoint&) { done = error; });
  Code ignored;
  if (!finish(impl->context, timeout, done, [&] { impl->socket.close(ignored); })) {
    return wrong(impl->address, "no connection in time");
  }
  if (*done == asio::error::connection_refused) {
    return std::unexpected(LiveError{impl->address + ": " + done->message(), true});
  }
  if (*done) return wrong(impl->address, done->message());
  return Stream(std::move(impl));
}

LiveResult<> Stream::write(ByteView bytes, Timeout timeout) {
  std::optional<Code> done;
  asio::async_write(impl_->socket, asio::buffer(bytes.data(), bytes.size()),
                    [&](Code error, std::size_t) { done = error; });
  Code ignored;
  if (!finish(impl_->context, timeout, done, [&] { impl_->socket.close(ignored); })) {
    return wrong(impl_->address, "the peer does not take our bytes");
  }
  if (*done) return wrong(impl_->address, done->message());
  return {};
}

LiveResult<std::size_t> Stream::read(ByteSpan out, Timeout timeout) {
  std::optional<Code> done;
  std::size_t size = 0;
  impl_->socket.async_read_some(asio::buffer(out.data(), out.size()),
                                [&](Code error, std::size_t got) {
                                  done = error;
                                  size = got;
                                });
  Code ignored;
  if (!finish(impl_->context, timeout, done, [&] { impl_->socket.close(ignored); })) {
    return wrong(impl_->address, "no answer in time");
  }
  if (*done == asio::error::eof) return 0;
  if (*done) return wrong(impl_->address, done->message());
  return size;
}

struct StreamListener::Impl {
  asio::io_context context;
  std::optional<tcp::acceptor> acceptor;
  Address address;
};

StreamListener::StreamListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StreamListener::StreamListener(StreamListener&&) noexcept = default;
StreamListener::~StreamListener() = default;

Address StreamListener::address() const { return impl_->address; }

LiveResult<StreamListener> StreamListener::open(const Address& address) {
  auto impl = std::make_unique<Impl>();
  impl->address = address;
  try {
    const auto found =
        tcp::resolver(impl->context).resolve(address.host, std::to_string(address.port));
    impl->acceptor.emplace(impl->context, found.begin()->endpoint());
    impl->address.port = impl->acceptor->local_endpoint().port();
  } catch (const boost::system::system_error& error) {
    return wrong("cannot listen on " + address.text(), error.code().message());
  }
  return StreamListener(std::move(impl));
}

LiveResult<Stream> StreamListener::accept(Timeout timeout) {
  auto stream = std::make_unique<Stream::Impl>("the client of " + impl_->address.text());
  std::optional<Code> done;
  // The socket belongs to the stream's own context, so that it can outlive the listener.
  impl_->acceptor->async_accept(stream->socket, [&](Code error) { done = error; });
  Code ignored;
  if (!finish(impl_->context, timeout, done, [&] { impl_->acceptor->cancel(ignored); })) {
    return wrong(impl_->address.text(), "no client came in time");
  }
  if (*done) return wrong(impl_->address.text(), done->message());
  return Stream(std::move(stream));
}

}  // namespace wib::attacks
