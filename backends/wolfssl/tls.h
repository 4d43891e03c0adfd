// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// Every connection has a context of its own, which the library makes in no time: it holds the
// certificates that the connection trusts or serves.
class WolfsslTls final : public wib::Tls {
 public:
  Result<std::unique_ptr<wib::TlsSession>> server(ByteView certificate, ByteView private_key,
                                                  wib::TlsVersions versions) override;
  Result<std::unique_ptr<wib::TlsSession>> client(ByteView trusted, std::string_view host,
                                                  wib::TlsVersions versions) override;
};

}  // namespace WIB_BACKEND_NAMESPACE
