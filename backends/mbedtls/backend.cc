// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <mbedtls/version.h>

#include <array>

#include "bare.h"
#include "certificates.h"
#include "crypto.h"
#include "random.h"
#include "tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

class MbedtlsBackend final : public wib::Backend {
 public:
  MbedtlsBackend() { mbedtls_version_get_string_full(library_.data()); }

  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override { return library_.data(); }
  wib::Manifest manifest() const noexcept override {
    using enum wib::Capability;
    return {.has = {sha256, hmac_sha256, hmac_sha512, hkdf_sha256, pbkdf2_sha256, aes256_cbc,
                    aes256_ctr, aes256_gcm, chacha20_poly1305, mod_exp, x25519, p256,
                    certificates_rsa, certificates_p256, certificates_p384, certificates_p521,
                    certificates_ed25519, tls1_2},
            .note = "2.28 has no TLS 1.3, and no Ed25519 in a chain; mod_exp is not constant time"};
  }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }
  wib::Tls& tls() noexcept override { return tls_; }
  wib::Bare* bare() noexcept override { return &bare_; }

 private:
  std::array<char, 18> library_{};  // the size that the library asks for
  Random random_;
  MbedtlsCrypto crypto_;
  MbedtlsCertificates certificates_{random_};
  MbedtlsTls tls_{random_};
  MbedtlsBare bare_{random_};
};

}  // namespace

wib::Backend& instance() {
  static MbedtlsBackend backend;
  return backend;
}

}  // namespace WIB_BACKEND_NAMESPACE
