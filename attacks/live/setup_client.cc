// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/setup_client.h"

#include <optional>
#include <ostream>

#include "attacks/world/takes_code.h"
#include "protocol/setup/endpoint.h"

namespace wib::attacks {
namespace {

std::unexpected<LiveError> wrong(std::string message) {
  return std::unexpected(LiveError{std::move(message)});
}

std::string describe(const Error& error) {
  return std::string(name(error.code)) + ": " + std::string(error.where);
}

class SetupRun {
 public:
  SetupRun(const SetupOptions& options, Address address, Bundle bundle)
      : options_(options),
        address_(std::move(address)),
        host_(address_.text()),
        password_(options.code ? options.code->view() : ByteView{}, as_bytes(options.serial)),
        client_({*options.suite, client_table(), as_bytes(options.serial), bundle,
                 options.code ? &password_ : nullptr},
                {options.backend->crypto(), random_}),
        connection_(client_, host_) {}

  LiveResult<SetupOutcome> run(std::ostream& out) {
    auto stepped = connection_.start(out_);
    while (!stepped.request.empty()) {
      const auto answered = exchange(stepped.request);
      if (!answered) return std::unexpected(answered.error());
      stepped = *answered;
      if (stepped.close) stream_.reset();
      if (stepped.claim.kind == ClaimKind::accepted) out << accepted() << std::endl;
    }
    if (client_.state() != ClientState::completed) {
      out << "set-up failed: " << describe(stepped.error) << std::endl;
      return SetupOutcome::refused;
    }
    out << "set-up complete: the device has its certificate and key" << std::endl;
    return SetupOutcome::completed;
  }

 private:
  [[nodiscard]] std::string_view accepted() const {
    return options_.code ? "setup code accepted" : "serial number accepted";
  }

  LiveResult<ClientConnection::Stepped> exchange(ByteView request) {
    const std::vector<Byte> copy(request.begin(), request.end());
    if (!stream_) {
      auto connected = Stream::connect(address_, options_.timeout);
      if (!connected) return std::unexpected(connected.error());
      stream_.emplace(std::move(*connected));
    }
    if (auto written = stream_->write(copy, options_.timeout); !written) {
      return std::unexpected(written.error());
    }
    std::array<Byte, 4096> in;
    while (true) {
      const auto got = stream_->read(in, options_.timeout);
      if (!got) return std::unexpected(got.error());
      if (*got == 0) return wrong(host_ + ": the device closed the connection without an answer");
      auto stepped = connection_.receive(ByteView(in).first(*got), out_);
      if (stepped.answered || stepped.error.code != Errc::none) return stepped;
    }
  }

  const SetupOptions& options_;
  Address address_;
  std::string host_;
  SystemRandom random_;
  Password password_;
  Client client_;
  ClientConnection connection_;
  std::optional<Stream> stream_;
  std::vector<Byte> out_ = std::vector<Byte>(max_message_size);
};

}  // namespace

LiveResult<SetupOutcome> run_setup(const SetupOptions& options, std::ostream& out) {
  const auto address = parse_url(options.url);
  if (!address) return std::unexpected(address.error());
  if (options.serial.empty() || options.serial.size() > max_serial_size) {
    return wrong("a serial number has 1 to 64 characters");
  }
  if (takes_code(*options.suite) && !options.code) {
    return wrong("the suite " + std::string(options.suite->name().view()) +
                 " takes a setup code: --code, or --label");
  }
  const auto certificate = read_pem_or_der(options.certificate, PemKind::certificate);
  if (!certificate) return std::unexpected(certificate.error());
  auto key = read_pem_or_der(options.private_key, PemKind::private_key);
  if (!key) return std::unexpected(key.error());
  const WipeGuard wipe(*key);
  // Found out here, where the files have names, and not by a 400 from the device.
  if (auto works = options.backend->certificates().check_pair(*certificate, *key); !works) {
    return wrong(options.certificate.string() + ", " + options.private_key.string() + ": " +
                 describe(works.error()));
  }
  return SetupRun(options, *address, {*certificate, *key}).run(out);
}

}  // namespace wib::attacks
