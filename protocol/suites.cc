// SPDX-License-Identifier: Apache-2.0
#include "protocol/suites.h"

namespace wib {
namespace {

constexpr std::array<std::string_view, slot_count> slots = {
    "key_exchange", "freshness",      "key_schedule",  "protection",
    "group_policy", "session_policy", "attempt_limit", "entropy_gate"};

Suite as_posted(const Protection& protection) noexcept {
  return Suite{
      .key_exchange = plain_dh(),
      .freshness = no_freshness(),
      .key_schedule = raw_hash(),
      .protection = protection,
      .group_policy = take_any(),
      .session_policy = several_sessions(),
      .attempt_limit = unlimited_attempts(),
      .entropy_gate = no_gate(),
  };
}

Suite hardened(const Protection& protection) noexcept {
  return Suite{
      .key_exchange = spake2plus(),
      .freshness = persisted_epoch(),
      .key_schedule = hkdf_transcript(),
      .protection = protection,
      .group_policy = named_groups(NamedGroup::ffdhe2048),
      .session_policy = single_session(),
      .attempt_limit = limited_attempts(),
      .entropy_gate = sp800_90b_gate(),
  };
}

// All the choices there are, by slot.
const std::array<const KeyExchange*, 2>& key_exchanges() noexcept {
  static const std::array<const KeyExchange*, 2> all = {&plain_dh(), &spake2plus()};
  return all;
}
const std::array<const Freshness*, 2>& freshnesses() noexcept {
  static const std::array<const Freshness*, 2> all = {&no_freshness(), &persisted_epoch()};
  return all;
}
const std::array<const KeySchedule*, 2>& key_schedules() noexcept {
  static const std::array<const KeySchedule*, 2> all = {&raw_hash(), &hkdf_transcript()};
  return all;
}
const std::array<const Protection*, 4>& protections() noexcept {
  static const std::array<const Protection*, 4> all = {
      &aes_cbc_encrypt_and_mac(), &aes_ctr_encrypt_and_mac(), &aes256_gcm_aead(),
      &chacha20_poly1305_aead()};
  return all;
}
const std::array<const GroupPolicy*, 5>& group_policies() noexcept {
  static const std::array<const GroupPolicy*, 5> all = {
      &take_any(), &named_groups(NamedGroup::ffdhe2048), &named_groups(NamedGroup::ffdhe3072),
      &named_groups(NamedGroup::secp256r1), &named_groups(NamedGroup::x25519)};
  return all;
}
const std::array<const SessionPolicy*, 2>& session_policies() noexcept {
  static const std::array<const SessionPolicy*, 2> all = {&several_sessions(), &single_session()};
  return all;
}
const std::array<const AttemptLimit*, 2>& attempt_limits() noexcept {
  static const std::array<const AttemptLimit*, 2> all = {&unlimited_attempts(),
                                                         &limited_attempts()};
  return all;
}
const std::array<const EntropyGate*, 2>& entropy_gates() noexcept {
  static const std::array<const EntropyGate*, 2> all = {&no_gate(), &sp800_90b_gate()};
  return all;
}

// A row while it is put together.
struct Row {
  const KeyExchange* key_exchange;
  const Freshness* freshness;
  const KeySchedule* key_schedule;
  const Protection* protection;
  const GroupPolicy* group_policy;
  const SessionPolicy* session_policy;
  const AttemptLimit* attempt_limit;
  const EntropyGate* entropy_gate;

  explicit Row(const Suite& suite) noexcept
      : key_exchange(&suite.key_exchange),
        freshness(&suite.freshness),
        key_schedule(&suite.key_schedule),
        protection(&suite.protection),
        group_policy(&suite.group_policy),
        session_policy(&suite.session_policy),
        attempt_limit(&suite.attempt_limit),
        entropy_gate(&suite.entropy_gate) {}

