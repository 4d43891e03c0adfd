// SPDX-License-Identifier: Apache-2.0
//
// The streams of many numeric seeds under one label: what StreamRandom gives for seed_bytes(seed),
// two seeds at a time and in words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "attacks/search/sha256.h"

namespace wib::attacks {

// Read-only once made: any number of threads may use it.
class SeedKdf {
 public:
  explicit SeedKdf(std::string_view label, const Sha256Kernel& kernel = best_sha256());

  // Blocks first, first + 1, ... of the streams of the two seeds, as many as the outputs have
  // (which are of one size). A block is eight words; its bytes are theirs, big-endian.
  void blocks(std::uint64_t seed_a, std::uint64_t seed_b, std::uint64_t first,
              std::span<Sha256State> out_a, std::span<Sha256State> out_b) const noexcept;

 private:
  const Sha256Kernel* kernel_;
  Sha256State label_inner_;
  Sha256State label_outer_;
};

}  // namespace wib::attacks
