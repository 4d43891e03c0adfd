// SPDX-License-Identifier: Apache-2.0
//
// The referee: every property that it judges holds in an honest run, and is seen broken where it
// was broken on purpose: by an attack, or by a device with one wrong row in its table.
#include <gtest/gtest.h>

#include "attacks/scenarios/mitm.h"
#include "attacks/scenarios/script.h"
#include "attacks/world/referee.h"
#include "attacks/world/simulation.h"
#include "backends/registry.h"

namespace wib::props {
namespace {

using namespace attacks;  // NOLINT: the whole test is about it

// A device, and a client, that claim no more than what can be seen from outside: statuses.
class DeviceFromOutside final : public DeviceParty {
 public:
  explicit DeviceFromOutside(const SimulationConfig& config) : device_(config) {}
  void tell_time(Instant now) override { device_.tell_time(now); }
  Result<> press() override { return device_.press(); }
  Result<> restart() override { return device_.restart(); }
  Result<> wait(Instant duration) override { return device_.wait(duration); }
  Result<Exchange> exchange(ByteView request) override {
    auto exchange = device_.exchange(request);
    if (!exchange) return exchange;
    const ClaimKind kind = exchange->claim.kind;
    const bool seen = kind == ClaimKind::authenticated || kind == ClaimKind::installed;
    exchange->claim = seen ? Claim{.kind = kind, .session = exchange->claim.session} : Claim{};
    exchange->certificate.clear();
    return exchange;
  }

 private:
  SimulatedDevice device_;
};

class ClientFromOutside final : public ClientParty {
 public:
  ClientFromOutside(std::unique_ptr<ClientParty> client, bool certificate_known)
      : client_(std::move(client)), certificate_known_(certificate_known) {}
  Result<Exchange> start() override { return seen(client_->start()); }
  Result<Exchange> exchange(ByteView response) override {
    return seen(client_->exchange(response));
  }

 private:
  [[nodiscard]] Result<Exchange> seen(Result<Exchange> exchange) const {
    if (!exchange) return exchange;
    exchange->claim = {.kind = exchange->claim.kind};
    if (exchange->claim.kind == ClaimKind::accepted) exchange->claim = {};
    if (!certificate_known_) exchange->certificate.clear();
    return exchange;
  }

  std::unique_ptr<ClientParty> client_;
  bool certificate_known_;
};

// A world with what the tests vary, and the referee's word on it.
struct Arena {
  SimulationConfig config{.suite = *find_suite("as_posted"),
                          .device_backend = *backends().front(),
                          .client_backend = *backends().back()};
  std::vector<DeviceRow> table{device_table().begin(), device_table().end()};
  std::vector<Metric> metrics;

  // Replaces the rows of one (state, event).
  void plant(std::vector<DeviceRow> rows) {
    std::erase_if(table, [&](const DeviceRow& row) {
      return row.on == rows[0].on && row.event == rows[0].event;
    });
    table.insert(table.end(), rows.begin(), rows.end());
  }

  // As a real target is: seen from outside, and with `initial` as what the attacker knows.
  std::optional<std::map<std::string, ByteVector>> outside;
  bool certificate_known = true;

  World world() {
    if (!outside) return simulate(config);
    return World({.suite = config.suite,
                  .attacker_crypto = config.client_backend.crypto(),
                  .seed = attacker_seed(config.seed),
                  .initial = *outside,
                  .device = std::make_unique<DeviceFromOutside>(config),
                  .clients = [this](const std::string& name) {
                    return std::make_unique<ClientFromOutside>(
                        make_simulated_client(config, name, 0), certificate_known);
                  }});
  }

  Judgement play(const std::function<void(World&, Script&)>& play) {
    config.device_transitions = table;
    World world = this->world();
    Script script(world, metrics, {});
    play(world, script);
    Conditions conditions{.device_entropy = config.device_entropy,
                          .window = config.suite.session_policy.window(),
                          .lifetime = config.suite.session_policy.lifetime()};
    if (!outside) conditions.authenticator = config.serial;
    return judge(world, conditions, config.client_backend.certificates());
  }
};

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// As posted, nothing is bound to a transcript or to a place.
TermRef session_keys(const TermRef& peer, const TermRef& exponent, const TermRef& p) {
  return term::apply(Op::derive_keys,
                     {term::apply(Op::mod_exp, {peer, exponent, p}), term::hex({})});
}
std::map<std::string, TermRef> seal(const TermRef& keys, std::uint32_t iv,
                                    const TermRef& plaintext) {
  return attacks::seal(keys, term::hex({}), attacks::Place::auth, iv, plaintext);
}
TermRef unseal(const TermRef& keys, Script::Message message) {
  return term::apply(Op::unseal,
                     {keys, term::hex({}), term::place(attacks::Place::auth), field(message, "iv"),
                      field(message, "ciphertext"), field(message, "tag")});
}

void expect_broken(const Judgement& judgement, Property property) {
  EXPECT_EQ(judgement[property].finding, Finding::broken) << id(property);
  EXPECT_FALSE(judgement[property].witness.empty());
}

// None broken but those.
void expect_no_other(const Judgement& judgement, std::set<Property> but) {
  for (const PropertyResult& result : judgement.properties) {
    if (!but.contains(result.property)) {
      EXPECT_NE(result.finding, Finding::broken) << id(result.property) << ": " << result.witness;
    }
  }
  EXPECT_TRUE(judgement.irregularities.empty());
}

void honest(World&, Script& script) {
  script.press("");
  (void)listen(script, "owner");
}

constexpr auto closed = DeviceState::closed;
constexpr auto no_session = DeviceState::no_session;
constexpr auto await_auth = DeviceState::await_auth;
constexpr auto await_key = DeviceState::await_key;

TEST(Referee, AnHonestRunBreaksNothing) {
  Arena arena;
  const Judgement judgement = arena.play(honest);
  EXPECT_EQ(judgement.conduct, Conduct::passive);
  EXPECT_EQ(judgement[Property::r0].finding, Finding::holds);
  EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
  EXPECT_EQ(judgement[Property::s2].finding, Finding::not_applicable);
  expect_no_other(judgement, {});
  EXPECT_EQ(judgement.properties.size(), property_count);
  for (std::size_t i = 0; i < property_count; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(judgement.properties[i].property), i);
  }
}

TEST(Referee, NothingHappeningIsNoHonestRun) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) { script.press(""); });
  EXPECT_EQ(judgement[Property::r0].finding, Finding::not_applicable);
}

