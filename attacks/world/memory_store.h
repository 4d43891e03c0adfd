// SPDX-License-Identifier: Apache-2.0
//
// MemoryStore: what a simulated device keeps over a power cut.
#pragma once

#include <map>
#include <vector>

#include "protocol/store.h"

namespace wib::attacks {

class MemoryStore final : public Store {
 public:
  [[nodiscard]] Result<std::optional<std::size_t>> get(Record record, ByteSpan out) override {
    if (fail_reads) return fail(Errc::storage, "store");
    const auto found = records_.find(record);
    if (found == records_.end()) return std::nullopt;
    if (found->second.size() > out.size()) return fail(Errc::capacity, "store");
    std::ranges::copy(found->second, out.begin());
    return found->second.size();
  }

  [[nodiscard]] Result<> put(Record record, ByteView contents) override {
    if (fail_writes) return fail(Errc::storage, "store");
    if (writes_left && *writes_left == 0) return fail(Errc::storage, "store: power is gone");
    if (writes_left) --*writes_left;
    records_[record].assign(contents.begin(), contents.end());
    return {};
  }

  [[nodiscard]] Result<std::optional<std::uint64_t>> monotonic() override {
    if (!has_monotonic) return std::nullopt;
    return monotonic_;
  }
  [[nodiscard]] Result<> raise_monotonic(std::uint64_t value) override {
    if (has_monotonic) monotonic_ = std::max(monotonic_, value);
    return {};
  }

  // Somebody puts the records back as they were; the monotonic counter cannot be.
  void roll_back(const MemoryStore& earlier) { records_ = earlier.records_; }

  // While true every put() fails and keeps what was there: a worn-out flash.
  bool fail_writes = false;
  bool fail_reads = false;
  bool has_monotonic = false;
  // After so many writes the power is gone: each later one fails and keeps what was there.
  std::optional<std::size_t> writes_left;

 private:
  std::map<Record, std::vector<Byte>> records_;
  std::uint64_t monotonic_ = 0;
};

}  // namespace wib::attacks
