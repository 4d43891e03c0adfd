// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/stream_random.h"

#include <algorithm>
#include <string>

namespace wib::attacks {

std::array<Byte, 8> seed_bytes(std::uint64_t seed) noexcept {
  std::array<Byte, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<Byte>(seed >> (56 - 8 * i));
  }
  return bytes;
}

HmacSha256Key stream_label_key(std::string_view label) {
  return HmacSha256Key(as_bytes(std::string("wib stream ").append(label)));
}

StreamRandom::StreamRandom(ByteView seed, std::string_view label)
    : key_(stream_label_key(label).mac(seed)) {
  load_block();
}

StreamRandom::StreamRandom(std::uint64_t seed, std::string_view label)
    : StreamRandom(seed_bytes(seed), label) {}

void StreamRandom::load_block() noexcept {
  block_ = key_.mac(seed_bytes(position_ / sha256_digest_size));
}

void StreamRandom::seek(std::uint64_t position) noexcept {
  position_ = position;
  load_block();
}

Result<> StreamRandom::fill(ByteSpan out) {
  while (!out.empty()) {
    const std::size_t used = position_ % sha256_digest_size;
    const std::size_t take = std::min(out.size(), sha256_digest_size - used);
    std::copy_n(block_.begin() + used, take, out.begin());
    out = out.subspan(take);
    position_ += take;
    if (used + take == sha256_digest_size) load_block();
  }
  return {};
}

void stream_bytes(ByteView seed, std::string_view label, std::uint64_t offset, ByteSpan out) {
  StreamRandom random(seed, label);
  random.seek(offset);
  [[maybe_unused]] const Result<> filled = random.fill(out);  // it never fails
}

}  // namespace wib::attacks