TEST(Referee, S1AnotherKeyIsNoTheft) {
  Arena arena;
  arena.config.initial = {"thief"};
  const Judgement judgement = arena.play([](World& world, Script& script) {
    honest(world, script);
    script.learn("key", term::initial("thief.key"));
    script.learn("certificate", term::initial("thief.certificate"));
  });
  EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
}

TEST(Referee, S2TheManInTheMiddle) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    (void)intercept(script, "owner");
  });
  EXPECT_EQ(judgement.conduct, Conduct::active);
  expect_broken(judgement, Property::s2);
  EXPECT_EQ(judgement[Property::s1].finding, Finding::not_applicable);
  EXPECT_EQ(judgement[Property::a1].finding, Finding::holds);
  ASSERT_EQ(judgement.stolen.size(), 1U);
  EXPECT_EQ(judgement.stolen[0].owner, "owner");
}

TEST(Referee, S3DetectableAConstantGenerator) {
  Arena arena;
  arena.config.device_entropy = {EntropyKind::constant, 0};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const Overheard heard = listen(script, "owner");
    // Every byte is that of the cookie.
    const TermRef cookie = field(heard.offer, "cookie");
    const TermRef exponent = term::apply(Op::concat, {cookie, cookie});
    const TermRef keys =
        session_keys(field(heard.client_share, "share"), exponent, field(heard.offer, "p"));
    EXPECT_TRUE(script.learn("bundle", unseal(keys, heard.key)));
  });
  expect_broken(judgement, Property::s3_detectable);
  EXPECT_EQ(judgement[Property::s3_prng].finding, Finding::not_applicable);
}

TEST(Referee, S3PrngASmallSeed) {
  Arena arena;
  arena.config.device_entropy = {EntropyKind::seeded, 4};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const Overheard heard = listen(script, "owner");
    for (Byte seed = 0; seed < 16; ++seed) {
      const TermRef guess = term::hex({&seed, 1});
      const TermRef exponent = term::apply(Op::stream, {guess, term::number(16), term::number(32)});
      const TermRef keys =
          session_keys(field(heard.client_share, "share"), exponent, field(heard.offer, "p"));
      if (script.value(unseal(keys, heard.key))) {
        script.learn("bundle", unseal(keys, heard.key));
      }
    }
  });
  expect_broken(judgement, Property::s3_prng);
}

TEST(Referee, A1TheDeviceNeverSawTheBundle) {
  Arena arena;
  const Judgement judgement = arena.play([](World& world, Script& script) {
    script.press("");
    const auto get = script.start("owner", "");
    const auto offer = script.forward_request(get);
    const auto share = script.forward_response(offer, "owner");
    const auto answer = script.forward_request(share);
    const auto auth = script.forward_response(answer, "owner");
    const auto result = script.forward_request(auth);
    (void)script.forward_response(result, "owner");
    world.execute({.kind = StepKind::response,
                   .client = "owner",
                   .delivery = {.status = Status::no_content}});
  });
  expect_broken(judgement, Property::a1);
  EXPECT_EQ(judgement[Property::r0].finding, Finding::not_applicable);
}

// A run of the attacker's own with `serial`, to install the thief's pair.
void own_run(Script& script, const char* serial, std::size_t auth_tries = 1) {
  const auto offer = script.request(Endpoint::get_dh, nullptr, {});
  const TermRef cookie = field(offer, "cookie");
  const TermRef p = field(offer, "p");
  const auto share = script.request(
      Endpoint::post_dh, cookie,
      {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(0, 32), p})}});
  const TermRef keys = session_keys(field(share, "share"), term::random(0, 32), p);
  for (std::size_t i = 0; i < auth_tries; ++i) {
    script.request(Endpoint::post_auth, cookie, seal(keys, 1, term::initial(serial)));
  }
  script.request(Endpoint::post_key, cookie,
                 seal(keys, 2,
                      term::apply(Op::bundle, {term::initial("thief.certificate"),
                                               term::initial("thief.key")})));
}

TEST(Referee, L1AndNotA2WhenTheSerialLeaked) {
  Arena arena;
  arena.config.initial = {"serial", "thief"};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    own_run(script, "serial");
  });
  expect_broken(judgement, Property::l1);
  EXPECT_EQ(judgement[Property::a2].finding, Finding::not_applicable);
}

