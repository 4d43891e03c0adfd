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

// A world with what the tests vary, and the referee's word on it.
struct Arena {
  SimulationConfig config{.suite = *find_suite("as_posted"),
                          .device_backend = *backends().front(),
                          .client_backend = *backends().back()};
  std::vector<DeviceRow> table{as_posted_device().begin(), as_posted_device().end()};
  std::vector<Metric> metrics;

  // Replaces the rows of one (state, event).
  void plant(std::vector<DeviceRow> rows) {
    std::erase_if(table, [&](const DeviceRow& row) {
      return row.on == rows[0].on && row.event == rows[0].event;
    });
    table.insert(table.end(), rows.begin(), rows.end());
  }

  Judgement play(const std::function<void(World&, Script&)>& play) {
    config.device_transitions = table;
    World world = simulate(config);
    Script script(world, metrics, {});
    play(world, script);
    log = world.log();
    const Conditions conditions{.device_entropy = config.device_entropy,
                                .window = config.suite.session_policy.window(),
                                .lifetime = config.suite.session_policy.lifetime()};
    return judge(world, conditions, config.client_backend.certificates());
  }

  Log log;
};

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

TEST(Referee, S1AKeyThatTheAttackerHadBefore) {
  Arena arena;
  arena.config.initial = {"owner"};
  const Judgement judgement = arena.play([](World& world, Script& script) {
    honest(world, script);
    script.learn("key", term::initial("owner.key"));
  });
  expect_broken(judgement, Property::s1);
  expect_no_other(judgement, {Property::s1});
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

// The attacker's own run where it knows the serial under another name: the leak is not declared.
TEST(Referee, A2NobodyAskedForIt) {
  Arena arena;
  arena.config.serial = "WIB-2015-12-0043";
  arena.config.initial = {"wrong-serial", "thief"};
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    own_run(script, "wrong-serial");
  });
  expect_broken(judgement, Property::a2);
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
    const auto offer = script.request(Endpoint::get_dh, nullptr, {});
    const TermRef cookie = field(offer, "cookie");
    const TermRef p = field(offer, "p");
    const auto share = script.request(
        Endpoint::post_dh, cookie,
        {{"share", term::apply(Op::mod_exp, {field(offer, "g"), term::random(5, 32), p})}});
    const TermRef keys = session_keys(field(share, "share"), term::random(5, 32), p);
    script.request(Endpoint::post_auth, cookie, seal(keys, 6, seen.serial));
    script.request(Endpoint::post_key, cookie, seal(keys, 7, seen.bundle));
  });
  expect_broken(judgement, Property::a3);
}

TEST(Referee, AConstantIsNoDerivation) {
  Arena arena;
  const Judgement judgement = arena.play([](World& world, Script& script) {
    honest(world, script);
    script.learn("key", term::hex(identity("owner").private_key));
  });
  EXPECT_FALSE(judgement.irregularities.empty());
}

TEST(Referee, ConductOutOfOrderIsNotPassive) {
  Arena arena;
  const Judgement judgement = arena.play([](World&, Script& script) {
    script.press("");
    const auto get = script.start("owner", "");
    script.forward_request(get);
    script.forward_request(get);
  });
  EXPECT_EQ(judgement.conduct, Conduct::recorder);
}

}  // namespace
}  // namespace wib::props
