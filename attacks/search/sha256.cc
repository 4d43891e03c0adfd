// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/sha256.h"

#include <algorithm>
#include <bit>

#include "attacks/search/sha256_constants.h"

namespace wib::attacks {
namespace {

void compress(Sha256State& state, const Sha256Block& block) noexcept {
  Sha256Block w = block;  // the last sixteen words of the schedule
  Sha256State v = state;
  auto& [a, b, c, d, e, f, g, h] = v;
  for (std::size_t i = 0; i < 64; ++i) {
    if (i >= 16) {
      const std::uint32_t near = w[(i + 14) % 16];  // 2 back
      const std::uint32_t far = w[(i + 1) % 16];    // 15 back
      w[i % 16] += w[(i + 9) % 16] + (std::rotr(near, 17) ^ std::rotr(near, 19) ^ (near >> 10)) +
                   (std::rotr(far, 7) ^ std::rotr(far, 18) ^ (far >> 3));
    }
    const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                             ((e & f) ^ (~e & g)) + sha256_round_constants[i] + w[i % 16];
    const std::uint32_t t2 =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1;
    d = c, c = b, b = a, a = t1 + t2;
  }
  for (std::size_t i = 0; i < 8; ++i) state[i] += v[i];
}

void compress_pair(Sha256State& state_a, const Sha256Block& block_a, Sha256State& state_b,
                   const Sha256Block& block_b) noexcept {
  compress(state_a, block_a);
  compress(state_b, block_b);
}

std::uint32_t load32(const Byte* p) noexcept {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

void absorb(const Sha256Kernel& kernel, Sha256State& state, const Byte* bytes) noexcept {
  Sha256Block block;
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = load32(bytes + 4 * i);
  kernel.compress(state, block);
}

}  // namespace

const Sha256Kernel& portable_sha256() noexcept {
  static constexpr Sha256Kernel kernel{"portable", compress, compress_pair};
  return kernel;
}

const Sha256Kernel& best_sha256() noexcept {
  static const Sha256Kernel& best = sha_ni_sha256() ? *sha_ni_sha256() : portable_sha256();
  return best;
}

void Sha256::update(ByteView bytes) noexcept {
  std::size_t held = size_ % sha256_block_size;
  size_ += bytes.size();
  if (held != 0) {
    const ByteView head = bytes.first(std::min(bytes.size(), sha256_block_size - held));
    std::ranges::copy(head, pending_.begin() + held);
    bytes = bytes.subspan(head.size());
    if (held + head.size() < sha256_block_size) return;
    absorb(*kernel_, state_, pending_.data());
  }
  for (; bytes.size() >= sha256_block_size; bytes = bytes.subspan(sha256_block_size)) {
    absorb(*kernel_, state_, bytes.data());
  }
  std::ranges::copy(bytes, pending_.begin());
}

Sha256Digest Sha256::finish() noexcept {
  const std::uint64_t bits = size_ * 8;
  std::size_t held = size_ % sha256_block_size;
  pending_[held++] = 0x80;
  if (held > sha256_block_size - 8) {
    std::fill(pending_.begin() + held, pending_.end(), Byte{0});
    absorb(*kernel_, state_, pending_.data());
    held = 0;
  }
  std::fill(pending_.begin() + held, pending_.end(), Byte{0});
  for (std::size_t i = 0; i < 8; ++i) {
    pending_[sha256_block_size - 1 - i] = static_cast<Byte>(bits >> (8 * i));
  }
  absorb(*kernel_, state_, pending_.data());

  Sha256Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<Byte>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

HmacSha256Key::HmacSha256Key(ByteView key, const Sha256Kernel& kernel) noexcept : kernel_(&kernel) {
  std::array<Byte, sha256_block_size> block{};
  if (key.size() > block.size()) {
    Sha256 hash(kernel);
    hash.update(key);
    std::ranges::copy(hash.finish(), block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  for (Byte& b : block) b ^= 0x36;
  absorb(kernel, inner_, block.data());
  for (Byte& b : block) b ^= 0x36 ^ 0x5c;
  absorb(kernel, outer_, block.data());
}

Sha256Digest HmacSha256Key::mac(ByteView message) const noexcept {
  Sha256 inner(inner_, 1, *kernel_);
  inner.update(message);
  Sha256 outer(outer_, 1, *kernel_);
  outer.update(inner.finish());
  return outer.finish();
}

Sha256Digest sha256(ByteView message) noexcept {
  Sha256 hash;
  hash.update(message);
  return hash.finish();
}

Sha256Digest hmac_sha256(ByteView key, ByteView message) noexcept {
  return HmacSha256Key(key).mac(message);
}

}  // namespace wib::attacks
