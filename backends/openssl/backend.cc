// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <openssl/crypto.h>

#include "backends/openssl/certificates.h"
#include "backends/openssl/crypto.h"
#include "backends/openssl/internal.h"
#include "backends/openssl/tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

class OpensslBackend final : public wib::Backend {
 public:
  OpensslBackend() : crypto_(library_), certificates_(library_), tls_(library_) {}

  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override { return OpenSSL_version(OPENSSL_VERSION); }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }
  wib::Tls& tls() noexcept override { return tls_; }

 private:
  Library library_;
  OpensslCrypto crypto_;
  OpensslCertificates certificates_;
  OpensslTls tls_;
};

}  // namespace

wib::Backend& instance() {
  static OpensslBackend backend;
  return backend;
}

}  // namespace WIB_BACKEND_NAMESPACE
