// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <openssl/crypto.h>

#include "certificates.h"
#include "crypto.h"
#include "internal.h"
#include "tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::Capability;

class OpensslBackend final : public wib::Backend {
 public:
  OpensslBackend() : crypto_(library_), certificates_(library_), tls_(library_) {}

  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override { return OpenSSL_version(OPENSSL_VERSION); }
  wib::Manifest manifest() const noexcept override {
    return {.has = {Capability::sha256, Capability::hmac_sha256, Capability::hmac_sha512,
                    Capability::hkdf_sha256, Capability::pbkdf2_sha256, Capability::aes256_cbc,
                    Capability::aes256_ctr, Capability::aes256_gcm, Capability::chacha20_poly1305,
                    Capability::mod_exp, Capability::x25519, Capability::p256,
                    Capability::certificates_rsa, Capability::certificates_p256,
                    Capability::certificates_p384, Capability::certificates_p521,
                    Capability::certificates_ed25519, Capability::tls1_2, Capability::tls1_3},
            .note = "the library has DANE too, but the Tls port has no operation for it yet"};
  }
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
