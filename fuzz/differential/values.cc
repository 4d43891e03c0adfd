// SPDX-License-Identifier: Apache-2.0
#include "fuzz/differential/values.h"

#include "protocol/groups.h"

namespace wib::fuzz {
namespace {

ByteVector copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

constexpr std::array<Byte, 32> p256_p = {
    0xff, 0xff, 0xff, 0xff, 0,    0,    0,    1,    0,    0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

constexpr std::array<Byte, 32> x25519_p = [] {
  std::array<Byte, 32> p{};
  p.fill(0xff);
  p.front() = 0xed;
  p.back() = 0x7f;
  return p;
}();

// The two points of order 8 (RFC 7748 section 6.1 and its errata).
constexpr std::array<Byte, 32> order_8 = {
    0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
    0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00};
constexpr std::array<Byte, 32> other_order_8 = {
    0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
    0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57};

// Little-endian, for X25519.
ByteVector small_u(Byte value) {
  ByteVector u(x25519_size);
  u.front() = value;
  return u;
}

ByteVector with_top_bit(ByteVector u) {
  u.back() |= 0x80U;
  return u;
}

}  // namespace

ByteVector plus(ByteVector number, unsigned small) {
  for (std::size_t i = number.size(); i-- > 0 && small != 0;) {
    small += number[i];
    number[i] = static_cast<Byte>(small);
    small >>= 8U;
  }
  if (small != 0) number.insert(number.begin(), static_cast<Byte>(small));
  return number;
}

ByteVector minus(ByteVector number, unsigned small) {
  for (std::size_t i = number.size(); i-- > 0 && small != 0;) {
    const unsigned before = number[i];
    number[i] = static_cast<Byte>(before - small);
    small = before < small ? 1 : 0;
  }
  return number;
}

ByteVector halved(ByteVector number) {
  unsigned carry = 0;
  for (Byte& byte : number) {
    const unsigned value = carry << 8U | byte;
    byte = static_cast<Byte>(value >> 1U);
    carry = value & 1U;
  }
  return number;
}

ByteView p256_field() noexcept { return p256_p; }
ByteView x25519_field() noexcept { return x25519_p; }

ByteVector Values::bytes(std::size_t size) {
  const std::size_t pattern = choices_.below(4);
  if (pattern == 0) return ByteVector(size);
  if (pattern == 1) return ByteVector(size, 0xff);
  // What the input has, again and again: never the same byte twice for long.
  const ByteVector taken = copy(choices_.bytes(std::min<std::size_t>(size, 64)));
  ByteVector all(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Byte byte = taken.empty() ? Byte{0} : taken[i % taken.size()];
    all[i] = static_cast<Byte>(byte + (i < taken.size() ? 0 : i * 29));
  }
  return all;
}

ByteVector Values::text(std::size_t limit) {
  static constexpr std::array<std::size_t, 26> sizes = {0,   1,   15,  16,  17,  31,  32,  33, 47,
                                                        48,  55,  56,  63,  64,  65,  95,  96, 111,
                                                        112, 119, 127, 128, 129, 255, 256, 257};
  const std::size_t choice = choices_.below(sizes.size() + 8);
  const std::size_t size = choice < sizes.size() ? sizes[choice] : choices_.byte();
  return bytes(std::min(size, limit));
}

std::size_t Values::about(std::size_t size) {
  switch (choices_.below(32)) {
    case 31: return size + 1;
    case 30: return size == 0 ? 1 : size - 1;
    default: return size;
  }
}

// --- Finite field
// ----------------------------------------------------------------------------------

ByteVector Values::group_modulus(std::size_t rare) {
  if (choices_.below(rare) == rare - 1) {
    return copy((choices_.byte() & 1U) != 0 ? find_group(257)->p : ffdhe2048().p);
  }
  ByteVector modulus = bytes(1 + choices_.below(48));
  modulus.back() |= 1U;
  if (std::ranges::all_of(ByteView(modulus).first(modulus.size() - 1),
                          [](Byte byte) { return byte == 0; }) &&
      modulus.back() < 3) {
    modulus.back() = 3;
  }
  return modulus;
}

ByteVector Values::modulus() {
  switch (choices_.below(8)) {
    case 0: return bytes(1 + choices_.below(40));  // perhaps even, perhaps zero
    case 1: return {1};
    case 2: return {2};
    case 3: return ByteVector(1 + choices_.below(4));
    case 4: {
      ByteVector modulus = group_modulus(16);
      modulus.insert(modulus.begin(), 1 + choices_.below(3), 0);
      return modulus;
    }
    case 5: return minus(group_modulus(64), 1);
    default: return group_modulus(16);
  }
}

ByteVector Values::number_for(const ByteVector& modulus) {
  switch (choices_.below(12)) {
    case 0: return {};
    case 1: return {0};
    case 2: return {1};
    case 3: return minus(modulus, 1);
    case 4: return modulus;
    case 5: return plus(modulus, 1);
    case 6: return minus(modulus, 2);
    case 7: return ByteVector(modulus.size(), 0xff);
    case 8: {
      ByteVector number = bytes(modulus.size());
      number.insert(number.begin(), 2, 0);
      return number;
    }
    case 9: return {static_cast<Byte>(choices_.byte() | 2U)};
    case 10: return bytes(about(modulus.size()));
    default: return bytes(choices_.below(40));
  }
}

ByteVector Values::exponent_for(const ByteVector& modulus) {
  switch (choices_.below(8)) {
    case 0: return {};
    case 1: return ByteVector(choices_.below(4));
    case 2: return {1};
    case 3: return minus(modulus, 1);
    case 4: return halved(minus(modulus, 1));
    case 5: return {0, 0, choices_.byte()};
    default: return bytes(1 + choices_.below(33));
  }
}

// --- Curves
// ------------------------------------------------------------------------------------------

ByteVector Values::x25519_u() {
  const ByteVector p = copy(x25519_p);
  ByteVector u;
  switch (choices_.below(12)) {
    case 0: u = small_u(0); break;
    case 1: u = small_u(1); break;
    case 2: u = small_u(9); break;
    case 3: u = p; break;
    case 4:
      u = p;
      --u.front();
      break;
    case 5:
      u = p;
      ++u.front();
      break;
    case 6: u = copy(order_8); break;
    case 7: u = copy(other_order_8); break;
    case 8: u = ByteVector(x25519_size, 0xff); break;
    default: u = bytes(x25519_size); break;
  }
  return choices_.below(4) == 3 ? with_top_bit(u) : u;
}

ByteVector Values::p256_scalar() {
  const ByteVector n = copy(p256_order());
  ByteVector one(p256_scalar_size);
  one.back() = 1;
  switch (choices_.below(12)) {
    case 0: return ByteVector(p256_scalar_size);
    case 1: return one;
    case 2: return plus(one, 1);
    case 3: return minus(n, 1);
    case 4: return n;
    case 5: return plus(n, 1);
    case 6: return ByteVector(p256_scalar_size, 0xff);
    case 7: return halved(plus(n, 1));  // the inverse of 2
    default: return bytes(p256_scalar_size);
  }
}

ByteVector Values::p256_point() {
  ByteVector point(p256_point_size);
  if (choices_.below(4) == 0) return copy(p256_generator());
  if (!crypto_.p256_base_mul(p256_scalar(), point)) return copy(p256_generator());
  return point;
}

ByteVector Values::p256_encoding() {
  ByteVector point = p256_point();
  switch (choices_.below(16)) {
    case 0: {
      static constexpr std::array<Byte, 8> firsts = {0, 1, 2, 3, 5, 6, 7, 0x84};
      point[0] = firsts[choices_.below(firsts.size())];
      return point;
    }
    case 1:
      point[choices_.below(point.size())] ^= static_cast<Byte>(1U << choices_.below(8));
      return point;
    case 2: std::ranges::copy(p256_p, point.begin() + 1); return point;
    case 3: std::ranges::copy(p256_p, point.begin() + 33); return point;
    case 4: return ByteVector(p256_point_size);
    case 5:
      point = ByteVector(p256_point_size);
      point[0] = 4;
      return point;
    case 6: {  // compressed
      point[0] = static_cast<Byte>(2U | (point.back() & 1U));
      point.resize(33);
      return point;
    }
    case 7: point.resize(about(p256_point_size)); return point;
    case 8: {
      point[0] = static_cast<Byte>(2U | choices_.below(2));
      point.resize(97);
      return point;
    }
    case 9: {
      static constexpr std::array<std::size_t, 4> sizes = {0, 1, 33, 97};
      point.resize(sizes[choices_.below(sizes.size())]);
      return point;
    }
    case 10: {  // hybrid, the right y or the wrong one
      point[0] = static_cast<Byte>(6U | choices_.below(2));
      return point;
    }
    default: return point;
  }
}

}  // namespace wib::fuzz
