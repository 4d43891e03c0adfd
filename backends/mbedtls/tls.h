// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"
#include "random.h"

namespace WIB_BACKEND_NAMESPACE {

// TLS 1.2 alone: a range of versions without it is Errc::unsupported.
class MbedtlsTls final : public wib::Tls {
 public:
  // `random` must outlive this object and its sessions.
  explicit MbedtlsTls(Random& random) : random_(random) {}

  Result<std::unique_ptr<wib::TlsSession>> server(ByteView certificate, ByteView private_key,
                                                  wib::TlsVersions versions) override;
  Result<std::unique_ptr<wib::TlsSession>> client(ByteView trusted, std::string_view host,
                                                  wib::TlsVersions versions) override;

 private:
  Random& random_;
};

}  // namespace WIB_BACKEND_NAMESPACE
