// SPDX-License-Identifier: Apache-2.0
//
// Crypto: the arithmetic that the core asks of a library, and the judgements that it does not.
//
// Every operation is a pure function of its arguments into a buffer that the caller owns: no
// operation draws randomness, keeps a key, or decides whether a value is good enough. Raw
// operations have one defined result for every input, so that all backends agree byte for byte;
// refusing is a defence's work (protocol/defences). Judgements (equal, verify_...) have one
// implementation here that every real backend inherits; only `ideal` overrides them.
//
// Output buffers must have exactly the size that the operation states, else Errc::out_of_range and
// nothing is written. Input and output must not overlap unless said. An operation that cannot be
// computed fails with Errc::crypto, leaves zeros in no buffer that could pass for a result, and
// leaves the backend usable. One thread at a time per object.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

inline constexpr std::size_t sha256_size = 32;
inline constexpr std::size_t sha512_size = 64;
inline constexpr std::size_t aes_block_size = 16;
inline constexpr std::size_t aes256_key_size = 32;

// The largest finite-field modulus that any party handles: 8192 bits.
inline constexpr std::size_t max_modulus_size = 1024;

class Crypto {
 public:
  // --- Hashes and MACs (FIPS 180-4, RFC 2104). Any input length, empty included. ---------------

  // SHA-256 of `message`; `digest` has 32 bytes.
  [[nodiscard]] virtual Result<> sha256(ByteView message, ByteSpan digest) = 0;

  // HMAC-SHA-256; any key length, empty included; `tag` has 32 bytes.
  [[nodiscard]] virtual Result<> hmac_sha256(ByteView key, ByteView message, ByteSpan tag) = 0;

  // HMAC-SHA-512 ("SHA512-HMAC" of the post); any key length; `tag` has 64 bytes.
  [[nodiscard]] virtual Result<> hmac_sha512(ByteView key, ByteView message, ByteSpan tag) = 0;

  // --- AES-256 (FIPS 197, SP 800-38A): `key` 32 bytes, `iv` or `counter` 16 bytes. -------------

  // CBC without padding: `in` is a whole number of 16-byte blocks (else Errc::out_of_range; none
  // is allowed) and `out` has its size. `in` and `out` may be the same buffer.
  [[nodiscard]] virtual Result<> aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in,
                                                    ByteSpan out) = 0;
  [[nodiscard]] virtual Result<> aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                                    ByteSpan out) = 0;

  // CTR with a 128-bit big-endian counter that wraps from all ones to zero; its own inverse.
  // `out` has the size of `in` and may be the same buffer.
  [[nodiscard]] virtual Result<> aes256_ctr(ByteView key, ByteView counter, ByteView in,
                                            ByteSpan out) = 0;

  // --- Finite field ---------------------------------------------------------------------------

  // base^exponent mod modulus, all big-endian and unsigned, left-padded with zeros to the size of
  // `modulus` (`out` has that size). Defined for every base (reduced first), every exponent (empty
  // and zero mean 1 mod modulus) and every modulus above zero, prime or not, odd or even; leading
  // zeros are allowed anywhere. Sizes: modulus 1..1024 bytes, base and exponent 0..1024 bytes.
  // A modulus of zero is Errc::out_of_range. `exponent` is secret: constant time where the library
  // has it for the given modulus.
  [[nodiscard]] virtual Result<> mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                         ByteSpan out) = 0;

  // --- Judgements -----------------------------------------------------------------------------

  // True if two secrets are the same bytes; constant time in the contents.
  [[nodiscard]] virtual bool equal(ByteView a, ByteView b) noexcept;

  // True if `tag` is HMAC-SHA-512 of `message` under `key`, all 64 bytes of it.
  [[nodiscard]] virtual Result<bool> verify_hmac_sha512(ByteView key, ByteView message,
                                                        ByteView tag);

 protected:
  ~Crypto() = default;
};

}  // namespace wib
