// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/symbolic.h"

#include <cstring>

#include "protocol/big_endian.h"
#include "protocol/spake2plus.h"

namespace wib::fuzz {
namespace {

// Names of functions and of kinds of atoms, for hashes.
enum Name : std::uint64_t {
  sha256_name = 101,
  hmac_sha256_name,
  hmac_sha512_name,
  pbkdf2_name,
  cbc_name,
  ctr_name,
  gcm_name,
  chacha_name,
  tag_name,
  junk_name,
  power_name,
  x25519_name,
  product_name,
  point_name,
  hole_name,
  certificate_name,
  key_name,
  draw_name
};

bool all_zero(ByteView bytes) noexcept {
  return std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
}
bool is_one(ByteView bytes) noexcept {
  return !bytes.empty() && bytes.back() == 1 && all_zero(bytes.first(bytes.size() - 1));
}
bool is_one_less(ByteView number, ByteView of) noexcept {
  return number.size() == of.size() && !of.empty() && (of.back() & 1U) != 0 &&
         number.back() == of.back() - 1 &&
         same_bytes(number.first(number.size() - 1), of.first(of.size() - 1));
}
ByteView without_leading_zeros(ByteView number) noexcept {
  const auto first = std::ranges::find_if(number, [](Byte byte) { return byte != 0; });
  return number.subspan(static_cast<std::size_t>(first - number.begin()));
}

// X25519 clears and sets bits of the first and the last byte: what is between says which it is.
Ref clamped_scalar(const Terms& terms, ByteView scalar, std::vector<Ref>& refs) {
  refs.clear();
  (void)terms.read(scalar.subspan(8, 16), x25519_name, refs);
  return refs.empty() ? Ref{0} : refs.front();
}

}  // namespace

// --- Hashes -------------------------------------------------------------------------------------

void SymbolicCrypto::digest(std::uint64_t function, ByteView key, Pieces message, ByteSpan out) {
  refs_.clear();
  std::uint64_t hash = terms_.read(key, function, refs_);
  // How the message is cut changes nothing.
  joined_.clear();
  ByteView only;
  std::size_t pieces = 0;
  message.for_each([&](ByteView piece) {
    if (piece.empty()) return;
    if (++pieces == 1) {
      only = piece;
      return;
    }
    if (pieces == 2) joined_.assign(only.begin(), only.end());
    joined_.insert(joined_.end(), piece.begin(), piece.end());
  });
  hash = terms_.read(pieces < 2 ? only : ByteView(joined_), hash, refs_);
  Terms::write(terms_.make(Kind::digest, hash, out.size(), refs_), out);
}

Result<> SymbolicCrypto::do_sha256(Pieces message, ByteSpan out) {
  digest(sha256_name, {}, message, out);
  return {};
}
Result<> SymbolicCrypto::do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) {
  digest(hmac_sha256_name, key, message, tag);
  return {};
}
Result<> SymbolicCrypto::do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) {
  digest(hmac_sha512_name, key, message, tag);
  return {};
}

Result<> SymbolicCrypto::do_pbkdf2_sha256(ByteView password, ByteView salt,
                                          std::uint32_t iterations, ByteSpan key) {
  // Each forty bytes are a number of their own, already below the order of P-256.
  std::array<Byte, 5> number{};
  write_u64(iterations, ByteSpan(number).first(4));
  std::ranges::fill(key, Byte{0});
  for (std::size_t at = 0; at + 40 <= key.size(); at += 40) {
    number[4] = static_cast<Byte>(at);
    const std::array<ByteView, 3> message = {password, salt, number};
    digest(pbkdf2_name, {}, Pieces(message), key.subspan(at + 8, 32));
  }
  return {};
}

// --- Ciphers ------------------------------------------------------------------------------------

std::uint64_t SymbolicCrypto::context_of(std::uint64_t function, ByteView key, ByteView iv,
                                         ByteView associated) {
  refs_.clear();
  std::uint64_t hash = terms_.read(key, function, refs_);
  const std::size_t of_key = refs_.size();
  hash = terms_.read(iv, hash, refs_);
  hash = terms_.read(associated, hash, refs_);
  refs_.resize(of_key);  // who has the key can open it, whatever it is bound to
  return hash;
}

