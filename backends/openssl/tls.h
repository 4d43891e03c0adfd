// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backends/openssl/internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslTls final : public wib::Tls {
 public:
  Result<std::unique_ptr<wib::TlsSession>> server(ByteView certificate, ByteView private_key,
                                                  wib::TlsVersions versions) override;
  Result<std::unique_ptr<wib::TlsSession>> client(ByteView trusted, std::string_view host,
                                                  wib::TlsVersions versions) override;
};

}  // namespace WIB_BACKEND_NAMESPACE