  [[nodiscard]] Suite suite() const noexcept {
    return {*key_exchange, *freshness,      *key_schedule,  *protection,
            *group_policy, *session_policy, *attempt_limit, *entropy_gate};
  }

  // False if the slot has no such choice.
  [[nodiscard]] bool set(std::size_t slot, std::string_view choice) noexcept {
    switch (slot) {
      case 0: return pick(key_exchange, key_exchanges(), choice);
      case 1: return pick(freshness, freshnesses(), choice);
      case 2: return pick(key_schedule, key_schedules(), choice);
      case 3: return pick_protection(choice);
      case 4: return pick(group_policy, group_policies(), choice);
      case 5: return pick(session_policy, session_policies(), choice);
      case 6: return pick(attempt_limit, attempt_limits(), choice);
      case 7: return pick(entropy_gate, entropy_gates(), choice);
      default: return false;
    }
  }

  // False if the protection has no such cipher.
  [[nodiscard]] bool read_as(std::string_view reading) noexcept {
    if (reading.empty()) return true;
    for (const Protection* each : protections()) {
      if (each->name() != protection->name() || each->reading() != reading) continue;
      protection = each;
      return true;
    }
    return false;
  }

 private:
  template <class Choice, class All>
  static bool pick(const Choice*& place, const All& all, std::string_view choice) noexcept {
    for (const Choice* each : all) {
      if (each->name() != choice) continue;
      place = each;
      return true;
    }
    return false;
  }

  // The cipher stays if it is one of the choice's; else the choice's first.
  bool pick_protection(std::string_view choice) noexcept {
    if (protection->name() == choice) return true;
    return pick(protection, protections(), choice);
  }
};

// The named rows, by the names of their choices alone: a firmware that has one suite's choices and
// asks for its name does not need the others'.
struct Named {
  std::string_view name;
  std::array<std::string_view, slot_count> choices;
};
constexpr std::array<Named, 2> named = {{
    {"as_posted",
     {"plain_dh", "none", "raw_hash", "encrypt_and_mac", "take_any", "several", "unlimited",
      "none"}},
    {"hardened",
     {"spake2plus", "epoch", "hkdf_transcript", "aead", "named", "single", "limited", "sp800_90b"}},
}};

std::size_t differences(const Suite& suite, const Named& from) noexcept {
  std::size_t count = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    count += static_cast<std::size_t>(choice_name(suite, slot) != from.choices[slot]);
  }
  return count;
}

}  // namespace

std::span<const std::string_view> slot_names() noexcept { return slots; }

std::string_view choice_name(const Suite& suite, std::size_t slot) noexcept {
  switch (slot) {
    case 0: return suite.key_exchange.name();
    case 1: return suite.freshness.name();
    case 2: return suite.key_schedule.name();
    case 3: return suite.protection.name();
    case 4: return suite.group_policy.name();
    case 5: return suite.session_policy.name();
    case 6: return suite.attempt_limit.name();
    case 7: return suite.entropy_gate.name();
    default: return "?";
  }
}

std::span<const std::string_view> choice_names(std::size_t slot) noexcept {
  static constexpr std::array<std::string_view, 2> key_exchange = {"plain_dh", "spake2plus"};
  static constexpr std::array<std::string_view, 2> freshness = {"none", "epoch"};
  static constexpr std::array<std::string_view, 2> key_schedule = {"raw_hash", "hkdf_transcript"};
  static constexpr std::array<std::string_view, 2> protection = {"encrypt_and_mac", "aead"};
  static constexpr std::array<std::string_view, 5> group_policy = {
      "take_any", "named", "named_ffdhe3072", "named_p256", "named_x25519"};
  static constexpr std::array<std::string_view, 2> session_policy = {"several", "single"};
  static constexpr std::array<std::string_view, 2> attempt_limit = {"unlimited", "limited"};
  static constexpr std::array<std::string_view, 2> entropy_gate = {"none", "sp800_90b"};
  switch (slot) {
    case 0: return key_exchange;
    case 1: return freshness;
    case 2: return key_schedule;
    case 3: return protection;
    case 4: return group_policy;
    case 5: return session_policy;
    case 6: return attempt_limit;
    case 7: return entropy_gate;
    default: return {};
  }
}