Ref SymbolicCrypto::encrypt(std::uint64_t function, ByteView key, ByteView iv, ByteView associated,
                            ByteView plaintext) {
  const std::uint64_t context = context_of(function, key, iv, associated);
  const std::size_t keys = refs_.size();
  const std::uint64_t hash = terms_.read(plaintext, context, refs_);
  const Ref made = terms_.make(Kind::ciphertext, hash, plaintext.size(), refs_, plaintext, context);
  terms_.set_keys(made, keys);
  return made;
}

std::optional<ByteView> SymbolicCrypto::opened(std::uint64_t context, ByteView in) const {
  const Ref ref = terms_.whole(in);
  if (ref == 0 || terms_[ref].kind != Kind::ciphertext || terms_[ref].context != context) {
    return std::nullopt;
  }
  return terms_.data(ref);
}

Result<> SymbolicCrypto::do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in,
                                               ByteSpan out) {
  Terms::write(encrypt(cbc_name, key, iv, {}, in), out);
  return {};
}

Result<> SymbolicCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                               ByteSpan out) {
  const std::uint64_t context = context_of(cbc_name, key, iv, {});
  if (const auto plaintext = opened(context, in)) {
    std::ranges::copy(*plaintext, out.begin());
    return {};
  }
  const std::uint64_t hash = terms_.read(in, mix(context, junk_name), refs_);
  Terms::write(terms_.make(Kind::digest, hash, in.size(), refs_), out);
  return {};
}

Result<> SymbolicCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  const std::uint64_t context = context_of(ctr_name, key, counter, {});
  if (const auto plaintext = opened(context, in)) {
    std::ranges::copy(*plaintext, out.begin());
    return {};
  }
  const std::size_t keys = refs_.size();
  const std::uint64_t hash = terms_.read(in, context, refs_);
  // `in` may be `out`.
  const Ref made = terms_.make(Kind::ciphertext, hash, in.size(), refs_, in, context);
  terms_.set_keys(made, keys);
  Terms::write(made, out);
  return {};
}

void SymbolicCrypto::seal(std::uint64_t function, ByteView key, ByteView nonce, ByteView associated,
                          ByteView in, ByteSpan out, ByteSpan tag) {
  const Ref ciphertext = encrypt(function, key, nonce, associated, in);
  if (terms_[ciphertext].tag == 0) {
    const Ref made =
        terms_.make(Kind::digest, mix(terms_[ciphertext].hash, tag_name), tag.size(), refs_);
    terms_.set_tag(ciphertext, made);
  }
  Terms::write(ciphertext, out);
  Terms::write(terms_[ciphertext].tag, tag);
}

Result<> SymbolicCrypto::open(std::uint64_t function, ByteView key, ByteView nonce,
                              ByteView associated, ByteView in, ByteView tag, ByteSpan out) {
  const auto plaintext = opened(context_of(function, key, nonce, associated), in);
  if (!plaintext || terms_[terms_.whole(in)].tag != terms_.whole(tag)) {
    return fail(Errc::bad_tag, "aead: tag");
  }
  std::ranges::copy(*plaintext, out.begin());
  return {};
}

Result<> SymbolicCrypto::do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                            ByteView in, ByteSpan out, ByteSpan tag) {
  seal(gcm_name, key, nonce, associated, in, out, tag);
  return {};
}
Result<> SymbolicCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                            ByteView in, ByteView tag, ByteSpan out) {
  return open(gcm_name, key, nonce, associated, in, tag, out);
}
Result<> SymbolicCrypto::do_chacha20_poly1305_seal(ByteView key, ByteView nonce,
                                                   ByteView associated, ByteView in, ByteSpan out,
                                                   ByteSpan tag) {
  seal(chacha_name, key, nonce, associated, in, out, tag);
  return {};
}
Result<> SymbolicCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce,
                                                   ByteView associated, ByteView in, ByteView tag,
                                                   ByteSpan out) {
  return open(chacha_name, key, nonce, associated, in, tag, out);
}

// --- Finite field -------------------------------------------------------------------------------

Result<> SymbolicCrypto::check_share(ByteView share, ByteView modulus) {
  if (share.size() == modulus.size() && terms_.whole(share) != 0) return {};
  return Crypto::check_share(share, modulus);
}

