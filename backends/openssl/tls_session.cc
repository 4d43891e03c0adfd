// SPDX-License-Identifier: Apache-2.0
#include "tls_session.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <limits>

namespace WIB_BACKEND_NAMESPACE {
namespace {

constexpr std::size_t max_int = std::numeric_limits<int>::max();

Bio new_buffer() {
  Bio bio(BIO_new(BIO_s_mem()));
  // An empty buffer means "come back later", not the end of the stream.
  if (bio != nullptr) BIO_set_mem_eof_return(bio.get(), -1);
  return bio;
}

}  // namespace

std::unique_ptr<OpensslTlsSession> OpensslTlsSession::make(Ssl ssl) {
  Bio incoming = new_buffer();
  Bio outgoing = new_buffer();
  if (incoming == nullptr || outgoing == nullptr) return nullptr;
  BIO* const in = incoming.get();
  BIO* const out = outgoing.get();
  SSL_set_bio(ssl.get(), incoming.release(), outgoing.release());
  return std::unique_ptr<OpensslTlsSession>(new OpensslTlsSession(std::move(ssl), in, out));
}

void OpensslTlsSession::feed(ByteView bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), max_int);
    BIO_write(incoming_, bytes.data(), static_cast<int>(size));
    bytes = bytes.subspan(size);
  }
}

Result<wib::TlsSession::Progress> OpensslTlsSession::step() {
  const ErrorQueueGuard guard;
  if (failure_) return std::unexpected(*failure_);
  if (closed_) return Progress::closed;
  if (!established_) {
    const int status = SSL_do_handshake(ssl_.get());
    if (status != 1) {
      if (SSL_get_error(ssl_.get(), status) == SSL_ERROR_WANT_READ) return Progress::want_input;
      return failed();
    }
    established_ = true;
  }
  // Looking for data makes the library see an alert or the end that lies before it.
  Byte ignored = 0;
  const int status = SSL_peek(ssl_.get(), &ignored, 1);
  if (status > 0) return Progress::established;
  switch (SSL_get_error(ssl_.get(), status)) {
    case SSL_ERROR_WANT_READ: return Progress::established;
    case SSL_ERROR_ZERO_RETURN: closed_ = true; return Progress::closed;
    default: return failed();
  }
}

std::size_t OpensslTlsSession::drain(ByteSpan out) {
  if (out.empty() || BIO_pending(outgoing_) == 0) return 0;
  const int size = BIO_read(outgoing_, out.data(), static_cast<int>(std::min(out.size(), max_int)));
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

Result<std::size_t> OpensslTlsSession::read(ByteSpan out) {
  const ErrorQueueGuard guard;
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: read before the handshake");
  if (out.empty()) return 0;
  std::size_t size = 0;
  if (SSL_read_ex(ssl_.get(), out.data(), out.size(), &size) == 1) return size;
  switch (SSL_get_error(ssl_.get(), 0)) {
    case SSL_ERROR_WANT_READ: return 0;
    case SSL_ERROR_ZERO_RETURN: closed_ = true; return 0;
    default: return failed();
  }
}

Result<> OpensslTlsSession::write(ByteView bytes) {
  const ErrorQueueGuard guard;
  if (failure_) return std::unexpected(*failure_);
  if (!established_) return wib::fail(Errc::unexpected, "tls: write before the handshake");
  if (bytes.empty()) return {};
  std::size_t written = 0;
  // The buffer grows as it must, so all of it is taken at once.
  if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) != 1 ||
      written != bytes.size()) {
    return failed();
  }
  return {};
}

void OpensslTlsSession::close() {
  const ErrorQueueGuard guard;
  if (established_ && !failure_) SSL_shutdown(ssl_.get());
}

wib::TlsVersion OpensslTlsSession::version() const {
  return SSL_version(ssl_.get()) == TLS1_3_VERSION ? wib::TlsVersion::tls1_3
                                                   : wib::TlsVersion::tls1_2;
}

std::unexpected<wib::Error> OpensslTlsSession::failed() {
  bool refused = false;
  while (const unsigned long code = ERR_get_error()) {
    const char* const reason = ERR_reason_error_string(code);
    if (last_error_.empty() && reason != nullptr) last_error_ = reason;
    // Alerts that the peer sent are errors from this number up.
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET) {
      refused = true;
    }
  }
  if (const long verified = SSL_get_verify_result(ssl_.get()); verified != X509_V_OK) {
    refused = true;
    last_error_ += ": ";
    last_error_ += X509_verify_cert_error_string(verified);
  }
  failure_ = wib::Error{.code = refused ? Errc::refused : Errc::malformed,
                        .where = refused ? "tls: refused" : "tls: handshake or record"};
  return std::unexpected(*failure_);
}

}  // namespace WIB_BACKEND_NAMESPACE
