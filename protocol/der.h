// SPDX-License-Identifier: Apache-2.0
//
// DER (X.690): a strict reader of elements. What certificates and keys are made of is pkix.h's.
#pragma once

#include <optional>

#include "protocol/bytes.h"

namespace wib::der {

// Identifier octets of the types that we read.
enum class Tag : Byte {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  utc_time = 0x17,
  generalized_time = 0x18,
  sequence = 0x30,
  set = 0x31,
  context_0 = 0xa0,  // constructed
  context_1 = 0xa1,
  context_3 = 0xa3
};

struct Element {
  Byte tag = 0;
  ByteView content;
};

// Takes one element after another off the front of a view.
class Reader {
 public:
  explicit Reader(ByteView bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

  // The next element, or null, and no step, if what follows is not one: a one-byte tag and a
  // definite length in the fewest octets.
  [[nodiscard]] std::optional<Element> next() noexcept;

  // The content of the next element if it has this tag, else null and no step.
  [[nodiscard]] std::optional<ByteView> take(Tag tag) noexcept;

  // Like take(), but at the end of the structure: null too if anything follows.
  [[nodiscard]] std::optional<ByteView> take_last(Tag tag) noexcept;

 private:
  ByteView rest_;
};

// True if `bytes` are one element and nothing else, down to the last primitive: strict lengths,
// no constructed strings, and the basic types as DER has them (shortest integers, booleans 00 or
// ff, zeros in the unused bits).
[[nodiscard]] bool well_formed(ByteView bytes) noexcept;

}  // namespace wib::der
