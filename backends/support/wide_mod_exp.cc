// SPDX-License-Identifier: Apache-2.0
//
// Schoolbook multiplication and Knuth's algorithm D (The Art of Computer Programming, volume 2,
// 4.3.1), which serve odd and even moduli alike.
#include "backends/support/wide_mod_exp.h"

#include <array>
#include <bit>

namespace wib {
namespace {

// Numbers are limbs, the lowest first.
using Limb = std::uint64_t;
__extension__ using DoubleLimb = unsigned __int128;
constexpr unsigned limb_bits = 64;
constexpr std::size_t limb_size = sizeof(Limb);
constexpr std::size_t max_limbs = max_modulus_size / limb_size;

using Number = std::array<Limb, max_limbs>;
using Product = std::array<Limb, 2 * max_limbs>;

template <std::size_t n>
ByteSpan memory_of(std::array<Limb, n>& number) noexcept {
  return {reinterpret_cast<Byte*>(number.data()), sizeof(number)};
}

Number from_bytes(ByteView big_endian) noexcept {
  Number number{};
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    const Limb byte = big_endian[big_endian.size() - 1 - i];
    number[i / limb_size] |= byte << (8 * (i % limb_size));
  }
  return number;
}

void to_bytes(const Number& number, ByteSpan big_endian) noexcept {
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    big_endian[big_endian.size() - 1 - i] =
        static_cast<Byte>(number[i / limb_size] >> (8 * (i % limb_size)));
  }
}

class WideModulus {
 public:
  explicit WideModulus(ByteView modulus) noexcept
      : limbs_((modulus.size() + limb_size - 1) / limb_size) {
    const Number plain = from_bytes(modulus);
    shift_ = static_cast<unsigned>(std::countl_zero(plain[limbs_ - 1]));
    shifted_ = shift_left(plain);
  }

  // `number` mod the modulus; `number` may have any of max_limbs limbs.
  [[nodiscard]] Number reduce(const Number& number) const noexcept {
    Product dividend{};
    const WipeGuard guard(memory_of(dividend));
    for (std::size_t i = 0; i < max_limbs; ++i) add_shifted(dividend, i, number[i]);
    return remainder(dividend, max_limbs + 1);
  }

  // a * b mod the modulus; both must be reduced.
  [[nodiscard]] Number multiply(const Number& a, const Number& b) const noexcept {
    Product product{};
    const WipeGuard guard(memory_of(product));
    Number factor = shift_left(a);
    const WipeGuard factor_guard(memory_of(factor));
    for (std::size_t i = 0; i < limbs_; ++i) {
      Limb carry = 0;
      for (std::size_t j = 0; j < limbs_; ++j) {
        const DoubleLimb sum = DoubleLimb{factor[i]} * b[j] + product[i + j] + carry;
        product[i + j] = static_cast<Limb>(sum);
        carry = static_cast<Limb>(sum >> limb_bits);
      }
      product[i + limbs_] = carry;
    }
    return remainder(product, 2 * limbs_);
  }

 private:
  // Algorithm D wants the divisor's top bit set, so the modulus is kept shifted to the left, and
  // dividends are shifted as far: the remainder comes out shifted too.
  [[nodiscard]] Number shift_left(const Number& number) const noexcept {
    Number shifted{};
    Limb carry = 0;
    for (std::size_t i = 0; i < limbs_; ++i) {
      shifted[i] = number[i] << shift_ | carry;
      carry = high_part(number[i]);
    }
    return shifted;
  }

  void add_shifted(Product& product, std::size_t index, Limb limb) const noexcept {
    product[index] |= limb << shift_;
    product[index + 1] |= high_part(limb);
  }

  // The bits of `limb` that a shift to the left pushes out.
  [[nodiscard]] Limb high_part(Limb limb) const noexcept {
    return shift_ == 0 ? 0 : limb >> (limb_bits - shift_);
  }

