// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <string>

#include "bare.h"
#include "certificates.h"
#include "crypto.h"
#include "internal.h"
#include "tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// The library's process-wide set-up. It counts its callers, so another user in this process does
// no harm.
class Initialised {
 public:
  Initialised() { wolfSSL_Init(); }
  Initialised(const Initialised&) = delete;
  Initialised& operator=(const Initialised&) = delete;
  ~Initialised() { wolfSSL_Cleanup(); }
};

class WolfsslBackend final : public wib::Backend {
 public:
  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override { return library_; }
  wib::Manifest manifest() const noexcept override {
    using enum wib::Capability;
    return {.has = {sha256, hmac_sha256, hmac_sha512, hkdf_sha256, pbkdf2_sha256, aes256_cbc,
                    aes256_ctr, aes256_gcm, chacha20_poly1305, mod_exp, x25519, p256,
                    certificates_rsa, certificates_p256, certificates_p384, certificates_p521,
                    certificates_ed25519, tls1_2, tls1_3},
            .note =
                "no DANE in the library; mod_exp beyond 4096 bits is the wrapper's own; P-256 is "
                "not of constant time (FP_ECC)"};
  }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }
  wib::Tls& tls() noexcept override { return tls_; }
  wib::Bare* bare() noexcept override { return &bare_; }

 private:
  Initialised initialised_;  // first, so that it is undone last
  std::string library_ = std::string("wolfSSL ") + wolfSSL_lib_version();
  WolfsslCrypto crypto_;
  WolfsslCertificates certificates_;
  WolfsslTls tls_;
  WolfsslBare bare_;
};

}  // namespace

wib::Backend& instance() {
  static WolfsslBackend backend;
  return backend;
}

}  // namespace WIB_BACKEND_NAMESPACE
