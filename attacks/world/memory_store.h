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
    const auto found = records_.find(record);
    if (found == records_.end()) return std::nullopt;
    if (found->second.size() > out.size()) return fail(Errc::capacity, "store");
    std::ranges::copy(found->second, out.begin());
    return found->second.size();
  }

  [[nodiscard]] Result<> put(Record record, ByteView contents) override {
    if (fail_writes) return fail(Errc::storage, "store");
    records_[record].assign(contents.begin(), contents.end());
    return {};
  }

  // While true every put() fails and keeps what was there: a worn-out flash.
  bool fail_writes = false;

 private:
  std::map<Record, std::vector<Byte>> records_;
};

}  // namespace wib::attacks
