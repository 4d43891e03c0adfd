// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslTlsSession final : public wib::TlsSession {
 public:
  // Gives `ssl`, which knows its role, a pair of memory buffers. Null if there is no memory.
  static std::unique_ptr<OpensslTlsSession> make(Ssl ssl);

  void feed(ByteView bytes) override;
  Result<Progress> step() override;
  std::size_t drain(ByteSpan out) override;
  Result<std::size_t> read(ByteSpan out) override;
  Result<> write(ByteView bytes) override;
  void close() override;
  wib::TlsVersion version() const override;
  std::string_view last_error() const override { return last_error_; }

 private:
  OpensslTlsSession(Ssl ssl, BIO* incoming, BIO* outgoing)
      : ssl_(std::move(ssl)), incoming_(incoming), outgoing_(outgoing) {}

  // Looks into the error queue for what went wrong, and remembers it: the connection is dead.
  std::unexpected<wib::Error> failed();

  Ssl ssl_;
  BIO* incoming_;  // both are ssl_'s
  BIO* outgoing_;
  bool established_ = false;
  bool closed_ = false;  // by the peer
  std::optional<wib::Error> failure_;
  std::string last_error_;
};

}  // namespace WIB_BACKEND_NAMESPACE
