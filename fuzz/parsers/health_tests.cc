// SPDX-License-Identifier: Apache-2.0
//
// The noise source's samples, as a device takes them. The claim, and then the samples.
#include "protocol/entropy/health_tests.h"

#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "The health tests fail exactly where SP 800-90B's two rules, followed literally, fail; however "
    "the samples are cut, and from then on.";

namespace {

// Where the rules fail first, or how many samples there are; "" or the test that fails.
struct Expected {
  std::size_t passed = 0;
  std::string_view where;
};

Expected follow_rules(ByteView samples, std::uint32_t claim) {
  const std::uint32_t repetition = repetition_cutoff(claim);
  const std::uint32_t proportion = adaptive_proportion_cutoff(claim);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::size_t run = 1;  // of equal samples that end here
    while (run <= i && samples[i - run] == samples[i]) ++run;
    if (run >= repetition) return {i, "noise: repetition count"};
    const std::size_t window = i - i % adaptive_proportion_window;
    const auto seen = samples.subspan(window, i - window + 1);
    if (std::ranges::count(seen, samples[window]) >= proportion) {
      return {i, "noise: adaptive proportion"};
    }
  }
  return {samples.size(), {}};
}

}  // namespace

void one_input(ByteView input) {
  Choices choices(input);
  const std::uint32_t claim = choices.word();
  const ByteView samples = choices.rest();
  HealthTests whole;
  expect(!whole.take(samples), "nothing is taken before the beginning");
  const auto begun = whole.begin(claim);
  expect(begun.has_value() == (claim >= 1 && claim <= 8000), "a claim of 1..8000 millibits");
  if (!begun) return;
  HealthTests pieces = whole;
  const Expected expected = follow_rules(samples, claim);
  const auto taken = whole.take(samples);
  expect(taken.has_value() == expected.where.empty(), "fails where the rules fail");
  expect(whole.taken() == expected.passed, "as many samples pass");
  if (!taken) {
    expect(taken.error() == Error{Errc::entropy, expected.where}, "the first test that fails");
    expect(!whole.take({}) && !whole.take(samples), "a failure lasts");
  }
  bool good = true;
  std::uint64_t cuts = hash_of(input);
  for (ByteView rest = samples; !rest.empty();) {
    cuts = cuts * 6364136223846793005U + 1442695040888963407U;
    const std::size_t size = std::min<std::size_t>(1 + (cuts >> 40U) % 64, rest.size());
    good = pieces.take(rest.first(size)).has_value() && good;
    rest = rest.subspan(size);
  }
  expect(good == taken.has_value() && pieces.taken() == whole.taken(), "cuts change nothing");
}

}  // namespace wib::fuzz
