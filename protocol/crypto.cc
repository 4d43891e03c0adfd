// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto.h"

#include "protocol/big_endian.h"
#include "protocol/p256.h"
#include "protocol/secrets.h"

namespace wib {
namespace {

constexpr std::size_t coordinate_size = 32;

using Coordinate = std::array<Byte, coordinate_size>;

// SEC 2 section 2.4.2.
constexpr Coordinate p256_p = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
                               0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr Coordinate p256_n = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                               0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
constexpr std::array<Byte, p256_point_size> p256_g = {
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
    0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
    0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
    0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
    0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};

bool is_zero(ByteView number) noexcept {
  unsigned any = 0;
  for (const Byte byte : number) any |= byte;
  // One secret in 2^256 is zero: that it is not tells nothing.
  return declassified(any == 0);
}

// Of public numbers.
ByteView without_leading_zeros(ByteView number) noexcept {
  const auto first = std::ranges::find_if(number, [](Byte byte) { return byte != 0; });
  return number.subspan(static_cast<std::size_t>(first - number.begin()));
}

// Of numbers of one size; no branch on them.
bool below(ByteView a, ByteView b) noexcept {
  unsigned borrow = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    borrow = 1U - ((0x100U + a[i] - b[i] - borrow) >> 8U);
  }
  return declassified(borrow) != 0;
}

// True if a < b - 1, of public numbers; `a` is not longer.
bool below_one_less(ByteView a, ByteView b) noexcept {
  // b - 1 - a, which is above zero then.
  unsigned any = 0;
  unsigned borrow = 1;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const unsigned digit = i < a.size() ? a[a.size() - 1 - i] : 0U;
    const unsigned difference = 0x100U + b[b.size() - 1 - i] - digit - borrow;
    any |= difference & 0xffU;
    borrow = 1U - (difference >> 8U);
  }
  return borrow == 0 && any != 0;
}

// Zeros in the output buffers of an operation that failed.
Result<> finish(const Result<>& done, ByteSpan out, ByteSpan more = {}) {
  if (done) return {};  // not a copy of it, which waits for bytes that were written one by one
  secure_wipe(out);
  secure_wipe(more);
  return done;
}

Result<> unsupported(std::string_view operation) { return fail(Errc::unsupported, operation); }

Result<> check_size(std::size_t size, std::size_t wanted, std::string_view where) {
  if (size != wanted) return fail(Errc::out_of_range, where);
  return {};
}

Result<> check_aes(ByteView key, ByteView iv, ByteView in, ByteView out) {
  if (auto good = check_size(key.size(), aes256_key_size, "aes: key size"); !good) return good;
  if (auto good = check_size(iv.size(), aes_block_size, "aes: iv size"); !good) return good;
  return check_size(out.size(), in.size(), "aes: output size");
}

Result<> check_cbc(ByteView key, ByteView iv, ByteView in, ByteView out) {
  if (in.size() % aes_block_size != 0) return fail(Errc::out_of_range, "aes: not whole blocks");
  return check_aes(key, iv, in, out);
}

Result<> check_aead(ByteView key, ByteView nonce, ByteView in, ByteView out) {
  if (auto good = check_size(key.size(), aead_key_size, "aead: key size"); !good) return good;
  if (auto good = check_size(nonce.size(), aead_nonce_size, "aead: nonce size"); !good) return good;
  return check_size(out.size(), in.size(), "aead: output size");
}

using Scalar = SecretBuffer<p256_scalar_size>;

// `number` modulo n, without a branch on it: 2^256 is below 2n, so one subtraction does.
Result<> reduce(ByteView number, Scalar& scalar) {
  if (auto good = check_size(number.size(), p256_scalar_size, "p256: scalar size"); !good) {
    return good;
  }
  Scalar less;
  if (!scalar.assign(number) || !less.resize(p256_scalar_size)) {
    return fail(Errc::capacity, "p256: scalar");
  }
  subtract_once(scalar.span(), p256_n, less.span());
  return {};
}

bool infinite(ByteView point) noexcept { return point.size() == p256_point_size && is_zero(point); }

