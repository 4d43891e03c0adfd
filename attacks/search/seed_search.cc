// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/seed_search.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "attacks/search/seed_kdf.h"
#include "attacks/search/stream_random.h"
#include "attacks/search/sweep.h"

namespace wib::attacks {
namespace {

constexpr std::size_t max_target_size = 1024;

bool space_in_bounds(const SeedSpace& space) noexcept {
  return space.count == 0 ||
         space.count - 1 <= std::numeric_limits<std::uint64_t>::max() - space.first;
}

// `size` bytes at `offset` of a stream are in bounds if the sum is.
bool range_in_bounds(std::uint64_t offset, std::size_t size) noexcept {
  return size >= 1 && size <= max_target_size &&
         offset <= std::numeric_limits<std::uint64_t>::max() - size;
}

// One block of the stream, with the part of the target that lies in it. The rest of the target is
// looked at only for seeds that pass.
struct BlockFilter {
  std::uint64_t block;
  Sha256State value{};
  Sha256State mask{};

  BlockFilter(std::uint64_t offset, ByteView target) : block(offset / sha256_digest_size) {
    std::size_t from = offset % sha256_digest_size;
    // The block after holds more of it: up to a whole block against at most half of one.
    if (from > sha256_digest_size / 2 && from + target.size() > sha256_digest_size) {
      const std::size_t skipped = sha256_digest_size - from;
      const std::size_t next = std::min(target.size() - skipped, sha256_digest_size);
      if (next > skipped) {
        target = target.subspan(skipped);
        from = 0;
        ++block;
      }
    }
    for (std::size_t i = 0; i < target.size() && from + i < sha256_digest_size; ++i) {
      const std::size_t shift = 24 - 8 * ((from + i) % 4);
      value[(from + i) / 4] |= std::uint32_t{target[i]} << shift;
      mask[(from + i) / 4] |= std::uint32_t{0xff} << shift;
    }
  }

  [[nodiscard]] bool passes(const Sha256State& words) const noexcept {
    std::uint32_t difference = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      difference |= (words[i] & mask[i]) ^ value[i];
    }
    return difference == 0;
  }
};

void write_words(std::span<const Sha256State> blocks, Byte* out) noexcept {
  for (const Sha256State& block : blocks) {
    for (const std::uint32_t word : block) {
      for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<Byte>(word >> shift);
    }
  }
}

// The exponents of four seeds at a time.
class ExponentBatch {
 public:
  ExponentBatch(const SeedKdf& kdf, std::uint64_t offset, std::size_t size)
      : kdf_(kdf),
        first_block_(offset / sha256_digest_size),
        skip_(offset % sha256_digest_size),
        blocks_a_((skip_ + size + sha256_digest_size - 1) / sha256_digest_size),
        blocks_b_(blocks_a_.size()),
        bytes_(lane_count * stride()) {}

  // Seeds seed .. seed + 3, without those above `last`: their places repeat `last`.
  [[nodiscard]] Comb::Exponents derive(std::uint64_t seed, std::uint64_t last) {
    Comb::Exponents result;
    for (std::size_t l = 0; l < lane_count; l += 2) {
      const std::uint64_t left = last - seed;
      kdf_.blocks(seed + std::min<std::uint64_t>(l, left),
                  seed + std::min<std::uint64_t>(l + 1, left), first_block_, blocks_a_, blocks_b_);
      Byte* const out = bytes_.data() + l * stride();
      write_words(blocks_a_, out);
      write_words(blocks_b_, out + stride());
      result[l] = out + skip_;
      result[l + 1] = out + stride() + skip_;
    }
    return result;
  }

 private:
  [[nodiscard]] std::size_t stride() const noexcept {
    return blocks_a_.size() * sha256_digest_size;
  }

  const SeedKdf& kdf_;
  std::uint64_t first_block_;
  std::size_t skip_;
  std::vector<Sha256State> blocks_a_;
  std::vector<Sha256State> blocks_b_;
  std::vector<Byte> bytes_;
};

}  // namespace

