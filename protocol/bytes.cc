// SPDX-License-Identifier: Apache-2.0
#include "protocol/bytes.h"

#include <cstring>

#include "protocol/secrets.h"

namespace wib {

void secure_wipe(ByteSpan bytes) noexcept {
  if (bytes.empty()) return;
  std::memset(bytes.data(), 0, bytes.size());
  // The barrier makes the store visible to a reader that the compiler cannot rule out.
  asm volatile("" : : "r"(bytes.data()) : "memory");
}

bool constant_time_equal(ByteView a, ByteView b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  // 0 -> 1, anything in 1..255 -> 0, without asking.
  const bool same = ((difference - 1U) >> 8U) & 1U;
  // Whether they are the same shows in what is done next.
  return declassified(same);
}

}  // namespace wib
