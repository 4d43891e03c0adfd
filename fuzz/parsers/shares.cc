// SPDX-License-Identifier: Apache-2.0
//
// Shares of a peer, in all kinds of groups: a byte that chooses the kind, and what the kind takes.
#include "backends/registry.h"
#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_numbers.h"
#include "protocol/big_endian.h"
#include "protocol/groups.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A share is accepted exactly if it is canonical and in range, on the curve, or gives a secret; "
    "plain arithmetic says the same, and so does every library.";

namespace {

using wib::real_backends;

// 1 < share < modulus - 1, and no longer than the modulus.
void check_range(Crypto& crypto, ByteView share, ByteView modulus) {
  std::array<Byte, max_modulus_size> last{};  // modulus - 1
  std::ranges::copy(modulus, last.begin());
  const ByteSpan top = std::span(last).first(modulus.size());
  std::size_t at = top.size();
  while (at > 0 && top[at - 1] == 0) top[--at] = 0xff;
  const bool zero = at == 0;
  if (!zero) --top[at - 1];
  constexpr std::array<Byte, 1> one = {1};
  const bool good = !zero && share.size() <= modulus.size() && compare_numbers(share, one) > 0 &&
                    compare_numbers(share, top) < 0;
  const auto judged = crypto.check_share(share, modulus);
  expect(judged.has_value() == good, "accepted if it is in range");
  if (!judged) expect(judged.error().code == Errc::out_of_range, "Errc::out_of_range");
}

void check_finite(Choices& choices) {
  const std::size_t size = 1 + choices.below(64);
  const ByteView modulus = choices.bytes(size);
  const ByteView share = choices.rest();
  if (modulus.size() != size || without_zeros(modulus).empty()) return;
  for (Backend* const backend : real_backends()) {
    Crypto& crypto = backend->crypto();
    check_range(crypto, share, modulus);
    const ByteView number = without_zeros(modulus);
    // The function is for safe primes: an odd modulus.
    if (number.size() > 4 || number.back() % 2 == 0 || !crypto.check_share(share, modulus))
      continue;
    const std::uint64_t m = read_u64(number);
    const auto inside_group = crypto.in_prime_subgroup(share, modulus);
    expect(inside_group.has_value(), "a share in range has an answer");
    expect(*inside_group == (power_mod(read_u64(without_zeros(share)), (m - 1) / 2, m) == 1),
           "in the subgroup by plain arithmetic");
  }
}

// u-coordinates modulo 2^255 - 19 whose multiples by 8 are nothing (RFC 7748 section 6.1; the list
// is that of the two points of order 8 and the small numbers).
bool gives_zero(ByteView u) {
  static constexpr std::array<std::array<Byte, 32>, 2> order_8 = {{
      {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
       0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
       0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
      {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
       0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
       0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
  }};
  std::array<Byte, 32> low;
  std::ranges::copy(u, low.begin());
  low[31] &= 0x7f;
  if (low == order_8[0] || low == order_8[1]) return true;
  const bool middle_zero = std::ranges::count(std::span(low).subspan(1), 0) == 31;
  if (middle_zero && low[0] <= 1) return true;
  // p - 1, p, p + 1
  const bool middle_ones = std::ranges::count(std::span(low).subspan(1, 30), 0xff) == 30;
  return middle_ones && low[31] == 0x7f && low[0] >= 0xec && low[0] <= 0xee;
}

void check_x25519(ByteView u) {
  static constexpr std::array<Byte, x25519_size> scalar = {7};
  std::array<Byte, x25519_size> first{};
  bool any = false;
  for (Backend* const backend : real_backends()) {
    std::array<Byte, x25519_size> secret{};
    const auto agreed = backend->crypto().x25519_agree(scalar, u, secret);
    if (!agreed && agreed.error().code == Errc::unsupported) continue;
    expect(agreed.has_value() == (u.size() == x25519_size && !gives_zero(u)),
           "accepted if it gives a secret");
    if (!agreed) expect(agreed.error().code == Errc::out_of_range, "Errc::out_of_range");
    if (any) expect(secret == first, "every library computes the same");
    first = secret;
    any = true;
  }
}

void check_p256(ByteView input, ByteView point) {
  const bool good = plain_on_p256(point);
  for (Backend* const backend : real_backends()) {
    const auto judged = backend->crypto().check_p256_share(point);
    expect(judged.has_value() == good, "accepted if it is on the curve");
    if (!judged) expect(judged.error().code == Errc::out_of_range, "Errc::out_of_range");
    // The library's own import, of what has the one form (of others it has views of its own).
    if (point.size() != p256_point_size || point[0] != 4 || backend->bare() == nullptr) continue;
    if (!good && !one_in(8, input)) continue;
    std::array<Byte, p256_scalar_size> scalar{};
    scalar[31] = 7;
    const auto theirs = backend->bare()->p256_agree(scalar, point);
    // wolfSSL takes points off the curve: declared in backends/conformance/divergences/p256.json.
    const bool declared = !good && backend->name() == "wolfssl";
    if (theirs.offered && !declared) {
      expect(theirs.refused != good, "the library's import says the same");
    }
    std::array<Byte, p256_point_size> product;
    if (!good || !theirs.offered || !backend->crypto().p256_mul(scalar, point, product)) continue;
    expect(same_bytes(theirs.bytes, std::span(product).subspan(1, 32)), "and computes the same");
  }
}

// In the named groups: p with its last bytes replaced, or the bytes as they are.
void check_named(Choices& choices) {
  const Byte which = choices.byte();
  const auto group = find_group(which % 2 == 0 ? 256 : 257);
  const ByteView bytes = choices.rest();
  std::array<Byte, max_modulus_size> share;
  std::size_t size = std::min(bytes.size(), share.size());
  if (which % 4 >= 2) {
    size = group->p.size();
    std::ranges::copy(group->p, share.begin());
  }
  const ByteView tail = bytes.first(std::min(bytes.size(), size));
  std::ranges::copy(tail, share.begin() + static_cast<std::ptrdiff_t>(size - tail.size()));
  check_range(real_backends().front()->crypto(), std::span(share).first(size), group->p);
}

}  // namespace

void one_input(ByteView input) {
  Choices choices(input);
  switch (choices.below(4)) {
    case 0: check_finite(choices); break;
    case 1: check_x25519(choices.rest()); break;
    case 2: check_p256(input, choices.rest()); break;
    default: check_named(choices);
  }
}

}  // namespace wib::fuzz
