// SPDX-License-Identifier: Apache-2.0
//
// Code -> model: whatever the code did, the model can do as well. Logs come from every attack on
// every suite of the table of defences, and from walks at random (which know no protocol, and so
// come to where no script goes). What the code must not do, done by code that is broken on purpose,
// is refused at the step where it happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "attacks/scenarios/runner.h"
#include "attacks/scenarios/sides.h"
#include "models/bridge/accept.h"
#include "models/trace_walk.h"

namespace wib::models {
namespace {

using attacks::Run;
using attacks::RunOptions;
using attacks::Script;
using attacks::StepKind;
namespace term = attacks::term;

Suite suite_named(std::string_view name, std::string_view reading = {}) {
  const auto suite = parse_suite(name, reading);
  if (!suite) throw std::runtime_error(std::string(suite.error().where));
  return *suite;
}

std::string run(const attacks::Scenario& scenario, const Suite& suite,
                std::span<const DeviceRow> device = device_table(),
                std::span<const ClientRow> client = client_table()) {
  return attacks::run_scenario(scenario, RunOptions{.suite = suite,
                                                    .device_backend = backend(),
                                                    .client_backend = backend(),
                                                    .device_transitions = device,
                                                    .client_transitions = client})
      .trace;
}

// What the models say of traces, in order. Each log has its time limit.
std::vector<Acceptance> judge(const std::vector<std::string>& traces,
                              const std::vector<std::string>& names) {
  constexpr double limit = 0.3 * 3;  // seconds a log, and slack
  std::vector<Log> logs;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    auto log = read_log(traces[i]);
    if (!log) {
      ADD_FAILURE() << names[i] << ": " << log.error();
      return {};
    }
    logs.push_back(std::move(*log));
  }
  const auto verdicts = accept(logs, project_model());
  if (!verdicts) {
    ADD_FAILURE() << verdicts.error();
    return {};
  }
  double slowest = 0;
  std::size_t events = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    slowest = std::max(slowest, (*verdicts)[i].seconds);
    events += logs[i].events.size();
  }
  EXPECT_LE(slowest, limit);
  std::cout << logs.size() << " logs, " << events << " events, slowest log " << slowest << " s\n";
  return *verdicts;
}

void expect_all_accepted(const std::vector<std::string>& traces,
                         const std::vector<std::string>& names) {
  const auto verdicts = judge(traces, names);
  ASSERT_EQ(verdicts.size(), traces.size());
  for (std::size_t i = 0; i < traces.size(); ++i) {
    EXPECT_TRUE(verdicts[i].accepted) << names[i] << ": " << verdicts[i].stuck;
  }
}

// --- Attacks -----------------------------------------------------------------------------------

std::vector<std::string> all_suites() {
  const auto names = attacks::expected_suites();
  return {names.begin(), names.end()};
}

class AttackTrace : public testing::TestWithParam<std::string> {};

