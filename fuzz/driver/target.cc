// SPDX-License-Identifier: Apache-2.0
#include "fuzz/driver/target.h"

#include <cstdio>
#include <cstdlib>

namespace wib::fuzz {

void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "INVARIANT VIOLATED: %.*s\n  the invariant: %.*s\n",
               static_cast<int>(what.size()), what.data(), static_cast<int>(invariant.size()),
               invariant.data());
  std::abort();
}

}  // namespace wib::fuzz

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const wib::Byte* data, std::size_t size) {
  wib::fuzz::one_input({data, size});
  return 0;
}
