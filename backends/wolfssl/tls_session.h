// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "backends/support/byte_queue.h"
#include "internal.h"
#include "trust.h"

namespace WIB_BACKEND_NAMESPACE {

using SslContext = Handle<WOLFSSL_CTX, wolfSSL_CTX_free>;
using Ssl = Handle<WOLFSSL, wolfSSL_free>;

class WolfsslTlsSession final : public wib::TlsSession {
 public:
  // A connection of `context`, which is its alone; `trust` is a client's. Null if the library
  // fails.
  static std::unique_ptr<WolfsslTlsSession> make(SslContext context, std::unique_ptr<Trust> trust);

  void feed(ByteView bytes) override { incoming_.put(bytes); }
  Result<Progress> step() override;
  std::size_t drain(ByteSpan out) override { return outgoing_.take(out); }
  Result<std::size_t> read(ByteSpan out) override;
  Result<> write(ByteView bytes) override;
  void close() override;
  wib::TlsVersion version() const override;
  std::string_view last_error() const override { return last_error_; }

 private:
  WolfsslTlsSession(SslContext context, std::unique_ptr<Trust> trust);

  // What the library calls to get and put bytes; `session` is the object.
  static int receive(WOLFSSL* ssl, char* buffer, int size, void* session) noexcept;
  static int send(WOLFSSL* ssl, char* buffer, int size, void* session) noexcept;

  // Remembers what went wrong in the call that returned `status`: the connection is dead.
  std::unexpected<wib::Error> failed(int status);

  std::unique_ptr<Trust> trust_;  // null for a server
  SslContext context_;
  Ssl ssl_;
  wib::ByteQueue incoming_;
  wib::ByteQueue outgoing_;
  bool established_ = false;
  bool closed_ = false;  // by the peer
  std::optional<wib::Error> failure_;
  std::string last_error_;
};

}  // namespace WIB_BACKEND_NAMESPACE
