// SPDX-License-Identifier: Apache-2.0
//
// Backend: one crypto library behind the core's ports, and its manifest: what it has. A folder
// under backends/ that has a CMakeLists.txt is a backend (so is any folder in WIB_BACKEND_DIRS);
// the build generates the registry from the folders.
//
// In the folder, everything lives in `namespace WIB_BACKEND_NAMESPACE`, a macro that the build
// sets for that folder alone, and one symbol is expected:
//
//   namespace WIB_BACKEND_NAMESPACE { wib::Backend& instance(); }
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "backends/bare.h"
#include "protocol/certificates.h"
#include "protocol/crypto.h"
#include "protocol/tls.h"

namespace wib {

// What a backend can have. The conformance tests hold every backend to its list in both directions:
// what is declared works and is exercised, what is not declared is Errc::unsupported.
enum class Capability : std::uint8_t {
  // Crypto
  sha256,
  hmac_sha256,
  hmac_sha512,
  hkdf_sha256,
  pbkdf2_sha256,
  aes256_cbc,
  aes256_ctr,
  aes256_gcm,
  chacha20_poly1305,
  mod_exp,  // finite-field groups: any modulus up to 8192 bits
  x25519,
  p256,
  // Certificates: inspect(), and sign() and verify() with that kind of key
  certificates_rsa,
  certificates_p256,
  certificates_p384,
  certificates_p521,
  certificates_ed25519,  // inspect() alone: no device may serve with it
  // Tls, both sides
  tls1_2,
  tls1_3,
  dane  // RFC 6698: the library checks TLSA records itself
};
inline constexpr std::size_t capability_count = 20;

// The name as users read it ("aes256_gcm", "tls1.2"), and a few words.
[[nodiscard]] std::string_view name(Capability capability) noexcept;
[[nodiscard]] std::string_view describe(Capability capability) noexcept;
[[nodiscard]] std::span<const Capability> all_capabilities() noexcept;

class Capabilities {
 public:
  constexpr Capabilities() noexcept = default;
  constexpr Capabilities(std::initializer_list<Capability> list) noexcept {
    for (const Capability capability : list) bits_ |= bit(capability);
  }
  [[nodiscard]] constexpr bool has(Capability capability) const noexcept {
    return (bits_ & bit(capability)) != 0;
  }
  [[nodiscard]] constexpr bool has_all(Capabilities other) const noexcept {
    return (bits_ & other.bits_) == other.bits_;
  }
  constexpr void add(Capability capability) noexcept { bits_ |= bit(capability); }
  friend constexpr bool operator==(Capabilities, Capabilities) = default;

 private:
  static constexpr std::uint32_t bit(Capability capability) noexcept {
    return std::uint32_t{1} << static_cast<unsigned>(capability);
  }
  std::uint32_t bits_ = 0;
};

// What a backend says of itself.
struct Manifest {
  Capabilities has;
  // Folders of the backends whose Certificates and Tls this one borrows; empty: it has its own (or
  // none, if it declares no such capability). What is borrowed is declared by its owner alone, and
  // a real backend borrows from real ones.
  std::string_view certificates_from;
  std::string_view tls_from;
  // False: no real crypto. Such a backend is for exploration: it is never offered to `wib device`
  // or `wib setup`, and takes no part in what only real libraries can show.
  bool real = true;
  // One line for a person: what is missing, and why.
  std::string_view note;
};

class Backend {
 public:
  // The folder's name, as users type it.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // The library and the version that runs, in its own words ("OpenSSL 3.0.22 ...").
  [[nodiscard]] virtual std::string_view library() const noexcept = 0;

  [[nodiscard]] virtual Manifest manifest() const noexcept = 0;

  [[nodiscard]] virtual Crypto& crypto() noexcept = 0;

  // Overridden by a backend that has its own. Else the manifest's owner gives them; if there is no
  // such owner, every operation is Errc::unsupported.
  [[nodiscard]] virtual Certificates& certificates() noexcept;
  [[nodiscard]] virtual Tls& tls() noexcept;

  // The library without the wrapper; null if the backend does not offer that.
  [[nodiscard]] virtual Bare* bare() noexcept { return nullptr; }

 protected:
  ~Backend() = default;
};

}  // namespace wib
