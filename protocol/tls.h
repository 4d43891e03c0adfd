// SPDX-License-Identifier: Apache-2.0
//
// Tls: TLS 1.2 and 1.3 from memory to memory. No socket is seen here: the host moves bytes.
#pragma once

#include <memory>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

enum class TlsVersion : std::uint8_t { tls1_2, tls1_3 };

struct TlsVersions {
  TlsVersion min = TlsVersion::tls1_2;
  TlsVersion max = TlsVersion::tls1_3;
};

// One connection. feed() what the peer sent, step(), drain() what must be sent, again.
class TlsSession {
 public:
  enum class Progress : std::uint8_t {
    want_input,   // the handshake waits for the peer's bytes
    established,  // the handshake is done; read() and write() work
    closed        // the peer has closed (close_notify); nothing more will come
  };

  virtual ~TlsSession() = default;

  // Takes bytes from the peer; they are copied.
  virtual void feed(ByteView bytes) = 0;

  // Moves the handshake on as far as the bytes go. A failed handshake is Errc::refused (an alert
  // came, or the peer's certificate is not trusted) or Errc::malformed, with the library's reason
  // in last_error(); bytes that must still be sent (an alert) are in drain().
  [[nodiscard]] virtual Result<Progress> step() = 0;

  // Moves up to out.size() bytes that must be sent to the peer into `out`; returns how many.
  [[nodiscard]] virtual std::size_t drain(ByteSpan out) = 0;

  // Decrypts application data into `out`; returns how many bytes, 0 if none is there yet or the
  // peer has closed (step() tells).
  [[nodiscard]] virtual Result<std::size_t> read(ByteSpan out) = 0;

  // Encrypts all of `bytes` for drain(). Errc::unexpected before the handshake is done, as read().
  [[nodiscard]] virtual Result<> write(ByteView bytes) = 0;

  // Queues close_notify.
  virtual void close() = 0;

  // The negotiated version; meaningful when established.
  [[nodiscard]] virtual TlsVersion version() const = 0;

  // The library's own words on the last failure, for a person to read; empty if none.
  [[nodiscard]] virtual std::string_view last_error() const = 0;
};

class Tls {
 public:
  // A server's side of one connection with the DER certificate and PKCS#8 key (copied). Errors:
  // Errc::bad_certificate, Errc::bad_key (RSA below 2048 bits too), Errc::crypto (also for a
  // minimum version above the maximum).
  [[nodiscard]] virtual Result<std::unique_ptr<TlsSession>> server(ByteView certificate,
                                                                   ByteView private_key,
                                                                   TlsVersions versions) = 0;

  // A client's side that trusts the one DER certificate `trusted` (a CA, or the server's own) and
  // expects `host` in the server's certificate (DNS name or IP address as text; empty: any; a
  // leading dot or a NUL is Errc::out_of_range).
  [[nodiscard]] virtual Result<std::unique_ptr<TlsSession>> client(ByteView trusted,
                                                                   std::string_view host,
                                                                   TlsVersions versions) = 0;

 protected:
  ~Tls() = default;
};

}  // namespace wib
