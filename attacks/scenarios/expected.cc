// SPDX-License-Identifier: Apache-2.0
//
// What is expected of which attack on which suite: the named ones, and each of them with one slot
// as the other has it. A run that differs is red, in either direction; a new attack or suite
// without an entry is red too.
#include <algorithm>
#include <array>

#include "attacks/scenarios/scenario.h"

namespace wib::attacks {
namespace {

constexpr auto suites_in_order = std::to_array<std::string_view>({
    "as_posted",
    "hardened",
    "hardened+key_exchange=plain_dh",
    "hardened+freshness=none",
    "hardened+key_schedule=raw_hash",
    "hardened+protection=encrypt_and_mac",
    "hardened+group_policy=take_any",
    "hardened+session_policy=several",
    "hardened+attempt_limit=unlimited",
    "hardened+entropy_gate=none",
    "as_posted+key_exchange=spake2plus",
    "as_posted+freshness=epoch",
    "as_posted+key_schedule=hkdf_transcript",
    "as_posted+protection=aead",
    "as_posted+group_policy=named",
    "as_posted+session_policy=single",
    "as_posted+attempt_limit=limited",
    "as_posted+entropy_gate=sp800_90b",
});

// S succeeds, B is blocked, n is not applicable; in the order above: the two suites, hardened
// without one defence, as posted with one. The slots: key_exchange, freshness, key_schedule,
// protection, group_policy, session_policy, attempt_limit, entropy_gate.
struct Row {
  std::string_view id;
  std::string_view named;    // as_posted, hardened
  std::string_view without;  // hardened with one slot as posted
  std::string_view with;     // as posted with one slot hardened
};
constexpr auto rows = std::to_array<Row>({
    //                           named  KFSPGALE    KFSPGALE
    {"A00", "SB", "SBBBBBBB", "BSSSSSSS"},
    {"A00.drop", "SB", "BBBSBBBB", "SSSBSSSS"},
    {"A00.passive", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"D14.takeover", "SB", "SBBBBBBB", "BSSSSSSS"},
    {"D14.code", "nS", "nSSSSSSS", "Snnnnnnn"},
    {"D14.recorded", "SB", "SBBBBBBB", "BSSSSSSS"},
    {"D14.reinstall", "SB", "SBBBBBBB", "BSSSSSSS"},
    {"D14.recorder", "SB", "BSBBBBBB", "SSSSSSSS"},
    {"D14.wrong-serial", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"D14.recorder-strong-rng", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"E02.cookie", "SS", "SSSSSSSS", "SSSSSSSS"},
    {"E02.share", "Sn", "nnnnnnnn", "nSSSSSSn"},
    {"E02.share-20-bit", "Sn", "nnnnnnnn", "nSSSSSSn"},
    {"E02.stuck", "SB", "BBBBBBBS", "SSSSSSSB"},
    {"E02.stuck-full-entropy", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"E02.cookie-full-entropy", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"E02.share-full-entropy", "Bn", "nnnnnnnn", "nBBBBBBn"},
    {"A03", "SB", "BBBBBBSB", "SSSSSSBS"},
    {"A03.nine", "BB", "BBBBBBBB", "BBBBBBBB"},
    {"B01", "SB", "BBBBBBBB", "BSSSBSSS"},
    {"B01.good-shares", "BB", "BBBBBBBB", "BBBBBBBB"},
});

constexpr bool whole(const Row& row) {
  constexpr auto letters = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == 'S' || c == 'B' || c == 'n'; });
  };
  return row.named.size() == 2 && row.without.size() == slot_count &&
         row.with.size() == slot_count && letters(row.named) && letters(row.without) &&
         letters(row.with);
}
static_assert(std::ranges::all_of(rows, whole));

