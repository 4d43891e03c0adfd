// SPDX-License-Identifier: Apache-2.0
//
// Crypto: the arithmetic that the core asks of a library, and the judgements that it does not.
//
// The port has two sides. The core calls the public operations: they check sizes and encodings,
// bring every result into its one form (padding, reduction, infinity) and refuse what must be
// refused, here, in one place, for all backends. A backend implements the private do_... functions
// and may rely on what is said of them: sizes are right, encodings are well-formed. Two inputs that
// are the same to an operation give the same bytes on every backend.
//
// Every operation is a pure function of its arguments into a buffer that the caller owns: none
// draws randomness or keeps a key. Output buffers have exactly the size that the operation states,
// else Errc::out_of_range and nothing is written. Input and output must not overlap unless said.
// What cannot be computed fails with Errc::crypto, or with Errc::unsupported where the backend does
// not have it; the output then holds zeros, and the backend stays usable. What needs no arithmetic
// is answered here whatever the backend has: AES of no bytes, a power modulo 1, and the point at
// infinity where each summand has a scalar of zero (mod n) or infinity. One thread at a time for
// each object.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t sha256_size = 32;
inline constexpr std::size_t sha512_size = 64;
inline constexpr std::size_t aes_block_size = 16;
inline constexpr std::size_t aes256_key_size = 32;
inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_nonce_size = 12;
inline constexpr std::size_t aead_tag_size = 16;
inline constexpr std::size_t x25519_size = 32;
inline constexpr std::size_t p256_scalar_size = 32;
// SEC 1 section 2.3.3, uncompressed: 04, x, y. Infinity is 65 zeros here (SEC 1 has one zero, but
// every output has one size).
inline constexpr std::size_t p256_point_size = 65;

// The largest finite-field modulus that any party handles: 8192 bits.
inline constexpr std::size_t max_modulus_size = 1024;
// RFC 5869: 255 blocks of SHA-256.
inline constexpr std::size_t max_hkdf_size = 255 * sha256_size;
// What SPAKE2+ takes for P-256: w0s and w1s (RFC 9383 section 3.2).
inline constexpr std::size_t max_pbkdf2_size = 80;

// A message in pieces that follow one another. How it is cut changes no result.
class Pieces {
 public:
  // One piece.
  explicit Pieces(ByteView whole) noexcept : first_(whole) {}
  // Any number; `list` outlives this object.
  explicit Pieces(std::span<const ByteView> list) noexcept : rest_(list) {}

  template <class Function>
  void for_each(Function function) const {
    function(first_);
    for (const ByteView piece : rest_) function(piece);
  }

 private:
  ByteView first_;
  std::span<const ByteView> rest_;
};

class Crypto {
 public:
  // --- Hashes and MACs (FIPS 180-4, RFC 2104). Any input length, empty included. ---------------

  // SHA-256; `digest` has 32 bytes.
  [[nodiscard]] Result<> sha256(Pieces message, ByteSpan digest);
  [[nodiscard]] Result<> sha256(ByteView message, ByteSpan digest) {
    return sha256(Pieces(message), digest);
  }

  // HMAC-SHA-256; any key length, empty included; `tag` has 32 bytes.
  [[nodiscard]] Result<> hmac_sha256(ByteView key, Pieces message, ByteSpan tag);
  [[nodiscard]] Result<> hmac_sha256(ByteView key, ByteView message, ByteSpan tag) {
    return hmac_sha256(key, Pieces(message), tag);
  }

  // HMAC-SHA-512 ("SHA512-HMAC" of the post); any key length; `tag` has 64 bytes.
  [[nodiscard]] Result<> hmac_sha512(ByteView key, Pieces message, ByteSpan tag);
  [[nodiscard]] Result<> hmac_sha512(ByteView key, ByteView message, ByteSpan tag) {
    return hmac_sha512(key, Pieces(message), tag);
  }

  // --- Key derivation --------------------------------------------------------------------------

