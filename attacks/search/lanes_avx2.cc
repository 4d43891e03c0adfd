// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/lanes_avx2.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <vector>

namespace wib::attacks {
namespace {

// Only functions that carry the attribute use AVX2, so that the binary runs without it.
#define WIB_AVX2 __attribute__((target("avx2")))
#define WIB_AVX2_INLINE __attribute__((target("avx2"), always_inline)) inline

using Vector = Avx2Lanes::Vector;
constexpr std::size_t digit_bits = Avx2Lanes::digit_bits;
constexpr std::uint64_t digit_mask = (1ULL << digit_bits) - 1;
// Rounds of four rows after which carries must move: 2 * 4 * 7 products a column.
constexpr std::size_t rounds_between_carries = 7;

WIB_AVX2_INLINE __m256i load(const Vector& v) noexcept {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(&v));
}
WIB_AVX2_INLINE void store(Vector& out, __m256i v) noexcept {
  _mm256_store_si256(reinterpret_cast<__m256i*>(&out), v);
}
WIB_AVX2_INLINE __m256i add(__m256i a, __m256i b) noexcept { return _mm256_add_epi64(a, b); }
// The product of the low 32 bits of each lane: what is above them need not be zero.
WIB_AVX2_INLINE __m256i mul(__m256i a, const __m256i b) noexcept { return _mm256_mul_epu32(a, b); }
WIB_AVX2_INLINE __m256i mul(__m256i a, const Vector& b) noexcept { return mul(a, load(b)); }
WIB_AVX2_INLINE __m256i broadcast(std::uint64_t x) noexcept {
  return _mm256_set1_epi64x(static_cast<long long>(x));
}

// Moves carries along, so that digits 0..count-1 are below 2^29. `out` may be `in`.
WIB_AVX2_INLINE void carry(Vector* out, const Vector* in, std::size_t count) noexcept {
  const __m256i mask = broadcast(digit_mask);
  __m256i above = _mm256_setzero_si256();
  for (std::size_t j = 0; j < count; ++j) {
    const __m256i sum = add(load(in[j]), above);
    store(out[j], _mm256_and_si256(sum, mask));
    above = _mm256_srli_epi64(sum, digit_bits);
  }
}

// The digits of four entries, lane by lane: 4 x 4 transpositions of the packed words. The even
// digits keep the odd ones above them, for mul() to ignore, unless they are `clean`.
template <bool clean>
WIB_AVX2_INLINE void unpack(Vector* out, const LaneEntries& entries, std::size_t digits) noexcept {
  const __m256i mask = broadcast(clean ? digit_mask : ~0ULL);
  for (std::size_t i = 0; i < digits / 2; i += 4) {
    __m256i row[4];
    for (std::size_t l = 0; l < lane_count; ++l) {
      row[l] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(entries[l] + i));
    }
    const __m256i low01 = _mm256_unpacklo_epi64(row[0], row[1]);
    const __m256i high01 = _mm256_unpackhi_epi64(row[0], row[1]);
    const __m256i low23 = _mm256_unpacklo_epi64(row[2], row[3]);
    const __m256i high23 = _mm256_unpackhi_epi64(row[2], row[3]);
    const __m256i column[4] = {_mm256_permute2x128_si256(low01, low23, 0x20),
                               _mm256_permute2x128_si256(high01, high23, 0x20),
                               _mm256_permute2x128_si256(low01, low23, 0x31),
                               _mm256_permute2x128_si256(high01, high23, 0x31)};
    for (std::size_t k = 0; k < 4; ++k) {
      store(out[2 * (i + k)], _mm256_and_si256(column[k], mask));
      store(out[2 * (i + k) + 1], _mm256_srli_epi64(column[k], 32));
    }
  }
}

