// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <openssl/crypto.h>

#include "bare.h"
#include "certificates.h"
#include "crypto.h"
#include "internal.h"
#include "tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

class OpensslBackend final : public wib::Backend {
 public:
  OpensslBackend() : crypto_(library_), certificates_(library_), tls_(library_), bare_(library_) {}

  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override { return OpenSSL_version(OPENSSL_VERSION); }
  wib::Manifest manifest() const noexcept override {
    using enum wib::Capability;
    return {.has = {sha256, hmac_sha256, hmac_sha512, hkdf_sha256, pbkdf2_sha256, aes256_cbc,
                    aes256_ctr, aes256_gcm, chacha20_poly1305, mod_exp, x25519, p256,
                    certificates_rsa, certificates_p256, certificates_p384, certificates_p521,
                    certificates_ed25519, tls1_2, tls1_3},
            .note = "the library has DANE too, but the Tls port has no operation for it yet"};
  }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }
  wib::Tls& tls() noexcept override { return tls_; }
  wib::Bare* bare() noexcept override { return &bare_; }

 private:
  Library library_;
  OpensslCrypto crypto_;
  OpensslCertificates certificates_;
  OpensslTls tls_;
  OpensslBare bare_;
};

}  // namespace

wib::Backend& instance() {
  static OpensslBackend backend;
  return backend;
}

}  // namespace WIB_BACKEND_NAMESPACE
