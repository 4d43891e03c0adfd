// SPDX-License-Identifier: Apache-2.0
//
// Montgomery's multiplication (Mathematics of Computation 44, 1985) on limbs of 64 bits, or of 32
// where the compiler has no product of the former; the lowest is first, R = 2^256. All numbers are
// below p.
#include "protocol/p256.h"

#include "protocol/secrets.h"

namespace wib {
namespace {

#ifdef __SIZEOF_INT128__
using Limb = std::uint64_t;
__extension__ using DoubleLimb = unsigned __int128;
#else
using Limb = std::uint32_t;
using DoubleLimb = std::uint64_t;
#endif
constexpr unsigned limb_bits = 8 * sizeof(Limb);
constexpr std::size_t limbs = 256 / limb_bits;
using Field = std::array<Limb, limbs>;

constexpr std::size_t words = 8;  // of 32 bits, the lowest first
constexpr Field from_words(const std::array<std::uint32_t, words>& number) noexcept {
  Field field{};
  for (std::size_t i = 0; i < words; ++i) {
    field[32 * i / limb_bits] |= Limb{number[i]} << (32 * i % limb_bits);
  }
  return field;
}

Field from_bytes(ByteView big_endian) noexcept {
  Field field{};
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    const Limb byte = big_endian[big_endian.size() - 1 - i];
    field[8 * i / limb_bits] |= byte << (8 * i % limb_bits);
  }
  return field;
}

constexpr Field p = from_words({0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000,
                                0x00000000, 0x00000001, 0xffffffff});
// R^2, -3 / R and b / R, modulo p.
constexpr Field r_squared = from_words({0x00000003, 0x00000000, 0xffffffff, 0xfffffffb, 0xfffffffe,
                                        0xffffffff, 0xfffffffd, 0x00000004});
constexpr Field minus_three = from_words({0xfffffffd, 0xfffffff6, 0x00000005, 0xfffffffd,
                                          0xfffffff9, 0x00000008, 0xfffffff7, 0x00000002});
constexpr Field constant = from_words({0x3897434f, 0x5b664d72, 0x12f3e1bb, 0x5ac8124d, 0x9123afdd,
                                       0x426be7e3, 0x3dd38668, 0x2128d4c6});

// `number` + 2^256 `high`, which is below 2p, modulo p.
Field reduce(const Field& number, Limb high) noexcept {
  Field less;
  Limb borrow = 0;
  for (std::size_t i = 0; i < limbs; ++i) {
    const DoubleLimb difference = DoubleLimb{number[i]} - p[i] - borrow;
    less[i] = static_cast<Limb>(difference);
    borrow = static_cast<Limb>(difference >> limb_bits) & 1U;
  }
  // All ones if p goes into it.
  const Limb take = Limb{0} - (high | (1U - borrow));
  for (std::size_t i = 0; i < limbs; ++i) less[i] = (less[i] & take) | (number[i] & ~take);
  return less;
}

Field add(const Field& a, const Field& b) noexcept {
  Field sum;
  DoubleLimb carry = 0;
  for (std::size_t i = 0; i < limbs; ++i) {
    carry += DoubleLimb{a[i]} + b[i];
    sum[i] = static_cast<Limb>(carry);
    carry >>= limb_bits;
  }
  return reduce(sum, static_cast<Limb>(carry));
}

// a b / R
Field multiply(const Field& a, const Field& b) noexcept {
  std::array<Limb, limbs + 1> t{};
  for (const Limb digit : b) {
    DoubleLimb carry = 0;
    for (std::size_t j = 0; j < limbs; ++j) {
      carry += DoubleLimb{a[j]} * digit + t[j];
      t[j] = static_cast<Limb>(carry);
      carry >>= limb_bits;
    }
    const DoubleLimb top = carry + t[limbs];
    // -1/p is 1 modulo the limb: the lowest limb is itself the multiple of p that makes it vanish.
    const DoubleLimb multiple = t[0];
    carry = (multiple * p[0] + t[0]) >> limb_bits;
    for (std::size_t j = 1; j < limbs; ++j) {
      carry += multiple * p[j] + t[j];
      t[j - 1] = static_cast<Limb>(carry);
      carry >>= limb_bits;
    }
    carry += top;
    t[limbs - 1] = static_cast<Limb>(carry);
    t[limbs] = static_cast<Limb>(carry >> limb_bits);
  }
  Field product;
  std::copy_n(t.begin(), limbs, product.begin());
  return reduce(product, t[limbs]);
}

}  // namespace

bool on_p256(ByteView x, ByteView y) noexcept {
  const Field number = from_bytes(x);
  const Field y_number = from_bytes(y);
  // y^2 = x (x^2 - 3) + b, both sides over R.
  const Field left = multiply(y_number, y_number);
  const Field factor = add(multiply(number, number), minus_three);
  const Field right = add(multiply(multiply(number, r_squared), factor), constant);
  Limb different = 0;
  for (std::size_t i = 0; i < limbs; ++i) different |= left[i] ^ right[i];
  return declassified(different == 0);
}

}  // namespace wib
