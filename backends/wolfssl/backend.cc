// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <string>

#include "certificates.h"
#include "crypto.h"
#include "internal.h"
#include "tls.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::Capability;

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
    return {.has = {Capability::sha256, Capability::hmac_sha256, Capability::hmac_sha512,
                    Capability::hkdf_sha256, Capability::pbkdf2_sha256, Capability::aes256_cbc,
                    Capability::aes256_ctr, Capability::aes256_gcm, Capability::chacha20_poly1305,
                    Capability::mod_exp, Capability::x25519, Capability::p256,
                    Capability::certificates_rsa, Capability::certificates_p256,
                    Capability::certificates_p384, Capability::certificates_p521,
                    Capability::certificates_ed25519, Capability::tls1_2, Capability::tls1_3},
            .note =
                "no DANE; mod_exp beyond 4096 bits is the wrapper's own; P-256 and that are not of "
                "constant time"};
  }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }
  wib::Tls& tls() noexcept override { return tls_; }

 private:
  Initialised initialised_;  // first, so that it is undone last
  std::string library_ = std::string("wolfSSL ") + wolfSSL_lib_version();
  WolfsslCrypto crypto_;
  WolfsslCertificates certificates_;
  WolfsslTls tls_;
};

}  // namespace

wib::Backend& instance() {
  static WolfsslBackend backend;
  return backend;
}

}  // namespace WIB_BACKEND_NAMESPACE
