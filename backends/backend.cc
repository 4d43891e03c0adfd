// SPDX-License-Identifier: Apache-2.0
#include "backends/backend.h"

#include <array>

#include "backends/registry.h"

namespace wib {
namespace {

struct Entry {
  Capability capability;
  std::string_view name;
  std::string_view description;
};

constexpr std::array<Entry, capability_count> entries = {{
    {Capability::sha256, "sha256", "FIPS 180-4"},
    {Capability::hmac_sha256, "hmac_sha256", "RFC 2104"},
    {Capability::hmac_sha512, "hmac_sha512", "RFC 2104"},
    {Capability::hkdf_sha256, "hkdf_sha256", "RFC 5869"},
    {Capability::pbkdf2_sha256, "pbkdf2_sha256", "RFC 8018"},
    {Capability::aes256_cbc, "aes256_cbc", "SP 800-38A"},
    {Capability::aes256_ctr, "aes256_ctr", "SP 800-38A"},
    {Capability::aes256_gcm, "aes256_gcm", "SP 800-38D"},
    {Capability::chacha20_poly1305, "chacha20_poly1305", "RFC 8439"},
    {Capability::mod_exp, "mod_exp", "finite-field groups up to 8192 bits, RFC 7919"},
    {Capability::x25519, "x25519", "RFC 7748"},
    {Capability::p256, "p256", "SEC 2 secp256r1"},
    {Capability::certificates_rsa, "certificates.rsa", "RFC 5280, RSASSA-PKCS1-v1_5"},
    {Capability::certificates_p256, "certificates.p256", "RFC 5280, ECDSA"},
    {Capability::certificates_p384, "certificates.p384", "RFC 5280, ECDSA"},
    {Capability::certificates_p521, "certificates.p521", "RFC 5280, ECDSA"},
    {Capability::certificates_ed25519, "certificates.ed25519", "RFC 8410, inspected alone"},
    {Capability::tls1_2, "tls1.2", "RFC 5246"},
    {Capability::tls1_3, "tls1.3", "RFC 8446"},
    {Capability::dane, "dane", "RFC 6698, by the library"},
}};

const Entry& entry(Capability capability) noexcept {
  return entries[static_cast<std::size_t>(capability)];
}

class NoCertificates final : public Certificates {
 public:
  Result<CertificateInfo> inspect(ByteView) override { return none(); }
  Result<std::size_t> sign(ByteView, ByteView, ByteSpan) override { return none(); }
  Result<bool> verify(ByteView, ByteView, ByteView) override { return none(); }

 private:
  static std::unexpected<Error> none() { return fail(Errc::unsupported, "certificates"); }
};

class NoTls final : public Tls {
 public:
  Result<std::unique_ptr<TlsSession>> server(ByteView, ByteView, TlsVersions) override {
    return fail(Errc::unsupported, "tls");
  }
  Result<std::unique_ptr<TlsSession>> client(ByteView, std::string_view, TlsVersions) override {
    return fail(Errc::unsupported, "tls");
  }
};

// The owner of what is borrowed; null if there is none, if it is the borrower itself, and if a real
// backend would borrow what is no real crypto.
Backend* owner(std::string_view name, const Backend& borrower) {
  if (name.empty() || name == borrower.name()) return nullptr;
  Backend* const lender = find_backend(name);
  if (lender == nullptr || (borrower.manifest().real && !lender->manifest().real)) return nullptr;
  return lender;
}

}  // namespace

std::string_view name(Capability capability) noexcept { return entry(capability).name; }
std::string_view describe(Capability capability) noexcept { return entry(capability).description; }

std::span<const Capability> all_capabilities() noexcept {
  static constexpr auto all = [] {
    std::array<Capability, capability_count> list{};
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = entries[i].capability;
    return list;
  }();
  return all;
}

Certificates& Backend::certificates() noexcept {
  static NoCertificates none;
  Backend* const lender = owner(manifest().certificates_from, *this);
  // One step only: a lender lends what is its own.
  if (lender == nullptr || !lender->manifest().certificates_from.empty()) return none;
  return lender->certificates();
}

Tls& Backend::tls() noexcept {
  static NoTls none;
  Backend* const lender = owner(manifest().tls_from, *this);
  if (lender == nullptr || !lender->manifest().tls_from.empty()) return none;
  return lender->tls();
}

}  // namespace wib