  // The remainder, shifted back, of the `size` lowest limbs of `x`, whose upper limbs_ limbs are
  // less than the shifted modulus. Leaves rubbish in `x`.
  [[nodiscard]] Number remainder(Product& x, std::size_t size) const noexcept {
    for (std::size_t at = size - limbs_; at-- > 0;) {
      const Limb low = limbs_ > 1 ? x[at + limbs_ - 2] : 0;
      const Limb quotient = estimate(x[at + limbs_], x[at + limbs_ - 1], low);
      if (subtract_multiple(x, at, quotient)) add_back(x, at);
    }
    Number result{};
    for (std::size_t i = 0; i < limbs_; ++i) {
      result[i] = x[i] >> shift_;
      if (i + 1 < limbs_ && shift_ != 0) result[i] |= x[i + 1] << (limb_bits - shift_);
    }
    return result;
  }

  // A quotient digit from the top three limbs of the dividend: exact, or one too large.
  [[nodiscard]] Limb estimate(Limb high, Limb middle, Limb low) const noexcept {
    const Limb top = shifted_[limbs_ - 1];
    const Limb second = limbs_ > 1 ? shifted_[limbs_ - 2] : 0;
    const DoubleLimb dividend = DoubleLimb{high} << limb_bits | middle;
    DoubleLimb quotient = dividend / top;
    DoubleLimb rest = dividend % top;
    while (quotient >> limb_bits != 0 || quotient * second > (rest << limb_bits | low)) {
      --quotient;
      rest += top;
      if (rest >> limb_bits != 0) break;
    }
    return static_cast<Limb>(quotient);
  }

  // x -= multiple * modulus * 2^(64 at). True if that went below zero.
  [[nodiscard]] bool subtract_multiple(Product& x, std::size_t at, Limb multiple) const noexcept {
    Limb carry = 0;   // of the multiplication
    Limb borrow = 0;  // of the subtraction
    const auto subtract = [&](Limb& limb, Limb amount) {
      const Limb before = limb;
      limb = before - amount - borrow;
      borrow = before < amount || (before == amount && borrow != 0) ? 1 : 0;
    };
    for (std::size_t i = 0; i < limbs_; ++i) {
      const DoubleLimb part = DoubleLimb{multiple} * shifted_[i] + carry;
      carry = static_cast<Limb>(part >> limb_bits);
      subtract(x[at + i], static_cast<Limb>(part));
    }
    subtract(x[at + limbs_], carry);
    return borrow != 0;
  }

  void add_back(Product& x, std::size_t at) const noexcept {
    Limb carry = 0;
    for (std::size_t i = 0; i < limbs_; ++i) {
      const DoubleLimb sum = DoubleLimb{x[at + i]} + shifted_[i] + carry;
      x[at + i] = static_cast<Limb>(sum);
      carry = static_cast<Limb>(sum >> limb_bits);
    }
    x[at + limbs_] += carry;
  }

  std::size_t limbs_;
  unsigned shift_ = 0;
  Number shifted_{};
};

}  // namespace

void wide_mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) noexcept {
  const WideModulus field(modulus);
  constexpr std::size_t window = 16;  // four bits of the exponent at a time

  std::array<Number, window> powers{};
  const WipeGuard powers_guard({reinterpret_cast<Byte*>(powers.data()), sizeof(powers)});
  powers[0][0] = 1;
  powers[1] = field.reduce(from_bytes(base));
  for (std::size_t i = 2; i < window; ++i) powers[i] = field.multiply(powers[i - 1], powers[1]);

  Number result = powers[0];
  const WipeGuard result_guard(memory_of(result));
  bool started = false;  // leading zeros of the exponent need no squaring
  for (const Byte byte : exponent) {
    for (const int digit : {byte >> 4, byte & 15}) {
      if (started) {
        for (int i = 0; i < 4; ++i) result = field.multiply(result, result);
      }
      if (digit != 0) {
        result = field.multiply(result, powers[static_cast<std::size_t>(digit)]);
        started = true;
      }
    }
  }
  to_bytes(result, out);
}

}  // namespace wib