// The form of a finite point: 04, x, y, both below p.
Result<> check_point_form(ByteView point) {
  if (auto good = check_size(point.size(), p256_point_size, "p256: point size"); !good) return good;
  if (declassified(point[0]) != 0x04) return fail(Errc::out_of_range, "p256: point form");
  if (!below(point.subspan(1, coordinate_size), p256_p) ||
      !below(point.subspan(1 + coordinate_size), p256_p)) {
    return fail(Errc::out_of_range, "p256: coordinate");
  }
  return {};
}

// What was found of an input: one that is refused leaves `out` as it was, a failure leaves zeros.
Result<> judged(const Result<>& found, ByteSpan out) {
  if (!found && found.error().code != Errc::out_of_range) secure_wipe(out);
  return found;
}

// A raw operation's result in its one form.
Result<> finish_point(const Result<bool>& finite, ByteSpan out) {
  if (!finite || !*finite) secure_wipe(out);
  if (!finite) return std::unexpected(finite.error());
  return {};
}

}  // namespace

ByteView p256_generator() noexcept { return p256_g; }
ByteView p256_order() noexcept { return p256_n; }

// --- Hashes and MACs ----------------------------------------------------------------------------

Result<> Crypto::sha256(Pieces message, ByteSpan digest) {
  if (auto good = check_size(digest.size(), sha256_size, "sha256: digest"); !good) return good;
  return finish(do_sha256(message, digest), digest);
}

Result<> Crypto::hmac_sha256(ByteView key, Pieces message, ByteSpan tag) {
  if (auto good = check_size(tag.size(), sha256_size, "hmac_sha256: tag"); !good) return good;
  return finish(do_hmac_sha256(key, message, tag), tag);
}

Result<> Crypto::hmac_sha512(ByteView key, Pieces message, ByteSpan tag) {
  if (auto good = check_size(tag.size(), sha512_size, "hmac_sha512: tag"); !good) return good;
  return finish(do_hmac_sha512(key, message, tag), tag);
}

// --- Key derivation -----------------------------------------------------------------------------

Result<> Crypto::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  if (okm.empty() || okm.size() > max_hkdf_size) return fail(Errc::out_of_range, "hkdf: size");
  return finish(do_hkdf_sha256(salt, ikm, info, okm), okm);
}

Result<> Crypto::do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  std::array<Byte, sha256_size> prk{};
  // By turns: the one before is part of the message.
  std::array<std::array<Byte, sha256_size>, 2> blocks{};
  const WipeGuard wipe_prk(prk);
  const WipeGuard wipe_first(blocks[0]);
  const WipeGuard wipe_second(blocks[1]);
  if (auto done = hmac_sha256(salt, ikm, prk); !done) return done;
  ByteView last;
  for (Byte counter = 1; !okm.empty(); ++counter) {
    const std::array<ByteView, 3> message = {last, info, ByteView(&counter, 1)};
    std::array<Byte, sha256_size>& block = blocks[counter % 2];
    if (auto done = hmac_sha256(prk, Pieces(message), block); !done) return done;
    const std::size_t size = std::min(okm.size(), block.size());
    std::ranges::copy(ByteView(block).first(size), okm.begin());
    okm = okm.subspan(size);
    last = block;
  }
  return {};
}

Result<> Crypto::pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                               ByteSpan key) {
  if (iterations == 0) return fail(Errc::out_of_range, "pbkdf2: iterations");
  if (key.empty() || key.size() > max_pbkdf2_size) return fail(Errc::out_of_range, "pbkdf2: size");
  return finish(do_pbkdf2_sha256(password, salt, iterations, key), key);
}