SuiteName Suite::name() const noexcept {
  const Named& base =
      differences(*this, named[1]) < differences(*this, named[0]) ? named[1] : named[0];
  SuiteName text;
  text.add(base.name);
  std::string_view before = "+";
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const std::string_view choice = choice_name(*this, slot);
    if (choice == base.choices[slot]) continue;
    text.add(before);
    text.add(slots[slot]);
    text.add("=");
    text.add(choice);
    before = ",";
  }
  return text;
}

SuiteName Suite::id() const noexcept {
  SuiteName text = name();
  text.add("/");
  text.add(reading());
  return text;
}

Traits Suite::traits() const noexcept {
  return Traits(session_policy.strict() ? When::single : When::several)
      .with(attempt_limit.limits() ? When::limited : When::unlimited)
      .with(protection.acknowledges() ? When::acknowledged : When::bare);
}

OfferFields Suite::offer_fields() const noexcept {
  return key_exchange.offer_fields(group_policy) | freshness.offer_fields();
}

bool operator==(const Suite& a, const Suite& b) noexcept {
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (choice_name(a, slot) != choice_name(b, slot)) return false;
  }
  return a.reading() == b.reading();
}

std::span<const Suite> suites() noexcept {
  static const std::array<Suite, 4> all = {
      as_posted(aes_cbc_encrypt_and_mac()), as_posted(aes_ctr_encrypt_and_mac()),
      hardened(aes256_gcm_aead()), hardened(chacha20_poly1305_aead())};
  return all;
}

const Suite* find_suite(std::string_view name, std::string_view reading) noexcept {
  for (const Suite& suite : suites()) {
    if (suite.name().view() == name && (reading.empty() || suite.reading() == reading)) {
      return &suite;
    }
  }
  return nullptr;
}

Result<Suite> with_choice(const Suite& suite, std::string_view slot,
                          std::string_view choice) noexcept {
  const auto* found = std::ranges::find(slots, slot);
  if (found == slots.end()) return fail(Errc::out_of_range, "suite: no such slot");
  Row row(suite);
  if (!row.set(static_cast<std::size_t>(found - slots.begin()), choice)) {
    return fail(Errc::out_of_range, "suite: the slot has no such choice");
  }
  return row.suite();
}

Result<Suite> parse_suite(std::string_view text, std::string_view reading) noexcept {
  const std::size_t plus = text.find('+');
  const Suite* base = find_suite(text.substr(0, plus));
  if (base == nullptr) return fail(Errc::out_of_range, "suite: no such name", 0);
  Row row(*base);
  unsigned seen = 0;
  for (std::size_t at = plus; at != std::string_view::npos;) {
    const auto offset = static_cast<std::uint32_t>(at + 1);
    const std::size_t end = text.find(',', at + 1);
    const std::string_view item = text.substr(at + 1, end - at - 1);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return fail(Errc::malformed, "suite: SLOT=CHOICE is expected", offset);
    }
    const auto* found = std::ranges::find(slots, item.substr(0, equals));
    if (found == slots.end()) return fail(Errc::out_of_range, "suite: no such slot", offset);
    const auto slot = static_cast<std::size_t>(found - slots.begin());
    if ((seen >> slot & 1U) != 0) return fail(Errc::malformed, "suite: a slot twice", offset);
    seen |= 1U << slot;
    if (!row.set(slot, item.substr(equals + 1))) {
      return fail(Errc::out_of_range, "suite: the slot has no such choice", offset);
    }
    at = end;
  }
  if (!row.read_as(reading)) return fail(Errc::out_of_range, "suite: no such reading");
  return row.suite();
}

}  // namespace wib
