// SPDX-License-Identifier: Apache-2.0
#include "tls_session.h"

#include <array>

#include "point_cache.h"

namespace WIB_BACKEND_NAMESPACE {

std::unique_ptr<WolfsslTlsSession> WolfsslTlsSession::make(SslContext context,
                                                           std::unique_ptr<Trust> trust) {
  std::unique_ptr<WolfsslTlsSession> session(
      new WolfsslTlsSession(std::move(context), std::move(trust)));
  return session->ssl_ == nullptr ? nullptr : std::move(session);
}

WolfsslTlsSession::WolfsslTlsSession(SslContext context, std::unique_ptr<Trust> trust)
    : trust_(std::move(trust)), context_(std::move(context)), ssl_(wolfSSL_new(context_.get())) {
  if (ssl_ == nullptr) return;
  wolfSSL_SSLSetIORecv(ssl_.get(), &WolfsslTlsSession::receive);
  wolfSSL_SSLSetIOSend(ssl_.get(), &WolfsslTlsSession::send);
  wolfSSL_SetIOReadCtx(ssl_.get(), this);
  wolfSSL_SetIOWriteCtx(ssl_.get(), this);
  if (trust_ == nullptr) return;
  wolfSSL_SetCertCbCtx(ssl_.get(), trust_.get());
  const std::string& host = trust_->host().text();
  if (trust_->host().is_name() &&
      wolfSSL_UseSNI(ssl_.get(), WOLFSSL_SNI_HOST_NAME, host.data(),
                     static_cast<unsigned short>(host.size())) != WOLFSSL_SUCCESS) {
    ssl_.reset();
  }
}

int WolfsslTlsSession::receive(WOLFSSL*, char* buffer, int size, void* session) noexcept {
  auto& self = *static_cast<WolfsslTlsSession*>(session);
  const std::size_t taken =
      self.incoming_.take({reinterpret_cast<Byte*>(buffer), static_cast<std::size_t>(size)});
  return taken == 0 ? WOLFSSL_CBIO_ERR_WANT_READ : static_cast<int>(taken);
}

int WolfsslTlsSession::send(WOLFSSL*, char* buffer, int size, void* session) noexcept {
  auto& self = *static_cast<WolfsslTlsSession*>(session);
  self.outgoing_.put({reinterpret_cast<const Byte*>(buffer), static_cast<std::size_t>(size)});
  return size;
}

Result<wib::TlsSession::Progress> WolfsslTlsSession::step() {
  if (failure_) return std::unexpected(*failure_);
  if (closed_) return Progress::closed;
  free_point_cache_at_thread_end();
  if (!established_) {
    const int status = trust_ == nullptr ? wolfSSL_accept(ssl_.get()) : wolfSSL_connect(ssl_.get());
    if (status != WOLFSSL_SUCCESS) {
      if (wolfSSL_get_error(ssl_.get(), status) == WOLFSSL_ERROR_WANT_READ) {
        return Progress::want_input;
      }
      return failed(status);
    }
    established_ = true;
  }
  // Looking for data makes the library see an alert or the end that lies before it.
  Byte ignored = 0;
  const int status = wolfSSL_peek(ssl_.get(), &ignored, 1);
  if (status > 0) return Progress::established;
  switch (wolfSSL_get_error(ssl_.get(), status)) {
    case WOLFSSL_ERROR_WANT_READ: return Progress::established;
    case WOLFSSL_ERROR_ZERO_RETURN: closed_ = true; return Progress::closed;
    default: return failed(status);
  }
}

Result<std::size_t> WolfsslTlsSession::read(ByteSpan out) {
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: read before the handshake");
  if (out.empty()) return 0;
  const std::size_t size = std::min(out.size(), max_piece);
  const int status = wolfSSL_read(ssl_.get(), out.data(), static_cast<int>(size));
  if (status > 0) return static_cast<std::size_t>(status);
  switch (wolfSSL_get_error(ssl_.get(), status)) {
    case WOLFSSL_ERROR_WANT_READ: return 0;
    case WOLFSSL_ERROR_ZERO_RETURN: closed_ = true; return 0;
    default: return failed(status);
  }
}

Result<> WolfsslTlsSession::write(ByteView bytes) {
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: write before the handshake");
  while (!bytes.empty()) {
    const ByteView piece = bytes.first(std::min(bytes.size(), max_piece));
    const int status = wolfSSL_write(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (status != static_cast<int>(piece.size())) return failed(status);
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

void WolfsslTlsSession::close() {
  if (established_ && !failure_) wolfSSL_shutdown(ssl_.get());
}

wib::TlsVersion WolfsslTlsSession::version() const {
  return wolfSSL_version(ssl_.get()) == TLS1_3_VERSION ? wib::TlsVersion::tls1_3
                                                       : wib::TlsVersion::tls1_2;
}

std::unexpected<wib::Error> WolfsslTlsSession::failed(int status) {
  const int error = wolfSSL_get_error(ssl_.get(), status);
  std::array<char, WOLFSSL_MAX_ERROR_SZ> words{};
  wolfSSL_ERR_error_string_n(static_cast<unsigned long>(error), words.data(), words.size());
  last_error_ = words.data();

  WOLFSSL_ALERT_HISTORY alerts{};
  const bool alerted = wolfSSL_get_alert_history(ssl_.get(), &alerts) == WOLFSSL_SUCCESS &&
                       alerts.last_rx.level == alert_fatal;
  const bool refused = alerted || (trust_ != nullptr && trust_->refused());
  failure_ = wib::Error{.code = refused ? Errc::refused : Errc::malformed,
                        .where = refused ? "tls: refused" : "tls: handshake or record"};
  return std::unexpected(*failure_);
}

}  // namespace WIB_BACKEND_NAMESPACE
