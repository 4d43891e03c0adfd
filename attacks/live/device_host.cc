// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/device_host.h"

#include <unistd.h>

#include <boost/asio.hpp>
#include <chrono>
#include <csignal>
#include <memory>
#include <ostream>

#include "attacks/live/connection.h"
#include "attacks/live/listener.h"
#include "attacks/live/tls_speaker.h"
#include "attacks/world/takes_code.h"
#include "protocol/groups.h"
#include "protocol/setup/endpoint.h"

namespace wib::attacks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

Instant now() {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

class Host;

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

class Host {
 public:
  Host(const DeviceOptions& options, DirectoryStore store, std::ostream& out)
      : options_(options),
        out_(out),
        store_(std::move(store)),
        device_(
            {*options.suite, device_table(), as_bytes(options_.serial), ffdhe2048(), &verifier_},
            {options.backend->crypto(), options.backend->certificates(), random_, noise_, store_}),
        plain_(
            context_, options.listen,
            [this](tcp::socket socket) { accept_plain(std::move(socket)); },
            [this](const std::string& line) { say(line); }),
        tls_(
            context_, options.tls_listen,
            [this](tcp::socket socket) { accept_tls(std::move(socket)); },
            [this](const std::string& line) { say(line); }),
        plain_connections_(context_, options.limits),
        tls_connections_(context_, options.limits),
        signals_(context_, SIGINT, SIGTERM, SIGUSR1),
        window_timer_(context_) {
    signals_.add(SIGUSR2);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() { secure_wipe(key_); }

  LiveResult<> run() {
    if (auto loaded = load(); !loaded) return loaded;
    if (auto loaded = load_verifier_record(); !loaded) return loaded;
    // Found out now, not when the window opens or a key is there: can both addresses be had?
    if (auto held = plain_.hold(); !held) return held;
    if (auto held = tls_.hold(); !held) return held;
    if (options_.suite->entropy_gate.gates()) {
      say("noise: the system's generator, claimed at 8 bits a byte; no test sees what it is worth");
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
    if (!certificate_.empty() && !tls_.is_open()) {
      if (auto opened = tls_.open(); !opened) return opened;
      say("tls " + tls_.address().text() + " open");
    }
    if (device_.window_open() && !plain_.is_open()) {
      if (auto opened = plain_.open(); !opened) return opened;
      say("http " + plain_.address().text() + " open");
    }
    if (!device_.window_open() && plain_.is_open()) {
      const auto closed = plain_.close();
      plain_connections_.end();  // who sees the end of a connection finds no other
      if (!closed) return closed;
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
      secure_wipe(key_);
      key_.assign((*identity)->private_key.begin(), (*identity)->private_key.end());
    }
    return {};
  }

  LiveResult<> load_verifier_record() {
    if (!takes_code(*options_.suite)) return {};
    auto verifier = load_verifier(store_);
    if (!verifier) {
      return std::unexpected(
          LiveError{"the store " + options_.store.string() +
                    " holds a record that cannot be used: " + std::string(verifier.error().where)});
    }
    if (!*verifier) {
      return std::unexpected(
          LiveError{"the store " + options_.store.string() +
                    " has no verifier of a setup code; make one: wib label --store " +
                    options_.store.string() + " --serial " + options_.serial});
    }
    verifier_ = std::move(**verifier);
    return {};
  }

  void accept_plain(tcp::socket socket) {
    plain_connections_.add(std::move(socket), std::make_unique<SetupSpeaker>(*this, device_));
  }

  void accept_tls(tcp::socket socket) {
    auto session = options_.backend->tls().server(certificate_, key_, {});
    if (!session) {
      say("tls: the installed pair cannot be served: " + std::string(session.error().where));
      return;
    }
    tls_connections_.add(std::move(socket), std::make_unique<TlsSpeaker>(
                                                std::move(*session),
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
      if (signal == SIGUSR1) {
        say("button pressed");
        const auto may = options_.suite->attempt_limit.may_open(store_, false);
        if (!may) say("the press opens nothing: " + std::string(may.error().where));
        device_.press(now());
      } else if (signal == SIGUSR2) {
        say("button pressed for long");
        device_.long_press(now());
      } else {
        return stop({});
      }
      changed(false);
      wait_for_signal();
    });
  }

  void stop(LiveError error) {
    if (!error.message.empty()) failure_ = std::unexpected(std::move(error));
    plain_.release();
    tls_.release();
    plain_connections_.stop();
    tls_connections_.stop();
    context_.stop();
  }

  DeviceOptions options_;
  std::ostream& out_;
  DirectoryStore store_;
  SystemRandom random_;
  SystemNoise noise_;
  Verifier verifier_;
  Device device_;
  asio::io_context context_;
  Listener plain_;
  Listener tls_;
  Connections plain_connections_;
  Connections tls_connections_;
  asio::signal_set signals_;
  asio::steady_timer window_timer_;
  std::vector<Byte> certificate_;
  std::vector<Byte> key_;
  LiveResult<> failure_;
};

Speaker::Answer SetupSpeaker::receive(ByteView bytes) {
  Answer answer;
  while (!bytes.empty() && !answer.close) {
    const auto served = connection_.receive(now(), bytes, out_);
    bytes = bytes.subspan(served.consumed);
    answer.bytes.insert(answer.bytes.end(), served.response.begin(), served.response.end());
    answer.close = served.close;
    answer.pending = served.response.empty();
    if (answer.pending) break;
    host_.changed(served.claim.kind == ClaimKind::installed);
  }
  return answer;
}

}  // namespace

LiveResult<> run_device(const DeviceOptions& options, std::ostream& out) {
  if (options.serial.empty() || options.serial.size() > max_serial_size) {
    return std::unexpected(LiveError{"a serial number has 1 to 64 characters"});
  }
  if (options.listen.port != 0 && options.listen.text() == options.tls_listen.text()) {
    return std::unexpected(
        LiveError{"plain HTTP and TLS cannot share the address " + options.listen.text()});
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
