// SPDX-License-Identifier: Apache-2.0
//
// Odd moduli, and so every group: Montgomery's multiplication, without a branch or an index on the
// exponent or on what follows from it. Even ones, which no group has: Knuth's algorithm D (The Art
// of Computer Programming, volume 2, 4.3.1), which takes the time that the numbers take.
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

// Odd moduli. Numbers are kept times 2^(64 limbs) mod the modulus.
class Montgomery {
 public:
  explicit Montgomery(ByteView modulus) noexcept
      : limbs_((modulus.size() + limb_size - 1) / limb_size), modulus_(from_bytes(modulus)) {
    // The modulus' inverse modulo 2^64, by Newton's iteration: 3 bits are right, then 6, 12, ...
    Limb inverse = modulus_[0];
    for (int i = 0; i < 5; ++i) inverse *= 2 - modulus_[0] * inverse;
    negative_inverse_ = 0 - inverse;
    // 2^(64 limbs) and its square, by doubling 1.
    Number power{};
    power[0] = 1;
    subtract_modulus(power, 0);
    for (std::size_t i = 0; i < 2 * limbs_ * limb_bits; ++i) {
      if (i == limbs_ * limb_bits) one_ = power;
      const Limb carry = doubled(power);
      subtract_modulus(power, carry);
    }
    square_ = power;
  }

  [[nodiscard]] const Number& one() const noexcept { return one_; }
  [[nodiscard]] Number enter(const Number& reduced) const noexcept {
    return multiply(reduced, square_);
  }
  [[nodiscard]] Number leave(const Number& number) const noexcept {
    Number plain_one{};
    plain_one[0] = 1;
    return multiply(number, plain_one);
  }

  // a * b / 2^(64 limbs) mod the modulus; both below it.
  [[nodiscard]] Number multiply(const Number& a, const Number& b) const noexcept {
    Number sum{};
    Limb top = 0;  // the limb above sum
    for (std::size_t i = 0; i < limbs_; ++i) {
      Limb carry = 0;
      for (std::size_t j = 0; j < limbs_; ++j) {
        const DoubleLimb part = DoubleLimb{a[j]} * b[i] + sum[j] + carry;
        sum[j] = static_cast<Limb>(part);
        carry = static_cast<Limb>(part >> limb_bits);
      }
      const DoubleLimb high = DoubleLimb{top} + carry;
      const Limb factor = sum[0] * negative_inverse_;
      DoubleLimb part = DoubleLimb{factor} * modulus_[0] + sum[0];
      carry = static_cast<Limb>(part >> limb_bits);
      for (std::size_t j = 1; j < limbs_; ++j) {
        part = DoubleLimb{factor} * modulus_[j] + sum[j] + carry;
        sum[j - 1] = static_cast<Limb>(part);
        carry = static_cast<Limb>(part >> limb_bits);
      }
      part = high + carry;
      sum[limbs_ - 1] = static_cast<Limb>(part);
      top = static_cast<Limb>(part >> limb_bits);
    }
    subtract_modulus(sum, top);
    return sum;
  }

 private:
  // Twice `number`; returns the limb that is carried out.
  Limb doubled(Number& number) const noexcept {
    Limb carry = 0;
    for (std::size_t i = 0; i < limbs_; ++i) {
      const Limb out = number[i] >> (limb_bits - 1);
      number[i] = number[i] << 1U | carry;
      carry = out;
    }
    return carry;
  }

  // Takes the modulus from top:number once if it fits, whatever they are.
  void subtract_modulus(Number& number, Limb top) const noexcept {
    Number less{};
    const WipeGuard guard(memory_of(less));
    Limb borrow = 0;
    for (std::size_t i = 0; i < limbs_; ++i) {
      const DoubleLimb difference = DoubleLimb{number[i]} - modulus_[i] - borrow;
      less[i] = static_cast<Limb>(difference);
      borrow = static_cast<Limb>(difference >> limb_bits) & 1U;
    }
    const Limb keep = 0 - (borrow & (top ^ 1U));  // all ones: it was below the modulus
    for (std::size_t i = 0; i < limbs_; ++i) {
      number[i] = (number[i] & keep) | (less[i] & ~keep);
    }
  }

  std::size_t limbs_;
  Limb negative_inverse_ = 0;
  Number modulus_;
  Number one_{};
  Number square_{};
};

constexpr std::size_t window = 16;  // four bits of the exponent at a time
using Powers = std::array<Number, window>;

// powers[digit], having looked at all of them.
Number select(const Powers& powers, unsigned digit) noexcept {
  Number chosen{};
  for (unsigned i = 0; i < window; ++i) {
    const Limb difference = i ^ digit;
    const Limb mask = ((difference | (0 - difference)) >> (limb_bits - 1)) - 1;  // ones if equal
    for (std::size_t k = 0; k < max_limbs; ++k) chosen[k] |= powers[i][k] & mask;
  }
  return chosen;
}

void odd_mod_exp(const Number& base, ByteView exponent, ByteView modulus, ByteSpan out) noexcept {
  const Montgomery field(modulus);
  Powers powers{};
  const WipeGuard powers_guard({reinterpret_cast<Byte*>(powers.data()), sizeof(powers)});
  powers[0] = field.one();
  powers[1] = field.enter(base);
  for (std::size_t i = 2; i < window; ++i) powers[i] = field.multiply(powers[i - 1], powers[1]);

  Number result = powers[0];
  Number factor{};
  const WipeGuard result_guard(memory_of(result));
  const WipeGuard factor_guard(memory_of(factor));
  for (const Byte byte : exponent) {
    for (const unsigned digit : {static_cast<unsigned>(byte) >> 4U, byte & 15U}) {
      for (int i = 0; i < 4; ++i) result = field.multiply(result, result);
      factor = select(powers, digit);
      result = field.multiply(result, factor);
    }
  }
  result = field.leave(result);
  to_bytes(result, out);
}

void even_mod_exp(const WideModulus& field, const Number& base, ByteView exponent,
                  ByteSpan out) noexcept {
  Number result{};
  const WipeGuard result_guard(memory_of(result));
  result[0] = 1;
  for (const Byte byte : exponent) {
    for (unsigned bit = 8; bit-- > 0;) {
      result = field.multiply(result, result);
      if ((byte >> bit & 1U) != 0) result = field.multiply(result, base);
    }
  }
  to_bytes(result, out);
}

}  // namespace

void wide_mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) noexcept {
  const WideModulus field(modulus);
  const Number reduced = field.reduce(from_bytes(base));
  if ((modulus.back() & 1U) != 0) {
    odd_mod_exp(reduced, exponent, modulus, out);
  } else {
    even_mod_exp(field, reduced, exponent, out);
  }
}

}  // namespace wib
