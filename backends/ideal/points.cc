// SPDX-License-Identifier: Apache-2.0
#include "points.h"

#include <algorithm>
#include <array>

#include "numbers.h"
#include "protocol/crypto.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

constexpr std::size_t coordinate_size = 32;
constexpr std::size_t product_size = 32;

using Encoded = std::array<Byte, wib::p256_point_size>;

// (x, -y).
Encoded negative(ByteView point) {
  Encoded out;
  std::ranges::copy(point, out.begin());
  wib::subtract(p256_prime(), point.subspan(1 + coordinate_size),
                ByteSpan(out).subspan(1 + coordinate_size));
  return out;
}

// Coefficients are arguments of an application, so they are values.
Id intern_coefficient(Arena& arena, std::int64_t coefficient) {
  std::array<Byte, 8> bytes;
  const auto bits = static_cast<std::uint64_t>(coefficient);
  for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<Byte>(bits >> (56 - 8 * i));
  return arena.intern(bytes);
}

std::int64_t read_coefficient(ByteView bytes) {
  std::uint64_t bits = 0;
  for (const Byte byte : bytes) bits = bits << 8U | byte;
  return static_cast<std::int64_t>(bits);
}

const Arena::Application* made_as_point(const Arena& arena, ByteView point) {
  const auto id = arena.find(point);
  return id ? arena.maker(*id, Op::point) : nullptr;
}

bool in_bounds(std::int64_t coefficient) {
  constexpr std::int64_t bound = std::int64_t{1} << 62U;
  return -bound < coefficient && coefficient < bound;
}

// A scalar without its sign: the smaller of k and n - k.
struct Magnitude {
  std::array<Byte, wib::p256_scalar_size> bytes;
  bool negative = false;
  std::int64_t small = 0;  // its value if that is a coefficient, else 0
};

Magnitude magnitude(ByteView scalar) {
  Magnitude m;
  std::array<Byte, wib::p256_scalar_size> other;
  std::ranges::copy(scalar, m.bytes.begin());
  wib::subtract(wib::p256_order(), scalar, other);
  if (other < m.bytes) {
    m.bytes = other;
    m.negative = true;
  }
  const ByteView digits = without_leading_zeros(m.bytes);
  if (digits.size() <= sizeof m.small) {
    const std::int64_t value = read_coefficient(digits);
    if (in_bounds(value)) m.small = value;
  }
  return m;
}

}  // namespace

Sum Sum::read(Arena& arena, ByteView point) {
  Sum sum;
  const Arena::Application* made = made_as_point(arena, point);
  bool negated = false;
  const Encoded minus = negative(point);
  if (made == nullptr) {
    made = made_as_point(arena, minus);
    negated = made != nullptr;
  }
  if (made != nullptr) {
    const auto arguments = arena.arguments(*made);
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
      sum.parts_.push_back({arguments[i], read_coefficient(arena.bytes(arguments[i + 1]))});
    }
    if (negated) sum.negate();
    return sum;
  }
  // Of P and -P, the one with the even y is the base.
  const bool odd = (point.back() & 1U) != 0;
  const std::array<Id, 1> base = {arena.intern(odd ? ByteView(minus) : point)};
  sum.parts_.push_back({arena.apply(Op::product, base, product_size), odd ? -1 : 1});
  return sum;
}

void Sum::negate() noexcept {
  for (Part& part : parts_) part.coefficient = -part.coefficient;
}

std::optional<Sum> Sum::times(Arena& arena, ByteView scalar) const {
  const Magnitude factor = magnitude(scalar);
  Sum product;
  std::vector<Id> arguments;
  for (const Part& part : parts_) {
    if (factor.small != 0) {
      std::int64_t coefficient = 0;
      if (__builtin_mul_overflow(part.coefficient, factor.small, &coefficient) ||
          !in_bounds(coefficient)) {
        return std::nullopt;
      }
      product.parts_.push_back({part.product, coefficient});
      continue;
    }
    const auto* const made = arena.maker(part.product, Op::product);
    const auto factors = arena.arguments(*made);
    if (factors.size() >= Arena::max_arguments) return std::nullopt;
    arguments.assign(factors.begin(), factors.end());
    const Id atom = arena.intern(factor.bytes);
    const auto place = std::lower_bound(arguments.begin() + 1, arguments.end(), atom,
                                        [&](Id a, Id b) { return arena.before(a, b); });
    arguments.insert(place, atom);
    product.parts_.push_back({arena.apply(Op::product, arguments, product_size), part.coefficient});
  }
  std::ranges::sort(product.parts_, [&](const Part& a, const Part& b) {
    return arena.before(a.product, b.product);
  });
  if (factor.negative) product.negate();
  return product;
}

std::optional<Sum> Sum::plus(const Arena& arena, const Sum& other) const {
  Sum sum;
  auto left = parts_.begin();
  auto right = other.parts_.begin();
  while (left != parts_.end() || right != other.parts_.end()) {
    if (right == other.parts_.end() ||
        (left != parts_.end() && arena.before(left->product, right->product))) {
      sum.parts_.push_back(*left++);
    } else if (left == parts_.end() || arena.before(right->product, left->product)) {
      sum.parts_.push_back(*right++);
    } else {
      const std::int64_t coefficient = left->coefficient + right->coefficient;
      if (!in_bounds(coefficient)) return std::nullopt;
      if (coefficient != 0) sum.parts_.push_back({left->product, coefficient});
      ++left;
      ++right;
    }
  }
  // Two arguments for each.
  if (2 * sum.parts_.size() > Arena::max_arguments) return std::nullopt;
  return sum;
}

bool Sum::write(Arena& arena, ByteSpan out) const {
  if (parts_.empty()) return false;
  // Of a sum and its negation, the one that begins with a plus has a symbol of its own.
  const bool minus = parts_[0].coefficient < 0;
  const auto* const first = arena.maker(parts_[0].product, Op::product);
  const bool bare = parts_.size() == 1 && first->count == 1 &&
                    (parts_[0].coefficient == 1 || parts_[0].coefficient == -1);
  Id id = 0;
  if (bare) {
    id = arena.arguments(*first)[0];
  } else {
    std::vector<Id> arguments;
    for (const Part& part : parts_) {
      arguments.push_back(part.product);
      arguments.push_back(intern_coefficient(arena, minus ? -part.coefficient : part.coefficient));
    }
    id = arena.apply(Op::point, arguments, wib::p256_point_size, [](ByteSpan point) {
      point[0] = 0x04;
      // Both coordinates below p, and y below p/2, so that no negation is another point.
      point[1] &= 0x7fU;
      point[1 + coordinate_size] &= 0x3fU;
      point.back() |= 1U;  // not zero
    });
  }
  const ByteView encoded = arena.bytes(id);
  if (minus) {
    std::ranges::copy(negative(encoded), out.begin());
  } else {
    std::ranges::copy(encoded, out.begin());
  }
  return true;
}

bool is_made(const Arena& arena, ByteView point) {
  return made_as_point(arena, point) != nullptr || made_as_point(arena, negative(point)) != nullptr;
}

bool is_on_curve(Arena& arena, ByteView point) {
  // The answer is one byte.
  const std::array<Id, 1> arguments = {arena.intern(point)};
  const Id judged = arena.apply(Op::on_curve, arguments, 1, [&](ByteSpan answer) {
    answer[0] = on_curve(wib::KeyType::ec_p256, point) ? 1 : 0;
  });
  return arena.bytes(judged)[0] != 0;
}

}  // namespace WIB_BACKEND_NAMESPACE
