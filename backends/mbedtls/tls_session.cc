// SPDX-License-Identifier: Apache-2.0
#include "tls_session.h"

#include <mbedtls/error.h>

#include <array>

namespace WIB_BACKEND_NAMESPACE {

std::unique_ptr<MbedtlsTlsSession> MbedtlsTlsSession::make(std::unique_ptr<Connection> connection) {
  std::unique_ptr<MbedtlsTlsSession> session(new MbedtlsTlsSession(std::move(connection)));
  return session->set_up() ? std::move(session) : nullptr;
}

bool MbedtlsTlsSession::set_up() {
  if (mbedtls_ssl_setup(ssl_.get(), connection_->config.get()) != 0) return false;
  mbedtls_ssl_set_bio(ssl_.get(), this, &MbedtlsTlsSession::send, &MbedtlsTlsSession::receive,
                      nullptr);
  // For the server's benefit: what the library makes of the name itself is not listened to.
  if (connection_->trust == nullptr || !connection_->trust->host().is_name()) return true;
  return mbedtls_ssl_set_hostname(ssl_.get(), connection_->trust->host().text().c_str()) == 0;
}

int MbedtlsTlsSession::receive(void* session, Byte* buffer, std::size_t size) noexcept {
  const std::size_t taken =
      static_cast<MbedtlsTlsSession*>(session)->incoming_.take({buffer, size});
  return taken == 0 ? MBEDTLS_ERR_SSL_WANT_READ : static_cast<int>(taken);
}

int MbedtlsTlsSession::send(void* session, const Byte* buffer, std::size_t size) noexcept {
  static_cast<MbedtlsTlsSession*>(session)->outgoing_.put({buffer, size});
  return static_cast<int>(size);
}

Result<wib::TlsSession::Progress> MbedtlsTlsSession::step() {
  if (failure_) return std::unexpected(*failure_);
  if (closed_) return Progress::closed;
  if (!established_) {
    const int status = mbedtls_ssl_handshake(ssl_.get());
    if (status == MBEDTLS_ERR_SSL_WANT_READ) return Progress::want_input;
    if (status != 0) return failed(status);
    established_ = true;
  }
  // Looking for data makes the library see an alert or the end that lies before it.
  Byte ignored = 0;
  const int status = mbedtls_ssl_read(ssl_.get(), &ignored, 0);
  switch (status) {
    case 0:
    case MBEDTLS_ERR_SSL_WANT_READ: return Progress::established;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: closed_ = true; return Progress::closed;
    default: return failed(status);
  }
}

Result<std::size_t> MbedtlsTlsSession::read(ByteSpan out) {
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: read before the handshake");
  if (out.empty()) return 0;
  const int status = mbedtls_ssl_read(ssl_.get(), out.data(), out.size());
  if (status > 0) return static_cast<std::size_t>(status);
  switch (status) {
    case MBEDTLS_ERR_SSL_WANT_READ: return 0;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: closed_ = true; return 0;
    default: return failed(status);
  }
}

Result<> MbedtlsTlsSession::write(ByteView bytes) {
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: write before the handshake");
  while (!bytes.empty()) {  // a record at a time
    const int status = mbedtls_ssl_write(ssl_.get(), bytes.data(), bytes.size());
    if (status <= 0) return failed(status);
    bytes = bytes.subspan(static_cast<std::size_t>(status));
  }
  return {};
}

void MbedtlsTlsSession::close() {
  if (established_ && !failure_) mbedtls_ssl_close_notify(ssl_.get());
}

std::unexpected<wib::Error> MbedtlsTlsSession::failed(int status) {
  std::array<char, 256> words{};
  mbedtls_strerror(status, words.data(), words.size());
  last_error_ = words.data();
  // Our trust is asked before the library looks at what the certificate's key may be used for: of
  // that, only the verdict as a whole tells.
  const std::uint32_t verdict = mbedtls_ssl_get_verify_result(ssl_.get());
  constexpr std::uint32_t no_verdict = 0xffff'ffff;
  const bool distrusted = connection_->trust != nullptr && verdict != 0 && verdict != no_verdict;
  if (distrusted) {
    mbedtls_x509_crt_verify_info(words.data(), words.size(), ": ", verdict);
    last_error_ += words.data();
  }
  const bool refused = distrusted || status == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
  failure_ = wib::Error{.code = refused ? Errc::refused : Errc::malformed,
                        .where = refused ? "tls: refused" : "tls: handshake or record"};
  return std::unexpected(*failure_);
}

}  // namespace WIB_BACKEND_NAMESPACE