// A leak is a leak by its value, whatever the scenario calls it.
TEST(Referee, L1UnderAnotherName) {
  Arena arena;
  arena.config.serial = "WIB-2015-12-0043";
  arena.config.initial = {"wrong-serial", "thief"};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    own_run(script, "wrong-serial");
  });
  expect_broken(judgement, Property::l1);
  EXPECT_EQ(judgement[Property::a2].finding, Finding::not_applicable);
}

// The keys of a session that the attacker opens itself, with draw `x`, and its cookie.
struct OwnSession {
  TermRef cookie, keys;
};

OwnSession open_session(Script& script, std::uint32_t x) {
  const auto offer = script.request(Endpoint::get_dh, nullptr, {});
  const TermRef p = field(offer, "p");
  const auto share = script.request(
      Endpoint::post_dh, field(offer, "cookie"),
      {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(x, 32), p})}});
  return {field(offer, "cookie"), session_keys(field(share, "share"), term::random(x, 32), p)};
}

void install_again(Script& script, const Intercepted& seen) {
  const OwnSession own = open_session(script, 5);
  script.request(Endpoint::post_auth, own.cookie, seal(own.keys, 6, seen.serial));
  script.request(Endpoint::post_key, own.cookie, seal(own.keys, 7, seen.bundle));
}

TermRef thief_bundle() {
  return term::apply(Op::bundle, {term::initial("thief.certificate"), term::initial("thief.key")});
}

// The serial was learnt in the run itself: nothing had leaked.
void takeover_by_recording(Script& script) {
  script.press("");
  const Intercepted seen = intercept(script, "owner");
  script.press("");
  const OwnSession own = open_session(script, 5);
  script.request(Endpoint::post_auth, own.cookie, seal(own.keys, 6, seen.serial));
  script.request(Endpoint::post_key, own.cookie, seal(own.keys, 7, thief_bundle()));
}

TEST(Referee, A2NobodyAskedForIt) {
  Arena arena;
  arena.config.initial = {"thief"};
  const Judgement judgement =
      arena.play([](World&, Script& script) { takeover_by_recording(script); });
  expect_broken(judgement, Property::a2);
  EXPECT_EQ(judgement[Property::l1].finding, Finding::not_applicable);
}

TEST(Referee, C1AKeyWithoutAuth) {
  Arena arena;
  arena.config.initial = {"wrong-serial", "thief"};
  const auto shut = Effects::drop_all | Effects::close_window;
  arena.plant(
      {{await_auth, DeviceEvent::post_key, Judged::good, Status::no_content, closed,
        Effects::install | shut},
       {await_auth, DeviceEvent::post_key, Judged::bad, Status::bad_request, closed, shut},
       {await_auth, DeviceEvent::post_key, Judged::failed, Status::bad_request, closed, shut}});
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    own_run(script, "wrong-serial", 0);
  });
  expect_broken(judgement, Property::c1);
}

