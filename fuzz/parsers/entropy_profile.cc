// SPDX-License-Identifier: Apache-2.0
//
// Entropy profiles, as people type them and traces have them.
#include "attacks/world/entropy.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A profile that is accepted is written so that it reads the same, and its generator gives the "
    "same bytes however they are drawn.";

void one_input(ByteView input) {
  using attacks::EntropyKind;
  using attacks::EntropyProfile;
  const auto profile = EntropyProfile::parse(as_text(input));
  if (!profile) {
    expect_error(profile.error(), input.size());
    return;
  }
  const bool has_bits = profile->kind == EntropyKind::seeded ||
                        profile->kind == EntropyKind::stuck ||
                        profile->kind == EntropyKind::failing;
  expect(has_bits || profile->bits == 0, "bits only where they mean something");
  expect(profile->kind != EntropyKind::seeded || (profile->bits >= 1 && profile->bits <= 48),
         "a seed of 1 to 48 bits");
  const auto again = EntropyProfile::parse(profile->text());
  expect(again && *again == *profile, "what is written reads the same");
  std::string text(as_text(input));
  if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
    while (text.size() > colon + 2 && text[colon + 1] == '0') text.erase(colon + 1, 1);
  }
  expect(profile->text() == text, "as it was, but for zeros in front of a number");
  attacks::ProfileRandom whole(*profile, 2015, "fuzz");
  attacks::ProfileRandom pieces(*profile, 2015, "fuzz");
  std::array<Byte, 32> drawn{};
  std::array<Byte, 32> in_pieces{};
  const bool good = whole.fill(drawn).has_value();
  expect(good || profile->kind == EntropyKind::failing, "only a failing generator fails");
  const bool first = pieces.fill(std::span(in_pieces).first(7)).has_value();
  const bool second = pieces.fill(std::span(in_pieces).subspan(7)).has_value();
  expect(good == (first && second), "fails in pieces if it fails at once");
  if (good) expect(drawn == in_pieces, "the same bytes in pieces");
}

}  // namespace wib::fuzz
