// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/real_parties.h"

#include <optional>
#include <thread>

#include "protocol/tls.h"

namespace wib::attacks {
namespace {

// How long a client may take to say nothing more after the last answer.
constexpr Timeout last_word = std::chrono::milliseconds(1500);

// How often a window that is to open is looked for.
constexpr Timeout look_again = std::chrono::milliseconds(200);

// A real party's errors are people's errors: the text lives as long as the program.
Error live_error(Errc code, const LiveError& error) {
  static std::vector<std::unique_ptr<std::string>> texts;
  texts.push_back(std::make_unique<std::string>(error.message));
  return {code, *texts.back()};
}

// Reads one whole HTTP message. Empty: the peer closed before it sent anything.
template <class Parser>
LiveResult<ByteVector> read_message(Stream& stream, Timeout timeout) {
  auto parser = std::make_unique<Parser>();
  ByteVector bytes;
  std::array<Byte, 4096> in;
  while (true) {
    const auto got = stream.read(in, timeout);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return bytes;
    const auto fed = parser->feed(ByteView(in).first(*got));
    bytes.insert(bytes.end(), in.begin(), in.begin() + static_cast<long>(fed.consumed));
    if (fed.progress != http::Progress::need_more) return bytes;
  }
}

// Where a request goes; empty if it is none.
std::string target_of(ByteView request) {
  const auto parser = std::make_unique<http::RequestParser>();
  if (parser->feed(request).progress != http::Progress::complete) return {};
  return std::string(parser->request().target);
}

class RealDevice final : public DeviceParty {
 public:
  RealDevice(Address address, Timeout timeout, AskForPress ask)
      : address_(std::move(address)), timeout_(timeout), ask_(std::move(ask)) {}

  Result<> press() override {
    const auto open = await_window(address_, timeout_, ask_);
    if (!open) return std::unexpected(live_error(Errc::unexpected, open.error()));
    return {};
  }

  Result<> restart() override { return fail(Errc::unexpected, "restart: not on a real device"); }

  Result<> wait(Instant duration) override {
    if (duration > timeout_) return fail(Errc::unexpected, "wait: longer than the time limit");
    std::this_thread::sleep_for(duration);
    return {};
  }

  Result<Exchange> exchange(ByteView request) override {
    auto stream = Stream::connect(address_, timeout_);
    if (!stream) {
      const Errc code = stream.error().refused ? Errc::refused : Errc::unexpected;
      return std::unexpected(live_error(code, stream.error()));
    }
    if (auto written = stream->write(request, timeout_); !written) {
      return std::unexpected(live_error(Errc::unexpected, written.error()));
    }
    auto bytes = read_message<http::ResponseParser>(*stream, timeout_);
    if (!bytes) return std::unexpected(live_error(Errc::unexpected, bytes.error()));
    Exchange exchange{.bytes = std::move(*bytes)};
    auto parser = std::make_unique<http::ResponseParser>();
    if (parser->feed(exchange.bytes).progress == http::Progress::complete) {
      exchange.status = static_cast<Status>(parser->response().status);
    }
    claim(request, exchange);
    return exchange;
  }

 private:
  // What the status says, to somebody who knows the request.
  static void claim(ByteView request, Exchange& exchange) {
    if (exchange.status != Status::no_content) return;
    const auto parser = std::make_unique<http::RequestParser>();
    if (parser->feed(request).progress != http::Progress::complete) return;
    const auto target = parser->request().target;
    if (target == "/setup/auth.wib") exchange.claim.kind = ClaimKind::authenticated;
    if (target == "/setup/key.wib") exchange.claim.kind = ClaimKind::installed;
    const auto cookie = parse_cookie_field(parser->request().cookie);
    if (cookie && *cookie) exchange.claim.session = **cookie;
  }

  Address address_;
  Timeout timeout_;
  AskForPress ask_;
};

class RealClient final : public ClientParty {
 public:
  RealClient(std::shared_ptr<StreamListener> listener, ByteVector certificate, Timeout timeout)
      : listener_(std::move(listener)), certificate_(std::move(certificate)), timeout_(timeout) {}

  Result<Exchange> start() override {
    auto exchange = next_request(timeout_);
    if (!exchange) return exchange;
    exchange->claim.kind = ClaimKind::started;
    exchange->certificate = certificate_;
    return exchange;
  }

