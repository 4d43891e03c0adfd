// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/device_host.h"

#include <unistd.h>

#include <boost/asio.hpp>
#include <chrono>
#include <csignal>
#include <list>
#include <memory>
#include <optional>
#include <ostream>

#include "protocol/groups.h"
#include "protocol/setup/endpoint.h"

namespace wib::attacks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::size_t max_connections = 16;
constexpr auto idle_limit = std::chrono::seconds(10);
constexpr std::size_t read_size = 4096;

Instant now() {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

class Host;

// What a connection speaks. The host moves the bytes.
class Speaker {
 public:
  virtual ~Speaker() = default;
  struct Answer {
    std::vector<Byte> bytes;
    bool close = false;
  };
  [[nodiscard]] virtual Answer receive(ByteView bytes) = 0;
};

// Plain HTTP: the set-up protocol.
class SetupSpeaker final : public Speaker {
 public:
  SetupSpeaker(Host& host, Device& device)
      : host_(host), connection_(device), out_(max_message_size) {}
  Answer receive(ByteView bytes) override;

 private:
  Host& host_;
  DeviceConnection connection_;
  std::vector<Byte> out_;
};

// TLS with the installed pair: one page, to show that it is served.
class TlsSpeaker final : public Speaker {
 public:
  TlsSpeaker(std::unique_ptr<TlsSession> session, std::string page)
      : session_(std::move(session)), page_(std::move(page)) {}
  Answer receive(ByteView bytes) override;

 private:
  void answer_requests(Answer& answer);
  void drain(Answer& answer);

  std::unique_ptr<TlsSession> session_;
  std::string page_;
  http::RequestParser parser_;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Host& host, tcp::socket socket, std::unique_ptr<Speaker> speaker);
  void run() { read(); }
  void stop() {
    Code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  void read();
  void write(Speaker::Answer answer);
  void finish();

  Host& host_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::unique_ptr<Speaker> speaker_;
  std::vector<Byte> in_ = std::vector<Byte>(read_size);
  std::vector<Byte> out_;
};

// One listener, open or closed.
class Listener {
 public:
  using Accept = std::function<void(tcp::socket)>;

  Listener(asio::io_context& context, Address address, Accept accept)
      : context_(context), address_(std::move(address)), accept_(std::move(accept)) {}

  [[nodiscard]] bool is_open() const { return acceptor_.has_value(); }
  [[nodiscard]] const Address& address() const { return address_; }

  LiveResult<> open() {
    if (is_open()) return {};
    try {
      tcp::resolver resolver(context_);
      const auto found = resolver.resolve(address_.host, std::to_string(address_.port));
      acceptor_.emplace(context_, found.begin()->endpoint());
      // A port that the system chose is kept when the listener opens again.
      address_.port = acceptor_->local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      acceptor_.reset();
      return std::unexpected(
          LiveError{"cannot listen on " + address_.text() + ": " + error.code().message()});
    }
    wait();
    return {};
  }

  void close() {
    if (!acceptor_) return;
    Code ignored;
    acceptor_->close(ignored);
    acceptor_.reset();
    ++generation_;
  }

 private:
  void wait() {
    acceptor_->async_accept([this, generation = generation_](Code error, tcp::socket socket) {
      if (generation != generation_ || !acceptor_) return;  // closed since
      if (!error) accept_(std::move(socket));
      wait();
    });
  }

  asio::io_context& context_;
  Address address_;
  Accept accept_;
  std::optional<tcp::acceptor> acceptor_;
  std::uint64_t generation_ = 0;
};

class Host {
 public:
  Host(const DeviceOptions& options, DirectoryStore store, std::ostream& out)
      : options_(options),
        out_(out),
        store_(std::move(store)),
        device_(
            {*options.suite, as_posted_device(), as_bytes(options_.serial), ffdhe2048()},
            {options.backend->crypto(), options.backend->certificates(), random_, noise_, store_}),
        plain_(context_, options.listen,
               [this](tcp::socket socket) { accept_plain(std::move(socket)); }),
        tls_(context_, options.tls_listen,
             [this](tcp::socket socket) { accept_tls(std::move(socket)); }),
        signals_(context_, SIGINT, SIGTERM, SIGUSR1),
        window_timer_(context_) {}

  LiveResult<> run() {
    if (auto loaded = load(); !loaded) return loaded;
    // Found out now, not when the window opens: can both addresses be had?
    for (Listener* listener : {&plain_, &tls_}) {
      if (auto opened = listener->open(); !opened) return opened;
      listener->close();
    }
    wait_for_signal();
    if (options_.press) device_.press(now());
    if (auto updated = update(); !updated) return updated;
    if (!plain_.is_open() && !tls_.is_open()) {
      say("nothing is served: not set up, and the button is not pressed (kill -USR1 " +
          std::to_string(::getpid()) + ")");
    }
    context_.run();
    return failure_;
  }

  // Brings the listeners in line with the device. Called before an answer goes out, so that who
  // reads the answer finds the device as it says.
  LiveResult<> update() {
    if (certificate_.empty() && tls_.is_open()) tls_.close();
    if (!certificate_.empty() && !tls_.is_open()) {
      if (auto opened = tls_.open(); !opened) return opened;
      say("tls " + tls_.address().text() + " open");
    }
    if (device_.window_open() && !plain_.is_open()) {
      if (auto opened = plain_.open(); !opened) return opened;
      say("http " + plain_.address().text() + " open");
    }
    if (!device_.window_open() && plain_.is_open()) {
      plain_.close();
      say("http closed");
    }
    schedule();
    return {};
  }

  void changed(bool installed) {
    if (installed) {
      if (auto loaded = load(); !loaded) return stop(loaded.error());
    }
    if (auto updated = update(); !updated) stop(updated.error());
  }

  void gone(const std::shared_ptr<Connection>& connection) { connections_.remove(connection); }

  asio::io_context& context() { return context_; }

 private:
  void say(const std::string& line) {
    out_ << "device " << options_.serial << ": " << line << std::endl;
  }

  LiveResult<> load() {
    std::vector<Byte> buffer(max_bundle_size);
    const WipeGuard wipe(buffer);
    const auto identity = load_identity(store_, buffer);
    if (!identity) {
      return std::unexpected(
          LiveError{"the store " + options_.store.string() +
                    " holds a record that cannot be used: " + std::string(identity.error().where)});
    }
    if (*identity) {
      certificate_.assign((*identity)->certificate.begin(), (*identity)->certificate.end());
      key_.assign((*identity)->private_key.begin(), (*identity)->private_key.end());
    }
    return {};
  }

  void accept(tcp::socket socket, std::unique_ptr<Speaker> speaker) {
    if (connections_.size() >= max_connections) return;  // the socket closes: come back later
    connections_.push_back(
        std::make_shared<Connection>(*this, std::move(socket), std::move(speaker)));
    connections_.back()->run();
  }

  void accept_plain(tcp::socket socket) {
    accept(std::move(socket), std::make_unique<SetupSpeaker>(*this, device_));
  }

  void accept_tls(tcp::socket socket) {
    auto session = options_.backend->tls().server(certificate_, key_, {});
    if (!session) {
      say("tls: the installed pair cannot be served: " + std::string(session.error().where));
      return;
    }
    accept(std::move(socket),
           std::make_unique<TlsSpeaker>(std::move(*session),
                                        "wib device " + options_.serial + " is set up\n"));
  }

  void schedule() {
    window_timer_.cancel();
    if (!device_.window_open()) return;
    const auto closes = device_.snapshot().window_closes - now();
    window_timer_.expires_after(std::max(closes, Instant(1)));
    window_timer_.async_wait([this](Code error) {
      if (error) return;
      device_.tick(now());
      changed(false);
    });
  }

  void wait_for_signal() {
    signals_.async_wait([this](Code error, int signal) {
      if (error) return;
      if (signal != SIGUSR1) return stop({});
      say("button pressed");
      device_.press(now());
      changed(false);
      wait_for_signal();
    });
  }

  void stop(LiveError error) {
    if (!error.message.empty()) failure_ = std::unexpected(std::move(error));
    plain_.close();
    tls_.close();
    for (const auto& connection : connections_) connection->stop();
    connections_.clear();
    context_.stop();
  }

  DeviceOptions options_;
  std::ostream& out_;
  DirectoryStore store_;
  SystemRandom random_;
  SystemNoise noise_;
  Device device_;
  asio::io_context context_;
  Listener plain_;
  Listener tls_;
  asio::signal_set signals_;
  asio::steady_timer window_timer_;
  std::list<std::shared_ptr<Connection>> connections_;
  std::vector<Byte> certificate_;
  std::vector<Byte> key_;
  LiveResult<> failure_;
};

// --- Speakers ---------------------------------------------------------------------------------

Speaker::Answer SetupSpeaker::receive(ByteView bytes) {
  Answer answer;
  while (!bytes.empty() && !answer.close) {
    const auto served = connection_.receive(now(), bytes, out_);
    bytes = bytes.subspan(served.consumed);
    answer.bytes.insert(answer.bytes.end(), served.response.begin(), served.response.end());
    answer.close = served.close;
    if (served.response.empty()) break;
    host_.changed(served.claim.kind == ClaimKind::installed);
  }
  return answer;
}

Speaker::Answer TlsSpeaker::receive(ByteView bytes) {
  Answer answer;
  session_->feed(bytes);
  const auto progress = session_->step();
  if (!progress) {
    answer.close = true;  // the alert, if any, goes out first
  } else if (*progress == TlsSession::Progress::established) {
    answer_requests(answer);
  } else if (*progress == TlsSession::Progress::closed) {
    answer.close = true;
  }
  drain(answer);
  return answer;
}

void TlsSpeaker::answer_requests(Answer& answer) {
  std::array<Byte, read_size> plain;
  std::array<Byte, 1024> out;
  while (!answer.close) {
    const auto got = session_->read(plain);
    if (!got || *got == 0) {
      answer.close = !got;
      return;
    }
    const auto fed = parser_.feed(ByteView(plain).first(*got));
    if (fed.progress == http::Progress::need_more) continue;
    // One request a connection: this is a page to look at, not a server.
    const bool get = fed.progress == http::Progress::complete &&
                     parser_.request().method == http::Method::get &&
                     parser_.request().target == "/";
    const http::ResponseHead head{.status = get ? Status::ok : Status::not_found,
                                  .content_type = "text/plain",
                                  .close = true};
    const auto written = http::write_response(head, as_bytes(get ? page_ : "Not Found\n"), out);
    if (written) (void)session_->write(*written);
    session_->close();
    answer.close = true;
  }
}

void TlsSpeaker::drain(Answer& answer) {
  std::array<Byte, read_size> out;
  while (const std::size_t size = session_->drain(out)) {
    answer.bytes.insert(answer.bytes.end(), out.begin(), out.begin() + static_cast<long>(size));
  }
}

// --- Connection -------------------------------------------------------------------------------

Connection::Connection(Host& host, tcp::socket socket, std::unique_ptr<Speaker> speaker)
    : host_(host),
      socket_(std::move(socket)),
      timer_(host.context()),
      speaker_(std::move(speaker)) {}

void Connection::read() {
  timer_.expires_after(idle_limit);
  timer_.async_wait([self = shared_from_this()](Code error) {
    if (!error) self->finish();  // too slow
  });
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](Code error, std::size_t size) {
                            if (error) return self->finish();
                            self->write(self->speaker_->receive(ByteView(self->in_).first(size)));
                          });
}

void Connection::write(Speaker::Answer answer) {
  out_ = std::move(answer.bytes);
  if (out_.empty()) return answer.close ? finish() : read();
  asio::async_write(socket_, asio::buffer(out_),
                    [self = shared_from_this(), close = answer.close](Code error, std::size_t) {
                      if (error || close) return self->finish();
                      self->read();
                    });
}

void Connection::finish() {
  Code ignored;
  timer_.cancel();
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  socket_.close(ignored);
  host_.gone(shared_from_this());
}

}  // namespace

LiveResult<> run_device(const DeviceOptions& options, std::ostream& out) {
  if (options.serial.empty() || options.serial.size() > max_serial_size) {
    return std::unexpected(LiveError{"a serial number has 1 to 64 characters"});
  }
  auto store = DirectoryStore::open(options.store);
  if (!store) return std::unexpected(store.error());
  try {
    Host host(options, std::move(*store), out);
    return host.run();
  } catch (const boost::system::system_error& error) {
    return std::unexpected(LiveError{std::string("network: ") + error.code().message()});
  }
}

}  // namespace wib::attacks