TEST(Referee, C2ACookieThatSurvives401) {
  for (const bool planted : {false, true}) {
    Arena arena;
    arena.config.initial = {"wrong-serial", "serial", "thief"};
    if (planted) {
      arena.plant({{await_auth, DeviceEvent::post_auth, Judged::good, Status::no_content, await_key,
                    Effects::none},
                   {await_auth, DeviceEvent::post_auth, Judged::bad, Status::unauthorized,
                    await_auth, Effects::none},
                   {await_auth, DeviceEvent::post_auth, Judged::failed, Status::unauthorized,
                    await_auth, Effects::none}});
    }
    const Judgement judgement = arena.play([](World& world, Script& script) {
      script.press("");
      const auto offer = script.request(Endpoint::get_dh, nullptr, {});
      const TermRef cookie = field(offer, "cookie");
      const TermRef p = field(offer, "p");
      const auto share = script.request(
          Endpoint::post_dh, cookie,
          {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(0, 32), p})}});
      const TermRef keys = session_keys(field(share, "share"), term::random(0, 32), p);
      for (const char* serial : {"wrong-serial", "serial"}) {
        world.execute({.kind = StepKind::request,
                       .delivery = {.endpoint = Endpoint::post_auth,
                                    .cookie = cookie,
                                    .fields = seal(keys, 1, term::initial(serial))}});
      }
    });
    EXPECT_EQ(judgement[Property::c2].finding, planted ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, C2ACookieThatOutlivesItsTime) {
  Arena arena;
  arena.plant({{DeviceState::await_share, DeviceEvent::session_expired, Judged::any, Status::none,
                DeviceState::await_share, Effects::none}});
  const Judgement judgement = arena.play([](World& world, Script& script) {
    script.press("");
    const auto get = script.start("owner", "");
    const auto offer = script.forward_request(get);
    const auto share = script.forward_response(offer, "owner");
    world.execute({.kind = StepKind::wait, .ms = 61'000});
    script.forward_request(share);
  });
  expect_broken(judgement, Property::c2);
}

TEST(Referee, C3AWindowThatStaysOpen) {
  for (const bool planted : {false, true}) {
    Arena arena;
    arena.config.initial = {"serial"};
    if (planted) {
      arena.plant({{await_key, DeviceEvent::post_key, Judged::good, Status::no_content, closed,
                    Effects::install | Effects::drop_all | Effects::close_window},
                   {await_key, DeviceEvent::post_key, Judged::bad, Status::bad_request, no_session,
                    Effects::drop},
                   {await_key, DeviceEvent::post_key, Judged::failed, Status::bad_request,
                    no_session, Effects::drop}});
    }
    const Judgement judgement = arena.play([](World& world, Script& script) {
      script.press("");
      const auto offer = script.request(Endpoint::get_dh, nullptr, {});
      const TermRef cookie = field(offer, "cookie");
      const TermRef p = field(offer, "p");
      const auto share = script.request(
          Endpoint::post_dh, cookie,
          {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(0, 32), p})}});
      const TermRef keys = session_keys(field(share, "share"), term::random(0, 32), p);
      script.request(Endpoint::post_auth, cookie, seal(keys, 1, term::initial("serial")));
      world.execute({.kind = StepKind::request,
                     .delivery = {.endpoint = Endpoint::post_key,
                                  .cookie = cookie,
                                  .fields = seal(keys, 2, term::initial("serial"))}});
      world.execute({.kind = StepKind::request, .delivery = {.endpoint = Endpoint::get_dh}});
    });
    EXPECT_EQ(judgement[Property::c3].finding, planted ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, C4AWindowThatNeverCloses) {
  for (const bool planted : {false, true}) {
    Arena arena;
    if (planted) {
      arena.plant({{no_session, DeviceEvent::window_expired, Judged::any, Status::none, no_session,
                    Effects::none}});
    }
    const Judgement judgement = arena.play([](World& world, Script& script) {
      script.press("");
      world.execute({.kind = StepKind::wait, .ms = 400'000});
      world.execute({.kind = StepKind::request, .delivery = {.endpoint = Endpoint::get_dh}});
    });
    EXPECT_EQ(judgement[Property::c4].finding, planted ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, C5TenGuessesAndTheEleventh) {
  for (const std::size_t guesses : {10U, 11U}) {
    Arena arena;
    arena.config.initial = {"wrong-serial"};
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      script.press("");
      for (std::size_t i = 0; i < guesses; ++i) {
        const auto offer = script.request(Endpoint::get_dh, nullptr, {});
        const TermRef cookie = field(offer, "cookie");
        const TermRef p = field(offer, "p");
        const auto share = script.request(
            Endpoint::post_dh, cookie,
            {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(0, 32), p})}});
        const TermRef keys = session_keys(field(share, "share"), term::random(0, 32), p);
        world.execute({.kind = StepKind::request,
                       .delivery = {.endpoint = Endpoint::post_auth,
                                    .cookie = cookie,
                                    .fields = seal(keys, 1, term::initial("wrong-serial"))}});
      }
    });
    EXPECT_EQ(judgement[Property::c5].finding, guesses > 10 ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, D1DegenerateShares) {
  for (const Byte share : {Byte{0}, Byte{1}, Byte{2}}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const auto offer = script.request(Endpoint::get_dh, nullptr, {});
      script.request(Endpoint::post_dh, field(offer, "cookie"),
                     {{"share", term::hex({&share, 1})}});
    });
    // g itself is a good element: refusing it would stop nobody.
    EXPECT_EQ(judgement[Property::d1].finding, share < 2 ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, D1AForeignGroup) {
  Arena arena;
  const Judgement judgement = arena.play([](World& world, Script& script) {
    script.press("");
    const auto get = script.start("owner", "");
    const auto offer = script.forward_request(get);
    const Byte p[] = {23};
    const Byte g[] = {5};
    world.execute({.kind = StepKind::response,
                   .client = "owner",
                   .delivery = {.status = Status::ok,
                                .cookie = field(offer, "cookie"),
                                .fields = {{"p", term::hex(p)}, {"g", term::hex(g)}}}});
  });
  expect_broken(judgement, Property::d1);
}

TEST(Referee, F1AndA3RecorderARecordingIsTakenAgain) {
  Arena arena;
  arena.config.device_entropy = {EntropyKind::repeat, 0};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const Overheard heard = listen(script, "owner");
    script.restart("");
    script.press("");
    script.forward_request(heard.get);
    script.forward_request(heard.client_share);
    script.forward_request(heard.auth);
    script.forward_request(heard.key);
  });
  EXPECT_EQ(judgement.conduct, Conduct::recorder);
  expect_broken(judgement, Property::f1);
  expect_broken(judgement, Property::a3_recorder);
  EXPECT_EQ(judgement[Property::a3].finding, Finding::not_applicable);
}

TEST(Referee, A3TheThiefInstallsAgain) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const Intercepted seen = intercept(script, "owner");
    script.press("");
    install_again(script, seen);
  });
  expect_broken(judgement, Property::a3);
}

// A second run of the owner's excuses a second install only if it had sent its bundle by then.
TEST(Referee, A3ARunThatSentNothingExcusesNoInstall) {
  for (const bool sent : {false, true}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const Intercepted seen = intercept(script, "owner");
      script.press("");
      const auto get = script.start("owner", "");
      if (sent) {
        const auto offer = script.forward_request(get);
        const auto share = script.forward_response(offer, "owner");
        const auto auth = script.forward_response(script.forward_request(share), "owner");
        (void)script.forward_response(script.forward_request(auth), "owner");
      }
      install_again(script, seen);
    });
    EXPECT_EQ(judgement[Property::a3].finding, sent ? Finding::holds : Finding::broken);
  }
}

// --- Derivations --------------------------------------------------------------------------------

// A constant in pieces of `size` bytes.
TermRef in_pieces(ByteView bytes, std::size_t size) {
  TermRef whole = term::hex({});
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    const ByteView piece = bytes.subspan(at, std::min(size, bytes.size() - at));
    whole = term::apply(Op::concat, {whole, term::hex(piece)});
  }
  return whole;
}