  // HKDF-SHA-256, extract and expand (RFC 5869); an empty salt is one of 32 zeros. `okm` has 1 to
  // max_hkdf_size bytes.
  [[nodiscard]] Result<> hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm);

  // PBKDF2-HMAC-SHA-256 (RFC 8018 section 5.2); `iterations` is 1 or more, `key` has 1 to
  // max_pbkdf2_size bytes.
  [[nodiscard]] Result<> pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                       ByteSpan key);

  // --- AES-256 (FIPS 197, SP 800-38A): `key` 32 bytes, `iv` or `counter` 16 bytes. -------------

  // CBC without padding: `in` is a whole number of 16-byte blocks (else Errc::out_of_range; none
  // is allowed) and `out` has its size. `in` and `out` may be the same buffer.
  [[nodiscard]] Result<> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out);
  [[nodiscard]] Result<> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out);

  // CTR with a 128-bit big-endian counter that wraps from all ones to zero; its own inverse.
  // `out` has the size of `in` and may be the same buffer.
  [[nodiscard]] Result<> aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out);

  // --- AEAD: `key` 32 bytes, `nonce` 12, `tag` 16; any plaintext and associated data. ----------
  // `in` and `out` have one size and may be the same buffer. Opening verifies first: Errc::bad_tag,
  // and `out` holds zeros, if one bit of anything is not as it was sealed.

  // AES-256-GCM (SP 800-38D, RFC 5116).
  [[nodiscard]] Result<> aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteSpan out, ByteSpan tag);
  [[nodiscard]] Result<> aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteView tag, ByteSpan out);

  // ChaCha20-Poly1305 (RFC 8439 section 2.8).
  [[nodiscard]] Result<> chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                                ByteView in, ByteSpan out, ByteSpan tag);
  [[nodiscard]] Result<> chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                ByteView in, ByteView tag, ByteSpan out);

  // --- Finite field ---------------------------------------------------------------------------

  // base^exponent mod modulus, all big-endian and unsigned, left-padded with zeros to the size of
  // `modulus` (`out` has that size). Defined for every base (reduced first), every exponent (empty
  // and zero mean 1 mod modulus) and every modulus above zero, prime or not, odd or even; leading
  // zeros are allowed anywhere. Sizes: modulus 1..1024 bytes, base and exponent 0..1024 bytes.
  // A modulus of zero is Errc::out_of_range. `exponent` is secret: constant time where the library
  // has it for the given modulus.
  [[nodiscard]] Result<> mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out);

  // --- Elliptic curves ------------------------------------------------------------------------

  // X25519 (RFC 7748 section 5): the scalar is clamped and the top bit of `u` ignored, as there.
  // Defined for every input; a `u` of small order gives zeros. All have 32 bytes.
  [[nodiscard]] Result<> x25519(ByteView scalar, ByteView u, ByteSpan out);

  // P-256 (SEC 2, "secp256r1"). Scalars: 32 bytes, big-endian, reduced modulo the order. Points:
  // p256_point_size bytes; Errc::out_of_range for another size or first byte, a coordinate that is
  // not below p, or a point that is not on the curve. Infinity is taken and given.
  [[nodiscard]] Result<> p256_base_mul(ByteView scalar, ByteSpan out);                 // scalar*G
  [[nodiscard]] Result<> p256_mul(ByteView scalar, ByteView point, ByteSpan out);      // scalar*P
  [[nodiscard]] Result<> p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,  // a*P + b*Q
                                      ByteSpan out);

  // --- Judgements -----------------------------------------------------------------------------
  // One implementation, which every real backend inherits; only what is no real crypto overrides.

  // True if two secrets are the same bytes; constant time in the contents.
  [[nodiscard]] virtual bool equal(ByteView a, ByteView b) noexcept;

  // True if `tag` is the HMAC of `message` under `key`, all of its bytes.
  [[nodiscard]] virtual Result<bool> verify_hmac_sha256(ByteView key, ByteView message,
                                                        ByteView tag);
  [[nodiscard]] virtual Result<bool> verify_hmac_sha512(ByteView key, ByteView message,
                                                        ByteView tag);

  // Judges a finite-field share against the group's modulus: 1 < share < modulus - 1, and no
  // longer than the modulus. Errc::out_of_range if it is not.
  [[nodiscard]] virtual Result<> check_share(ByteView share, ByteView modulus);

  // True if share^((modulus-1)/2) is 1: the share lies in the subgroup of prime order of a safe
  // prime, and so tells nothing of an exponent's lowest bit. For a share that check_share() took.
  [[nodiscard]] virtual Result<bool> in_prime_subgroup(ByteView share, ByteView modulus);

  // Judges a P-256 share: finite, well-formed, on the curve. Errc::out_of_range if it is not.
  [[nodiscard]] virtual Result<> check_p256_share(ByteView point);

  // X25519 as a key agreement (RFC 7748 section 6.1): Errc::out_of_range if the result is zero.
  [[nodiscard]] virtual Result<> x25519_agree(ByteView scalar, ByteView peer, ByteSpan secret);

 protected:
  ~Crypto() = default;

  // The point has the form 04 x y and coordinates below p. True if it is on the curve: the
  // equation, unless the backend's points are not points.
  virtual Result<bool> do_p256_on_curve(ByteView point);

  // These two come from HMAC unless the backend overrides them; one whose library stops short of
  // some inputs calls these for the rest.
  virtual Result<> do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm);
  virtual Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                    ByteSpan key);

 private:
  // --- What a backend implements --------------------------------------------------------------
  // Each fails with Errc::crypto if the library does. An operation that the backend does not have
  // is not overridden: it is Errc::unsupported, and the backend's manifest must not claim it.
  // Inputs and outputs do not overlap but where the public operation says that they may.

  virtual Result<> do_sha256(Pieces message, ByteSpan digest);
  virtual Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag);
  virtual Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag);
  // One block or more.
  virtual Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out);
  virtual Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out);
  // One byte or more.
  virtual Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out);
  // Any plaintext and associated data, empty included. Opening fails with Errc::bad_tag.
  virtual Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                      ByteView in, ByteSpan out, ByteSpan tag);
  virtual Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                      ByteView in, ByteView tag, ByteSpan out);
  virtual Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                             ByteView in, ByteSpan out, ByteSpan tag);
  virtual Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                             ByteView in, ByteView tag, ByteSpan out);
  // The modulus is above 1 and begins with a byte that is not zero. The base has no leading zeros
  // (zero is empty) and may be above the modulus. The exponent is as it came: it may be empty and
  // have leading zeros, which are as secret as the rest. Writes the result to the front of `out`
  // (as long as the modulus) and returns its size: leading zeros may be there or not.
  virtual Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                         ByteSpan out);
  // The top bit of `u` is clear; the scalar is clamped.
  virtual Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out);
  // Scalars are 1..n-1, points finite and on the curve. False if the result is infinity (`out` is
  // not looked at then).
  virtual Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out);
  virtual Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out);
  virtual Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                       ByteSpan out);
};

// The generator of P-256, encoded (SEC 2 section 2.4.2).
[[nodiscard]] ByteView p256_generator() noexcept;
// Its order n, 32 bytes big-endian.
[[nodiscard]] ByteView p256_order() noexcept;

}  // namespace wib
