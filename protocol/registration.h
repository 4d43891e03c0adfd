// SPDX-License-Identifier: Apache-2.0
//
// Registration (RFC 9383 section 3.2): what is made of a setup code, once, by PBKDF2. The device
// keeps the Verifier's half, which does not make it able to act as the Prover; the client has the
// code itself and computes the Prover's half when it first sees the salt.
#pragma once

#include <optional>

#include "protocol/messages/offer.h"
#include "protocol/spake2plus.h"
#include "protocol/store.h"

namespace wib {

// idProver; idVerifier is the device's serial number, an identity and no secret.
inline constexpr std::string_view prover_identity = "wib client";

// Bounds of PBKDF2's iterations: below is refused (SP 800-132 section 5.2), above would let whoever
// answers for the device keep a client busy for longer than a second or two.
inline constexpr std::uint32_t min_iterations = 1'000;
inline constexpr std::uint32_t max_iterations = 1'000'000;
inline constexpr std::uint32_t default_iterations = 100'000;

// The record `verifier`, made at the factory together with the label.
//
//   verifier = { 1 => bstr .size 32,   ; w0
//                2 => bstr .size 65,   ; L
//                3 => bstr .size 16,   ; salt
//                4 => bstr .size 4 }   ; iterations, big-endian
struct Verifier {
  Spake2plusVerifier secrets;
  std::array<Byte, salt_size> salt{};
  std::array<Byte, 4> iterations{};
};
inline constexpr std::size_t max_verifier_size = 160;

// Registers a code: PBKDF2-HMAC-SHA-256 over the code and both identities, each behind its length
// (8 bytes little-endian), gives w0s || w1s. Errc::out_of_range for iterations out of bounds.
[[nodiscard]] Result<> register_prover(Crypto& crypto, ByteView code, ByteView serial,
                                       ByteView salt, std::uint32_t iterations,
                                       Spake2plusProver& prover);
[[nodiscard]] Result<> register_verifier(Crypto& crypto, ByteView code, ByteView serial,
                                         ByteView salt, std::uint32_t iterations,
                                         Verifier& verifier);

// Errors as cbor::read_fields and cbor::write_fields; Errc::out_of_range also for an L that is no
// point of the curve, and for iterations out of bounds.
[[nodiscard]] Result<Verifier> parse_verifier(ByteView bytes);
[[nodiscard]] Result<ByteView> write_verifier(const Verifier& verifier, ByteSpan out);
// Nullopt if the store has none. Errc::storage if the record is there and does not parse.
[[nodiscard]] Result<std::optional<Verifier>> load_verifier(Store& store);

// A client's setup code, with what was last computed from it: PBKDF2 runs once for each salt, not
// for each session. Wipes itself.
class Password {
 public:
  // `code`: the characters that are the password (setup_code.h), at most max_code_size; `serial`
  // must outlive this object.
  Password(ByteView code, ByteView serial) noexcept;

  // Errc::out_of_range for iterations out of bounds or a code of no allowed size.
  [[nodiscard]] Result<const Spake2plusProver*> prover(Crypto& crypto, ByteView salt,
                                                       std::uint32_t iterations);

  static constexpr std::size_t max_code_size = 64;

 private:
  SecretBuffer<max_code_size> code_;
  ByteView serial_;
  Buffer<salt_size> salt_;
  std::uint32_t iterations_ = 0;  // 0: nothing was computed yet
  Spake2plusProver prover_;
};

}  // namespace wib