TEST(Derivation, AConstantIsNone) {
  for (const std::size_t piece : {4096U, 8U, 1U}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      honest(world, script);
      script.learn("key", in_pieces(identity("owner").private_key, piece));
    });
    EXPECT_FALSE(judgement.irregularities.empty());
    EXPECT_TRUE(judgement.stolen.empty());
    EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
  }
}

TEST(Derivation, WhatIsDeliveredIsOneToo) {
  for (const std::size_t size : {8U, 9U}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const auto offer = script.request(Endpoint::get_dh, nullptr, {});
      script.request(Endpoint::post_dh, field(offer, "cookie"),
                     {{"share", term::hex(ByteVector(size, 7))}});
    });
    EXPECT_EQ(judgement.irregularities.size(), size > 8 ? 1U : 0U);
  }
}

// Two messages that are in order each, and their sum that is not.
TEST(Derivation, AConstantThatWentOverTheWireIsStillOne) {
  for (const bool by_raw : {false, true}) {
    for (const bool both : {false, true}) {
      Arena arena;
      const Judgement judgement = arena.play([&](World& world, Script& script) {
        script.press("");
        const auto offer = script.request(Endpoint::get_dh, nullptr, {});
        TermRef sum = field(offer, "p");
        for (int i = 0; i < (both ? 2 : 1); ++i) {
          const LoggedStep& logged =
              world.execute({.kind = StepKind::request,
                             .delivery = {.endpoint = Endpoint::post_dh,
                                          .cookie = field(offer, "cookie"),
                                          .fields = {{"share", term::hex(ByteVector(8, 7))}}}});
          sum = term::apply(Op::concat, {sum, field(*logged.delivered, by_raw ? "raw" : "share")});
        }
        EXPECT_TRUE(script.learn("sum", sum));
      });
      EXPECT_EQ(judgement.irregularities.size(), both ? 1U : 0U);
    }
  }
}

// A client says the cookie that it was given.
TEST(Derivation, AConstantThatAClientSaysAgainIsStillOne) {
  for (const std::size_t more : {0U, 1U}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const auto offer = script.forward_request(script.start("owner", ""));
      const TermRef cookie =
          term::apply(Op::concat, {term::hex(ByteVector(8, 7)), term::random(0, cookie_size - 8)});
      // The offer again, with another cookie.
      const auto share =
          script.respond("owner", {{"p", field(offer, "p")}, {"g", field(offer, "g")}}, "", cookie);
      ASSERT_TRUE(script.going());
      EXPECT_TRUE(script.learn(
          "cookie",
          term::apply(Op::concat, {field(share, "cookie"), term::hex(ByteVector(more, 7))})));
    });
    EXPECT_EQ(judgement.irregularities.size(), more);
  }
}

// Draws are the attacker's to choose among: nine of a byte each spell anything.
TEST(Derivation, ShortDrawsAreASpelling) {
  for (const std::uint32_t draws : {8U, 9U}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      TermRef spelt = term::random(7, 1);
      for (std::uint32_t i = 1; i < draws; ++i) {
        spelt = term::apply(Op::concat, {spelt, term::random(100 + i, 1)});
      }
      EXPECT_TRUE(script.learn("spelt", spelt));
      EXPECT_TRUE(script.learn("drawn", term::random(0, 32)));
    });
    EXPECT_EQ(judgement.irregularities.size(), draws - 8);
  }
}

