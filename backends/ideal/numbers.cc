// SPDX-License-Identifier: Apache-2.0
#include "numbers.h"

#include <array>

#include "protocol/p256.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;

// SEC 2 sections 2.4.2, 2.5.1 and 2.6.1: p, and b of y^2 = x^3 - 3x + b (P-256's is the core's).
constexpr std::array<Byte, 32> prime_256 = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr std::array<Byte, 48> prime_384 = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff};
constexpr std::array<Byte, 48> b_384 = {
    0xb3, 0x31, 0x2f, 0xa7, 0xe2, 0x3e, 0xe7, 0xe4, 0x98, 0x8e, 0x05, 0x6b, 0xe3, 0xf8, 0x2d, 0x19,
    0x18, 0x1d, 0x9c, 0x6e, 0xfe, 0x81, 0x41, 0x12, 0x03, 0x14, 0x08, 0x8f, 0x50, 0x13, 0x87, 0x5a,
    0xc6, 0x56, 0x39, 0x8d, 0x8a, 0x2e, 0xd1, 0x9d, 0x2a, 0x85, 0xc8, 0xed, 0xd3, 0xec, 0x2a, 0xef};
constexpr std::array<Byte, 66> prime_521 = [] {
  std::array<Byte, 66> p;
  p.fill(0xff);
  p[0] = 0x01;
  return p;
}();
constexpr std::array<Byte, 66> b_521 = {
    0x00, 0x51, 0x95, 0x3e, 0xb9, 0x61, 0x8e, 0x1c, 0x9a, 0x1f, 0x92, 0x9a, 0x21, 0xa0,
    0xb6, 0x85, 0x40, 0xee, 0xa2, 0xda, 0x72, 0x5b, 0x99, 0xb3, 0x15, 0xf3, 0xb8, 0xb4,
    0x89, 0x91, 0x8e, 0xf1, 0x09, 0xe1, 0x56, 0x19, 0x39, 0x51, 0xec, 0x7e, 0x93, 0x7b,
    0x16, 0x52, 0xc0, 0xbd, 0x3b, 0xb1, 0xbf, 0x07, 0x35, 0x73, 0xdf, 0x88, 0x3d, 0x2c,
    0x34, 0xf1, 0xef, 0x45, 0x1f, 0xd4, 0x6b, 0x50, 0x3f, 0x00};

constexpr std::size_t max_field = 66;

// number = 2 * number + bit, and the bit that fell off.
unsigned shift_in(ByteSpan number, unsigned bit) noexcept {
  for (std::size_t i = number.size(); i-- > 0;) {
    const unsigned wide = static_cast<unsigned>(number[i]) * 2U + bit;
    number[i] = static_cast<Byte>(wide);
    bit = wide >> 8U;
  }
  return bit;
}

bool below(ByteView a, ByteView b) noexcept { return std::ranges::lexicographical_compare(a, b); }

// An element of a field whose prime has `prime.size()` bytes.
using Element = std::array<Byte, max_field>;

Element multiply(ByteView a, ByteView b, ByteView prime) noexcept {
  std::array<Byte, 2 * max_field> product{};
  const std::size_t size = a.size() + b.size();
  for (std::size_t i = a.size(); i-- > 0;) {
    unsigned carry = 0;
    for (std::size_t j = b.size(); j-- > 0;) {
      const unsigned wide = product[i + j + 1] + static_cast<unsigned>(a[i]) * b[j] + carry;
      product[i + j + 1] = static_cast<Byte>(wide);
      carry = wide >> 8U;
    }
    product[i] = static_cast<Byte>(carry);
  }
  Element out{};
  reduce(ByteView(product).first(size), prime, ByteSpan(out).first(prime.size()));
  return out;
}

bool satisfies(ByteView prime, ByteView b, ByteView x, ByteView y) noexcept {
  const std::size_t size = prime.size();
  const auto view = [&](const Element& e) { return ByteView(e).first(size); };
  // One byte more than the field, so that sums fit.
  std::array<Byte, max_field + 1> wide{};
  const ByteSpan sum = ByteSpan(wide).first(size + 1);
  const auto add = [&](ByteView left, ByteView right) {
    unsigned carry = 0;
    for (std::size_t i = size; i-- > 0;) {
      const unsigned total = static_cast<unsigned>(left[i]) + right[i] + carry;
      sum[i + 1] = static_cast<Byte>(total);
      carry = total >> 8U;
    }
    sum[0] = static_cast<Byte>(carry);
    Element out{};
    reduce(sum, prime, ByteSpan(out).first(size));
    return out;
  };
  Element minus_three{};
  const std::array<Byte, 1> three = {3};
  Element padded{};
  reduce(three, prime, ByteSpan(padded).first(size));
  wib::subtract(prime, view(padded), ByteSpan(minus_three).first(size));

  const Element inner = add(view(multiply(x, x, prime)), view(minus_three));
  const Element right = add(view(multiply(x, view(inner), prime)), b);
  return wib::same_bytes(view(multiply(y, y, prime)), view(right));
}

}  // namespace

ByteView p256_prime() noexcept { return prime_256; }

ByteView without_leading_zeros(ByteView number) noexcept {
  std::size_t zeros = 0;
  while (zeros < number.size() && number[zeros] == 0) ++zeros;
  return number.subspan(zeros);
}

bool is_one_less(ByteView number, ByteView of) noexcept {
  if (number.size() != of.size()) return false;
  // From the end: ff above 00 for as long as it borrows, then one less, then the same.
  std::size_t i = number.size();
  while (i > 0 && of[i - 1] == 0) {
    if (number[--i] != 0xff) return false;
  }
  return i > 0 && number[i - 1] + 1 == of[i - 1] &&
         wib::same_bytes(number.first(i - 1), of.first(i - 1));
}

void reduce(ByteView number, ByteView modulus, ByteSpan out) noexcept {
  std::ranges::fill(out, Byte{0});
  for (const Byte byte : number) {
    for (unsigned bit = 8; bit-- > 0;) {
      const unsigned above = shift_in(out, (byte >> bit) & 1U);
      if (above != 0 || !below(out, modulus)) wib::subtract(out, modulus, out);
    }
  }
}

std::uint32_t small_power(ByteView base, ByteView exponent, ByteView modulus) noexcept {
  std::uint64_t m = 0;
  for (const Byte byte : modulus) m = m << 8U | byte;
  std::uint64_t b = 0;
  for (const Byte byte : base) b = (b << 8U | byte) % m;
  std::uint64_t power = 1 % m;
  for (const Byte byte : exponent) {
    for (unsigned bit = 8; bit-- > 0;) {
      power = power * power % m;
      if (((byte >> bit) & 1U) != 0) power = power * b % m;
    }
  }
  return static_cast<std::uint32_t>(power);
}

bool on_curve(KeyType curve, ByteView point) noexcept {
  ByteView prime;
  ByteView b;
  switch (curve) {
    case KeyType::ec_p256: prime = prime_256; break;
    case KeyType::ec_p384: prime = prime_384, b = b_384; break;
    case KeyType::ec_p521: prime = prime_521, b = b_521; break;
    default: return false;
  }
  if (point.size() != 1 + 2 * prime.size() || point[0] != 0x04) return false;
  const ByteView x = point.subspan(1, prime.size());
  const ByteView y = point.subspan(1 + prime.size());
  if (!below(x, prime) || !below(y, prime)) return false;
  // The core has this one, and it is asked for often.
  return curve == KeyType::ec_p256 ? wib::on_p256(x, y) : satisfies(prime, b, x, y);
}

}  // namespace WIB_BACKEND_NAMESPACE
