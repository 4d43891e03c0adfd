// SPDX-License-Identifier: Apache-2.0
#include "backends/wolfssl/certificates.h"

namespace WIB_BACKEND_NAMESPACE {

Result<wib::CertificateInfo> WolfsslCertificates::inspect(ByteView) {
  return wib::fail(Errc::crypto, "to do");
}
Result<std::size_t> WolfsslCertificates::sign(ByteView, ByteView, ByteSpan) {
  return wib::fail(Errc::crypto, "to do");
}
Result<bool> WolfsslCertificates::verify(ByteView, ByteView, ByteView) {
  return wib::fail(Errc::crypto, "to do");
}

}  // namespace WIB_BACKEND_NAMESPACE