Result<> Crypto::do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                  ByteSpan key) {
  // By turns: each is made of the one before.
  std::array<std::array<Byte, sha256_size>, 2> u{};
  std::array<Byte, sha256_size> sum{};
  const WipeGuard wipe_first(u[0]);
  const WipeGuard wipe_second(u[1]);
  const WipeGuard wipe_sum(sum);
  for (Byte block = 1; !key.empty(); ++block) {
    const std::array<Byte, 4> number = {0, 0, 0, block};
    const std::array<ByteView, 2> message = {salt, number};
    if (auto done = hmac_sha256(password, Pieces(message), u[0]); !done) return done;
    sum = u[0];
    for (std::uint32_t i = 1; i < iterations; ++i) {
      std::array<Byte, sha256_size>& next = u[i % 2];
      if (auto done = hmac_sha256(password, u[(i - 1) % 2], next); !done) return done;
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = static_cast<Byte>(sum[k] ^ next[k]);
    }
    const std::size_t size = std::min(key.size(), sum.size());
    std::ranges::copy(ByteView(sum).first(size), key.begin());
    key = key.subspan(size);
  }
  return {};
}

// --- AES and AEAD -------------------------------------------------------------------------------

Result<> Crypto::aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  if (auto good = check_cbc(key, iv, in, out); !good || in.empty()) return good;
  return finish(do_aes256_cbc_encrypt(key, iv, in, out), out);
}

Result<> Crypto::aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  if (auto good = check_cbc(key, iv, in, out); !good || in.empty()) return good;
  return finish(do_aes256_cbc_decrypt(key, iv, in, out), out);
}

Result<> Crypto::aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  if (auto good = check_aes(key, counter, in, out); !good || in.empty()) return good;
  return finish(do_aes256_ctr(key, counter, in, out), out);
}

Result<> Crypto::aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                 ByteSpan out, ByteSpan tag) {
  if (auto good = check_aead(key, nonce, in, out); !good) return good;
  if (auto good = check_size(tag.size(), aead_tag_size, "aead: tag size"); !good) return good;
  return finish(do_aes256_gcm_seal(key, nonce, associated, in, out, tag), out, tag);
}

Result<> Crypto::aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                 ByteView tag, ByteSpan out) {
  if (auto good = check_aead(key, nonce, in, out); !good) return good;
  if (auto good = check_size(tag.size(), aead_tag_size, "aead: tag size"); !good) return good;
  return finish(do_aes256_gcm_open(key, nonce, associated, in, tag, out), out);
}

Result<> Crypto::chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                        ByteView in, ByteSpan out, ByteSpan tag) {
  if (auto good = check_aead(key, nonce, in, out); !good) return good;
  if (auto good = check_size(tag.size(), aead_tag_size, "aead: tag size"); !good) return good;
  return finish(do_chacha20_poly1305_seal(key, nonce, associated, in, out, tag), out, tag);
}

Result<> Crypto::chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                        ByteView in, ByteView tag, ByteSpan out) {
  if (auto good = check_aead(key, nonce, in, out); !good) return good;
  if (auto good = check_size(tag.size(), aead_tag_size, "aead: tag size"); !good) return good;
  return finish(do_chacha20_poly1305_open(key, nonce, associated, in, tag, out), out);
}

// --- Finite field -------------------------------------------------------------------------------

Result<> Crypto::mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) {
  if (modulus.empty() || modulus.size() > max_modulus_size || base.size() > max_modulus_size ||
      exponent.size() > max_modulus_size) {
    return fail(Errc::out_of_range, "mod_exp: input size");
  }
  if (out.size() != modulus.size()) return fail(Errc::out_of_range, "mod_exp: output size");
  const ByteView m = without_leading_zeros(modulus);
  if (m.empty()) return fail(Errc::out_of_range, "mod_exp: modulus is zero");
  if (m.size() == 1 && m[0] == 1) {
    std::ranges::fill(out, Byte{0});
    return {};
  }

  const auto size = do_mod_exp(without_leading_zeros(base), exponent, m, out.first(m.size()));
  if (!size || *size > m.size()) {
    secure_wipe(out);
    return size ? fail(Errc::crypto, "mod_exp: result") : std::unexpected(size.error());
  }
  // Padded to the modulus: a shared secret that begins with zeros is as long as any other.
  const std::size_t padding = out.size() - *size;
  std::ranges::copy_backward(out.first(*size), out.end());
  std::ranges::fill(out.first(padding), Byte{0});
  return {};
}