// Why, where it is not plain from what the attack and the defence are. A slot's choice is all
// suites that have it in their name; a named suite is also those that change one slot of it and
// come to the same. A star stands for any end of an id.
struct Reason {
  std::string_view id;
  std::string_view suite;
  std::string_view text;
};
constexpr auto reasons = std::to_array<Reason>({
    {"A00", "hardened",
     "the attacker guesses the code once towards each side; both confirm before anything moves"},
    {"A00.drop", "protection=encrypt_and_mac",
     "a bare 204 is no proof: whoever is on the wire can say it"},
    {"A00.drop", "protection=aead",
     "an attacker who only drops cannot seal an acknowledgement; one who has the keys (A00) can"},
    {"D14.takeover", "hardened", "the serial number is an identity there, and no secret"},
    {"D14.code", "as_posted", "there is no setup code"},
    {"D14.code", "key_exchange=plain_dh", "there is no setup code"},
    {"D14.code", "hardened", "P-L1: whoever has read the label is as good as the owner"},
    {"D14.recorder", "freshness=epoch",
     "the epoch is in the offer, but nothing binds the recorded messages to it"},
    {"D14.recorder", "freshness=none",
     "the device says the same as before, so the recorded proof is right again"},
    {"D14.recorder", "hardened+key_exchange=plain_dh",
     "the epoch is in the transcript that the keys are made of: the recorded payload does not "
     "open"},
    {"D14.recorder", "hardened", "the epoch is in SPAKE2+'s Context: the recorded proof is wrong"},
    {"D14.recorder", "key_exchange=spake2plus",
     "a PAKE alone does not help a device that repeats itself"},
    {"D14.recorder", "key_schedule=hkdf_transcript",
     "the transcript is the same as before: nothing in it is new"},
    {"E02.cookie", "hardened",
     "residual: a PRNG posing as noise passes every health test; the code falls to a dictionary"},
    {"E02.cookie", "hardened+key_exchange=plain_dh",
     "residual: a PRNG posing as noise passes every health test"},
    {"E02.cookie", "hardened+entropy_gate=none",
     "nothing looks at the generator; the code falls to a dictionary"},
    {"E02.cookie", "entropy_gate=sp800_90b",
     "residual: a PRNG posing as noise passes every health test"},
    {"E02.share*", "as_posted+key_exchange=spake2plus",
     "shareV is masked by the code: the cookie is the test of a seed (E02.cookie)"},
    {"E02.share*", "hardened+key_exchange=plain_dh",
     "behind the gate every test costs its conditioning: the cookie is cheaper (E02.cookie)"},
    {"E02.share*", "hardened",
     "shareV is masked by the code: the cookie is the test of a seed (E02.cookie)"},
    {"E02.share*", "as_posted+entropy_gate=sp800_90b",
     "behind the gate every test costs its conditioning: the cookie is cheaper (E02.cookie)"},
    {"E02.stuck", "hardened", "the repetition count test sees it: 503, and no run begins"},
    {"E02.stuck", "entropy_gate=sp800_90b",
     "the repetition count test sees it: 503, and no run begins"},
    {"E02.stuck", "entropy_gate=none", "nothing looks at the generator"},
    {"A03", "hardened", "the tenth wrong guess closes the window"},
    {"A03", "attempt_limit=limited", "the tenth wrong guess closes the window"},
    {"B01", "group_policy=named", "1 is no share of a named group"},
    {"B01", "hardened+key_exchange=plain_dh", "1 is no share of a named group"},
    {"B01", "hardened", "1 is no point of P-256"},
});

char letter_of(const Row& row, std::string_view suite) {
  const auto at =
      static_cast<std::size_t>(std::ranges::find(suites_in_order, suite) - suites_in_order.begin());
  if (at < 2) return row.named[at];
  if (at < 2 + slot_count) return row.without[at - 2];
  return row.with[at - 2 - slot_count];
}

// The one that says most of the suite: all of its name, its end, the suite that it changes.
std::string_view reason_for(const Row& row, std::string_view suite) {
  const auto is_for = [&](const Reason& reason) {
    if (!reason.id.ends_with('*')) return reason.id == row.id;
    return row.id.starts_with(reason.id.substr(0, reason.id.size() - 1));
  };
  for (const Reason& reason : reasons) {
    if (is_for(reason) && reason.suite == suite) return reason.text;
  }
  for (const Reason& reason : reasons) {
    const bool slot = reason.suite.contains('=') && !reason.suite.contains('+');
    if (is_for(reason) && slot && suite.ends_with(reason.suite)) return reason.text;
  }
  const std::string_view base = suite.substr(0, suite.find('+'));
  for (const Reason& reason : reasons) {
    if (is_for(reason) && reason.suite == base && letter_of(row, base) == letter_of(row, suite)) {
      return reason.text;
    }
  }
  return {};
}

}  // namespace

std::optional<Expectation> expectation(const Scenario& scenario, std::string_view suite) {
  const std::string id = scenario.id();
  const auto* row = std::ranges::find(rows, id, &Row::id);
  const auto* column = std::ranges::find(suites_in_order, suite);
  if (row == rows.end() || column == suites_in_order.end()) return std::nullopt;
  using Kind = Expectation::Kind;
  const char letter = letter_of(*row, suite);
  const Kind kind = letter == 'S'   ? Kind::succeeded
                    : letter == 'B' ? Kind::blocked
                                    : Kind::not_applicable;
  return Expectation{kind, reason_for(*row, suite)};
}

std::span<const std::string_view> expected_suites() { return suites_in_order; }

}  // namespace wib::attacks
