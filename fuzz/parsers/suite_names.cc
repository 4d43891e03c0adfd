// SPDX-License-Identifier: Apache-2.0
//
// Names of suites, as people type them and traces have them. The first byte chooses the reading.
#include "fuzz/parsers/oracle.h"
#include "protocol/suites.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A name is accepted if each of its parts names what there is, once; the suite's own name and "
    "reading then give the same suite.";

namespace {

// A suite has as many choices as there are slots; the names are looked up by hand.
bool read_plainly(std::string_view text) {
  const std::size_t plus = text.find('+');
  const std::string_view base = text.substr(0, plus);
  if (base != "as_posted" && base != "hardened") return false;
  std::string_view rest = plus == std::string_view::npos ? "" : text.substr(plus + 1);
  if (plus != std::string_view::npos && rest.empty()) return false;
  std::array<bool, slot_count> seen{};
  while (true) {
    if (rest.empty()) return plus == std::string_view::npos || text.back() != ',';
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return false;
    const auto names = slot_names();
    const auto slot =
        static_cast<std::size_t>(std::ranges::find(names, item.substr(0, equals)) - names.begin());
    if (slot == slot_count || seen[slot]) return false;
    seen[slot] = true;
    const auto choices = choice_names(slot);
    if (std::ranges::find(choices, item.substr(equals + 1)) == choices.end()) return false;
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
}

}  // namespace

void one_input(ByteView input) {
  static constexpr std::array<std::string_view, 6> readings = {"",    "cbc",      "ctr",
                                                               "gcm", "chacha20", "GCM"};
  Choices choices(input);
  const std::string_view reading = readings[choices.below(readings.size())];
  const std::string_view text = as_text(choices.rest());
  const bool known = read_plainly(text);
  const auto suite = parse_suite(text, reading);
  if (!suite) {
    expect(!known || !reading.empty(), "a name of known parts is accepted");
    expect(suite.error().code == Errc::malformed || suite.error().code == Errc::out_of_range,
           "one of its errors");
    expect_error(suite.error(), text.size());
    return;
  }
  expect(known, "accepted only if its parts are known");
  expect(reading.empty() || suite->reading() == reading, "the reading that was asked for");
  const auto again = parse_suite(suite->name().view(), suite->reading());
  expect(again && *again == *suite, "its own name gives the same suite");
  expect(again->name().view() == suite->name().view() && again->id().view() == suite->id().view(),
         "the same name");
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const auto same = with_choice(*suite, slot_names()[slot], choice_name(*suite, slot));
    expect(same && *same == *suite, "the choice that it has changes nothing");
  }
}

}  // namespace wib::fuzz
