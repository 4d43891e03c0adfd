// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "backends/support/byte_queue.h"
#include "internal.h"
#include "trust.h"

namespace WIB_BACKEND_NAMESPACE {

// What one connection is made of, which is its alone: the library keeps pointers into all of it.
struct Connection {
  std::unique_ptr<Trust> trust;  // a client's
  Certificate certificate;       // a server's, with its key
  Key key;
  SslConfig config;
};

class MbedtlsTlsSession final : public wib::TlsSession {
 public:
  // Null if the library fails.
  static std::unique_ptr<MbedtlsTlsSession> make(std::unique_ptr<Connection> connection);

  void feed(ByteView bytes) override { incoming_.put(bytes); }
  Result<Progress> step() override;
  std::size_t drain(ByteSpan out) override { return outgoing_.take(out); }
  Result<std::size_t> read(ByteSpan out) override;
  Result<> write(ByteView bytes) override;
  void close() override;
  wib::TlsVersion version() const override { return wib::TlsVersion::tls1_2; }
  std::string_view last_error() const override { return last_error_; }

 private:
  explicit MbedtlsTlsSession(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  [[nodiscard]] bool set_up();

  // What the library calls to get and put bytes; `session` is the object.
  static int receive(void* session, Byte* buffer, std::size_t size) noexcept;
  static int send(void* session, const Byte* buffer, std::size_t size) noexcept;

  // Remembers what went wrong in the call that returned `status`: the connection is dead.
  std::unexpected<wib::Error> failed(int status);

  std::unique_ptr<Connection> connection_;
  Ssl ssl_;
  wib::ByteQueue incoming_;
  wib::ByteQueue outgoing_;
  bool established_ = false;
  bool closed_ = false;  // by the peer
  std::optional<wib::Error> failure_;
  std::string last_error_;
};

}  // namespace WIB_BACKEND_NAMESPACE