// A trace that may come from anybody does not keep us stretching a code.
TEST(Derivation, StretchingHasABound) {
  Arena arena;
  (void)arena.play([](World&, Script& script) {
    const auto registered = [&](std::uint32_t iterations) {
      return script.value(term::apply(
          Op::pake_register,
          {term::random(0, 10), term::hex({}), term::random(1, 16), term::number(iterations)}));
    };
    EXPECT_TRUE(registered(1'000));
    const auto refused = registered(30'000'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (Error{Errc::capacity, "term: too much PBKDF2"}));
  });
}

// A seed may be said as often as it is needed; slices of a stream must be as long as draws, or a
// stream is a way to spell.
TEST(Derivation, ASeedIsOneAndASpellingIsNone) {
  const TermRef seed = term::hex(seed_bytes(0x0123'4567'89ab'cdef));
  const auto slice = [&](const TermRef& of, std::uint32_t offset, std::uint32_t size) {
    return term::apply(Op::stream, {of, term::number(offset), term::number(size)});
  };
  const auto irregularities = [&](const TermRef& left, const TermRef& right) {
    Arena arena;
    return arena
        .play([&](World&, Script& script) {
          EXPECT_TRUE(script.learn("two", term::apply(Op::concat, {left, right})));
        })
        .irregularities.size();
  };
  EXPECT_EQ(irregularities(slice(seed, 0, 16), slice(seed, 16, 32)), 0U);
  EXPECT_EQ(irregularities(slice(seed, 0, 16), slice(term::hex(seed_bytes(1)), 16, 32)), 1U);
  EXPECT_EQ(irregularities(slice(term::hex(seed_bytes(0xffff)), 0, 16),
                           slice(term::hex(seed_bytes(0xfffe)), 0, 16)),
            0U);
  EXPECT_EQ(irregularities(slice(seed, 99, 1), slice(seed, 3, 1)), 1U);
  EXPECT_EQ(irregularities(slice(seed, 0x10000, 16), slice(seed, 0, 16)), 1U);
}

// What the attacker had before, in whichever form, it did not steal.
TEST(Derivation, AKeyThatTheAttackerHadBeforeIsNotStolen) {
  const Identity& owner = identity("owner");
  const ByteVector key = to_vector(owner.private_key);
  ByteVector inside = {1, 2, 3};
  inside.insert(inside.end(), key.begin(), key.end());
  ByteVector bundle(max_bundle_size);
  bundle.resize(write_bundle({owner.certificate, owner.private_key}, bundle)->size());
  // The same key, written without its public half.
  ByteVector shorter =
      *from_hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");
  shorter.insert(shorter.end(), key.begin() + 36, key.begin() + 68);
  const std::map<std::string, ByteVector> forms = {
      {"itself", key},
      {"shorter", shorter},
      {"inside", inside},
      {"bundle", bundle},
      {"part", ByteVector(key.begin() + 20, key.begin() + 60)}};
  for (const auto& [name, value] : forms) {
    Arena arena;
    arena.outside = {{{name, value}, {"certificate", to_vector(owner.certificate)}}};
    const Judgement judgement = arena.play([](World&, Script& script) {
      script.press("");
      (void)intercept(script, "owner");
    });
    EXPECT_EQ(judgement.irregularities.size(), 1U) << name;
    EXPECT_TRUE(judgement.stolen.empty()) << name;
    EXPECT_EQ(judgement[Property::s2].finding, Finding::holds) << name;
  }
  Arena arena;
  arena.config.initial = {"owner"};
  const Judgement judgement = arena.play([](World& world, Script& script) {
    honest(world, script);
    script.learn("key", term::initial("owner.key"));
  });
  EXPECT_EQ(judgement.irregularities.size(), 1U);
  EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
}

// --- Conduct ------------------------------------------------------------------------------------

// Every message of two honest runs, turn by turn, as fast as each goes.
TEST(Conduct, TwoHonestClientsAtOnceArePassive) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const auto one = script.start("owner", "");
    const auto two = script.start("owner-rsa", "");
    const auto offer_two = script.forward_request(two);
    const auto offer_one = script.forward_request(one);
    const auto share_one = script.forward_response(offer_one, "owner");
    const auto share_two = script.forward_response(offer_two, "owner-rsa");
    const auto auth_two = script.forward_response(script.forward_request(share_two), "owner-rsa");
    const auto auth_one = script.forward_response(script.forward_request(share_one), "owner");
    (void)script.forward_request(auth_two);
    const auto key_one = script.forward_response(script.forward_request(auth_one), "owner");
    script.forward_last_response(script.forward_request(key_one), "owner");
    EXPECT_TRUE(script.going());
  });
  EXPECT_EQ(judgement.conduct, Conduct::passive);
  EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
  expect_no_other(judgement, {});
}

TEST(Conduct, ARepeatIsNotPassive) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const auto get = script.start("owner", "");
    script.forward_request(get);
    script.forward_request(get);
  });
  EXPECT_EQ(judgement.conduct, Conduct::recorder);
}

TEST(Conduct, AnotherAddresseeIsNotPassive) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const auto one = script.start("owner", "");
    (void)script.start("owner-rsa", "");
    script.forward_response(script.forward_request(one), "owner-rsa");
  });
  EXPECT_EQ(judgement.conduct, Conduct::recorder);
}

TEST(Conduct, AnAnswerToAnEarlierRunIsNotPassive) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const auto offer = script.forward_request(script.start("owner", ""));
    (void)script.start("owner", "");
    script.forward_response(offer, "owner");
  });
  EXPECT_EQ(judgement.conduct, Conduct::recorder);
}

TEST(Conduct, OneMessageOfItsOwnIsActive) {
  Arena arena;
  const Judgement judgement = arena.play([](World& world, Script& script) {
    honest(world, script);
    world.execute({.kind = StepKind::request, .delivery = {.endpoint = Endpoint::get_dh}});
  });
  EXPECT_EQ(judgement.conduct, Conduct::active);
}

// What a generator gave before it failed was good.
TEST(Conduct, AGeneratorThatFailsIsNotWeak) {
  Arena arena;
  arena.config.device_entropy = {EntropyKind::failing, 100'000};
  const Judgement judgement = arena.play(honest);
  EXPECT_EQ(judgement[Property::s1].finding, Finding::holds);
  EXPECT_EQ(judgement[Property::s3_prng].finding, Finding::not_applicable);
}

// --- Agreement ----------------------------------------------------------------------------------

// A run of `client` until key.wib is sent; the attacker answers that one itself.
void completed_by_the_attacker(World& world, Script& script, const std::string& client) {
  const auto offer = script.forward_request(script.start(client, ""));
  const auto share = script.forward_response(offer, client);
  const auto auth = script.forward_response(script.forward_request(share), client);
  (void)script.forward_response(script.forward_request(auth), client);
  world.execute(
      {.kind = StepKind::response, .client = client, .delivery = {.status = Status::no_content}});
}

TEST(Referee, A1AnInstallOfAnEarlierRunIsNone) {
  for (const bool heard : {false, true}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      script.press("");
      const auto offer = script.forward_request(script.start("owner", ""));
      const auto share = script.forward_response(offer, "owner");
      const auto auth = script.forward_response(script.forward_request(share), "owner");
      const auto key = script.forward_response(script.forward_request(auth), "owner");
      const auto done = script.forward_request(key);
      if (heard) script.forward_last_response(done, "owner");
      script.press("");
      completed_by_the_attacker(world, script, "owner");
    });
    expect_broken(judgement, Property::a1);
    EXPECT_EQ(judgement[Property::r0].finding, heard ? Finding::holds : Finding::not_applicable);
  }
}