Result<bool> SymbolicCrypto::in_prime_subgroup(ByteView share, ByteView modulus) {
  // Of the elements that are no power of another one, p-1 alone is outside.
  return !is_one_less(share, modulus);
}

Result<std::size_t> SymbolicCrypto::do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                               ByteSpan out) {
  const auto number = [&](Byte value) -> Result<std::size_t> {
    out[0] = value;
    return std::size_t{1};
  };
  const Ref secret = terms_.whole(exponent);
  const bool odd =
      secret != 0 ? (secret & 1U) != 0 : !exponent.empty() && (exponent.back() & 1U) != 0;
  if (secret == 0 && all_zero(exponent)) return number(1);
  if (base.empty()) return number(0);
  if (modulus.size() < Terms::min_size) return number(2);  // so few elements keep no secret
  const bool minus_one = is_one_less(base, modulus);
  if (is_one(base) || (minus_one && !odd)) return number(1);
  if (minus_one || (secret == 0 && is_one(exponent))) {
    std::ranges::copy(base, out.begin());
    return base.size();
  }
  std::array<Ref, 6> parts{};
  std::size_t count = 0;
  const Ref element = terms_.whole(base);
  if (element != 0 && terms_[element].kind == Kind::power) {
    for (const Ref part : terms_.children(element)) parts[count++] = part;
  } else {
    parts[count++] = element != 0 ? element : terms_.constant(base);
  }
  if (count == parts.size()) return fail(Errc::capacity, "mod_exp: factors");
  const Ref factor = secret != 0 ? secret : terms_.constant(without_leading_zeros(exponent));
  auto* const place = std::lower_bound(parts.begin() + 1, parts.begin() + count, factor);
  std::move_backward(place, parts.begin() + count, parts.begin() + count + 1);
  *place = factor;
  ++count;
  std::uint64_t hash = mix(power_name, modulus.size());
  std::uint64_t of_modulus = 0;
  std::memcpy(&of_modulus, modulus.data() + modulus.size() / 2,
              std::min(sizeof of_modulus, modulus.size() - modulus.size() / 2));
  hash = mix(hash, of_modulus);
  for (std::size_t i = 0; i < count; ++i) hash = mix(hash, parts[i]);
  const Ref made =
      terms_.make(Kind::power, hash, modulus.size(), std::span(parts).first(count), {}, of_modulus);
  Terms::write(made, out.first(modulus.size()));
  return modulus.size();
}

// --- Curves -------------------------------------------------------------------------------------

Result<> SymbolicCrypto::do_x25519(ByteView scalar, ByteView u, ByteSpan out) {
  const ByteView small = u.subspan(1);
  if (all_zero(small) && u[0] < 2) {  // of small order
    std::ranges::fill(out, Byte{0});
    return {};
  }
  std::array<Ref, 6> parts{};
  std::size_t count = 0;
  const Ref element = terms_.whole(u);
  if (element != 0 && terms_[element].kind == Kind::x25519) {
    for (const Ref part : terms_.children(element)) parts[count++] = part;
  } else {
    parts[count++] = element != 0 ? element : terms_.constant(u);
  }
  if (count == parts.size()) return fail(Errc::capacity, "x25519: factors");
  Ref factor = clamped_scalar(terms_, scalar, refs_);
  if (factor == 0) factor = terms_.constant(scalar);
  auto* const place = std::lower_bound(parts.begin() + 1, parts.begin() + count, factor);
  std::move_backward(place, parts.begin() + count, parts.begin() + count + 1);
  *place = factor;
  ++count;
  std::uint64_t hash = x25519_name;
  for (std::size_t i = 0; i < count; ++i) hash = mix(hash, parts[i]);
  Terms::write(terms_.make(Kind::x25519, hash, out.size(), std::span(parts).first(count)), out);
  return {};
}

Result<bool> SymbolicCrypto::do_p256_on_curve(ByteView point) {
  const Ref ref = terms_.whole(point.subspan(1));
  if (ref != 0) return terms_[ref].kind == Kind::point;
  // The elements that every run calculates with, without the arithmetic.
  for (const ByteView known : {spake2plus_m(), spake2plus_n(), p256_generator()}) {
    if (same_bytes(point, known)) return true;
  }
  return Crypto::do_p256_on_curve(point);
}