// --- Elliptic curves ----------------------------------------------------------------------------

Result<> Crypto::x25519(ByteView scalar, ByteView u, ByteSpan out) {
  if (scalar.size() != x25519_size || u.size() != x25519_size || out.size() != x25519_size) {
    return fail(Errc::out_of_range, "x25519: size");
  }
  SecretBuffer<x25519_size> clamped;
  Buffer<x25519_size> masked;
  if (!clamped.assign(scalar) || !masked.assign(u)) return fail(Errc::capacity, "x25519");
  clamped.span()[0] &= 0xf8U;
  clamped.span()[31] = static_cast<Byte>((clamped.view()[31] & 0x7fU) | 0x40U);
  masked.span()[31] &= 0x7fU;
  return finish(do_x25519(clamped.view(), masked.view(), out), out);
}

Result<> Crypto::p256_base_mul(ByteView scalar, ByteSpan out) {
  Scalar k;
  if (auto good = reduce(scalar, k); !good) return good;
  if (auto good = check_size(out.size(), p256_point_size, "p256: output size"); !good) return good;
  if (is_zero(k.view())) return finish_point(false, out);
  return finish_point(do_p256_base_mul(k.view(), out), out);
}

Result<> Crypto::p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  Scalar k;
  if (auto good = reduce(scalar, k); !good) return good;
  if (auto good = check_size(out.size(), p256_point_size, "p256: output size"); !good) return good;
  if (infinite(point)) return finish_point(false, out);
  if (auto good = judged(check_p256_share(point), out); !good) return good;
  if (is_zero(k.view())) return finish_point(false, out);
  return finish_point(do_p256_mul(k.view(), point, out), out);
}

Result<> Crypto::p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) {
  Scalar j;
  Scalar k;
  if (auto good = reduce(a, j); !good) return good;
  if (auto good = reduce(b, k); !good) return good;
  if (auto good = check_size(out.size(), p256_point_size, "p256: output size"); !good) return good;
  const bool no_p = infinite(p);
  const bool no_q = infinite(q);
  if (!no_p) {
    if (auto good = judged(check_p256_share(p), out); !good) return good;
  }
  if (!no_q) {
    if (auto good = judged(check_p256_share(q), out); !good) return good;
  }
  // What vanishes is left out: a library may not know how to add nothing.
  const bool first = !no_p && !is_zero(j.view());
  const bool second = !no_q && !is_zero(k.view());
  if (first && second) return finish_point(do_p256_mul_add(j.view(), p, k.view(), q, out), out);
  if (first) return finish_point(do_p256_mul(j.view(), p, out), out);
  if (second) return finish_point(do_p256_mul(k.view(), q, out), out);
  return finish_point(false, out);
}

// --- Judgements ---------------------------------------------------------------------------------

bool Crypto::equal(ByteView a, ByteView b) noexcept { return constant_time_equal(a, b); }

Result<bool> Crypto::verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) {
  std::array<Byte, sha256_size> expected{};
  const WipeGuard wipe(expected);
  if (auto done = hmac_sha256(key, message, expected); !done) return std::unexpected(done.error());
  return constant_time_equal(expected, tag);
}

Result<bool> Crypto::verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) {
  std::array<Byte, sha512_size> expected{};
  const WipeGuard wipe(expected);
  if (auto done = hmac_sha512(key, message, expected); !done) return std::unexpected(done.error());
  return constant_time_equal(expected, tag);
}

Result<> Crypto::check_share(ByteView share, ByteView modulus) {
  const ByteView y = without_leading_zeros(share);
  if (share.size() > modulus.size()) return fail(Errc::out_of_range, "share: longer than p");
  if (y.empty() || (y.size() == 1 && y[0] == 1)) return fail(Errc::out_of_range, "share: 0 or 1");
  if (!below_one_less(share, modulus)) return fail(Errc::out_of_range, "share: p - 1 or above");
  return {};
}