// Two runs with one bundle, both under way when it is installed: the install is of one of them.
TEST(Referee, A1OneInstallIsForOneCompletion) {
  for (const bool second : {false, true}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      script.press("");
      const auto other = script.start("owner/2", "");
      (void)listen(script, "owner");
      script.press("");
      const auto offer = script.forward_request(other);
      const auto share = script.forward_response(offer, "owner/2");
      const auto auth = script.forward_response(script.forward_request(share), "owner/2");
      const auto key = script.forward_response(script.forward_request(auth), "owner/2");
      if (second) {
        script.forward_last_response(script.forward_request(key), "owner/2");
      } else {
        world.execute({.kind = StepKind::response,
                       .client = "owner/2",
                       .delivery = {.status = Status::no_content}});
      }
      EXPECT_TRUE(script.going());
    });
    EXPECT_EQ(judgement[Property::a1].finding, second ? Finding::holds : Finding::broken);
  }
}

// --- Sessions -----------------------------------------------------------------------------------

// Between auth and key.wib the session ends; the window that opens or stays is not the old one's.
TEST(Referee, C3ASessionThatIsGoneClosesNothing) {
  for (const StepKind between : {StepKind::press, StepKind::wait, StepKind::restart}) {
    Arena arena;
    arena.config.initial = {"serial", "thief"};
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      script.press("");
      const OwnSession own = open_session(script, 0);
      script.request(Endpoint::post_auth, own.cookie, seal(own.keys, 1, term::initial("serial")));
      world.execute({.kind = between, .ms = 60'000});
      if (between == StepKind::restart) script.press("");
      EXPECT_FALSE(
          script.try_request(Endpoint::post_key, own.cookie, seal(own.keys, 2, thief_bundle())));
      EXPECT_TRUE(script.try_request(Endpoint::get_dh, nullptr, {}));
    });
    expect_no_other(judgement, {});
  }
}

// The device's clock is the world's: a session ends at its time to the millisecond, whatever else
// happened meanwhile, and the referee agrees.
TEST(Referee, OneClock) {
  for (const int early : {0, 1}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World& world, Script& script) {
      script.press("");
      const auto offer = script.forward_request(script.start("owner", ""));
      const Instant issued = world.log().steps.back().at;
      const auto share = script.forward_response(offer, "owner");
      for (int i = 0; i < 500; ++i) script.check(term::hex({}), term::hex({}));
      // The wait and the request take a millisecond each.
      const Instant left = issued + std::chrono::minutes(1) - world.log().steps.back().at;
      world.execute(
          {.kind = StepKind::wait, .ms = static_cast<std::uint32_t>(left.count() - 2 - early)});
      const LoggedStep& late =
          world.execute({.kind = StepKind::request, .delivery = {.forward = share}});
      EXPECT_EQ(late.at, issued + std::chrono::minutes(1) - std::chrono::milliseconds(early));
      EXPECT_EQ(late.status, early == 0 ? Status::unauthorized : Status::ok);
    });
    expect_no_other(judgement, {});
  }
}

TEST(Referee, C5WhatADeadCookieIsToldIsNoGuess) {
  Arena arena;
  arena.config.initial = {"wrong-serial"};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const OwnSession own = open_session(script, 0);
    for (int i = 0; i < 12; ++i) {
      script.try_request(Endpoint::post_auth, own.cookie,
                         seal(own.keys, 1, term::initial("wrong-serial")));
    }
  });
  EXPECT_EQ(judgement[Property::c5].finding, Finding::holds);
}

// A device that keeps the session after 401 is told on by its own claims: each answer is a guess.
TEST(Referee, C5GuessesInOneSession) {
  Arena arena;
  arena.config.initial = {"wrong-serial"};
  arena.plant({{await_auth, DeviceEvent::post_auth, Judged::good, Status::no_content, await_key,
                Effects::none},
               {await_auth, DeviceEvent::post_auth, Judged::bad, Status::unauthorized, await_auth,
                Effects::none}});
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const OwnSession own = open_session(script, 0);
    for (int i = 0; i < 11; ++i) {
      script.try_request(Endpoint::post_auth, own.cookie,
                         seal(own.keys, 1, term::initial("wrong-serial")));
    }
  });
  expect_broken(judgement, Property::c5);
}

