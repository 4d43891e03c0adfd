// SPDX-License-Identifier: Apache-2.0
#include "backends/wolfssl/tls.h"

namespace WIB_BACKEND_NAMESPACE {

Result<std::unique_ptr<wib::TlsSession>> WolfsslTls::server(ByteView, ByteView, wib::TlsVersions) {
  return wib::fail(Errc::crypto, "to do");
}
Result<std::unique_ptr<wib::TlsSession>> WolfsslTls::client(ByteView, std::string_view,
                                                            wib::TlsVersions) {
  return wib::fail(Errc::crypto, "to do");
}

}  // namespace WIB_BACKEND_NAMESPACE
