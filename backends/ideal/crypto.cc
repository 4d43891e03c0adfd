// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <array>

#include "numbers.h"
#include "points.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// Bytes of a block of SHA-256 and SHA-512 (FIPS 180-4).
constexpr std::size_t sha256_block = 64;
constexpr std::size_t sha512_block = 128;

bool same(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::unexpected<wib::Error> too_large() { return wib::fail(Errc::capacity, "ideal: the term"); }

void set_to_one(ByteSpan number) noexcept {
  std::ranges::fill(number, Byte{0});
  number.back() = 1;
}

// --- X25519: points in their one form, little-endian
// ----------------------------------------------

using Coordinate = std::array<Byte, wib::x25519_size>;

constexpr Coordinate field_prime = {
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

// The points of order 1, 2, 4 and 8 on the curve and its twist, but for those near the ends of the
// field (RFC 7748 section 7 has them from "Curve25519" by D. J. Bernstein).
constexpr std::array<Coordinate, 2> order_eight = {{
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
}};

Coordinate canonical(ByteView u) noexcept {
  Coordinate c;
  std::ranges::copy(u, c.begin());
  const auto middle = ByteView(c).subspan(1, c.size() - 2);
  if (c[31] == 0x7f && c[0] >= 0xed &&
      std::ranges::all_of(middle, [](Byte byte) { return byte == 0xff; })) {
    const Byte least = c[0];
    c = {};
    c[0] = static_cast<Byte>(least - 0xed);
  }
  return c;
}

bool small_order(const Coordinate& u) noexcept {
  Coordinate minus_one = field_prime;
  --minus_one[0];
  Coordinate one{};
  one[0] = 1;
  return u == Coordinate{} || u == one || u == minus_one || u == order_eight[0] ||
         u == order_eight[1];
}

}  // namespace

Result<> IdealCrypto::room() const {
  if (arena_.full()) return wib::fail(Errc::capacity, "ideal: the arena is full");
  return {};
}

Id IdealCrypto::intern(Pieces message) {
  ByteView only;
  std::size_t pieces = 0;
  message.for_each([&](ByteView piece) {
    if (piece.empty()) return;
    only = piece;
    ++pieces;
  });
  if (pieces <= 1) return arena_.intern(only);
  joined_.clear();
  message.for_each(
      [&](ByteView piece) { joined_.insert(joined_.end(), piece.begin(), piece.end()); });
  return arena_.intern(joined_);
}

Result<> IdealCrypto::insert_factor(std::vector<Id>& arguments, std::size_t fixed,
                                    Id factor) const {
  if (arguments.size() >= Arena::max_arguments) return too_large();
  const auto begin = arguments.begin() + static_cast<std::ptrdiff_t>(fixed);
  arguments.insert(std::lower_bound(begin, arguments.end(), factor,
                                    [&](Id a, Id b) { return arena_.before(a, b); }),
                   factor);
  return {};
}

// --- Hashes, MACs, key derivation ---------------------------------------------------------------

Result<> IdealCrypto::do_sha256(Pieces message, ByteSpan digest) {
  if (auto good = room(); !good) return good;
  const std::array<Id, 1> arguments = {intern(message)};
  give(arena_.apply(Op::sha256, arguments, wib::sha256_size), digest);
  return {};
}

Id IdealCrypto::hmac_key(ByteView key, std::size_t block, Op long_key, std::size_t size) {
  if (key.size() > block) {
    const std::array<Id, 1> arguments = {arena_.intern(key)};
    const ByteView digest = arena_.bytes(arena_.apply(long_key, arguments, size));
    joined_.assign(digest.begin(), digest.end());
    key = joined_;
  }
  while (!key.empty() && key.back() == 0) key = key.first(key.size() - 1);
  return arena_.intern(key);
}

Id IdealCrypto::hmac_sha256_of(ByteView key, Id message) {
  const std::array<Id, 2> arguments = {hmac_key(key, sha256_block, Op::sha256, wib::sha256_size),
                                       message};
  return arena_.apply(Op::hmac_sha256, arguments, wib::sha256_size);
}

Id IdealCrypto::hmac_sha512_of(ByteView key, Id message) {
  const std::array<Id, 2> arguments = {hmac_key(key, sha512_block, Op::sha512, wib::sha512_size),
                                       message};
  return arena_.apply(Op::hmac_sha512, arguments, wib::sha512_size);
}

Result<> IdealCrypto::do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) {
  if (auto good = room(); !good) return good;
  give(hmac_sha256_of(key, intern(message)), tag);
  return {};
}

Result<> IdealCrypto::do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) {
  if (auto good = room(); !good) return good;
  give(hmac_sha512_of(key, intern(message)), tag);
  return {};
}

Result<> IdealCrypto::do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                       ByteSpan key) {
  if (auto good = room(); !good) return good;
  const std::array<Byte, 4> count = {
      static_cast<Byte>(iterations >> 24U), static_cast<Byte>(iterations >> 16U),
      static_cast<Byte>(iterations >> 8U), static_cast<Byte>(iterations)};
  const Id password_id = hmac_key(password, sha256_block, Op::sha256, wib::sha256_size);
  const std::array<Id, 3> arguments = {password_id, arena_.intern(salt), arena_.intern(count)};
  const Id longest = arena_.apply(Op::pbkdf2, arguments, wib::max_pbkdf2_size);
  std::ranges::copy(arena_.bytes(longest).first(key.size()), key.begin());
  return {};
}

