// SPDX-License-Identifier: Apache-2.0
//
// FailingCrypto: a backend whose n-th call fails, and that counts its calls. A call is one of the
// operations that a backend implements: what the port itself computes is made of them.
#pragma once

#include <cstddef>
#include <optional>

#include "props/support/forwarding_crypto.h"
#include "protocol/certificates.h"

namespace wib::props {

class FailingCrypto final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

  // The n-th call from now fails (0: the next one); nullopt: none.
  void fail_at(std::optional<std::size_t> n) {
    fail_at_ = n;
    calls_ = 0;
  }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

 private:
  Result<> before(std::string_view) override {
    if (calls_++ == fail_at_) return fail(Errc::crypto, "planted failure");
    return {};
  }

  std::optional<std::size_t> fail_at_;
  std::size_t calls_ = 0;
};

// The same for Certificates. check_pair() is made of these three.
class FailingCertificates final : public Certificates {
 public:
  explicit FailingCertificates(Certificates& real) : real_(real) {}

  void fail_at(std::optional<std::size_t> n) {
    fail_at_ = n;
    calls_ = 0;
  }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

  Result<CertificateInfo> inspect(ByteView certificate) override {
    if (now()) return broken();
    return real_.inspect(certificate);
  }
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override {
    if (now()) return broken();
    return real_.sign(private_key, message, signature);
  }
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override {
    if (now()) return broken();
    return real_.verify(certificate, message, signature);
  }

 private:
  bool now() { return calls_++ == fail_at_; }
  static std::unexpected<Error> broken() { return fail(Errc::crypto, "planted failure"); }

  Certificates& real_;
  std::optional<std::size_t> fail_at_;
  std::size_t calls_ = 0;
};

}  // namespace wib::props
