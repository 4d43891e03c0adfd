// SPDX-License-Identifier: Apache-2.0
//
// Parts: what a session target puts around the parties. Quick, deterministic, and able to fail on
// purpose.
#pragma once

#include <string>
#include <vector>

#include "protocol/counters.h"
#include "protocol/messages/bundle.h"
#include "protocol/noise_source.h"
#include "protocol/random.h"

namespace wib::fuzz {

// SplitMix64: of no security, quick, and never the same output twice for a party. A value.
class TapeRandom final : public Random {
 public:
  explicit TapeRandom(std::uint64_t seed) noexcept : state_(seed) {}

  Result<> fill(ByteSpan out) override {
    if (failing) return fail(Errc::entropy, "fuzz: random");
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word_ = next();
      out[i] = static_cast<Byte>(word_ >> i % 8 * 8);
    }
    return {};
  }

  bool failing = false;

 private:
  std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15U;
    z = (z ^ z >> 30U) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ z >> 27U) * 0x94d0'49bb'1331'11ebU;
    return z ^ z >> 31U;
  }

  std::uint64_t state_;
  std::uint64_t word_ = 0;
};

class TapeNoise final : public NoiseSource {
 public:
  explicit TapeNoise(std::uint64_t seed) noexcept : tape(seed) {}
  Result<> sample(ByteSpan samples) override { return tape.fill(samples); }
  std::uint32_t claimed_millibits() const noexcept override { return 4000; }

  TapeRandom tape;
};

// What the device keeps, and how often it wrote each record.
class ShelfStore final : public Store {
 public:
  Result<std::optional<std::size_t>> get(Record record, ByteSpan out) override {
    if (fail_reads) return fail(Errc::storage, "fuzz: store");
    const Shelf& shelf = shelves_[static_cast<std::size_t>(record)];
    if (!shelf.there) return std::nullopt;
    if (shelf.size > out.size()) return fail(Errc::capacity, "fuzz: store");
    std::copy_n(shelf.bytes.begin(), shelf.size, out.begin());
    return shelf.size;
  }
  Result<> put(Record record, ByteView contents) override {
    Shelf& shelf = shelves_[static_cast<std::size_t>(record)];
    if (fail_writes || contents.size() > shelf.bytes.size()) {
      return fail(Errc::storage, "fuzz: store");
    }
    std::ranges::copy(contents, shelf.bytes.begin());
    shelf.size = contents.size();
    shelf.there = true;
    ++shelf.writes;
    return {};
  }

  // As it lies there, whatever fails.
  [[nodiscard]] ByteView contents(Record record) const noexcept {
    const Shelf& shelf = shelves_[static_cast<std::size_t>(record)];
    return ByteView(shelf.bytes).first(shelf.there ? shelf.size : 0);
  }
  [[nodiscard]] std::size_t writes(Record record) const noexcept {
    return shelves_[static_cast<std::size_t>(record)].writes;
  }

  bool fail_writes = false;
  bool fail_reads = false;

 private:
  struct Shelf {
    bool there = false;
    std::size_t size = 0;
    std::size_t writes = 0;
    std::array<Byte, max_bundle_size> bytes;
  };
  std::array<Shelf, 3> shelves_;
};

// What was found wrong in one input. Nothing is right after the first, so callers stop there.
class Violations {
 public:
  void add(std::string_view rule, std::string_view detail = {}) {
    std::string text(rule);
    if (!detail.empty()) text += ": " + std::string(detail);
    all_.push_back(std::move(text));
  }
  void check(bool holds, std::string_view rule, std::string_view detail = {}) {
    if (!holds) add(rule, detail);
  }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return all_; }
  [[nodiscard]] std::string text() const {
    std::string lines;
    for (const std::string& each : all_) lines += (lines.empty() ? "" : "\n  ") + each;
    return lines;
  }

 private:
  std::vector<std::string> all_;
};

}  // namespace wib::fuzz
