// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/seed_kdf.h"

#include <algorithm>

#include "attacks/search/stream_random.h"

namespace wib::attacks {
namespace {

// The last block of an HMAC half whose message is `words` words after the pad block: the words
// themselves are zero here and filled in by the caller.
constexpr Sha256Block last_block(std::size_t words) noexcept {
  Sha256Block block{};
  block[words] = 0x80000000;
  block[15] = static_cast<std::uint32_t>(8 * (sha256_block_size + 4 * words));
  return block;
}

constexpr Sha256Block number_block = last_block(2);  // eight bytes: a seed or a block's index
constexpr Sha256Block digest_block = last_block(8);

struct Pair {
  Sha256State a;
  Sha256State b;
};

void put_number(Sha256Block& block, std::uint64_t number) noexcept {
  block[0] = static_cast<std::uint32_t>(number >> 32);
  block[1] = static_cast<std::uint32_t>(number);
}

// The chaining values after the pad block of the two keys, which are digests themselves.
Pair key_pads(const Sha256Kernel& kernel, const Pair& key, std::uint32_t pad) noexcept {
  Sha256Block block_a;
  Sha256Block block_b;
  for (std::size_t i = 0; i < 8; ++i) {
    block_a[i] = key.a[i] ^ pad;
    block_b[i] = key.b[i] ^ pad;
    block_a[8 + i] = pad;
    block_b[8 + i] = pad;
  }
  Pair state{sha256_initial, sha256_initial};
  kernel.compress_pair(state.a, block_a, state.b, block_b);
  return state;
}

// The two HMACs: `inner` and `outer` are the keys' chaining values.
Pair mac(const Sha256Kernel& kernel, Pair inner, Pair outer, const Sha256Block& message_a,
         const Sha256Block& message_b) noexcept {
  kernel.compress_pair(inner.a, message_a, inner.b, message_b);
  Sha256Block block_a = digest_block;
  Sha256Block block_b = digest_block;
  std::ranges::copy(inner.a, block_a.begin());
  std::ranges::copy(inner.b, block_b.begin());
  kernel.compress_pair(outer.a, block_a, outer.b, block_b);
  return outer;
}

}  // namespace

SeedKdf::SeedKdf(std::string_view label, const Sha256Kernel& kernel) : kernel_(&kernel) {
  const HmacSha256Key key = stream_label_key(label);
  label_inner_ = key.inner();
  label_outer_ = key.outer();
}

void SeedKdf::blocks(std::uint64_t seed_a, std::uint64_t seed_b, std::uint64_t first,
                     std::span<Sha256State> out_a, std::span<Sha256State> out_b) const noexcept {
  Sha256Block message_a = number_block;
  Sha256Block message_b = number_block;
  put_number(message_a, seed_a);
  put_number(message_b, seed_b);
  const Pair prk = mac(*kernel_, {label_inner_, label_inner_}, {label_outer_, label_outer_},
                       message_a, message_b);
  const Pair inner = key_pads(*kernel_, prk, 0x36363636);
  const Pair outer = key_pads(*kernel_, prk, 0x5c5c5c5c);
  for (std::size_t i = 0; i < out_a.size(); ++i) {
    put_number(message_a, first + i);
    const Pair block = mac(*kernel_, inner, outer, message_a, message_a);
    out_a[i] = block.a;
    out_b[i] = block.b;
  }
}

}  // namespace wib::attacks
