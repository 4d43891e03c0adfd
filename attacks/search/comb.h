// SPDX-License-Identifier: Apache-2.0
//
// Powers of one base by a table: the exponent is cut into windows, and a power is the product of
// one table entry for each. Raising four exponents at once costs windows - 1 products.
//
// For an attacker: table look-ups by secret, nothing constant-time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "attacks/search/lanes.h"
#include "attacks/search/montgomery.h"

namespace wib::attacks {

enum class LaneKind : std::uint8_t { best, portable, avx2 };

// True if this machine can run it; `best` and `portable` always can.
[[nodiscard]] bool available(LaneKind kind) noexcept;

// How a table is cut: the number of windows, of equal width to one bit.
struct CombShape {
  std::size_t exponent_bits = 0;
  std::size_t windows = 0;

  [[nodiscard]] std::size_t width(std::size_t window) const noexcept {
    return exponent_bits / windows + (window < exponent_bits % windows ? 1 : 0);
  }
  [[nodiscard]] std::uint64_t entries() const noexcept;

  // The shape with the fewest products for building the table and then raising `candidates`
  // exponents, among those of at most `max_entries` entries and windows of at most 16 bits. If
  // none is small enough, the smallest.
  [[nodiscard]] static CombShape choose(std::size_t exponent_bits, std::uint64_t candidates,
                                        std::uint64_t max_entries) noexcept;
};

// Read-only once made: any number of threads may use it.
class Comb {
 public:
  // Big-endian exponents, all of exponent_bits / 8 bytes.
  using Exponents = std::array<const Byte*, lane_count>;
  using Powers = std::array<Montgomery::Number, lane_count>;

  // The table of `base` (below the modulus) for exponents of `shape.exponent_bits`, a multiple of
  // eight above zero, built by `threads` threads. A kind that is not available is replaced by
  // `portable`.
  [[nodiscard]] static std::unique_ptr<const Comb> make(const Montgomery& group,
                                                        const Montgomery::Number& base,
                                                        const CombShape& shape, unsigned threads,
                                                        LaneKind kind = LaneKind::best);
  // Bytes of one entry, for a shape that must fit a given memory.
  [[nodiscard]] static std::size_t entry_bytes(const Montgomery& group,
                                               LaneKind kind = LaneKind::best);

  Comb(const Comb&) = delete;
  Comb& operator=(const Comb&) = delete;
  virtual ~Comb() = default;

  // A residue to compare powers with.
  using Target = std::vector<EntryWord>;
  [[nodiscard]] virtual Target target(const Montgomery::Number& x) const = 0;

  // Bit l is set if base^exponents[l] is the target, and rarely if it is not.
  [[nodiscard]] virtual unsigned may_match(const Exponents& exponents,
                                           const Target& target) const noexcept = 0;
  // The powers themselves, exact, in ordinary form.
  [[nodiscard]] virtual Powers power(const Exponents& exponents) const = 0;

  [[nodiscard]] virtual std::size_t table_bytes() const noexcept = 0;

 protected:
  Comb() = default;
};

}  // namespace wib::attacks