Result<bool> Crypto::in_prime_subgroup(ByteView share, ByteView modulus) {
  std::array<Byte, max_modulus_size> order;  // (modulus - 1) / 2: the modulus is odd
  std::array<Byte, max_modulus_size> power;
  if (modulus.size() > order.size()) return fail(Errc::out_of_range, "mod_exp: modulus");
  unsigned carry = 0;
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    order[i] = static_cast<Byte>(carry << 7U | modulus[i] >> 1U);
    carry = modulus[i] & 1U;
  }
  const ByteSpan out = ByteSpan(power).first(modulus.size());
  if (auto done = mod_exp(share, ByteView(order).first(modulus.size()), modulus, out); !done) {
    return std::unexpected(done.error());
  }
  const ByteView one = without_leading_zeros(out);
  return one.size() == 1 && one[0] == 1;
}

Result<> Crypto::check_p256_share(ByteView point) {
  if (infinite(point)) return fail(Errc::out_of_range, "p256: infinity");
  if (auto good = check_point_form(point); !good) return good;
  const auto on_curve = do_p256_on_curve(point);
  if (!on_curve) return std::unexpected(on_curve.error());
  if (!*on_curve) return fail(Errc::out_of_range, "p256: not on the curve");
  return {};
}

Result<bool> Crypto::do_p256_on_curve(ByteView point) {
  return on_p256(point.subspan(1, coordinate_size), point.subspan(1 + coordinate_size));
}

Result<> Crypto::x25519_agree(ByteView scalar, ByteView peer, ByteSpan secret) {
  if (auto done = x25519(scalar, peer, secret); !done) return done;
  if (is_zero(secret)) return fail(Errc::out_of_range, "x25519: the secret is zero");
  return {};
}

// --- What a backend does not have ---------------------------------------------------------------

Result<> Crypto::do_sha256(Pieces, ByteSpan) { return unsupported("sha256"); }
Result<> Crypto::do_hmac_sha256(ByteView, Pieces, ByteSpan) { return unsupported("hmac_sha256"); }
Result<> Crypto::do_hmac_sha512(ByteView, Pieces, ByteSpan) { return unsupported("hmac_sha512"); }
Result<> Crypto::do_aes256_cbc_encrypt(ByteView, ByteView, ByteView, ByteSpan) {
  return unsupported("aes256_cbc");
}
Result<> Crypto::do_aes256_cbc_decrypt(ByteView, ByteView, ByteView, ByteSpan) {
  return unsupported("aes256_cbc");
}
Result<> Crypto::do_aes256_ctr(ByteView, ByteView, ByteView, ByteSpan) {
  return unsupported("aes256_ctr");
}
Result<> Crypto::do_aes256_gcm_seal(ByteView, ByteView, ByteView, ByteView, ByteSpan, ByteSpan) {
  return unsupported("aes256_gcm");
}
Result<> Crypto::do_aes256_gcm_open(ByteView, ByteView, ByteView, ByteView, ByteView, ByteSpan) {
  return unsupported("aes256_gcm");
}
Result<> Crypto::do_chacha20_poly1305_seal(ByteView, ByteView, ByteView, ByteView, ByteSpan,
                                           ByteSpan) {
  return unsupported("chacha20_poly1305");
}
Result<> Crypto::do_chacha20_poly1305_open(ByteView, ByteView, ByteView, ByteView, ByteView,
                                           ByteSpan) {
  return unsupported("chacha20_poly1305");
}
Result<std::size_t> Crypto::do_mod_exp(ByteView, ByteView, ByteView, ByteSpan) {
  return fail(Errc::unsupported, "mod_exp");
}
Result<> Crypto::do_x25519(ByteView, ByteView, ByteSpan) { return unsupported("x25519"); }
Result<bool> Crypto::do_p256_base_mul(ByteView, ByteSpan) {
  return fail(Errc::unsupported, "p256");
}
Result<bool> Crypto::do_p256_mul(ByteView, ByteView, ByteSpan) {
  return fail(Errc::unsupported, "p256");
}
Result<bool> Crypto::do_p256_mul_add(ByteView, ByteView, ByteView, ByteView, ByteSpan) {
  return fail(Errc::unsupported, "p256");
}

}  // namespace wib
