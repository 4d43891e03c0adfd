// SPDX-License-Identifier: Apache-2.0
//
// The attempt limit: how many guesses a press allows, and a device's life, to the last one; what
// gives a charge back; and that no guess is answered that the store does not know of.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "attacks/world/term.h"
#include "props/support/drive.h"
#include "protocol/counters.h"

namespace wib::props {
namespace {

constexpr std::uint32_t top = std::numeric_limits<std::uint32_t>::max();

Instant at(int ms) { return std::chrono::milliseconds(ms); }

// What anybody can send: as a share, P-256's base point or 1; as a proof, something.
constexpr std::array<Byte, 64> anything = {1, 2, 3};

Body some_share(const Suite& suite) {
  static const attacks::ByteVector point = *attacks::from_hex(
      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  return Share{suite.key_exchange.reveals_with_share() ? point : ByteView(anything).first(1), {}};
}

Body some_proof(const Suite& suite) {
  const ByteView bytes(anything);
  if (suite.key_exchange.reveals_with_share()) return Proof{bytes.first(32)};
  return Sealed{bytes.first(16), bytes.first(16), bytes};
}

// True if the answer tells whether a guess was right. (Of a cookie that is not known it does not.)
bool reveals(const Suite& suite, Endpoint endpoint, const Reply& reply) {
  if (endpoint == Endpoint::post_dh) {
    const auto* share = std::get_if<Share>(&reply.body);
    return share != nullptr && !share->confirmation.empty();
  }
  return endpoint == Endpoint::post_auth && !suite.key_exchange.reveals_with_share() &&
         (reply.status == Status::no_content || reply.status == Status::unauthorized) &&
         reply.error.code != Errc::unexpected;
}

using Before = std::function<void(Endpoint)>;

struct Attempt {
  Reply last;             // its body is gone
  bool revealed = false;  // there was an answer that reveals
  bool proven = false;    // auth.wib was 204
  ClientState client = ClientState::idle;
};

// A device of the suite that is the parameter, and what is done to it.
class Attempts : public testing::TestWithParam<const char*> {
 protected:
  // One run of a client that knows code and serial number, or neither; such a one sends a proof
  // even after a confirmation that is wrong to it. `before` is called with what is sent next.
  Attempt attempt(bool right, const Before& before = {}) {
    ToyClient client(suite, 2, "owner", right ? toy_serial : "TOY-2", *backends().back(),
                     right ? toy_code : "9876543210");
    Attempt made;
    std::optional<Cookie> cookie;
    std::optional<Request> next = client.client.start().send;
    while (next) {
      const Endpoint asked = next->endpoint;
      if (before) before(asked);
      made.last = device.handle(at(1), *next);
      if (made.last.set_cookie) cookie = made.last.set_cookie;
      made.revealed |= reveals(suite, asked, made.last);
      made.proven |= asked == Endpoint::post_auth && made.last.status == Status::no_content;
      next = client.client.handle(to_response(made.last)).send;
      if (!next && asked == Endpoint::post_dh && made.last.status == Status::ok) {
        next = Request{Endpoint::post_auth, cookie, some_proof(suite)};
      }
    }
    made.client = client.client.state();
    return made;
  }

  std::uint32_t charged() const { return device.snapshot().attempts.charged; }
  std::uint32_t life() {
    const auto counters = load_counters(toy.store);
    EXPECT_TRUE(counters);
    return counters ? counters->charged : top;
  }
  Endpoint charging() const {
    return suite.key_exchange.reveals_with_share() ? Endpoint::post_dh : Endpoint::post_auth;
  }

  void expect_counts(std::uint32_t press, std::uint32_t whole_life) {
    EXPECT_EQ(charged(), press);
    EXPECT_EQ(life(), whole_life);
  }

  // So many wrong guesses, each answered, the window open after each.
  void guess_wrong(std::uint32_t count) {
    for (const std::uint32_t end = charged() + count; charged() != end;) {
      const std::uint32_t before = charged();
      const Attempt made = attempt(false);
      EXPECT_TRUE(made.revealed);
      EXPECT_EQ(made.last.status, Status::unauthorized);
      ASSERT_EQ(charged(), before + 1);
      ASSERT_TRUE(device.window_open());
    }
  }

  // The last one that is answered: the window closes with it.
  void guess_wrong_to_the_end() {
    const Attempt made = attempt(false);
    EXPECT_TRUE(made.revealed);
    EXPECT_EQ(made.last.status, Status::unauthorized);
    EXPECT_EQ(made.last.error.code, Errc::exhausted);
    expect_closed();
  }

  void expect_closed() {
    EXPECT_FALSE(device.window_open());
    using enum Endpoint;
    for (const Endpoint endpoint : {get_dh, post_dh, post_auth, post_key}) {
      EXPECT_EQ(device.handle(at(1), {endpoint, Cookie{}, {}}).status, Status::forbidden);
    }
  }

  void expect_success() { EXPECT_EQ(attempt(true).client, ClientState::completed); }

  const Suite suite = *parse_suite(GetParam());
  ToyDevice toy{suite};
  Device& device = toy.device;
};

std::string suite_name(const testing::TestParamInfo<const char*>& test) {
  std::string text = test.param;
  std::ranges::replace_if(text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

constexpr const char* several = "hardened+session_policy=several";
constexpr const char* plain = "as_posted+attempt_limit=limited";

// What holds wherever a guess is charged.
class Limited : public Attempts {};
INSTANTIATE_TEST_SUITE_P(Suites, Limited, testing::Values("hardened", several, plain), suite_name);

// And it gives back its own charge alone.
TEST_P(Limited, TheTenthGuessMayBeTheRightOne) {
  device.press(at(0));
  guess_wrong(9);
  const Attempt made = attempt(true, [&](Endpoint next) {
    EXPECT_TRUE(device.window_open());
    const bool own = next == Endpoint::post_auth && charging() != next;
    expect_counts(own ? 10 : 9, next == Endpoint::post_key ? 0 : charged());
  });
  EXPECT_EQ(made.client, ClientState::completed);
  EXPECT_EQ(made.last.claim.kind, ClaimKind::installed);
  EXPECT_FALSE(device.window_open()) << "by the install";
}

TEST_P(Limited, TheTenthWrongGuessClosesTheWindow) {
  device.press(at(0));
  guess_wrong(9);
  guess_wrong_to_the_end();
  EXPECT_EQ(life(), 10U);
  device.press(at(0));
  guess_wrong(9);
  device.press(at(0));  // while it is open: ten more
  guess_wrong(9);
  guess_wrong_to_the_end();
  EXPECT_EQ(life(), 29U);
  device.press(at(0));
  expect_success();
}

// --- A device's life ----------------------------------------------------------------------------

TEST_P(Limited, TheLifeCountSurvivesARestart) {
  device.press(at(0));
  guess_wrong(7);
  device.restart();
  expect_closed();
  expect_counts(0, 7);
  device.press(at(0));
  guess_wrong(3);
  EXPECT_EQ(life(), 10U);
}

TEST_P(Limited, ALifeIsAHundredGuesses) {
  ASSERT_TRUE(store_counters(toy.store, {.charged = 99}));
  device.press(at(0));
  guess_wrong_to_the_end();
  EXPECT_EQ(life(), 100U);
  device.restart();
  device.press(at(0));
  expect_closed();
  // A long press has ten, of which each counts, and no more.
  device.long_press(at(0));
  guess_wrong(5);
  device.press(at(0));
  EXPECT_EQ(charged(), 5U) << "a short press does nothing yet";
  guess_wrong(4);
  guess_wrong_to_the_end();
  EXPECT_EQ(life(), 110U);
  device.press(at(0));
  expect_closed();
  device.long_press(at(0));
  expect_success();
  EXPECT_EQ(life(), 0U);
}

TEST_P(Limited, TheLifeEndsInTheMiddleOfAWindow) {
  for (const bool right : {false, true}) {
    ASSERT_TRUE(store_counters(toy.store, {.charged = 95}));
    device.press(at(0));
    guess_wrong(4);
    right ? expect_success() : guess_wrong_to_the_end();
    EXPECT_EQ(life(), right ? 0U : 100U);
  }
}

TEST_P(Limited, TheLifeCountNeverWraps) {
  ASSERT_TRUE(store_counters(toy.store, {.charged = top - 1}));
  device.press(at(0));
  expect_closed();
  device.long_press(at(0));
  guess_wrong(2);
  EXPECT_EQ(life(), top) << "and not 0";
  device.press(at(0));
  EXPECT_EQ(charged(), 2U) << "it is refused";
  guess_wrong(7);
  guess_wrong_to_the_end();
  EXPECT_EQ(life(), top);
  device.long_press(at(0));
  expect_success();
  EXPECT_EQ(life(), 0U);
}

// --- The store ----------------------------------------------------------------------------------

TEST_P(Limited, AChargeThatCannotBeStoredRevealsNothing) {
  for (const bool reads : {false, true}) {
    device.press(at(0));
    const Attempt made = attempt(true, [&](Endpoint next) {
      (reads ? toy.store.fail_reads : toy.store.fail_writes) = next == charging();
    });
    toy.store.fail_reads = toy.store.fail_writes = false;
    EXPECT_FALSE(made.revealed);
    EXPECT_EQ(made.last.status, Status::service_unavailable);
    EXPECT_EQ(made.last.error.code, Errc::storage);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(made.last.body)) << "no share either";
    expect_counts(0, 0);
  }
}

// The power goes at each write of two wrong runs, a right one, and a wrong one. One more than was
// answered may be in the store.
TEST_P(Limited, EveryGuessThatWasAnsweredIsInTheStore) {
  for (std::size_t cut = 0, whole = 0; whole == 0; ++cut) {
    SCOPED_TRACE("power for " + std::to_string(cut) + " writes");
    ASSERT_LT(cut, 20U);
    toy.store = {};
    toy.store.writes_left = cut;
    std::uint32_t revealed = 0;
    for (const bool right : {false, false, true, false}) {
      device.press(at(0));
      const Attempt made = attempt(right);
      if (made.revealed) ++revealed;
      if (made.proven) revealed = 0;
    }
    whole = *toy.store.writes_left;
    toy.store.writes_left.reset();
    device.restart();
    EXPECT_GE(life(), revealed);
    EXPECT_LE(life(), revealed + 1);
    EXPECT_TRUE(whole == 0 || revealed == 1);
  }
}

TEST_P(Limited, ARefundThatCannotBeStoredIsNone) {
  device.press(at(0));
  guess_wrong(9);
  const Attempt made = attempt(true, [&](Endpoint next) {
    if (next != Endpoint::post_auth) return;
    toy.store.writes_left = charging() == next ? 1 : 0;
  });
  toy.store.writes_left.reset();
  EXPECT_FALSE(made.proven);
  EXPECT_EQ(made.last.status, Status::service_unavailable);
  EXPECT_EQ(device.state_for(made.last.claim.session), DeviceState::no_session);
  expect_counts(10, 10);
  ASSERT_TRUE(device.window_open());
  // None is left, and so not even the right one is looked at.
  const Attempt next = attempt(true);
  EXPECT_FALSE(next.proven);
  EXPECT_EQ(next.last.error, (Error{Errc::exhausted, "attempts: none is left"}));
  expect_closed();
  EXPECT_EQ(life(), 10U);
}

TEST_P(Limited, APressThatCannotReadTheStoreOpensNothing) {
  toy.store.fail_reads = true;
  device.press(at(0));
  EXPECT_FALSE(device.window_open());
  toy.store.fail_reads = false;
  device.press(at(0));
  const Reply offer = device.handle(at(1), {Endpoint::get_dh, {}, {}});
  toy.store.fail_reads = true;
  device.press(at(2));
  EXPECT_EQ(device.state_for(offer.set_cookie), DeviceState::await_share);
  // A long press asks nothing, but then no guess is answered.
  device.long_press(at(0));
  EXPECT_TRUE(device.window_open());
  const Attempt made = attempt(true);
  EXPECT_FALSE(made.revealed);
  EXPECT_EQ(made.last.status, Status::service_unavailable);
}

// --- Guesses that are abandoned, and sessions side by side --------------------------------------

class Confirming : public Attempts {
 protected:
  Reply ask(const Cookie& cookie) {
    return device.handle(at(1), {Endpoint::post_dh, cookie, some_share(suite)});
  }
  bool confirmed(const Cookie& cookie) { return reveals(suite, Endpoint::post_dh, ask(cookie)); }
  Cookie open() {
    const Reply offer = device.handle(at(1), {Endpoint::get_dh, {}, {}});
    EXPECT_EQ(offer.status, Status::ok);
    return offer.set_cookie.value_or(Cookie{});
  }
  // Ends a session by a message out of turn, which is no guess.
  void abandon(const Cookie& cookie) {
    EXPECT_EQ(device.handle(at(1), {Endpoint::post_key, cookie, {}}).status, Status::conflict);
  }
  void expect_refused(const Cookie& cookie) {
    const std::uint32_t before = life();
    const Reply reply = ask(cookie);
    EXPECT_EQ(reply.status, Status::forbidden);
    EXPECT_EQ(reply.error.code, Errc::exhausted);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(reply.body));
    EXPECT_EQ(life(), before) << "what is not answered is not charged";
    expect_closed();
  }
};
INSTANTIATE_TEST_SUITE_P(Suites, Confirming, testing::Values("hardened", several), suite_name);

TEST_P(Confirming, AShareBeyondTheLastAttemptIsNotAnswered) {
  for (const std::uint32_t before : {0, 90, 95, 100, 1000}) {
    SCOPED_TRACE(before);
    ASSERT_TRUE(store_counters(toy.store, {.charged = before}));
    before < 100 ? device.press(at(0)) : device.long_press(at(0));
    for (std::uint32_t n = 1; n <= (before == 95 ? 5U : 10U); ++n) {
      const Cookie cookie = open();
      EXPECT_TRUE(confirmed(cookie));
      expect_counts(n, before + n);
      ASSERT_TRUE(device.window_open());
      abandon(cookie);
    }
    expect_refused(open());
  }
}

class Parallel : public Confirming {};
INSTANTIATE_TEST_SUITE_P(Suites, Parallel, testing::Values(several), suite_name);

TEST_P(Parallel, EightSessionsAtOnceShareTheTen) {
  device.press(at(0));
  std::array<Cookie, 8> cookies;
  for (Cookie& cookie : cookies) cookie = open();
  for (const Cookie& cookie : cookies) EXPECT_TRUE(confirmed(cookie));
  for (const std::size_t n : {0U, 1U, 2U}) {
    abandon(cookies[n]);
    cookies[n] = open();
  }
  EXPECT_TRUE(confirmed(cookies[0]));
  EXPECT_TRUE(confirmed(cookies[1]));
  expect_refused(cookies[2]);
}

// Two are charged; one that knows the code gives back its own, and the other stays as it was.
TEST_P(Parallel, ASuccessLeavesTheOthersCharged) {
  device.press(at(0));
  const Cookie other = open();
  EXPECT_TRUE(confirmed(other));
  const Attempt made = attempt(true, [&](Endpoint next) {
    expect_counts(next == Endpoint::post_auth ? 2 : 1, next == Endpoint::post_key ? 0 : charged());
    if (next != Endpoint::post_key) return;
    const Reply wrong = device.handle(at(1), {Endpoint::post_auth, other, some_proof(suite)});
    EXPECT_EQ(wrong.status, Status::unauthorized);
    EXPECT_EQ(charged(), 1U);
  });
  EXPECT_EQ(made.client, ClientState::completed);
}

class Schedule : public Attempts {};
INSTANTIATE_TEST_SUITE_P(Suites, Schedule, testing::Values(several, plain), suite_name);

// Whatever an attacker does in whatever order: each answer is counted, and there are ten.
TEST_P(Schedule, NoneHasAnEleventhAnswer) {
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    attacks::StreamRandom choices(seed, "schedule");
    std::vector<Cookie> cookies;
    std::uint32_t answers = 0;
    toy.store = {};
    device.press(at(0));
    for (int step = 0; device.window_open(); ++step) {
      ASSERT_LT(step, 2000);
      std::array<Byte, 2> choice{};
      ASSERT_TRUE(choices.fill(choice));
      // Most of them are shares, so that they pile up.
      Request request{Endpoint::get_dh, {}, {}};
      const int kind = choice[0] % 10;
      if (kind > 2 && !cookies.empty()) {
        request = {Endpoint::post_dh, cookies[choice[1] % cookies.size()], some_share(suite)};
        if (kind == 7) request = {Endpoint::post_key, request.cookie, {}};
        if (kind > 7) request = {Endpoint::post_auth, request.cookie, some_proof(suite)};
      }
      const Reply reply = device.handle(at(1), request);
      if (reply.set_cookie) cookies.push_back(*reply.set_cookie);
      if (reveals(suite, request.endpoint, reply)) ++answers;
      if (device.state_for(request.cookie) == DeviceState::no_session) {
        std::erase(cookies, request.cookie);
      }
      expect_counts(answers, answers);
    }
    EXPECT_EQ(answers, 10U);
  }
}

class Unlimited : public Attempts {};
INSTANTIATE_TEST_SUITE_P(Suites, Unlimited, testing::Values("as_posted"), suite_name);

TEST_P(Unlimited, FiftyGuessesCostNothing) {
  toy.store.writes_left = 1;  // for the pair
  device.press(at(0));
  for (int n = 0; n < 50; ++n) {
    const Attempt made = attempt(false);
    EXPECT_EQ(made.last.status, Status::unauthorized);
    EXPECT_EQ(made.last.error.code, Errc::bad_identity);
  }
  EXPECT_EQ(toy.store.writes_left, 1U);
  expect_success();
}

}  // namespace
}  // namespace wib::props