// All but those that search for a long time (`once`), whose steps are those of the shorter search.
TEST_P(AttackTrace, IsAccepted) {
  const Suite suite = suite_named(GetParam());
  std::vector<std::string> traces, names;
  for (const attacks::Scenario& scenario : attacks::scenarios()) {
    const auto expected = attacks::expectation(scenario, GetParam());
    if (scenario.once || !expected || !expected->outcome()) continue;
    traces.push_back(run(scenario, suite));
    names.push_back(scenario.id());
  }
  ASSERT_GE(traces.size(), 15U);
  expect_all_accepted(traces, names);
}
INSTANTIATE_TEST_SUITE_P(Suites, AttackTrace, testing::ValuesIn(all_suites()),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

// --- Walks -------------------------------------------------------------------------------------

class WalkTrace : public testing::TestWithParam<std::string> {};

TEST_P(WalkTrace, IsAccepted) {
  const Suite suite = suite_named(GetParam());
  std::vector<std::string> traces, names;
  for (const char* entropy : {"full", "full", "full", "seeded:16", "failing:640", "constant"}) {
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned seed = static_cast<unsigned>(traces.size()) + 1;
      traces.push_back(Walk(suite, entropy, seed).trace(100));
      names.push_back(std::string(entropy) + " walk " + std::to_string(seed));
    }
  }
  expect_all_accepted(traces, names);
}
INSTANTIATE_TEST_SUITE_P(Suites, WalkTrace, testing::ValuesIn(all_suites()), [](const auto& test) {
  std::string name = test.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

// Walks come to every request's row but those that nobody can come to: of a closed window (nobody
// listens), of failures, of exhausted attempts. A row that answers something else is seen.
TEST(EditedTable, IsSeenByWalks) {
  const auto rows = device_table();
  std::vector<std::string> traces, names;
  std::set<std::string> edits;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool seldom = rows[i].judged == Judged::failed || rows[i].judged == Judged::exhausted;
    if (seldom || rows[i].on == DeviceState::closed || rows[i].status == Status::none) continue;
    std::vector<DeviceRow> table(rows.begin(), rows.end());
    table[i].status = rows[i].status == Status::conflict ? Status::unauthorized : Status::conflict;
    for (const char* name : {"as_posted", "hardened"}) {
      const Suite suite = suite_named(name);
      if (!suite.traits().has(rows[i].when)) continue;
      const std::string edit = std::string(name) + ": " + std::string(wib::name(rows[i].on)) + " " +
                               std::string(wib::name(rows[i].event)) + " " +
                               std::string(wib::name(rows[i].judged));
      // With one session at a time a GET that names it is turned away; with several, hardly any is.
      const bool get =
          rows[i].event == DeviceEvent::get_dh && rows[i].on != DeviceState::no_session;
      if (get && (rows[i].judged == Judged::good) == suite.session_policy.strict()) continue;
      if (rows[i].event == DeviceEvent::get_dh && rows[i].judged == Judged::bad && !get) continue;
      if (get && rows[i].judged == Judged::bad && !suite.session_policy.strict()) continue;
      edits.insert(edit);
      for (unsigned seed = 1; seed <= 40; ++seed) {
        traces.push_back(Walk(suite, "full", seed, table).trace(200));
        names.push_back(edit);
      }
    }
  }
  EXPECT_GE(edits.size(), 25U);
  const auto verdicts = judge(traces, names);
  ASSERT_EQ(verdicts.size(), traces.size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (!verdicts[i].accepted) edits.erase(names[i]);
  }
  // As posted every share is taken; what is refused is no CBOR, which no step can make.
  EXPECT_THAT(edits, testing::ElementsAre("as_posted: await_share post_dh bad"));
}

// --- Limits ------------------------------------------------------------------------------------

// The first of them is over after a minute, to the millisecond.
TEST(LimitTrace, NineSessionsAtOnce) {
  const Suite suite = suite_named("as_posted");
  const attacks::SimulationConfig config{
      .suite = suite, .device_backend = backend(), .client_backend = backend(), .initial = {}};
  for (const bool over : {false, true}) {
    attacks::World world = attacks::simulate(config);
    world.execute({.kind = StepKind::press});
    for (int i = 0; i < 9; ++i) world.execute({.kind = StepKind::request});
    ASSERT_EQ(world.log().steps.back().status, Status::service_unavailable);
    world.execute({.kind = StepKind::wait, .ms = over ? 59'990U : 59'989U});
    world.execute({.kind = StepKind::request});
    ASSERT_EQ(world.log().steps.back().status, over ? Status::ok : Status::service_unavailable);
    expect_all_accepted({trace_of(world, config)}, {"nine sessions"});
  }
}

// A hundred guesses, ten a press, whatever there was before the last success; then a press opens
// nothing, and a long press does, for ten more.
TEST(LimitTrace, AHundredGuesses) {
  const std::array names = {"hardened", "hardened+key_exchange=plain_dh", "as_posted"};
  for (std::size_t run = 0; run < 2 * names.size(); ++run) {
    const char* const name = names[run / 2];
    const bool after_success = run % 2 != 0;
    const Suite suite = suite_named(name);
    const attacks::SimulationConfig config{.suite = suite,
                                           .device_backend = backend(),
                                           .client_backend = backend(),
                                           .initial = {"wrong-serial", "wrong-code"}};
    attacks::World world = attacks::simulate(config);
    std::vector<attacks::Metric> metrics;
    const auto guess = [&] {
      Script script(world, metrics, {});
      attacks::AsClient own(script, 0,
                            {term::initial("wrong-serial"), term::initial("wrong-code")});
      own.open();
      own.share();
      own.prove("", true);
    };
    const auto guess_until = [&](int presses) {
      for (int press = 0; press < presses; ++press) {
        world.execute({.kind = StepKind::press});
        for (int i = 0; i < 11; ++i) guess();
      }
    };
    if (after_success) {
      guess_until(3);
      world.execute({.kind = StepKind::press});
      Script script(world, metrics, {});
      (void)attacks::listen(script, "owner");
    }
    guess_until(11);
    for (int press = 0; press < 2; ++press) {
      world.execute({.kind = StepKind::long_press});
      for (int i = 0; i < 11; ++i) guess();
    }
    world.execute({.kind = StepKind::press});
    guess();
    const bool limited = choice_name(suite, 6) == "limited";
    EXPECT_EQ(world.log().steps.back().connection_refused, limited) << name;
    expect_all_accepted({trace_of(world, config)}, {name});
  }
}

// --- Code that is broken on purpose ------------------------------------------------------------

std::vector<DeviceRow> device_with(DeviceState on, DeviceEvent event, Judged judged,
                                   const std::function<void(DeviceRow&)>& edit) {
  std::vector<DeviceRow> rows(device_table().begin(), device_table().end());
  int edited = 0;
  for (DeviceRow& row : rows) {
    if (row.on != on || row.event != event || row.judged != judged) continue;
    edit(row);
    ++edited;
  }
  EXPECT_GT(edited, 0);
  return rows;
}

// A script of the test's own, as a scenario.
std::string run_script(const std::function<void(Script&)>& script, const Suite& suite,
                       std::span<const DeviceRow> device = device_table(),
                       std::span<const ClientRow> client = client_table(),
                       std::string_view entropy = "full") {
  attacks::Scenario scenario = attacks::scenarios().front();
  scenario.device_entropy = *attacks::EntropyProfile::parse(entropy);
  scenario.initial = {"serial"};
  scenario.run = script;
  return run(scenario, suite, device, client);
}

std::string stuck(const std::string& trace) {
  const auto log = read_log(trace);
  if (!log) return "no log: " + log.error();
  const auto verdict = accept(*log, project_model());
  if (!verdict) return "no verdict: " + verdict.error();
  return verdict->accepted ? "accepted" : verdict->stuck;
}

const attacks::Scenario& scenario_named(std::string_view id) {
  const auto all = attacks::scenarios();
  const auto found = std::ranges::find(all, id, &attacks::Scenario::id);
  if (found == all.end()) throw std::runtime_error("no such scenario");
  return *found;
}

// The client's own messages up to auth.wib reach the device; gives what is needed to go on.
struct Begun {
  Script::Message offer, auth;
};
Begun begin_run(Script& script) {
  script.press("");
  const auto get = script.start("owner", "");
  const auto offer = script.forward_request(get);
  const auto share = script.forward_response(offer, "owner");
  const auto answer = script.forward_request(share);
  return {offer, script.forward_response(answer, "owner")};
}
TEST(BrokenCode, CookieThatOutlivesA401) {
  const auto table =
      device_with(DeviceState::await_auth, DeviceEvent::post_auth, Judged::bad, [](DeviceRow& row) {
        row.next = DeviceState::await_auth;
        row.effects = Effects::none;
      });
  // It shows where the session is spoken to again: key.wib after the 401 is out of order, and auth
  // is heard.
  EXPECT_EQ(stuck(run(scenario_named("D14.wrong-serial"), suite_named("as_posted"), table)),
            "step 5: post-key with ck(d, 0) was answered 409; the model of as_posted has: 401");
  for (const char* name : {"as_posted", "hardened"}) {
    const Suite suite = suite_named(name);
    const auto guess_first = [&suite](Script& script) {
      const Begun begun = begin_run(script);
      (void)script.try_request(Endpoint::post_auth, attacks::field(begun.offer, "cookie"),
                               junk(suite, Endpoint::post_auth));
      script.forward_request(begun.auth);
    };
    EXPECT_EQ(stuck(run_script(guess_first, suite)), "accepted");
    EXPECT_EQ(stuck(run_script(guess_first, suite, table)),
              "step 8: post-auth with ck(d, 0) was answered 204; the model of " +
                  std::string(name) + " has: 401");
  }
}

TEST(BrokenCode, WindowThatStaysOpen) {
  const auto table =
      device_with(DeviceState::await_key, DeviceEvent::post_key, Judged::good, [](DeviceRow& row) {
        row.next = DeviceState::no_session;
        row.effects = Effects::install | Effects::drop_all;
      });
  for (const char* name : {"as_posted", "hardened"}) {
    const auto ask_again = [](Script& script) {
      script.press("");
      (void)attacks::listen(script, "owner");
      (void)script.try_request(Endpoint::get_dh, nullptr, {});
    };
    EXPECT_EQ(stuck(run_script(ask_again, suite_named(name))), "accepted");
    EXPECT_EQ(stuck(run_script(ask_again, suite_named(name), table)),
              "step 11: get-dh was answered 200 with ck(d, 1); the model of " + std::string(name) +
                  " has: 403");
  }
}

TEST(BrokenCode, KeyBeforeAuth) {
  const auto table =
      device_with(DeviceState::await_auth, DeviceEvent::post_key, Judged::any, [](DeviceRow& row) {
        row = {row.on,
               row.event,
               Judged::good,
               Status::no_content,
               DeviceState::closed,
               Effects::install | Effects::drop_all | Effects::close_window};
      });
  const Suite suite = suite_named("as_posted+protection=encrypt_and_mac");
  const auto skip_auth = [](Script& script) {
    (void)begin_run(script);
    script.respond_status("owner", Status::no_content);
    script.forward_request(script.delivered() + 1);
  };
  EXPECT_EQ(stuck(run_script(skip_auth, suite)), "accepted");
  EXPECT_EQ(stuck(run_script(skip_auth, suite, table)),
            "step 8: post-key with ck(d, 0) was answered 204, installed bundle(c, 0); the model of "
            "as_posted has: 409");
}

TEST(BrokenCode, ProofThatIsRefused) {
  const auto table = device_with(DeviceState::await_auth, DeviceEvent::post_auth, Judged::good,
                                 [](DeviceRow& row) {
                                   row.status = Status::unauthorized;
                                   row.next = DeviceState::no_session;
                                   row.effects = Effects::drop;
                                 });
  for (const char* name : {"as_posted", "hardened"}) {
    EXPECT_EQ(stuck(run(scenario_named("A00.passive"), suite_named(name), table)),
              "step 7: post-auth with ck(d, 0) was answered 401; the model of " +
                  std::string(name) + " has: 204");
  }
}

// What a line of a trace says, otherwise.
std::string edited(std::string trace, const std::string& line_with, const std::string& from,
                   const std::string& to) {
  const auto line = trace.find(line_with);
  EXPECT_NE(line, std::string::npos) << line_with;
  const auto at = trace.find(from, line);
  EXPECT_NE(at, std::string::npos) << from;
  return trace.replace(at, from.size(), to);
}

TEST(EditedLog, OneStatus) {
  const std::string trace = run(scenario_named("A00.passive"), suite_named("as_posted"));
  EXPECT_EQ(stuck(trace), "accepted");
  const auto with = [&](const char* line, const char* from, const char* to) {
    return stuck(
        edited(trace, line, std::string("\"status\":") + from, std::string("\"status\":") + to));
  };
  EXPECT_EQ(with("\"step\":7,", "204", "409"),
            "step 7: post-auth with ck(d, 0) was answered 409; the model of as_posted has: 204");
  EXPECT_EQ(with("\"step\":5,", "200", "401"),
            "step 5: post-dh with ck(d, 0) was answered 401; the model of as_posted has: 200");
  EXPECT_EQ(with("\"step\":3,", "200", "403"),
            "step 3: get-dh was answered 403; the model of as_posted has: 200");
}

TEST(EditedLog, BodyThatIsNoCbor) {
  const std::string trace = edited(run(scenario_named("A00.passive"), suite_named("as_posted")),
                                   "\"step\":5,", "0d0a0d0aa101", "0d0a0d0aa201");
  EXPECT_EQ(stuck(trace),
            "step 5: post-dh with ck(d, 0) was answered 200; the model of as_posted has: 400");
  EXPECT_EQ(stuck(edited(trace, "\"step\":5,", "\"status\":200", "\"status\":400")),
            "step 7: post-auth with ck(d, 0) was answered 204; the model of as_posted has: 409");
}

// HTTP says no, and the model hears nothing of it: the run goes on as if it had not been.
TEST(EditedLog, RequestThatHttpRefuses) {
  const std::string trace = edited(run(scenario_named("A00.passive"), suite_named("as_posted")),
                                   "\"step\":5,", attacks::to_hex(as_bytes("/setup/dh.wib")),
                                   attacks::to_hex(as_bytes("/setup/no.wib")));
  EXPECT_EQ(stuck(trace),
            "step 7: post-auth with ck(d, 0) was answered 204; the model of as_posted has: 409");
}

TEST(EditedLog, HardenedWithoutItsEpoch) {
  const attacks::Scenario& replay = scenario_named("D14.recorder");
  const std::string trace = run(replay, suite_named("hardened+freshness=none"));
  EXPECT_EQ(stuck(trace), "accepted");
  EXPECT_EQ(stuck(edited(trace, "{\"wib\":\"trace\"", "hardened+freshness=none", "hardened")),
            "step 15: post-auth with ck(d, 0) was answered 204; the model of hardened has: 401");
}

TEST(MalformedLog, IsAnError) {
  const std::string trace = run(scenario_named("D14.recorder"), suite_named("as_posted"));
  const auto error = [](const std::string& text) {
    const auto log = read_log(text);
    return log ? "none" : log.error();
  };
  EXPECT_EQ(error(trace), "none");
  EXPECT_EQ(error(""), "line 1: a trace, but the file is empty");
  EXPECT_EQ(error("{}\n"), "line 1: not a wib trace");
  EXPECT_EQ(error(edited(trace, "\"suite\"", "as_posted", "as_passed")),
            "line 1: suite: suite: no such name");
  EXPECT_EQ(error(edited(trace, "\"step\":5,", "\"step\":5,", "\"step\":6,")),
            "line 6: steps that are numbered in order");
  EXPECT_EQ(error(edited(trace, "\"claim\":\"installed\"", "\"installed\"", "7")),
            "line 10: claims: party, claim and fingerprint as text");
  // The replayed cookie, where the generator is said to be good.
  EXPECT_EQ(error(edited(trace, "\"device_entropy\"", "repeat", "full")),
            "step 13: the cookie of ck(d, 0) is issued again, which a generator that is full does "
            "not explain");
}

}  // namespace
}  // namespace wib::models