// out = a * b / R modulo p, below 2p if a and b are. `a` and `p` have three zeros on either side;
// `out` may be `a`.
//
// Four digits of b at a time: each column then takes eight products for one load and one store of
// the sum. Column j of a round adds up what has weight 2^(29 j), and lands four places lower: the
// lowest four are multiples of 2^29 by the choice of the quotients q and leave only a carry.
WIB_AVX2 void product(Vector* out, const Vector* a, const Vector* b, const Vector* p,
                      std::uint64_t negative_inverse, std::size_t digits) noexcept {
  Vector sum[Avx2Lanes::max_digits + 4];
  const __m256i zero = _mm256_setzero_si256();
  const __m256i mask = broadcast(digit_mask);
  const __m256i inverse = broadcast(negative_inverse);
  for (std::size_t j = 0; j < digits + 4; ++j) store(sum[j], zero);

  std::size_t rounds = 0;
  for (std::size_t i = 0; i < digits; i += 4) {
    const __m256i b0 = load(b[i]);
    const __m256i b1 = load(b[i + 1]);
    const __m256i b2 = load(b[i + 2]);
    const __m256i b3 = load(b[i + 3]);

    __m256i t = add(load(sum[0]), mul(b0, a[0]));
    const __m256i q0 = _mm256_and_si256(mul(t, inverse), mask);
    t = _mm256_srli_epi64(add(t, mul(q0, p[0])), digit_bits);

    t = add(t, add(load(sum[1]), add(mul(b0, a[1]), mul(b1, a[0]))));
    t = add(t, mul(q0, p[1]));
    const __m256i q1 = _mm256_and_si256(mul(t, inverse), mask);
    t = _mm256_srli_epi64(add(t, mul(q1, p[0])), digit_bits);

    t = add(t, add(load(sum[2]), add(mul(b0, a[2]), add(mul(b1, a[1]), mul(b2, a[0])))));
    t = add(t, add(mul(q0, p[2]), mul(q1, p[1])));
    const __m256i q2 = _mm256_and_si256(mul(t, inverse), mask);
    t = _mm256_srli_epi64(add(t, mul(q2, p[0])), digit_bits);

    t = add(t, add(load(sum[3]),
                   add(add(mul(b0, a[3]), mul(b1, a[2])), add(mul(b2, a[1]), mul(b3, a[0])))));
    t = add(t, add(mul(q0, p[3]), add(mul(q1, p[2]), mul(q2, p[1]))));
    const __m256i q3 = _mm256_and_si256(mul(t, inverse), mask);
    t = _mm256_srli_epi64(add(t, mul(q3, p[0])), digit_bits);

    store(sum[4], add(load(sum[4]), t));
#pragma GCC unroll 2
    for (std::size_t j = 4; j < digits + 3; ++j) {
      const Vector* const x = a + j;
      const Vector* const y = p + j;
      __m256i s = add(load(sum[j]), mul(b0, x[0]));
      __m256i u = mul(q0, y[0]);
      s = add(s, mul(b1, x[-1]));
      u = add(u, mul(q1, y[-1]));
      s = add(s, mul(b2, x[-2]));
      u = add(u, mul(q2, y[-2]));
      s = add(s, mul(b3, x[-3]));
      u = add(u, mul(q3, y[-3]));
      store(sum[j - 4], add(s, u));
    }
    store(sum[digits - 1], zero);
    // Nothing is carried out of the top: the sum is below a + 2p, which is below R.
    if (++rounds % rounds_between_carries == 0) carry(sum, sum, digits);
  }
  carry(out, sum, digits);
}

}  // namespace

bool Avx2Lanes::available() noexcept { return __builtin_cpu_supports("avx2"); }

Avx2Lanes::Avx2Lanes(const Montgomery& group)
    : group_(group), digits_(((group.bits() + 2 + digit_bits - 1) / digit_bits + 7) / 8 * 8) {
  std::uint64_t inverse = 1;
  for (int i = 0; i < 6; ++i) inverse *= 2 - group.modulus()[0] * inverse;
  negative_inverse_ = (~inverse + 1) & digit_mask;

  r_.assign(group.limbs(), 0);
  r_[0] = 1;
  for (std::size_t i = 0; i < digit_bits * digits_; ++i) group.double_in_place(r_);

  std::vector<EntryWord> entry(entry_words());
  pack(entry.data(), group.modulus());
  State state;
  load(state, {entry.data(), entry.data(), entry.data(), entry.data()});
  modulus_ = state.digits;
}