// The owner gets through once the sessions of a flood have had their time; a device that never ends
// a session turns the owner away for good.
TEST(Referee, W1AfterTheFlood) {
  for (const bool planted : {false, true}) {
    Arena arena;
    if (planted) {
      arena.plant({{DeviceState::await_share, DeviceEvent::session_expired, Judged::any,
                    Status::none, DeviceState::await_share, Effects::none}});
    }
    const Judgement judgement = arena.play([](World& world, Script& script) {
      script.press("");
      for (int i = 0; i < 9; ++i) script.try_request(Endpoint::get_dh, nullptr, {});
      world.execute({.kind = StepKind::wait, .ms = 60'000});
      (void)listen(script, "owner");
    });
    EXPECT_EQ(judgement[Property::w1].finding, planted ? Finding::broken : Finding::holds);
  }
}

TEST(Referee, W1NoFlood) {
  Arena arena;
  EXPECT_EQ(arena.play(honest)[Property::w1].finding, Finding::not_applicable);
}

// --- Groups -------------------------------------------------------------------------------------

TEST(Referee, D1ADegenerateGenerator) {
  for (const Byte g : {Byte{0}, Byte{1}, Byte{2}, Byte{5}}) {
    Arena arena;
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const auto offer = script.forward_request(script.start("owner", ""));
      script.respond("owner", {{"p", field(offer, "p")}, {"g", term::hex({&g, 1})}}, "",
                     field(offer, "cookie"));
      EXPECT_TRUE(script.going());
    });
    EXPECT_EQ(judgement[Property::d1].finding, g == 2 ? Finding::holds : Finding::broken) << int{g};
    if (g < 2) {
      EXPECT_NE(judgement[Property::d1].witness.find("generator"), std::string::npos);
    }
  }
}

// A share is judged by the group of its own session.
TEST(Referee, D1ASharesOwnGroup) {
  static constexpr Byte p[] = {23};
  static constexpr Byte g[] = {5};
  for (const Byte share : {Byte{21}, Byte{22}, Byte{23}, Byte{24}}) {
    Arena arena;
    arena.config.group = {p, g};
    const Judgement judgement = arena.play([&](World&, Script& script) {
      script.press("");
      const auto offer = script.request(Endpoint::get_dh, nullptr, {});
      script.request(Endpoint::post_dh, field(offer, "cookie"),
                     {{"share", term::hex({&share, 1})}});
      EXPECT_TRUE(script.going());
    });
    EXPECT_EQ(judgement[Property::d1].finding, share < 22 ? Finding::holds : Finding::broken)
        << int{share};
  }
}

// --- From outside -------------------------------------------------------------------------------

constexpr auto by_bundle = {Property::r0, Property::a1, Property::a2, Property::a3};

TEST(FromOutside, TheManInTheMiddle) {
  Arena arena;
  arena.outside.emplace();
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    (void)intercept(script, "owner");
  });
  expect_broken(judgement, Property::s2);
  for (const Property property : by_bundle) {
    EXPECT_EQ(judgement[property].finding, Finding::holds) << id(property);
  }
  EXPECT_EQ(judgement[Property::c5].finding, Finding::not_applicable);
}

TEST(FromOutside, AnHonestRun) {
  Arena arena;
  arena.outside.emplace();
  const Judgement judgement = arena.play(honest);
  for (const Property property : by_bundle) {
    EXPECT_EQ(judgement[property].finding, Finding::holds) << id(property);
  }
  expect_no_other(judgement, {});
}

TEST(FromOutside, WithoutACertificateBundlesAreNotJudged) {
  Arena arena;
  arena.outside.emplace();
  arena.certificate_known = false;
  const Judgement judgement = arena.play(honest);
  for (const Property property : by_bundle) {
    EXPECT_EQ(judgement[property].finding, Finding::not_applicable) << id(property);
    EXPECT_NE(judgement[property].witness.find("cannot be judged"), std::string::npos);
  }
}

TEST(FromOutside, Takeovers) {
  const Identity& thief = identity("thief");
  const std::map<std::string, ByteVector> pair = {
      {"thief.certificate", to_vector(thief.certificate)},
      {"thief.key", to_vector(thief.private_key)}};
  Arena leaked;
  leaked.outside = pair;
  (*leaked.outside)["serial"] = to_vector(as_bytes(leaked.config.serial));
  const Judgement known = leaked.play([](World&, Script& script) {
    script.press("");
    own_run(script, "serial");
  });
  expect_broken(known, Property::l1);
  EXPECT_EQ(known[Property::a2].finding, Finding::not_applicable);
  Arena recorded;
  recorded.outside = pair;
  const Judgement unknown =
      recorded.play([](World&, Script& script) { takeover_by_recording(script); });
  expect_broken(unknown, Property::a2);
  EXPECT_EQ(unknown[Property::l1].finding, Finding::not_applicable);
}

TEST(FromOutside, TheDeviceNeverSawTheBundle) {
  Arena arena;
  arena.outside.emplace();
  const Judgement judgement = arena.play([](World& world, Script& script) {
    script.press("");
    completed_by_the_attacker(world, script, "owner");
  });
  expect_broken(judgement, Property::a1);
}

TEST(FromOutside, TheThiefInstallsAgain) {
  Arena arena;
  arena.outside.emplace();
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const Intercepted seen = intercept(script, "owner");
    script.press("");
    install_again(script, seen);
  });
  expect_broken(judgement, Property::a3);
}

// Its clock is not the world's: nothing is told from time.
TEST(FromOutside, TimeIsTheDevicesOwn) {
  Arena arena;
  arena.outside.emplace();
  arena.plant({{DeviceState::await_share, DeviceEvent::session_expired, Judged::any, Status::none,
                DeviceState::await_share, Effects::none}});
  const Judgement judgement = arena.play([](World& world, Script& script) {
    script.press("");
    const auto offer = script.forward_request(script.start("owner", ""));
    const auto share = script.forward_response(offer, "owner");
    world.execute({.kind = StepKind::wait, .ms = 61'000});
    script.forward_request(share);
    EXPECT_TRUE(script.going());
  });
  expect_no_other(judgement, {});
}

}  // namespace
}  // namespace wib::props