Result<SearchResult> search_by_cookie(const SeedSpace& space, std::string_view label,
                                      std::uint64_t offset, ByteView target,
                                      const SearchOptions& options) {
  if (!space_in_bounds(space)) return fail(Errc::out_of_range, "search: space");
  if (!range_in_bounds(offset, target.size())) return fail(Errc::out_of_range, "search: cookie");

  const SeedKdf kdf(label);
  const BlockFilter filter(offset, target);
  const auto matches = [&](std::uint64_t seed) {
    std::vector<Byte> stream(target.size());
    stream_bytes(seed_bytes(seed), label, offset, stream);
    return same_bytes(stream, target);
  };

  Sweep sweep(space, options);
  constexpr std::uint64_t chunk = 1 << 13;  // some milliseconds
  sweep.run(chunk, [&] {
    return [&](std::uint64_t first, std::uint64_t last) -> std::optional<std::uint64_t> {
      std::array<Sha256State, 2> words;
      for (std::uint64_t left = last - first + 1; left != 0;) {
        const std::uint64_t seed = last - left + 1;
        const std::uint64_t pair = std::min<std::uint64_t>(left, 2);
        kdf.blocks(seed, seed + pair - 1, filter.block, std::span(&words[0], 1),
                   std::span(&words[1], 1));
        for (std::uint64_t i = 0; i < pair; ++i) {
          if (filter.passes(words[i]) && matches(seed + i)) return seed + i;
        }
        left -= pair;
      }
      return std::nullopt;
    };
  });
  return sweep.result();
}

Result<SearchResult> search_by_share(const SeedSpace& space, std::string_view label,
                                     const ShareTarget& target, const SearchOptions& options) {
  if (!space_in_bounds(space)) return fail(Errc::out_of_range, "search: space");
  if (!range_in_bounds(target.exponent_offset, target.exponent_size)) {
    return fail(Errc::out_of_range, "search: exponent");
  }
  const Result<Montgomery> group = Montgomery::make(target.p);
  if (!group) return std::unexpected(group.error());
  const Montgomery::Number base = group->reduce(target.g);
  const Montgomery::Number share = group->reduce(target.share);
  // Below p, reducing changes nothing.
  std::vector<Byte> reduced(target.share.size());
  group->write(share, reduced);
  if (!same_bytes(reduced, target.share)) return fail(Errc::out_of_range, "search: share");

  Sweep sweep(space, options);
  if (space.count == 0) return sweep.result();
  const SeedKdf kdf(label);
  const CombShape shape =
      CombShape::choose(8 * target.exponent_size, space.count,
                        options.max_table_bytes / Comb::entry_bytes(*group, options.lanes));
  const std::unique_ptr<const Comb> comb =
      Comb::make(*group, base, shape, sweep.threads(), options.lanes);
  const Comb::Target wanted = comb->target(share);
  const auto matches = [&](std::uint64_t seed) {
    std::vector<Byte> exponent(target.exponent_size);
    stream_bytes(seed_bytes(seed), label, target.exponent_offset, exponent);
    return group->power(base, exponent) == share;
  };

  constexpr std::uint64_t chunk = 64;  // about a millisecond at 2048 bits
  sweep.run(chunk, [&] {
    return [&, batch = ExponentBatch(kdf, target.exponent_offset, target.exponent_size)](
               std::uint64_t first, std::uint64_t last) mutable -> std::optional<std::uint64_t> {
      for (std::uint64_t left = last - first + 1; left != 0;) {
        const std::uint64_t seed = last - left + 1;
        const std::uint64_t lanes = std::min<std::uint64_t>(left, lane_count);
        const unsigned hits = comb->may_match(batch.derive(seed, last), wanted);
        for (std::uint64_t i = 0; i < lanes; ++i) {
          if ((hits >> i & 1) != 0 && matches(seed + i)) return seed + i;
        }
        left -= lanes;
      }
      return std::nullopt;
    };
  });
  SearchResult result = sweep.result();
  result.table_bytes = comb->table_bytes();
  return result;
}

}  // namespace wib::attacks