bool SymbolicCrypto::insert(Sum& sum, Summand summand) {
  const auto begin = sum.parts.begin();
  const auto end = begin + sum.size;
  const auto place = std::lower_bound(begin, end, summand, [](const Summand& a, const Summand& b) {
    return a.product < b.product;
  });
  if (place != end && place->product == summand.product) {
    place->coefficient += summand.coefficient;
    if (place->coefficient == 0) {
      std::move(place + 1, end, place);
      --sum.size;
    }
    return true;
  }
  if (sum.size == max_summands) return false;
  std::move_backward(place, end, end + 1);
  *place = summand;
  ++sum.size;
  return true;
}

// Adds scalar * point. False: too much.
bool SymbolicCrypto::add(Sum& sum, ByteView scalar, ByteView point) {
  // A scalar is plus or minus a term, or a small number.
  std::array<Byte, p256_scalar_size> other;
  std::int32_t sign = 1;
  Ref factor = terms_.whole(scalar);
  std::int32_t small = 0;
  if (factor == 0) {
    (void)subtract(p256_order(), scalar, other);
    if (const Ref negative = terms_.whole(other); negative != 0) {
      factor = negative;
      sign = -1;
    } else {
      ByteView digits = without_leading_zeros(scalar);
      if (digits.size() > 3) {
        digits = without_leading_zeros(other);
        sign = -1;
      }
      if (digits.size() <= 3) {
        for (const Byte digit : digits) small = small << 8U | digit;
      } else {
        sign = 1;
        factor = terms_.constant(scalar);
      }
    }
  }
  const auto add_product = [&](std::span<const Ref> of, std::int32_t coefficient) {
    std::array<Ref, 6> parts{};
    if (of.size() + 1 > parts.size()) return false;
    std::ranges::copy(of, parts.begin());
    std::size_t count = of.size();
    if (factor != 0) {
      auto* const place = std::lower_bound(parts.begin() + 1, parts.begin() + count, factor);
      std::move_backward(place, parts.begin() + count, parts.begin() + count + 1);
      *place = factor;
      ++count;
    }
    std::uint64_t hash = product_name;
    for (std::size_t i = 0; i < count; ++i) hash = mix(hash, parts[i]);
    const Ref product = terms_.make(Kind::product, hash, 0, std::span(parts).first(count));
    const std::int64_t wide = std::int64_t{coefficient} * (factor != 0 ? 1 : small) * sign;
    if (wide > INT32_MAX / 2 || wide < INT32_MIN / 2) return false;
    return insert(sum, {product, static_cast<std::int32_t>(wide)});
  };

  const Ref ref = terms_.whole(point.subspan(1));
  if (ref == 0 || terms_[ref].kind != Kind::point) {
    const std::array<Ref, 1> base = {terms_.constant(point)};
    return add_product(base, 1);
  }
  std::array<Ref, max_summands> products{};
  std::array<std::int32_t, max_summands> coefficients{};
  const auto children = terms_.children(ref);
  std::ranges::copy(children, products.begin());
  std::memcpy(coefficients.data(), terms_.data(ref).data(), terms_.data(ref).size());
  const std::size_t count = children.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::array<Ref, 6> parts{};
    const auto of = terms_.children(products[i]);
    std::ranges::copy(of, parts.begin());
    if (!add_product(std::span(parts).first(of.size()), coefficients[i])) return false;
  }
  return true;
}

Result<bool> SymbolicCrypto::give(const Sum& sum, ByteSpan out) {
  if (sum.size == 0) return false;
  if (sum.size == 1 && sum.parts[0].coefficient == 1) {
    const auto of = terms_.children(sum.parts[0].product);
    if (of.size() == 1) {
      std::ranges::copy(terms_.data(of[0]), out.begin());
      return true;
    }
  }
  std::array<Ref, max_summands> products{};
  std::array<std::int32_t, max_summands> coefficients{};
  std::uint64_t hash = point_name;
  for (std::size_t i = 0; i < sum.size; ++i) {
    products[i] = sum.parts[i].product;
    coefficients[i] = sum.parts[i].coefficient;
    hash = mix(mix(hash, products[i]), static_cast<std::uint32_t>(coefficients[i]));
  }
  std::array<Byte, sizeof coefficients> data;
  std::memcpy(data.data(), coefficients.data(), data.size());
  const Ref made =
      terms_.make(Kind::point, hash, p256_point_size - 1, std::span(products).first(sum.size),
                  ByteView(data).first(sum.size * sizeof(std::int32_t)));
  out[0] = 0x04;
  Terms::write(made, out.subspan(1));
  return true;
}

