// SPDX-License-Identifier: Apache-2.0
//
// SPAKE2+ (RFC 9383), suite P256-SHA256-HKDF-SHA256-HMAC-SHA256: a key agreement that only a Prover
// who knows the password and a Verifier who has its registration record complete, and in which a
// wrong guess costs a run. Pure functions over Crypto: the caller draws the exponents.
//
// Names are the RFC's: w0, w1 (from the password), L = w1*P; the Verifier keeps (w0, L) and so
// cannot act as the Prover. All scalars are 32 bytes big-endian, all points p256_point_size bytes.
#pragma once

#include "protocol/crypto.h"

namespace wib {

inline constexpr std::size_t spake2plus_confirm_size = sha256_size;

// Section 3.2: bytes of w0s and of w1s, 64 bits more than the order so that the reduction is even.
inline constexpr std::size_t spake2plus_ws_size = 40;

struct Spake2plusProver {
  SecretBuffer<p256_scalar_size> w0;
  SecretBuffer<p256_scalar_size> w1;
};

struct Spake2plusVerifier {
  SecretBuffer<p256_scalar_size> w0;
  Buffer<p256_point_size> l;
};

// What both sides must agree on beforehand (section 3.3). Views.
struct Spake2plusIdentity {
  ByteView context;
  ByteView prover;
  ByteView verifier;
};

// The outcome: the peer proves that it has it by its confirmation.
struct Spake2plusSecrets {
  SecretBuffer<sha256_size> shared;            // K_shared
  SecretBuffer<sha256_size> confirm_prover;    // confirmP, which the Prover sends
  SecretBuffer<sha256_size> confirm_verifier;  // confirmV
};

// --- Registration (section 3.2) -----------------------------------------------------------------

// From w0s and w1s: what PBKDF2 made of the password, 2 * spake2plus_ws_size bytes.
[[nodiscard]] Result<> spake2plus_prover(ByteView w0s_w1s, Spake2plusProver& prover);
// The record that the Verifier keeps.
[[nodiscard]] Result<> spake2plus_register(Crypto& crypto, const Spake2plusProver& prover,
                                           Spake2plusVerifier& verifier);

// --- The run (section 3.3) ----------------------------------------------------------------------

// shareP = x*P + w0*M, and shareV = y*P + w0*N; x and y are drawn evenly from 1..n-1 (32 random
// bytes, reduced: the bias is below 2^-32).
[[nodiscard]] Result<> spake2plus_share_p(Crypto& crypto, const Spake2plusProver& prover,
                                          ByteView x, ByteSpan share);
[[nodiscard]] Result<> spake2plus_share_v(Crypto& crypto, const Spake2plusVerifier& verifier,
                                          ByteView y, ByteSpan share);

// The peer's share without its mask, which the Verifier can judge before it draws y. Errors as
// spake2plus_finish_v(). `bare` has p256_point_size bytes, and is secret.
[[nodiscard]] Result<> spake2plus_unmask_p(Crypto& crypto, const Spake2plusVerifier& verifier,
                                           ByteView share_p, ByteSpan bare);

// Both shares and one's own secret to the three secrets. Errc::out_of_range for a peer's share that
// is not a finite point on the curve in the one encoding, or that cancels w0 (Z would be infinity).
[[nodiscard]] Result<> spake2plus_finish_p(Crypto& crypto, const Spake2plusProver& prover,
                                           const Spake2plusIdentity& identity, ByteView x,
                                           ByteView share_p, ByteView share_v,
                                           Spake2plusSecrets& secrets);
[[nodiscard]] Result<> spake2plus_finish_v(Crypto& crypto, const Spake2plusVerifier& verifier,
                                           const Spake2plusIdentity& identity, ByteView y,
                                           ByteView share_p, ByteView share_v,
                                           Spake2plusSecrets& secrets);

// The same, from the share that spake2plus_unmask_p() gave.
[[nodiscard]] Result<> spake2plus_finish_v_unmasked(Crypto& crypto,
                                                    const Spake2plusVerifier& verifier,
                                                    const Spake2plusIdentity& identity, ByteView y,
                                                    ByteView share_p, ByteView bare,
                                                    ByteView share_v, Spake2plusSecrets& secrets);

// Section 4: the two elements that nobody knows the logarithm of.
[[nodiscard]] ByteView spake2plus_m() noexcept;
[[nodiscard]] ByteView spake2plus_n() noexcept;

}  // namespace wib
