// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslTls final : public wib::Tls {
 public:
  // `library` must outlive this object.
  explicit OpensslTls(const Library& library);

  Result<std::unique_ptr<wib::TlsSession>> server(ByteView certificate, ByteView private_key,
                                                  wib::TlsVersions versions) override;
  Result<std::unique_ptr<wib::TlsSession>> client(ByteView trusted, std::string_view host,
                                                  wib::TlsVersions versions) override;

 private:
  const Library& library_;
  // Making a context fetches every algorithm, which costs more than a handshake: one serves all
  // connections, and what differs between them is set on the connection.
  SslContext context_;
};

}  // namespace WIB_BACKEND_NAMESPACE
