// SPDX-License-Identifier: Apache-2.0
//
// The canary: a target that must die. A fuzzing run in which it does not is void: nothing that ran
// beside it has shown that a crash would have been seen.
#include "fuzz/driver/target.h"

namespace wib::fuzz {

const std::string_view invariant = "no input begins with 'wib!': this target is here to be broken";

void one_input(ByteView input) {
  // Byte by byte, so that only an engine that follows coverage gets there.
  const std::string_view word = "wib!";
  std::size_t same = 0;
  while (same < word.size() && same < input.size() && as_text(input)[same] == word[same]) ++same;
  expect(same < word.size(), "the canary died, as it must");
}

}  // namespace wib::fuzz