  Result<Exchange> exchange(ByteView response) override {
    if (!stream_) return fail(Errc::unexpected, "the client is gone");
    if (auto written = stream_->write(response, timeout_); !written) {
      return std::unexpected(live_error(Errc::unexpected, written.error()));
    }
    const auto parser = std::make_unique<http::ResponseParser>();
    const bool complete = parser->feed(response).progress == http::Progress::complete;
    if (!complete || !parser->response().keep_alive) stream_.reset();
    const unsigned status = complete ? parser->response().status : 0;
    if (key_sent_ && status == static_cast<unsigned>(Status::no_content)) {
      stream_.reset();
      Exchange last;
      last.claim.kind = ClaimKind::completed;
      last.certificate = certificate_;
      return last;
    }
    const bool goes_on = status >= 200 && status < 300 && !key_sent_;
    return next_request(goes_on ? timeout_ : last_word);
  }

 private:
  Result<Exchange> next_request(Timeout timeout) {
    if (!stream_) {
      auto accepted = listener_->accept(timeout);
      if (!accepted) return std::unexpected(live_error(Errc::unexpected, accepted.error()));
      stream_.emplace(std::move(*accepted));
    }
    auto bytes = read_message<http::RequestParser>(*stream_, timeout);
    if (!bytes) return std::unexpected(live_error(Errc::unexpected, bytes.error()));
    Exchange exchange{.bytes = std::move(*bytes)};
    if (exchange.bytes.empty()) {
      stream_.reset();
      exchange.claim.kind = ClaimKind::aborted;
      return exchange;
    }
    key_sent_ = target_of(exchange.bytes) == "/setup/key.wib";
    return exchange;
  }

  std::shared_ptr<StreamListener> listener_;
  ByteVector certificate_;
  Timeout timeout_;
  std::optional<Stream> stream_;
  bool key_sent_ = false;
};

}  // namespace

LiveResult<> await_window(const Address& address, Timeout limit, const AskForPress& ask) {
  const auto until = std::chrono::steady_clock::now() + limit;
  bool asked = false;
  while (true) {
    const auto left = std::chrono::ceil<Timeout>(until - std::chrono::steady_clock::now());
    const auto stream = Stream::connect(address, std::max(left, look_again));
    if (stream) return {};
    if (!stream.error().refused) return std::unexpected(stream.error());
    if (left <= look_again) {
      return std::unexpected(
          LiveError{stream.error().message + ": the device's window did not open in time", true});
    }
    if (!asked) ask();
    asked = true;
    std::this_thread::sleep_for(look_again);
  }
}

std::unique_ptr<DeviceParty> make_real_device(Address address, Timeout timeout, AskForPress ask) {
  return std::make_unique<RealDevice>(std::move(address), timeout, std::move(ask));
}

std::unique_ptr<ClientParty> make_real_client(std::shared_ptr<StreamListener> listener,
                                              ByteVector certificate, Timeout timeout) {
  return std::make_unique<RealClient>(std::move(listener), std::move(certificate), timeout);
}

LiveResult<> serves_certificate(const Address& address, Tls& tls, ByteView certificate,
                                Timeout timeout) {
  auto session = tls.client(certificate, {}, {});
  if (!session) {
    return std::unexpected(LiveError{"the certificate cannot be used as a trust anchor: " +
                                     std::string(session.error().where)});
  }
  auto stream = Stream::connect(address, timeout);
  if (!stream) return std::unexpected(stream.error());
  std::array<Byte, 4096> buffer;
  while (true) {
    const auto progress = (*session)->step();
    if (!progress) {
      return std::unexpected(LiveError{
          address.text() + ": the TLS handshake failed: " + std::string((*session)->last_error())});
    }
    while (const std::size_t size = (*session)->drain(buffer)) {
      if (auto written = stream->write(ByteView(buffer).first(size), timeout); !written) {
        return written;
      }
    }
    if (*progress == TlsSession::Progress::established) return {};
    const auto got = stream->read(buffer, timeout);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return std::unexpected(LiveError{address.text() + ": closed in the handshake"});
    (*session)->feed(ByteView(buffer).first(*got));
  }
}

}  // namespace wib::attacks
