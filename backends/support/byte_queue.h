// SPDX-License-Identifier: Apache-2.0
//
// What a TLS library that calls for bytes is given to read from and to write to.
#pragma once

#include <algorithm>
#include <vector>

#include "protocol/bytes.h"

namespace wib {

// Bytes go in at one end and come out at the other.
class ByteQueue {
 public:
  void put(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  // Moves as many bytes as fit into `out`; returns how many.
  [[nodiscard]] std::size_t take(ByteSpan out) noexcept {
    const ByteView waiting = ByteView(bytes_).subspan(taken_);
    const std::size_t size = std::min(waiting.size(), out.size());
    std::ranges::copy(waiting.first(size), out.begin());
    taken_ += size;
    if (taken_ == bytes_.size()) {
      bytes_.clear();
      taken_ = 0;
    }
    return size;
  }

 private:
  std::vector<Byte> bytes_;
  std::size_t taken_ = 0;
};

}  // namespace wib
