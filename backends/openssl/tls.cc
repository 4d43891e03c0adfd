// SPDX-License-Identifier: Apache-2.0
#include "backends/openssl/tls.h"

namespace WIB_BACKEND_NAMESPACE {

Result<std::unique_ptr<wib::TlsSession>> OpensslTls::server(ByteView, ByteView, wib::TlsVersions) {
  return wib::fail(Errc::crypto, "to do");
}
Result<std::unique_ptr<wib::TlsSession>> OpensslTls::client(ByteView, std::string_view,
                                                            wib::TlsVersions) {
  return wib::fail(Errc::crypto, "to do");
}

}  // namespace WIB_BACKEND_NAMESPACE
