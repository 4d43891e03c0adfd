// SPDX-License-Identifier: Apache-2.0
//
// IdealCrypto: perfect symbolic cryptography. Of no security: for exploration alone.
//
// Every result is a byte string that stands for the term it was made by (arena.h): nothing can be
// said of it but by the operations here, and two terms are the same bytes if and only if they are
// equal by these rules and no others (but for strings of less than five bytes, of which there are
// too few):
//
//   hashes, MACs,       distinct for distinct inputs, and unrelated to one another; but an HMAC key
//   PBKDF2, signatures  is what RFC 2104 makes of it (zeros behind it are not there, a long one is
//                       hashed), and a shorter key of PBKDF2 is the front of a longer one. HKDF is
//                       the core's own, of HMAC.
//   CBC, CTR            a key, an IV and a plaintext give one ciphertext. Decrypting what was never
//                       encrypted under them gives junk of the right size, and encrypting that
//                       gives it back. Perfect encryption: MALLEABILITY IS NOT MODELLED. A changed
//                       bit of a ciphertext changes all of its plaintext, in CTR as in CBC, and two
//                       ciphertexts under one key and counter say nothing of each other.
//   AEAD                opens what was sealed, and nothing else.
//   mod_exp             (g^x)^y = (g^y)^x; x^0 = 1; x^1 = x; 0, 1 and p-1 behave as they must;
//                       bases are taken mod p. Exponents are atoms: no sums or products of them,
//                       no orders of elements, no inverses. A modulus of up to 32 bits has no room
//                       for symbols, nor for secrets: there the numbers are computed.
//   X25519              commutes; points of small order give zeros.
//   P-256               sums of points with products of scalars, in normal form: all that follows
//                       from the laws of an abelian group with k*(l*P) = l*(k*P), negation (n-k of
//                       a scalar, p-y of a point) and small integers included. So SPAKE2+ works.
//                       A scalar k is a small integer if k or n-k is below 2^62, and the others are
//                       atoms: an x*y mod n that was computed elsewhere is another scalar. A
//                       multiple of 2^62 or more of a product of atoms is Errc::capacity. A point
//                       that came from outside is its own base, if it is on the curve.
//
// The judgements are overridden: they look at terms. Everything else of the core is as it is for
// the real backends.
#pragma once

#include "arena.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Errc;
using wib::Pieces;
using wib::Result;

class IdealCrypto final : public wib::Crypto {
 public:
  // `arena` must outlive this object.
  explicit IdealCrypto(Arena& arena) noexcept : arena_(arena) {}

  // --- Judgements ------------------------------------------------------------------------------
  bool equal(ByteView a, ByteView b) noexcept override;
  Result<bool> verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) override;
  Result<bool> verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) override;
  Result<> check_share(ByteView share, ByteView modulus) override;
  // Elements have no orders here: every share is inside but p-1, which is -1 to whatever power.
  Result<bool> in_prime_subgroup(ByteView share, ByteView modulus) override;
  Result<> check_p256_share(ByteView point) override;
  Result<> x25519_agree(ByteView scalar, ByteView peer, ByteSpan secret) override;

 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) override;
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override;
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override;
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) override;
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override;
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override;
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override;
  Result<bool> do_p256_on_curve(ByteView point) override;
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override;
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override;
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override;

  // Errc::capacity if the arena is full.
  [[nodiscard]] Result<> room() const;
  void give(Id id, ByteSpan out) const { std::ranges::copy(arena_.bytes(id), out.begin()); }

  [[nodiscard]] Id intern(Pieces message);
  [[nodiscard]] Id hmac_key(ByteView key, std::size_t block, Op long_key, std::size_t size);
  [[nodiscard]] Id hmac_sha256_of(ByteView key, Id message);
  [[nodiscard]] Id hmac_sha512_of(ByteView key, Id message);
  [[nodiscard]] Result<> seal(Op op, ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag);
  [[nodiscard]] Result<> open(Op op, ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out);

  // `factor` among those of an application behind its `fixed` first arguments, in their order;
  // Errc::capacity if there are too many.
  [[nodiscard]] Result<> insert_factor(std::vector<Id>& arguments, std::size_t fixed,
                                       Id factor) const;

  Arena& arena_;
  std::vector<Id> arguments_;
  std::vector<Byte> joined_;
};

}  // namespace WIB_BACKEND_NAMESPACE
