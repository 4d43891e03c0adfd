// SPDX-License-Identifier: Apache-2.0
//
// Rig: the backend that a session target runs on, its suites, and what costs too much to be made
// for each input: a registration, a device that has booted, what becomes of a pair.
#pragma once

#include <memory>
#include <vector>

#include "backends/backend.h"
#include "fuzz/sessions/edits.h"
#include "fuzz/sessions/parts.h"
#include "protocol/setup/device.h"

namespace wib::fuzz {

inline constexpr std::string_view rig_serial = "WIB-FUZZ-1";
inline constexpr std::string_view rig_code = "0123456789";
inline constexpr std::string_view wrong_code = "9876543210";

// What a client may want installed; the first works, and so do the others of the first half.
inline constexpr std::size_t bundle_count = 8;

// Certificates that remember how a pair was judged: a real library needs a millisecond for each
// time, and the same few are asked about again and again.
class RememberingCertificates final : public Certificates {
 public:
  explicit RememberingCertificates(Certificates& real) : real_(real) {}
  Result<CertificateInfo> inspect(ByteView certificate) override {
    return real_.inspect(certificate);
  }
  Result<std::size_t> sign(ByteView key, ByteView message, ByteSpan signature) override {
    return real_.sign(key, message, signature);
  }
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override {
    return real_.verify(certificate, message, signature);
  }
  Result<> check_pair(ByteView certificate, ByteView private_key) override;

 private:
  struct Judged {
    ByteVector certificate;
    ByteVector private_key;
    Result<> result;
  };
  Certificates& real_;
  std::vector<Judged> judged_;
};

class Rig {
 public:
  // `backend` names one of the registry, or "ideal" for an instance of its own.
  [[nodiscard]] static Rig& of(std::string_view backend);

  virtual ~Rig() = default;
  // Forgets what the last input made; call it before each.
  virtual void begin() = 0;

  [[nodiscard]] Backend& backend() noexcept { return *backend_; }
  [[nodiscard]] Crypto& crypto() noexcept { return backend_->crypto(); }
  [[nodiscard]] Certificates& certificates() noexcept { return certificates_; }
  [[nodiscard]] const Suite& suite(Byte choice) const noexcept {
    return suites_[choice % suites_.size()];
  }
  [[nodiscard]] std::size_t suite_count() const noexcept { return suites_.size(); }
  // The device's group where it may choose: as quick as the backend allows.
  [[nodiscard]] const Group& group() const noexcept { return group_; }
  [[nodiscard]] const Verifier& verifier() const noexcept { return *verifier_; }
  [[nodiscard]] Password& password(bool right) noexcept { return right ? *right_ : *wrong_; }
  // Of a device that has booted and tested its noise source.
  [[nodiscard]] const GateState& booted() const noexcept { return booted_; }
  [[nodiscard]] static Bundle bundle(std::size_t which) noexcept;

 protected:
  explicit Rig(Backend& backend, const Group& group);
  [[nodiscard]] const SecretBuffer<p256_scalar_size>& w1() const noexcept { return w1_; }

 private:
  Backend* backend_;
  RememberingCertificates certificates_;
  Group group_;
  std::vector<Suite> suites_;
  std::unique_ptr<Verifier> verifier_;
  std::unique_ptr<Password> right_;
  std::unique_ptr<Password> wrong_;
  SecretBuffer<p256_scalar_size> w1_;
  GateState booted_;
};

}  // namespace wib::fuzz