// --- Encryption ---------------------------------------------------------------------------------

Result<> IdealCrypto::do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  if (auto good = room(); !good) return good;
  const std::array<Id, 3> arguments = {arena_.intern(key), arena_.intern(iv), arena_.intern(in)};
  if (const auto* junk = arena_.maker(arguments[2], Op::cbc_junk); junk != nullptr) {
    const auto from = arena_.arguments(*junk);
    if (from[0] == arguments[0] && from[1] == arguments[1]) {
      give(from[2], out);
      return {};
    }
  }
  give(arena_.apply(Op::cbc, arguments, out.size()), out);
  return {};
}

Result<> IdealCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  if (auto good = room(); !good) return good;
  const std::array<Id, 3> arguments = {arena_.intern(key), arena_.intern(iv), arena_.intern(in)};
  if (const auto* made = arena_.maker(arguments[2], Op::cbc); made != nullptr) {
    const auto from = arena_.arguments(*made);
    if (from[0] == arguments[0] && from[1] == arguments[1]) {
      give(from[2], out);
      return {};
    }
  }
  give(arena_.apply(Op::cbc_junk, arguments, out.size()), out);
  return {};
}

Result<> IdealCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  if (auto good = room(); !good) return good;
  const std::array<Id, 2> context = {arena_.intern(key), arena_.intern(counter)};
  give(arena_.partner(Op::ctr, context, arena_.intern(in)), out);
  return {};
}

Result<> IdealCrypto::seal(Op op, ByteView key, ByteView nonce, ByteView associated, ByteView in,
                           ByteSpan out, ByteSpan tag) {
  if (auto good = room(); !good) return good;
  const std::array<Id, 4> arguments = {arena_.intern(key), arena_.intern(nonce),
                                       arena_.intern(associated), arena_.intern(in)};
  const ByteView sealed = arena_.bytes(arena_.apply(op, arguments, in.size() + wib::aead_tag_size));
  std::ranges::copy(sealed.first(in.size()), out.begin());
  std::ranges::copy(sealed.subspan(in.size()), tag.begin());
  return {};
}

Result<> IdealCrypto::open(Op op, ByteView key, ByteView nonce, ByteView associated, ByteView in,
                           ByteView tag, ByteSpan out) {
  joined_.assign(in.begin(), in.end());
  joined_.insert(joined_.end(), tag.begin(), tag.end());
  const auto sealed = arena_.find(joined_);
  const auto* const made = sealed ? arena_.maker(*sealed, op) : nullptr;
  if (made == nullptr) return wib::fail(Errc::bad_tag, "aead");
  const auto from = arena_.arguments(*made);
  if (!same(arena_.bytes(from[0]), key) || !same(arena_.bytes(from[1]), nonce) ||
      !same(arena_.bytes(from[2]), associated)) {
    return wib::fail(Errc::bad_tag, "aead");
  }
  give(from[3], out);
  return {};
}

Result<> IdealCrypto::do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteSpan out, ByteSpan tag) {
  return seal(Op::gcm, key, nonce, associated, in, out, tag);
}
Result<> IdealCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteView tag, ByteSpan out) {
  return open(Op::gcm, key, nonce, associated, in, tag, out);
}
Result<> IdealCrypto::do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                                ByteView in, ByteSpan out, ByteSpan tag) {
  return seal(Op::chacha, key, nonce, associated, in, out, tag);
}
Result<> IdealCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                ByteView in, ByteView tag, ByteSpan out) {
  return open(Op::chacha, key, nonce, associated, in, tag, out);
}

// --- Diffie-Hellman -----------------------------------------------------------------------------

Result<std::size_t> IdealCrypto::do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                            ByteSpan out) {
  if (auto good = room(); !good) return std::unexpected(good.error());
  const std::size_t size = modulus.size();
  if (size < Arena::min_symbol_size) {
    const std::uint32_t power = small_power(base, exponent, modulus);
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = static_cast<Byte>(power >> (8 * (size - 1 - i)));
    }
    return size;
  }

  // The base in its one form.
  if (base.size() > size ||
      (base.size() == size && !std::ranges::lexicographical_compare(base, modulus))) {
    reduce(base, modulus, out);
  } else {
    std::ranges::fill(out.first(size - base.size()), Byte{0});
    std::ranges::copy(base, out.last(base.size()).begin());
  }
  const ByteView digits = without_leading_zeros(out);
  const ByteView e = without_leading_zeros(exponent);
  const auto is_one = [](ByteView number) { return number.size() == 1 && number[0] == 1; };
  if (e.empty()) {
    set_to_one(out);
    return size;
  }
  if (digits.empty() || is_one(digits) || is_one(e)) return size;
  if (is_one_less(out, modulus)) {
    if ((e.back() & 1U) == 0) set_to_one(out);
    return size;
  }

  const Id modulus_id = arena_.intern(modulus);
  const Id base_id = arena_.intern(out);
  arguments_ = {modulus_id, base_id};
  if (const auto* made = arena_.maker(base_id, Op::power); made != nullptr) {
    const auto factors = arena_.arguments(*made);
    if (factors[0] == modulus_id) arguments_.assign(factors.begin(), factors.end());
  }
  if (auto good = insert_factor(arguments_, 2, arena_.intern(e)); !good) {
    return std::unexpected(good.error());
  }
  const Id power = arena_.apply(Op::power, arguments_, size, [&](ByteSpan number) {
    // Between 2 and p - 2: above 1 by its first bytes, below p by the first, and never p - 1, which
    // is only reached by ff at the end.
    if (modulus[0] > 1) {
      number[0] = static_cast<Byte>(1 + number[0] % (modulus[0] - 1));
    } else {
      number[0] = 0;
      number[1] = static_cast<Byte>(number[1] | 1U);
    }
    number.back() &= 0xfeU;
  });
  give(power, out);
  return size;
}

