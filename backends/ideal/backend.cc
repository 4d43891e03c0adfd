// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"
#include "crypto.h"
#include "ideal.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::Capability;

class IdealBackend final : public Instance {
 public:
  explicit IdealBackend(const Limits& limits)
      : arena_(limits), crypto_(arena_), certificates_(arena_) {}

  std::string_view name() const noexcept override { return WIB_BACKEND_NAME; }
  std::string_view library() const noexcept override {
    return "wib's own symbols: no cryptography, no security";
  }
  wib::Manifest manifest() const noexcept override {
    return {.has = {Capability::sha256, Capability::hmac_sha256, Capability::hmac_sha512,
                    Capability::hkdf_sha256, Capability::pbkdf2_sha256, Capability::aes256_cbc,
                    Capability::aes256_ctr, Capability::aes256_gcm, Capability::chacha20_poly1305,
                    Capability::mod_exp, Capability::x25519, Capability::p256,
                    Capability::certificates_rsa, Capability::certificates_p256,
                    Capability::certificates_p384, Capability::certificates_p521,
                    Capability::certificates_ed25519},
            .real = false,
            .note = "perfect symbolic crypto for exploration; no TLS, no malleability"};
  }
  wib::Crypto& crypto() noexcept override { return crypto_; }
  wib::Certificates& certificates() noexcept override { return certificates_; }

  void reset() noexcept override { arena_.reset(); }
  std::size_t terms() const noexcept override { return arena_.terms(); }
  std::size_t bytes() const noexcept override { return arena_.bytes_used(); }

  std::optional<Origin> origin(ByteView bytes) const override {
    const auto id = arena_.find(bytes);
    if (!id) return std::nullopt;
    Origin origin;
    if (const auto* made = arena_.maker(*id); made != nullptr) {
      origin.op = made->op;
      for (const Id argument : arena_.arguments(*made)) {
        origin.arguments.push_back(arena_.bytes(argument));
      }
    }
    return origin;
  }

 private:
  Arena arena_;
  IdealCrypto crypto_;
  IdealCertificates certificates_;
};

}  // namespace

std::unique_ptr<Instance> make(const Limits& limits) {
  return std::make_unique<IdealBackend>(limits);
}

Instance& registered() {
  static IdealBackend backend(Limits{});
  return backend;
}

wib::Backend& instance() { return registered(); }

}  // namespace WIB_BACKEND_NAMESPACE
