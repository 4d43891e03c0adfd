// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/rig.h"

#include <cstdio>
#include <cstdlib>

#include "attacks/world/identities.h"
#include "backends/ideal/ideal.h"
#include "backends/registry.h"

namespace wib::fuzz {
namespace {

// The named suites, and rows that put the same choices beside others.
constexpr std::array<std::string_view, 10> mixes = {
    "as_posted+session_policy=single,attempt_limit=limited",
    "as_posted+key_exchange=spake2plus",
    "as_posted+key_schedule=hkdf_transcript,protection=aead",
    "as_posted+group_policy=named_x25519",
    "as_posted+freshness=epoch,group_policy=named_p256,attempt_limit=limited",
    "as_posted+key_exchange=spake2plus,attempt_limit=limited",
    "hardened+session_policy=several",
    "hardened+key_exchange=plain_dh,group_policy=named_x25519",
    "hardened+attempt_limit=unlimited,entropy_gate=none",
    "hardened+protection=encrypt_and_mac,session_policy=several",
};

constexpr std::array<Byte, salt_size> salt = {'f', 'u', 'z', 'z'};

// p = 2^61 - 1, a prime: a real library needs next to no time.
Group tiny_group() noexcept {
  static constexpr std::array<Byte, 8> p = {0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  static constexpr std::array<Byte, 1> g = {37};
  return {p, g};
}

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "fuzz: rig: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

void must(const Result<>& done, std::string_view what) {
  if (!done) give_up(what);
}

class IdealRig final : public Rig {
 public:
  explicit IdealRig(std::unique_ptr<wib_backend_ideal::Instance> instance)
      : Rig(*instance, ffdhe2048()), instance_(std::move(instance)) {}

  // L is a point that nobody knows a scalar of until it is made again: the same bytes.
  void begin() override {
    instance_->reset();
    std::array<Byte, p256_point_size> point;
    must(instance_->crypto().p256_base_mul(w1().view(), point), "L");
  }

 private:
  std::unique_ptr<wib_backend_ideal::Instance> instance_;
};

class RealRig final : public Rig {
 public:
  explicit RealRig(Backend& backend) : Rig(backend, tiny_group()) {}
  void begin() override {}
};

std::unique_ptr<Rig> make_rig(std::string_view name) {
  if (name == "ideal") return std::make_unique<IdealRig>(wib_backend_ideal::make());
  Backend* const backend = find_backend(name);
  if (backend == nullptr) give_up("no such backend");
  return std::make_unique<RealRig>(*backend);
}

}  // namespace

Rig& Rig::of(std::string_view backend) {
  static const std::unique_ptr<Rig> rig = make_rig(backend);
  return *rig;
}

Rig::Rig(Backend& backend, const Group& group)
    : backend_(&backend), certificates_(backend.certificates()), group_(group) {
  for (const Suite& suite : suites()) suites_.push_back(suite);
  for (const std::string_view mix : mixes) {
    const auto parsed = parse_suite(mix);
    if (!parsed) give_up(mix);
    suites_.push_back(*parsed);
  }
  verifier_ = std::make_unique<Verifier>();
  must(register_verifier(crypto(), as_bytes(rig_code), as_bytes(rig_serial), salt, min_iterations,
                         *verifier_),
       "verifier");
  right_ = std::make_unique<Password>(as_bytes(rig_code), as_bytes(rig_serial));
  wrong_ = std::make_unique<Password>(as_bytes(wrong_code), as_bytes(rig_serial));
  const auto prover = right_->prover(crypto(), salt, min_iterations);
  if (!prover || !wrong_->prover(crypto(), salt, min_iterations)) give_up("prover");
  w1_ = (*prover)->w1;
  TapeNoise noise(1);
  must(sp800_90b_gate().ready(crypto(), noise, booted_), "gate");
}

Bundle Rig::bundle(std::size_t which) noexcept {
  using attacks::identity;
  static const std::array<Bundle, bundle_count> bundles = [] {
    const auto pair = [](std::string_view certificate, std::string_view key) {
      return Bundle{identity(certificate).certificate, identity(key).private_key};
    };
    return std::array<Bundle, bundle_count>{
        pair("owner", "owner"),       pair("thief", "thief"),  pair("owner-plain", "owner-plain"),
        pair("stranger", "stranger"), pair("owner", "thief"),  pair("client-only", "client-only"),
        pair("ed25519", "ed25519"),   pair("owner", "ed25519")};
  }();
  return bundles[which % bundle_count];
}

Result<> RememberingCertificates::check_pair(ByteView certificate, ByteView private_key) {
  constexpr std::size_t remembered = 64;
  for (const Judged& each : judged_) {
    if (same_bytes(each.certificate, certificate) && same_bytes(each.private_key, private_key)) {
      return each.result;
    }
  }
  auto result = real_.check_pair(certificate, private_key);
  if (judged_.size() < remembered) {
    judged_.push_back({{certificate.begin(), certificate.end()},
                       {private_key.begin(), private_key.end()},
                       result});
  }
  return result;
}

}  // namespace wib::fuzz
