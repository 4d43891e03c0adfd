// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/montgomery.h"

#include <algorithm>
#include <array>
#include <bit>

namespace wib::attacks {
namespace {

using Limb = Montgomery::Limb;
__extension__ using Wide = unsigned __int128;

// row[0..n) += x[0..n) * factor; the limb carried out.
Limb add_product(Limb* row, const Limb* x, Limb factor, std::size_t n) noexcept {
  Limb carry = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Wide sum = static_cast<Wide>(x[i]) * factor + row[i] + carry;
    row[i] = static_cast<Limb>(sum);
    carry = static_cast<Limb>(sum >> 64);
  }
  return carry;
}

// out = a - b; the borrow.
Limb subtract(Limb* out, const Limb* a, const Limb* b, std::size_t n) noexcept {
  Limb borrow = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Wide difference = static_cast<Wide>(a[i]) - b[i] - borrow;
    out[i] = static_cast<Limb>(difference);
    borrow = static_cast<Limb>(difference >> 64) & 1;
  }
  return borrow;
}

// `n` as a constant lets the compiler unroll: 2048 bits is the size that a search meets most.
template <std::size_t fixed = 0>
void montgomery_product(Limb* out, const Limb* a, const Limb* b, const Limb* modulus,
                        Limb negative_inverse, std::size_t limbs) noexcept {
  const std::size_t n = fixed != 0 ? fixed : limbs;
  std::array<Limb, 2 * Montgomery::max_limbs> sum;
  std::fill_n(sum.begin(), n, Limb{0});
  Limb top = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Limb high = add_product(&sum[i], a, b[i], n);
    const Limb quotient = sum[i] * negative_inverse;
    const Wide end = static_cast<Wide>(add_product(&sum[i], modulus, quotient, n)) + high + top;
    sum[i + n] = static_cast<Limb>(end);
    top = static_cast<Limb>(end >> 64);
  }
  if (subtract(out, &sum[n], modulus, n) > top) std::copy_n(&sum[n], n, out);
}

}  // namespace

Result<Montgomery> Montgomery::make(ByteView modulus) {
  if (modulus.size() > max_bytes) return fail(Errc::out_of_range, "search: modulus size");
  while (!modulus.empty() && modulus.front() == 0) modulus = modulus.subspan(1);
  if (modulus.empty() || (modulus.back() & 1) == 0) {
    return fail(Errc::out_of_range, "search: even modulus");
  }
  if (modulus.size() == 1 && modulus.front() == 1) {
    return fail(Errc::out_of_range, "search: modulus of one");
  }
  Montgomery result;
  result.modulus_.resize((modulus.size() + sizeof(Limb) - 1) / sizeof(Limb));
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    result.modulus_[i / 8] |= Limb{modulus[modulus.size() - 1 - i]} << (8 * (i % 8));
  }
  result.bits_ = 64 * result.limbs() - std::countl_zero(result.modulus_.back());

  // Newton: each step doubles the number of right bits, from the one of an odd number.
  Limb inverse = 1;
  for (int i = 0; i < 6; ++i) inverse *= 2 - result.modulus_[0] * inverse;
  result.negative_inverse_ = ~inverse + 1;

  result.r_squared_.assign(result.limbs(), 0);
  result.r_squared_[0] = 1;
  for (std::size_t i = 0; i < 128 * result.limbs(); ++i) {
    result.double_in_place(result.r_squared_);
  }
  return result;
}

void Montgomery::double_in_place(Number& x) const noexcept {
  Limb carry = 0;
  for (Limb& limb : x) {
    const Limb next = limb >> 63;
    limb = limb << 1 | carry;
    carry = next;
  }
  std::array<Limb, max_limbs> less;
  if (subtract(less.data(), x.data(), modulus_.data(), limbs()) <= carry) {
    std::copy_n(less.begin(), limbs(), x.begin());
  }
}

Montgomery::Number Montgomery::reduce(ByteView bytes) const {
  Number x(limbs(), 0);
  for (const Byte byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      double_in_place(x);
      // x + 1 cannot overflow the limbs: x is below the modulus, which is odd and so at most all
      // ones. It may reach the modulus.
      if ((byte >> bit & 1) == 0) continue;
      for (Limb& limb : x) {
        if (++limb != 0) break;
      }
      if (x == modulus_) std::ranges::fill(x, Limb{0});
    }
  }
  return x;
}

void Montgomery::write(const Number& x, ByteSpan out) const noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Limb limb = i / 8 < x.size() ? x[i / 8] : 0;
    out[out.size() - 1 - i] = static_cast<Byte>(limb >> (8 * (i % 8)));
  }
}

void Montgomery::multiply(Limb* out, const Limb* a, const Limb* b) const noexcept {
  if (limbs() == 32) {
    montgomery_product<32>(out, a, b, modulus_.data(), negative_inverse_, 32);
  } else {
    montgomery_product(out, a, b, modulus_.data(), negative_inverse_, limbs());
  }
}

Montgomery::Number Montgomery::enter(const Number& x) const {
  Number result(limbs());
  multiply(result.data(), x.data(), r_squared_.data());
  return result;
}

Montgomery::Number Montgomery::leave(const Number& x) const {
  Number one(limbs(), 0);
  one[0] = 1;
  multiply(one.data(), one.data(), x.data());
  return one;
}

Montgomery::Number Montgomery::power(const Number& base, ByteView exponent) const {
  Number one(limbs(), 0);
  one[0] = 1;
  Number result = enter(one);
  const Number factor = enter(base);
  for (const Byte byte : exponent) {
    for (int bit = 7; bit >= 0; --bit) {
      multiply(result.data(), result.data(), result.data());
      if ((byte >> bit & 1) != 0) multiply(result.data(), result.data(), factor.data());
    }
  }
  return leave(result);
}

}  // namespace wib::attacks
