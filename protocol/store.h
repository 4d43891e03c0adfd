// SPDX-License-Identifier: Apache-2.0
//
// Store: what survives a power cut. A record is replaced whole or not at all.
#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/error.h"

namespace wib {

enum class Record : std::uint8_t {
  identity,  // the installed certificate and key (messages/bundle.h), as one record
  verifier,  // what the device checks the setup code by (registration.h); made at the factory
  counters   // epoch and charged attempts (counters.h)
};

// The record's name: the file name in a directory store.
[[nodiscard]] constexpr std::string_view name(Record record) noexcept {
  switch (record) {
    case Record::identity: return "identity";
    case Record::verifier: return "verifier";
    case Record::counters: return "counters";
  }
  return "?";
}

class Store {
 public:
  // Reads the whole record into the front of `out` and returns its size; nullopt if there is none.
  // Errc::storage if it cannot be read, Errc::capacity if `out` is too small.
  [[nodiscard]] virtual Result<std::optional<std::size_t>> get(Record record, ByteSpan out) = 0;

  // Replaces the record atomically and durably: when put() returns, a power cut cannot bring the
  // old contents back; before that, it leaves the old or the new contents, never a mixture.
  // Readable by the device alone. Errc::storage, with the old contents kept, on failure.
  [[nodiscard]] virtual Result<> put(Record record, ByteView contents) = 0;

  // A number that never goes back, whatever becomes of the records: an RPMB counter, fuses. Nullopt
  // where the platform has none; then a store that is rolled back as a whole cannot be told from
  // one that is not. Errc::storage if it cannot be read.
  [[nodiscard]] virtual Result<std::optional<std::uint64_t>> monotonic() { return std::nullopt; }

  // Raises it to `value`, durably; one that is not above it changes nothing. Errc::storage.
  [[nodiscard]] virtual Result<> raise_monotonic(std::uint64_t /*value*/) { return {}; }

 protected:
  ~Store() = default;
};

}  // namespace wib
