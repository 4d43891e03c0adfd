// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) of the attacker's own, so that a search runs at
// the speed of the machine and says the same whatever library the parties under test use.
//
// Two levels. The kernels work on words, for searches that keep digests in words from one
// compression to the next; the rest works on bytes. Nothing is wiped: what an attacker computes is
// nobody's secret.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/bytes.h"

namespace wib::attacks {

inline constexpr std::size_t sha256_digest_size = 32;
inline constexpr std::size_t sha256_block_size = 64;

using Sha256Digest = std::array<Byte, sha256_digest_size>;
// The chaining value H0..H7, and one message block: words by value, in no byte order.
using Sha256State = std::array<std::uint32_t, 8>;
using Sha256Block = std::array<std::uint32_t, 16>;

inline constexpr Sha256State sha256_initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// One implementation of the compression function.
struct Sha256Kernel {
  std::string_view name;
  // Folds `block` into `state`.
  void (*compress)(Sha256State& state, const Sha256Block& block) noexcept;
  // Two independent compressions at once. The two states must be different objects.
  void (*compress_pair)(Sha256State& state_a, const Sha256Block& block_a, Sha256State& state_b,
                        const Sha256Block& block_b) noexcept;
};

// Runs everywhere.
[[nodiscard]] const Sha256Kernel& portable_sha256() noexcept;
// Uses the SHA instructions of x86; null if this machine has none.
[[nodiscard]] const Sha256Kernel* sha_ni_sha256() noexcept;
// The faster of the two here; detected once.
[[nodiscard]] const Sha256Kernel& best_sha256() noexcept;

// A digest in the making. A copy is a snapshot.
class Sha256 {
 public:
  explicit Sha256(const Sha256Kernel& kernel = best_sha256()) noexcept : kernel_(&kernel) {}
  // Continues from a chaining value after `blocks` whole blocks.
  Sha256(const Sha256State& state, std::uint64_t blocks,
         const Sha256Kernel& kernel = best_sha256()) noexcept
      : kernel_(&kernel), state_(state), size_(blocks * sha256_block_size) {}

  void update(ByteView bytes) noexcept;
  // The digest of everything so far. The object must not be updated afterwards.
  [[nodiscard]] Sha256Digest finish() noexcept;

 private:
  const Sha256Kernel* kernel_;
  Sha256State state_ = sha256_initial;
  std::uint64_t size_ = 0;  // bytes taken in; size_ % 64 of them wait in pending_
  std::array<Byte, sha256_block_size> pending_{};
};

// An HMAC key, reduced to the two chaining values after its pads: the part that a search over
// messages pays once.
class HmacSha256Key {
 public:
  // Any length, empty included.
  explicit HmacSha256Key(ByteView key, const Sha256Kernel& kernel = best_sha256()) noexcept;

  [[nodiscard]] Sha256Digest mac(ByteView message) const noexcept;

  [[nodiscard]] const Sha256State& inner() const noexcept { return inner_; }
  [[nodiscard]] const Sha256State& outer() const noexcept { return outer_; }

 private:
  const Sha256Kernel* kernel_;
  Sha256State inner_ = sha256_initial;
  Sha256State outer_ = sha256_initial;
};

[[nodiscard]] Sha256Digest sha256(ByteView message) noexcept;
[[nodiscard]] Sha256Digest hmac_sha256(ByteView key, ByteView message) noexcept;

}  // namespace wib::attacks