Result<> IdealCrypto::do_x25519(ByteView scalar, ByteView u, ByteSpan out) {
  if (auto good = room(); !good) return good;
  const Coordinate point = canonical(u);
  if (small_order(point)) {
    std::ranges::fill(out, Byte{0});
    return {};
  }
  const Id base = arena_.intern(point);
  arguments_ = {base};
  if (const auto* made = arena_.maker(base, Op::x25519); made != nullptr) {
    const auto factors = arena_.arguments(*made);
    arguments_.assign(factors.begin(), factors.end());
  }
  if (auto good = insert_factor(arguments_, 1, arena_.intern(scalar)); !good) return good;
  const Id product = arena_.apply(Op::x25519, arguments_, wib::x25519_size, [](ByteSpan number) {
    // Below the prime, and none of small order.
    number.back() = static_cast<Byte>((number.back() & 0x1fU) | 0x20U);
  });
  give(product, out);
  return {};
}

// --- P-256 --------------------------------------------------------------------------------------

Result<bool> IdealCrypto::do_p256_on_curve(ByteView point) {
  if (is_made(arena_, point)) return true;
  if (auto good = room(); !good) return std::unexpected(good.error());
  return is_on_curve(arena_, point);
}

Result<bool> IdealCrypto::do_p256_base_mul(ByteView scalar, ByteSpan out) {
  return do_p256_mul(scalar, wib::p256_generator(), out);
}

Result<bool> IdealCrypto::do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  if (auto good = room(); !good) return std::unexpected(good.error());
  const auto product = Sum::read(arena_, point).times(arena_, scalar);
  if (!product) return too_large();
  return product->write(arena_, out);
}

Result<bool> IdealCrypto::do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                          ByteSpan out) {
  if (auto good = room(); !good) return std::unexpected(good.error());
  const auto left = Sum::read(arena_, p).times(arena_, a);
  const auto right = Sum::read(arena_, q).times(arena_, b);
  if (!left || !right) return too_large();
  const auto sum = left->plus(arena_, *right);
  if (!sum) return too_large();
  return sum->write(arena_, out);
}

// --- Judgements ---------------------------------------------------------------------------------

bool IdealCrypto::equal(ByteView a, ByteView b) noexcept { return same(a, b); }

Result<bool> IdealCrypto::verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) {
  if (auto good = room(); !good) return std::unexpected(good.error());
  return same(arena_.bytes(hmac_sha256_of(key, arena_.intern(message))), tag);
}

Result<bool> IdealCrypto::verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) {
  if (auto good = room(); !good) return std::unexpected(good.error());
  return same(arena_.bytes(hmac_sha512_of(key, arena_.intern(message))), tag);
}

// What was made by exponentiation in this group is an element of it, whatever its bytes; the rest
// are numbers.
Result<> IdealCrypto::check_share(ByteView share, ByteView modulus) {
  const auto known = arena_.find(share);
  const auto* const made = known ? arena_.maker(*known, Op::power) : nullptr;
  if (made != nullptr && same(arena_.bytes(arena_.arguments(*made)[0]), modulus)) return {};
  return Crypto::check_share(share, modulus);
}

Result<bool> IdealCrypto::in_prime_subgroup(ByteView share, ByteView modulus) {
  const ByteView m = without_leading_zeros(modulus);
  if (m.size() <= 4) return Crypto::in_prime_subgroup(share, modulus);  // numbers
  return !is_one_less(share, modulus);
}

Result<> IdealCrypto::check_p256_share(ByteView point) {
  const auto known = arena_.find(point);
  if (known && arena_.maker(*known, Op::point) != nullptr) return {};
  return Crypto::check_p256_share(point);
}

Result<> IdealCrypto::x25519_agree(ByteView scalar, ByteView peer, ByteSpan secret) {
  if (auto done = x25519(scalar, peer, secret); !done) return done;
  if (without_leading_zeros(secret).empty()) {
    return wib::fail(Errc::out_of_range, "x25519: the secret is zero");
  }
  return {};
}

}  // namespace WIB_BACKEND_NAMESPACE
