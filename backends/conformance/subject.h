// SPDX-License-Identifier: Apache-2.0
//
// Subject: a backend under test. It hands every call on to the backend and notes which of its
// capabilities worked, so that what is declared and never exercised is found.
#pragma once

#include <array>

#include "backends/backend.h"
#include "backends/conformance/vector.h"

namespace wib::conformance {

// How often each capability did what it was asked.
class Exercised {
 public:
  void note(Capability capability) { ++counts_[static_cast<std::size_t>(capability)]; }
  [[nodiscard]] std::size_t times(Capability capability) const {
    return counts_[static_cast<std::size_t>(capability)];
  }

 private:
  std::array<std::size_t, capability_count> counts_{};
};

// The real backends that declare it, in the registry's order.
[[nodiscard]] std::vector<Backend*> declaring(Capability capability);

// The port as the core sees it. Ciphers are called twice, the second time in place, and must end
// alike. Outputs are returned; Error where the backend refused, after a look
// at what it left in the buffer: zeros, or, for wrong sizes, what was there before.
class Subject {
 public:
  explicit Subject(Backend& backend) : backend_(backend) {}

  [[nodiscard]] Backend& backend() { return backend_; }
  [[nodiscard]] const Exercised& exercised() const { return exercised_; }
  void note(Capability capability) { exercised_.note(capability); }

  Result<Bytes> sha256(Pieces message);
  Result<Bytes> hmac_sha256(ByteView key, Pieces message);
  Result<Bytes> hmac_sha512(ByteView key, Pieces message);
  Result<bool> verify_hmac_sha256(ByteView key, ByteView message, ByteView tag);
  Result<bool> verify_hmac_sha512(ByteView key, ByteView message, ByteView tag);
  Result<Bytes> hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size);
  Result<Bytes> pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                              std::size_t size);

  Result<Bytes> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in);
  Result<Bytes> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in);
  Result<Bytes> aes256_ctr(ByteView key, ByteView counter, ByteView in);

  struct Sealed {
    Bytes cipher;
    Bytes tag;
    friend bool operator==(const Sealed&, const Sealed&) = default;
  };
  // `aead` is Capability::aes256_gcm or chacha20_poly1305.
  Result<Sealed> seal(Capability aead, ByteView key, ByteView nonce, ByteView associated,
                      ByteView plain);
  Result<Bytes> open(Capability aead, ByteView key, ByteView nonce, ByteView associated,
                     ByteView cipher, ByteView tag);

  Result<Bytes> mod_exp(ByteView base, ByteView exponent, ByteView modulus);
  Result<> check_share(ByteView share, ByteView modulus);
  Result<Bytes> x25519(ByteView scalar, ByteView u);
  Result<Bytes> x25519_agree(ByteView scalar, ByteView peer);
  Result<Bytes> p256_base_mul(ByteView scalar);
  Result<Bytes> p256_mul(ByteView scalar, ByteView point);
  Result<Bytes> p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q);
  Result<> check_p256_share(ByteView point);

 private:
  template <class Operation>
  Result<Bytes> run(Capability capability, std::size_t size, Operation operation);

  // Operation: Result<>(ByteView in, ByteSpan out, ByteSpan tag).
  template <class Operation>
  Result<Sealed> run_twice(Capability capability, ByteView in, std::size_t tag_size,
                           Operation operation);
  template <class Operation>
  Result<Bytes> run_twice(Capability capability, ByteView in, Operation operation);

  Backend& backend_;
  Exercised exercised_;
};

}  // namespace wib::conformance