Result<bool> SymbolicCrypto::do_p256_base_mul(ByteView scalar, ByteSpan out) {
  return do_p256_mul(scalar, p256_generator(), out);
}

Result<bool> SymbolicCrypto::do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  Sum sum;
  if (!add(sum, scalar, point)) return fail(Errc::capacity, "p256: summands");
  return give(sum, out);
}

Result<bool> SymbolicCrypto::do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                             ByteSpan out) {
  Sum sum;
  if (!add(sum, a, p) || !add(sum, b, q)) return fail(Errc::capacity, "p256: summands");
  return give(sum, out);
}

// --- Solving ------------------------------------------------------------------------------------

void SolvingCrypto::begin(ByteView wish) noexcept {
  count_ = 0;
  wish_ = wish;
}

void SolvingCrypto::add_hole(ByteSpan value) {
  if (count_ == max_holes) return;
  Solution& hole = holes_[count_];
  hole.hole = terms_.atom(mix(hole_name, count_), value.size());
  hole.found = false;
  hole.bytes.clear();
  Terms::write(hole.hole, value);
  ++count_;
}

std::optional<ByteView> SolvingCrypto::solution(std::size_t n) const noexcept {
  if (n >= count_ || !holes_[n].found) return std::nullopt;
  return holes_[n].bytes;
}

Solution* SolvingCrypto::hole(ByteView bytes) noexcept {
  const Ref ref = terms_.whole(bytes);
  if (ref == 0) return nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    if (holes_[i].hole == ref) return &holes_[i];
  }
  return nullptr;
}

bool SolvingCrypto::unify(Solution& hole, ByteView bytes) {
  if (hole.found) return same_bytes(hole.bytes, bytes);
  hole.bytes.assign(bytes.begin(), bytes.end());
  hole.found = true;
  return true;
}

bool SolvingCrypto::wished(ByteSpan out) const noexcept {
  if (wish_.size() > out.size()) return false;
  std::ranges::copy(wish_, out.begin());
  const std::size_t pad = out.size() - wish_.size();
  std::ranges::fill(out.subspan(wish_.size()), static_cast<Byte>(pad));
  return true;
}

bool SolvingCrypto::equal(ByteView a, ByteView b) noexcept {
  if (a.size() != b.size() || count_ == 0) return same_bytes(a, b);
  Solution* const left = hole(a);
  Solution* const right = hole(b);
  if (left == nullptr && right == nullptr) return same_bytes(a, b);
  const ByteView value = right == nullptr ? b : a;
  // An empty place of a table is no session's cookie.
  if (all_zero(value)) return false;
  return unify(right == nullptr ? *left : *right, value);
}

Result<bool> SolvingCrypto::verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) {
  std::array<Byte, sha256_size> expected{};
  if (auto done = hmac_sha256(key, message, expected); !done) return std::unexpected(done.error());
  Solution* const asked = hole(tag);
  return asked == nullptr ? same_bytes(expected, tag) : unify(*asked, expected);
}

Result<bool> SolvingCrypto::verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) {
  std::array<Byte, sha512_size> expected{};
  if (auto done = hmac_sha512(key, message, expected); !done) return std::unexpected(done.error());
  Solution* const asked = hole(tag);
  return asked == nullptr ? same_bytes(expected, tag) : unify(*asked, expected);
}

Result<> SolvingCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  Solution* const asked = hole(in);
  std::array<Byte, 512> plain;
  const ByteSpan plaintext = ByteSpan(plain).first(std::min(in.size(), plain.size()));
  if (asked == nullptr || in.size() > plain.size() || !wished(plaintext)) {
    return SymbolicCrypto::do_aes256_cbc_decrypt(key, iv, in, out);
  }
  if (auto done = do_aes256_cbc_encrypt(key, iv, plaintext, out); !done) return done;
  (void)unify(*asked, out);
  std::ranges::copy(plaintext, out.begin());
  return {};
}