std::size_t Avx2Lanes::entry_words() const noexcept { return digits_ / 2; }

void Avx2Lanes::pack(EntryWord* out, const Montgomery::Number& x) const noexcept {
  const auto digit = [&](std::size_t i) {
    const std::size_t limb = i * digit_bits / 64;
    const std::size_t shift = i * digit_bits % 64;
    std::uint64_t bits = limb < x.size() ? x[limb] >> shift : 0;
    if (shift > 64 - digit_bits && limb + 1 < x.size()) bits |= x[limb + 1] << (64 - shift);
    return bits & digit_mask;
  };
  for (std::size_t i = 0; i < entry_words(); ++i) out[i] = digit(2 * i) | digit(2 * i + 1) << 32;
}

void Avx2Lanes::enter(EntryWord* out, const Montgomery::Number& x) const {
  Montgomery::Number scaled = group_.enter(x);
  group_.multiply(scaled.data(), scaled.data(), r_.data());
  pack(out, scaled);
}

Montgomery::Number Avx2Lanes::leave(const EntryWord* entry) const {
  std::vector<EntryWord> plain(entry_words(), 0);
  plain[0] = 1;
  State state;
  load(state, {entry, entry, entry, entry});
  multiply(state, {plain.data(), plain.data(), plain.data(), plain.data()});
  // A product with one is at most p.
  Montgomery::Number x(group_.limbs(), 0);
  for (std::size_t i = 0; i < digits_; ++i) {
    const std::uint64_t digit = state.digits[padding + i].lane[0];
    const std::size_t limb = i * digit_bits / 64;
    const std::size_t shift = i * digit_bits % 64;
    if (limb < x.size()) x[limb] |= digit << shift;
    if (shift > 64 - digit_bits && limb + 1 < x.size()) x[limb + 1] |= digit >> (64 - shift);
  }
  if (x == group_.modulus()) std::ranges::fill(x, 0);
  return x;
}

WIB_AVX2 void Avx2Lanes::load(State& state, const LaneEntries& entries) const noexcept {
  for (std::size_t i = 0; i < padding; ++i) {
    state.digits[i] = {};
    state.digits[padding + digits_ + i] = {};
  }
  unpack<true>(&state.digits[padding], entries, digits_);
}

WIB_AVX2 void Avx2Lanes::multiply(State& state, const LaneEntries& factors) const noexcept {
  Vector factor[max_digits];
  unpack<false>(factor, factors, digits_);
  Vector* const digits = &state.digits[padding];
  product(digits, digits, factor, &modulus_[padding], negative_inverse_, digits_);
}

void Avx2Lanes::store(const LaneOutputs& out, const State& state) const noexcept {
  for (std::size_t i = 0; i < entry_words(); ++i) {
    const Vector& even = state.digits[padding + 2 * i];
    const Vector& odd = state.digits[padding + 2 * i + 1];
    for (std::size_t l = 0; l < lane_count; ++l) out[l][i] = even.lane[l] | odd.lane[l] << 32;
  }
}

// Both sides are below 2p, so equal residues differ by -p, 0 or p: the lowest digit decides.
unsigned Avx2Lanes::may_equal(const State& state, const LaneEntries& entries) const noexcept {
  const std::uint64_t p = modulus_[padding].lane[0];
  unsigned mask = 0;
  for (std::size_t l = 0; l < lane_count; ++l) {
    const std::uint64_t difference = (state.digits[padding].lane[l] - entries[l][0]) & digit_mask;
    if (difference == 0 || difference == p || difference == digit_mask + 1 - p) mask |= 1U << l;
  }
  return mask;
}

}  // namespace wib::attacks

#endif
