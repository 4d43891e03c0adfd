// SPDX-License-Identifier: Apache-2.0
//
// The parts of the trace engine: terms, knowledge, language, harness.
#include <gtest/gtest.h>

#include "fuzz/trace/hunter.h"

namespace wib::fuzz {
namespace {

using Value = std::vector<Byte>;

Value value_of(const Terms& terms, Ref ref) {
  Value value(terms[ref].size);
  Terms::write(ref, value);
  return value;
}

// The whole of an honest run, and then `more`.
Bytes honest_run() {
  Bytes trace = {byte_of(Action::press), byte_of(Action::start)};
  for (int i = 0; i < 8; ++i) {
    trace.push_back(byte_of(Action::forward));
    trace.push_back(0);
  }
  return trace;
}

Bytes random_bytes(Dice& dice, std::size_t size) {
  Bytes bytes(size);
  for (Byte& byte : bytes) byte = static_cast<Byte>(dice.next());
  return bytes;
}

// --- Terms --------------------------------------------------------------------------------------

TEST(Terms, AValueIsReadBackWholeAndOnlyWhole) {
  Terms terms;
  for (const std::size_t size : {6U, 8U, 16U, 24U, 32U, 40U, 64U, 100U, 256U}) {
    const Ref ref = terms.atom(size, size);
    Value value = value_of(terms, ref);
    EXPECT_EQ(terms.whole(value), ref) << size;
    EXPECT_EQ(terms.whole(ByteView(value).first(size - 1)), 0) << size;
    for (std::size_t i = 0; i < size; ++i) {
      value[i] ^= 1U;
      EXPECT_EQ(terms.whole(value), 0) << size << " at " << i;
      value[i] ^= 1U;
    }
  }
}

TEST(Terms, ASliceTellsWhatItIsASliceOf) {
  Terms terms;
  const Ref ref = terms.atom(1, 64);
  const Value value = value_of(terms, ref);
  for (std::size_t at = 0; at + 16 <= value.size(); at += 8) {
    std::vector<Ref> refs;
    (void)terms.read(ByteView(value).subspan(at, 16), 0, refs);
    EXPECT_EQ(refs, std::vector<Ref>{ref}) << at;
  }
}

TEST(Terms, StringsAreHashedByWhatTheyAre) {
  Terms terms;
  const Value a = value_of(terms, terms.atom(1, 32));
  const Value b = value_of(terms, terms.atom(2, 32));
  Value ab = a;
  ab.insert(ab.end(), b.begin(), b.end());
  Value ba = b;
  ba.insert(ba.end(), a.begin(), a.end());
  std::vector<Ref> refs;
  const auto hash = [&](const Value& bytes) { return terms.read(bytes, 0, refs); };
  EXPECT_EQ(hash(ab), hash(ab));
  EXPECT_NE(hash(ab), hash(ba));
  EXPECT_NE(hash(ab), hash(a));
  // A byte more before a value, and a byte of it that is another, are other strings.
  Value shifted = ab;
  shifted.insert(shifted.begin(), 0);
  EXPECT_NE(hash(ab), hash(shifted));
  for (std::size_t i = 0; i < ab.size(); ++i) {
    Value changed = ab;
    changed[i] ^= 0x40U;
    EXPECT_NE(hash(ab), hash(changed)) << i;
  }
}

TEST(Terms, AResetForgetsWhatIsBehindTheMarkAndNothingElse) {
  Terms terms;
  const Ref kept = terms.atom(1, 16);
  terms.mark();
  for (std::uint64_t round = 0; round < 3; ++round) {
    for (std::uint64_t i = 2; i < 3000; ++i) {
      ASSERT_EQ(terms.atom(i + round, 16), static_cast<Ref>(kept + i - 1));
    }
    EXPECT_EQ(terms.atom(1, 16), kept);
    terms.reset();
    EXPECT_EQ(terms.size(), kept + 1U);
  }
}

// --- Knowledge ----------------------------------------------------------------------------------

TEST(Knowledge, OpensWhatItHasTheKeyOfHoweverLateItComes) {
  Terms terms;
  SymbolicCrypto crypto(terms);
  Knowledge knowledge(terms);
  knowledge.begin();
  const Value secret = value_of(terms, terms.atom(1, 32));
  const Value key_part = value_of(terms, terms.atom(2, 32));
  std::array<Byte, 32> key{};
  ASSERT_TRUE(crypto.sha256(key_part, key));
  std::array<Byte, 16> iv{};
  Value ciphertext(secret.size());
  ASSERT_TRUE(crypto.aes256_ctr(key, iv, secret, ciphertext));
  knowledge.learn(ciphertext);
  EXPECT_FALSE(knowledge.derivable(ByteView(secret)));
  EXPECT_FALSE(knowledge.derivable(ByteView(key)));
  knowledge.learn(key_part);  // of which the key can be computed
  EXPECT_TRUE(knowledge.derivable(ByteView(key)));
  EXPECT_TRUE(knowledge.knows(terms.whole(secret)));
  knowledge.begin();
  EXPECT_FALSE(knowledge.derivable(ByteView(secret)));
}

TEST(Knowledge, PowersNeedAnExponentAndTheOthersPower) {
  Terms terms;
  SymbolicCrypto crypto(terms);
  Knowledge knowledge(terms);
  knowledge.begin();
  const Group group = ffdhe2048();
  const Value a = value_of(terms, terms.atom(1, 32));
  const Value b = value_of(terms, terms.atom(2, 32));
  Value ga(256), gb(256), gab(256), gba(256);
  ASSERT_TRUE(crypto.mod_exp(group.g, a, group.p, ga));
  ASSERT_TRUE(crypto.mod_exp(group.g, b, group.p, gb));
  ASSERT_TRUE(crypto.mod_exp(ga, b, group.p, gab));
  ASSERT_TRUE(crypto.mod_exp(gb, a, group.p, gba));
  EXPECT_EQ(gab, gba);
  knowledge.learn(ga);
  knowledge.learn(gb);
  EXPECT_FALSE(knowledge.derivable(ByteView(gab)));
  knowledge.learn(a);
  EXPECT_TRUE(knowledge.derivable(ByteView(gab)));
}

// --- Language -----------------------------------------------------------------------------------

TEST(Language, EveryByteStringIsATrace) {
  Dice dice(1);
  Configuration configuration{.suite = suites()[0]};
  Harness harness(configuration);
  for (int i = 0; i < 3000; ++i) {
    const Bytes trace = random_bytes(dice, dice.below(200));
    std::vector<Extent> steps;
    std::vector<FieldExtent> fields;
    parse(harness.shape(), trace, steps, &fields);
    std::size_t at = 0;
    for (const Extent& step : steps) {
      EXPECT_EQ(step.begin, at);
      EXPECT_GT(step.end, step.begin);
      at = step.end;
    }
    EXPECT_GE(at, trace.size());
    (void)harness.run(trace);
  }
}

TEST(Harness, TheSameBytesDoTheSameWhateverCameBefore) {
  for (const Suite& suite : suites()) {
    Configuration configuration{.suite = suite};
    Harness harness(configuration);
    Harness fresh(configuration);
    Mutator mutator({.shape = harness.shape()});
    Dice dice(7);
    Bytes trace = honest_run();
    for (int i = 0; i < 300; ++i) {
      mutator.mutate(dice, trace);
      if (trace.size() > 200) trace = honest_run();
      const Outcome first = harness.run(trace);
      const auto features = harness.feedback().features();
      (void)harness.run(random_bytes(dice, 60));
      const Outcome again = harness.run(trace);
      EXPECT_EQ(first.violations.bits(), again.violations.bits());
      EXPECT_EQ(features, harness.feedback().features());
      const Outcome other = fresh.run(trace);
      EXPECT_EQ(first.violations.bits(), other.violations.bits());
      EXPECT_EQ(features, fresh.feedback().features());
      EXPECT_EQ(first.steps, other.steps);
    }
  }
}

// --- Harness ------------------------------------------------------------------------------------

TEST(Harness, AnHonestRunCompletesOnEverySuiteAndViolatesNothing) {
  std::vector<Suite> all(suites().begin(), suites().end());
  for (const char* name :
       {"as_posted+group_policy=named", "as_posted+group_policy=named_ffdhe3072",
        "as_posted+group_policy=named_p256", "as_posted+group_policy=named_x25519",
        "as_posted+key_schedule=hkdf_transcript,protection=aead", "hardened+freshness=none",
        "hardened+entropy_gate=none", "hardened+session_policy=several",
        "hardened+protection=encrypt_and_mac", "as_posted+key_exchange=spake2plus"}) {
    const auto suite = parse_suite(name);
    ASSERT_TRUE(suite) << name;
    all.push_back(*suite);
  }
  for (const Suite& suite : all) {
    for (const bool repeats : {false, true}) {
      Configuration configuration{.suite = suite, .conditions = {.repeats = repeats}};
      Harness harness(configuration);
      const Outcome outcome = harness.run(honest_run());
      EXPECT_TRUE(outcome.honest) << suite.id().view();
      EXPECT_TRUE(outcome.violations.none()) << suite.id().view();
    }
  }
}

TEST(Harness, AReplayUnderARepeatingGeneratorIsSeenUnlessEpochsForbidIt) {
  Bytes trace = honest_run();
  for (const Action action : {Action::restart, Action::press, Action::get_dh}) {
    trace.push_back(byte_of(action));
  }
  for (const Byte which :
       {Byte{134}, Byte{133}, Byte{132}}) {  // dh, auth and key of the run before
    trace.push_back(byte_of(Action::forward));
    trace.push_back(which);
  }
  const auto falls = [&](const char* name, bool repeats) {
    const auto suite = parse_suite(name);
    Configuration configuration{.suite = *suite, .conditions = {.repeats = repeats}};
    Harness harness(configuration);
    return harness.run(trace).violations.has(attacks::Property::a3);
  };
  EXPECT_TRUE(falls("as_posted", true));
  EXPECT_FALSE(falls("as_posted", false));
  EXPECT_FALSE(falls("hardened", true));
  EXPECT_TRUE(falls("hardened+freshness=none", true));
}

TEST(Harness, AShadowTellsADeviceWithAnotherTableAndNoOther) {
  Configuration configuration{.suite = *find_suite("hardened"), .shadow = true};
  Harness sound(configuration);
  Mutator mutator({.shape = sound.shape()});
  Dice dice(3);
  Bytes trace = honest_run();
  for (int i = 0; i < 500; ++i) {
    mutator.mutate(dice, trace);
    if (trace.size() > 200) trace = honest_run();
    ASSERT_FALSE(sound.run(trace).violations.has(Violation::differs)) << i;
  }
  std::vector<DeviceRow> rows(device_table().begin(), device_table().end());
  for (DeviceRow& row : rows) {
    if (row.on == DeviceState::no_session && row.event == DeviceEvent::post_key) {
      row.status = Status::conflict;
    }
  }
  configuration.device.device_rows = rows;
  Harness other(configuration);
  const Bytes probe = {byte_of(Action::press), byte_of(Action::post_key), 0, 0};
  EXPECT_TRUE(other.run(probe).violations.has(Violation::differs));
}

TEST(Harness, AHoleBecomesWhatTheReceiverWantsAndTheAttackerHas) {
  // With its own share towards the device and the client, the attacker has both keys: the serial
  // number comes from the client, and the device takes what is made for it.
  using enum Action;
  const auto field = [](unsigned low, unsigned index = 0) {
    return static_cast<Byte>(low | index << 3U);
  };
  const Byte own = field(3), hole_cookie = field(4), hole = field(4);
  const Bytes trace = {byte_of(press),
                       byte_of(start),
                       byte_of(forward),
                       0,  // GET
                       byte_of(forward),
                       0,  // its offer
                       byte_of(answer),
                       own,  // the attacker as the device
                       byte_of(post_dh),
                       hole_cookie,
                       own,  // and as the client
                       byte_of(post_auth),
                       hole_cookie,
                       hole,
                       byte_of(post_key),
                       hole_cookie,
                       hole};
  Configuration configuration{.suite = *find_suite("as_posted")};
  Harness with(configuration);
  EXPECT_TRUE(with.run(trace).violations.has(attacks::Property::a2));
  configuration.holes = false;
  Harness without(configuration);
  EXPECT_FALSE(without.run(trace).violations.has(attacks::Property::a2));
  // Where it has not the keys it cannot make it, whatever the receiver wants.
  const Bytes takeover = {byte_of(press),
                          byte_of(get_dh),
                          byte_of(post_dh),
                          hole_cookie,
                          own,
                          byte_of(post_auth),
                          hole_cookie,
                          hole,
                          byte_of(post_key),
                          hole_cookie,
                          hole};
  Configuration hardened{.suite = *find_suite("hardened")};
  Harness refused(hardened);
  EXPECT_TRUE(refused.run(takeover).violations.none());
  hardened.conditions.leaked = true;
  Harness leaked(hardened);
  EXPECT_TRUE(leaked.run(takeover).violations.has(attacks::Property::l1));
}

}  // namespace
}  // namespace wib::fuzz