Result<> SolvingCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  Solution* const asked = hole(in);
  std::array<Byte, 512> plain;
  if (asked == nullptr || in.size() != wish_.size() || in.size() > plain.size()) {
    return SymbolicCrypto::do_aes256_ctr(key, counter, in, out);
  }
  const ByteSpan plaintext = ByteSpan(plain).first(in.size());
  std::ranges::copy(wish_, plaintext.begin());
  if (auto done = SymbolicCrypto::do_aes256_ctr(key, counter, plaintext, out); !done) return done;
  (void)unify(*asked, out);
  std::ranges::copy(plaintext, out.begin());
  return {};
}

Result<> SolvingCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteView tag, ByteSpan out) {
  Solution* const ciphertext = hole(in);
  Solution* const of_tag = hole(tag);
  if (ciphertext == nullptr || of_tag == nullptr || in.size() != wish_.size()) {
    return SymbolicCrypto::do_aes256_gcm_open(key, nonce, associated, in, tag, out);
  }
  std::array<Byte, aead_tag_size> sealed;
  if (auto done = do_aes256_gcm_seal(key, nonce, associated, wish_, out, sealed); !done)
    return done;
  (void)unify(*ciphertext, out);
  (void)unify(*of_tag, sealed);
  std::ranges::copy(wish_, out.begin());
  return {};
}

Result<> SolvingCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteView tag, ByteSpan out) {
  Solution* const ciphertext = hole(in);
  Solution* const of_tag = hole(tag);
  if (ciphertext == nullptr || of_tag == nullptr || in.size() != wish_.size()) {
    return SymbolicCrypto::do_chacha20_poly1305_open(key, nonce, associated, in, tag, out);
  }
  std::array<Byte, aead_tag_size> sealed;
  if (auto done = do_chacha20_poly1305_seal(key, nonce, associated, wish_, out, sealed); !done) {
    return done;
  }
  (void)unify(*ciphertext, out);
  (void)unify(*of_tag, sealed);
  std::ranges::copy(wish_, out.begin());
  return {};
}

// --- The other ports ----------------------------------------------------------------------------

Ref SymbolicCertificates::certificate(Terms& terms, unsigned number) {
  return terms.atom(mix(certificate_name, number), value_size);
}
Ref SymbolicCertificates::private_key(Terms& terms, unsigned number) {
  const std::array<Ref, 1> of = {certificate(terms, number)};
  return terms.make(Kind::atom, mix(key_name, number), value_size, of);
}

void SymbolicCertificates::make_pair(Terms& terms, unsigned number, ByteSpan certificate_out,
                                     ByteSpan key_out) {
  Terms::write(certificate(terms, number), certificate_out);
  Terms::write(private_key(terms, number), key_out);
}

Result<> SymbolicCertificates::check_pair(ByteView certificate, ByteView private_key) {
  const Ref key = terms_.whole(private_key);
  const Ref of = terms_.whole(certificate);
  if (of == 0) return fail(Errc::bad_certificate, "bundle: certificate");
  if (key == 0 || terms_[key].kind != Kind::atom || terms_[key].children != 1 ||
      terms_.children(key)[0] != of) {
    return fail(Errc::bad_key, "bundle: key");
  }
  return {};
}

Result<> SymbolicRandom::fill(ByteSpan out) {
  const std::uint64_t name = mix(mix(draw_name, party_), std::uint64_t{boot_} << 32U | drawn_++);
  Terms::write(terms_.atom(name, out.size()), out);
  return {};
}

Result<std::optional<std::size_t>> FlatStore::get(Record record, ByteSpan out) {
  const auto n = static_cast<std::size_t>(record);
  if (!present_[n]) return std::nullopt;
  if (records_[n].size() > out.size()) return fail(Errc::capacity, "store");
  std::ranges::copy(records_[n].view(), out.begin());
  return records_[n].size();
}

Result<> FlatStore::put(Record record, ByteView contents) {
  const auto n = static_cast<std::size_t>(record);
  if (!records_[n].assign(contents)) return fail(Errc::storage, "store");
  present_[n] = true;
  return {};
}

}  // namespace wib::fuzz
