// SPDX-License-Identifier: Apache-2.0
#include "backends/openssl/certificates.h"

namespace WIB_BACKEND_NAMESPACE {

Result<wib::CertificateInfo> OpensslCertificates::inspect(ByteView) {
  return wib::fail(Errc::crypto, "to do");
}
Result<std::size_t> OpensslCertificates::sign(ByteView, ByteView, ByteSpan) {
  return wib::fail(Errc::crypto, "to do");
}
Result<bool> OpensslCertificates::verify(ByteView, ByteView, ByteView) {
  return wib::fail(Errc::crypto, "to do");
}

}  // namespace WIB_BACKEND_NAMESPACE
