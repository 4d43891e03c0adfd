// SPDX-License-Identifier: Apache-2.0
//
// Code -> model: whatever the code did, the model can do as well. Logs come from every attack on
// every suite of the table of defences, and from walks at random (which know no protocol, and so
// come to where no script goes). What the code must not do, done by code that is broken on purpose,
// is refused at the step where it happened.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>

#include "attacks/scenarios/runner.h"
#include "attacks/scenarios/sides.h"
#include "backends/registry.h"
#include "models/bridge/accept.h"

namespace wib::models {
namespace {

using attacks::Run;
using attacks::RunOptions;
using attacks::Script;
using attacks::Step;
using attacks::StepKind;
namespace term = attacks::term;

Backend& backend() { return *find_backend("openssl"); }

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

// A body in the grammar of the suite that proves nothing: random bytes.
std::map<std::string, attacks::TermRef> junk(const Suite& suite, Endpoint endpoint) {
  if (endpoint == Endpoint::post_auth && choice_name(suite, 0) == "spake2plus") {
    return {{"confirm", term::random(50, 32)}};
  }
  if (choice_name(suite, 3) == "aead") {
    return {{"ciphertext", term::random(51, 32)}, {"tag", term::random(52, 16)}};
  }
  return {{"iv", term::random(50, 16)},
          {"ciphertext", term::random(51, 32)},
          {"tag", term::random(52, 64)}};
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

std::string trace_of(const attacks::World& world, const attacks::SimulationConfig& config) {
  const attacks::TraceHeader header{.scenario = "test",
                                    .suite = std::string(config.suite.name().view()),
                                    .reading = std::string(config.suite.reading()),
                                    .device_backend = "openssl",
                                    .client_backend = "openssl",
                                    .seed = config.seed,
                                    .serial = config.serial,
                                    .device_entropy = config.device_entropy,
                                    .initial = config.initial};
  return attacks::write_trace(header, world.log(), attacks::Judgement{}, backend().crypto(), false);
}

// --- Walks -------------------------------------------------------------------------------------

// Steps at random, over what was on the wire: most of them the next one of some run, the others
// anything. Nothing of it knows what the device waits for.
class Walk {
 public:
  Walk(const Suite& suite, std::string_view entropy, unsigned seed,
       std::span<const DeviceRow> table = device_table())
      : profile_(*attacks::EntropyProfile::parse(entropy)),
        config_{.suite = suite,
                .device_backend = backend(),
                .client_backend = backend(),
                .seed = seed,
                .device_entropy = profile_,
                .device_transitions = table,
                .initial = {}},
        world_(attacks::simulate(config_)),
        random_(seed) {}

  std::string trace(int steps) {
    for (int i = 0; i < steps; ++i) world_.execute(next());
    return trace_of(world_, config_);
  }

 private:
  unsigned below(std::size_t n) {
    return static_cast<unsigned>(std::uniform_int_distribution<std::size_t>(0, n - 1)(random_));
  }
  Step next() {
    const unsigned dice = below(100);
    if (!pressed_ || dice < 4) {
      pressed_ = true;
      return {.kind = dice == 0 ? StepKind::long_press : StepKind::press};
    }
    if (dice < 6) return {.kind = StepKind::restart};
    if (dice < 10) {
      constexpr auto times = std::to_array<std::uint32_t>({1'000, 30'000, 59'990, 61'000, 301'000});
      return {.kind = StepKind::wait, .ms = times.at(below(times.size()))};
    }
    if (clients_.empty() || dice < 18) {
      constexpr auto names = std::to_array({"owner", "owner-rsa", "owner/2", "owner/3"});
      clients_.emplace_back(names.at(below(names.size())));
      return {.kind = StepKind::start, .client = clients_.back()};
    }
    if (dice < 28) return made();
    // The newest message in most cases, as the run goes on; else any.
    const auto& messages = world_.log().messages;
    if (messages.empty()) return {.kind = StepKind::press};
    const std::size_t which = dice < 85 ? messages.size() - 1 : below(messages.size());
    Step step{.kind = messages[which].request ? StepKind::request : StepKind::response};
    step.delivery.forward = which;
    if (!messages[which].request) {
      step.client = dice < 95 ? clients_.back() : clients_[below(clients_.size())];
    }
    return step;
  }
  // A message that the attacker makes: well-formed, and mostly wrong.
  Step made() {
    Step step{.kind = below(3) == 0 ? StepKind::response : StepKind::request};
    const auto& messages = world_.log().messages;
    step.delivery.endpoint = static_cast<Endpoint>(below(4));
    if (step.kind == StepKind::response) {
      constexpr auto statuses =
          std::to_array({Status::ok, Status::no_content, Status::unauthorized, Status::conflict});
      step.delivery.status = statuses.at(below(statuses.size()));
      step.client = clients_[below(clients_.size())];
      return step;
    }
    for (std::size_t i = messages.size(); i-- > 0;) {
      if (messages[i].cookie && below(3) != 0) {
        step.delivery.cookie = term::wire(static_cast<std::uint32_t>(i), "cookie");
        break;
      }
    }
    if (below(5) == 0) step.delivery.cookie = term::random(below(3), 16);
    switch (step.delivery.endpoint) {
      case Endpoint::get_dh: step.delivery.cookie = nullptr; break;
      case Endpoint::post_dh:
        if (below(4) == 0) break;  // no share at all
        step.delivery.fields["share"] =
            below(2) == 0 ? term::hex(std::array<Byte, 1>{1}) : term::random(100, 200);
        break;
      case Endpoint::post_auth:
      case Endpoint::post_key:
        step.delivery.fields = junk(config_.suite, step.delivery.endpoint);
        break;
    }
    return step;
  }

  attacks::EntropyProfile profile_;
  attacks::SimulationConfig config_;
  attacks::World world_;
  std::mt19937_64 random_;
  bool pressed_ = false;
  std::vector<std::string> clients_;
};

class WalkTrace : public testing::TestWithParam<std::string> {};

TEST_P(WalkTrace, IsAccepted) {
  const Suite suite = suite_named(GetParam());
  std::vector<std::string> traces, names;
  for (const char* entropy : {"full", "full", "full", "seeded:16", "failing:1600", "constant"}) {
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

// Walks come to every row: one that is edited, in its status or in what becomes of the sessions and
// the window, does what the model refuses. Rows of failures are left out (a walk has none of most).
TEST(EditedTable, IsSeenByWalks) {
  const auto rows = device_table();
  std::vector<std::string> traces, names;
  std::size_t edits = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool failure = rows[i].judged == Judged::failed || rows[i].judged == Judged::exhausted;
    const bool nothing_there = rows[i].on == DeviceState::closed && rows[i].status == Status::none;
    if (failure || nothing_there) continue;
    for (const bool status : {true, false}) {
      if (status && rows[i].status == Status::none) continue;
      std::vector<DeviceRow> table(rows.begin(), rows.end());
      if (status) {
        table[i].status =
            rows[i].status == Status::conflict ? Status::unauthorized : Status::conflict;
      } else {
        const auto flipped =
            static_cast<unsigned>(rows[i].effects) ^ static_cast<unsigned>(Effects::drop_all);
        table[i].effects = static_cast<Effects>(flipped);
      }
      ++edits;
      for (const char* name : {"as_posted", "hardened"}) {
        const Suite suite = suite_named(name);
        if (!suite.traits().has(rows[i].when)) continue;
        for (unsigned seed = 1; seed <= 8; ++seed) {
          traces.push_back(Walk(suite, "full", seed, table).trace(100));
          names.push_back(std::to_string(i) + (status ? " status" : " effects"));
        }
      }
    }
  }
  const auto verdicts = judge(traces, names);
  std::map<std::string, bool> seen;
  for (std::size_t i = 0; i < verdicts.size(); ++i) seen[names[i]] |= !verdicts[i].accepted;
  EXPECT_EQ(seen.size(), edits);
  for (const auto& [name, refused] : seen) {
    const DeviceRow& row = rows[static_cast<std::size_t>(std::stoi(name))];
    EXPECT_TRUE(refused) << name << " of the row " << wib::name(row.on) << " "
                         << wib::name(row.event) << " " << wib::name(row.judged);
  }
}

// --- Limits ------------------------------------------------------------------------------------

TEST(LimitTrace, NineSessionsAtOnce) {
  const Suite suite = suite_named("as_posted");
  const attacks::SimulationConfig config{
      .suite = suite, .device_backend = backend(), .client_backend = backend(), .initial = {}};
  attacks::World world = attacks::simulate(config);
  world.execute({.kind = StepKind::press});
  for (int i = 0; i < 9; ++i) world.execute({.kind = StepKind::request});
  ASSERT_EQ(world.log().steps.back().status, Status::service_unavailable);
  world.execute({.kind = StepKind::wait, .ms = 61'000});
  world.execute({.kind = StepKind::request});
  ASSERT_EQ(world.log().steps.back().status, Status::ok);
  expect_all_accepted({trace_of(world, config)}, {"nine sessions"});
}

// A hundred guesses, ten a press; then a press opens nothing, and a long press does, for ten more.
TEST(LimitTrace, AHundredGuesses) {
  for (const char* name : {"hardened", "hardened+key_exchange=plain_dh", "as_posted"}) {
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
    for (int press = 0; press < 11; ++press) {
      world.execute({.kind = StepKind::press});
      for (int i = 0; i < 11; ++i) guess();
    }
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
