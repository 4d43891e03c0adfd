// SPDX-License-Identifier: Apache-2.0
//
// Traces: written, read back, replayed on every pair of backends; and what is wrong with a trace is
// said with its line.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "attacks/scenarios/runner.h"
#include "attacks/search/stream_random.h"
#include "backends/registry.h"
#include "props/support/more_cases.h"
#include "protocol/http.h"

namespace wib::props {
namespace {

using namespace attacks;  // NOLINT: the whole test is about it

attacks::Run record(std::string_view id) {
  const auto& each =
      *std::ranges::find_if(scenarios(), [&](const Scenario& s) { return s.id() == id; });
  return run_scenario(each, {.suite = *find_suite("as_posted"),
                             .device_backend = *backends().front(),
                             .client_backend = *backends().back()});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class Replayed : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Traces, Replayed,
                         testing::Values("A00", "A00.passive", "D14.takeover", "D14.recorded",
                                         "D14.reinstall", "D14.recorder", "D14.wrong-serial",
                                         "D14.recorder-strong-rng", "E02.cookie", "E02.share"),
                         [](const auto& test) {
                           std::string text = test.param;
                           for (char& c : text) {
                             if (c == '.' || c == '-') c = '_';
                           }
                           return text;
                         });

TEST_P(Replayed, OnEveryPair) {
  const attacks::Run run = record(GetParam());
  const auto trace = read_trace(run.trace);
  ASSERT_TRUE(trace) << trace.error().where << " in line " << trace.error().offset;
  for (Backend* device : backends()) {
    for (Backend* client : backends()) {
      const auto replay = replay_trace(*trace, *device, *client);
      ASSERT_TRUE(replay);
      EXPECT_EQ(replay->differences, std::vector<std::string>{});
      EXPECT_EQ(replay->same_bytes, replay->messages);
      EXPECT_GT(replay->messages, 0U);
      for (std::size_t i = 0; i < property_count; ++i) {
        EXPECT_EQ(replay->run.record.properties[i].finding, run.record.properties[i].finding);
      }
      // The replay of a trace is the trace, but for the names of the backends.
      EXPECT_EQ(lines_of(replay->run.trace).size(), lines_of(run.trace).size());
      EXPECT_EQ(lines_of(replay->run.trace)[1], lines_of(run.trace)[1]);
    }
  }
}

TEST(Trace, AnotherStatusIsADifference) {
  auto lines = lines_of(record("A00").trace);
  for (std::string& line : lines) {
    const auto at = line.find("\"status\":204");
    if (at != std::string::npos && line.find("\"delivered\"") < at) {
      line.replace(at, 12, "\"status\":401");
      break;
    }
  }
  const auto trace = read_trace(join(lines));
  ASSERT_TRUE(trace);
  const auto replay = replay_trace(*trace, *backends().front(), *backends().front());
  ASSERT_TRUE(replay);
  ASSERT_EQ(replay->differences.size(), 1U);
  EXPECT_NE(replay->differences[0].find("status 204, recorded 401"), std::string::npos);
}

TEST(Trace, AnotherFindingIsADifference) {
  std::string text = record("A00").trace;
  const auto at = text.find("\"P-S2\":\"broken\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 15, "\"P-S2\":\"holds\"");
  const auto replay = replay_trace(*read_trace(text), *backends().front(), *backends().front());
  ASSERT_EQ(replay->differences.size(), 1U);
  EXPECT_NE(replay->differences[0].find("P-S2 is broken"), std::string::npos);
}

TEST(Trace, AnotherSerialIsNoDifference) {
  std::string text = record("D14.takeover").trace;
  const auto at = text.find("WIB-2015-12-0042");
  text.replace(at, 16, "WIB-2015-12-0040");
  // The attacker is told the serial of the header, so nothing differs but bytes.
  const auto replay = replay_trace(*read_trace(text), *backends().front(), *backends().front());
  EXPECT_EQ(replay->differences, std::vector<std::string>{});
}

struct Wrong {
  std::string_view name;
  std::function<std::string(std::vector<std::string>)> edit;
  std::uint32_t line;
  std::string_view says;
};

class WrongTrace : public testing::TestWithParam<Wrong> {};

std::string replaced(std::vector<std::string> lines, std::size_t line, std::string_view what,
                     std::string_view with) {
  const auto at = lines[line - 1].find(what);
  if (at == std::string::npos) return "the test is wrong: " + std::string(what);
  lines[line - 1].replace(at, what.size(), with);
  return join(lines);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongTrace,
    testing::Values(
        Wrong{"empty", [](auto) { return std::string(); }, 1, "empty"},
        Wrong{"blank", [](auto) { return std::string("\n"); }, 1, "empty"},
        Wrong{"headless",
              [](auto lines) {
                lines[0].clear();
                return join(lines);
              },
              2, "not a wib trace"},
        Wrong{"deep",
              [](auto lines) {
                lines[2] = "{\"a\":" + std::string(300'000, '[') + std::string(300'000, ']') + "}";
                return join(lines);
              },
              3, "nested"},
        Wrong{"deep_and_open",
              [](auto lines) {
                lines[2] = std::string(1'000'000, '[');
                return join(lines);
              },
              3, "nested"},
        Wrong{"deep_term",
              [](auto lines) {
                std::string term = "[\"random\",0,1]";
                for (int i = 0; i < 40; ++i) term = "[\"sha256\"," + term + "]";
                lines[1] = "{\"step\":1,\"do\":\"learn\",\"label\":\"x\",\"term\":" + term + "}";
                return join(lines);
              },
              2, "nested too deep"},
        Wrong{"long_line",
              [](auto lines) {
                lines[2] = "{\"a\":\"" + std::string(1'100'000, 'x') + "\"}";
                return join(lines);
              },
              3, "1 MiB"},
        Wrong{"many_values",
              [](auto lines) {
                lines[2] = "{\"a\":[0";
                for (int i = 0; i < 20'000; ++i) lines[2] += ",0";
                lines[2] += "]}";
                return join(lines);
              },
              3, "values"},
        Wrong{"no_seed", [](auto lines) { return replaced(lines, 1, "\"seed\":1,", ""); }, 1,
              "seed"},
        Wrong{"status",
              [](auto lines) { return replaced(lines, 4, "\"status\":200", "\"status\":600"); }, 4,
              "status"},
        Wrong{"status_text",
              [](auto lines) { return replaced(lines, 4, "\"status\":200", "\"status\":\"x\""); },
              4, "status"},
        Wrong{"step_number",
              [](auto lines) { return replaced(lines, 3, "\"step\":2", "\"step\":3"); }, 3,
              "numbered in order"},
        Wrong{"no_step_number", [](auto lines) { return replaced(lines, 3, "\"step\":2,", ""); }, 3,
              "step"},
        Wrong{"message_number",
              [](auto lines) { return replaced(lines, 3, "\"message\":0", "\"message\":1"); }, 3,
              "numbered in order"},
        Wrong{"forward_number",
              [](auto lines) { return replaced(lines, 4, "\"forward\":0", "\"forward\":9"); }, 4,
              "numbered in order"},
        Wrong{"end_number",
              [](auto lines) { return replaced(lines, lines.size(), "\"end\":", "\"end\":1"); }, 17,
              "number of steps"},
        // The error outlives the line that it is about.
        Wrong{"field_of_a_long_name",
              [](auto lines) {
                return replaced(
                    lines, 6, "\"fields\":{\"share\":[\"mod_exp\"",
                    "\"fields\":{\"a name that is too long to be kept in place\":[\"x\"");
              },
              6, "unknown name"},
        Wrong{"field_that_is_no_term",
              [](auto lines) {
                return replaced(lines, 6, "\"fields\":{",
                                "\"fields\":{\"a name that is too long to be kept in place\":1,");
              },
              6, "an array"},
        Wrong{"no_json",
              [](auto lines) {
                lines[2] = "{";
                return join(lines);
              },
              3, "JSON object"},
        Wrong{"no_trace", [](auto lines) { return replaced(lines, 1, "\"trace\"", "\"x\""); }, 1,
              "not a wib trace"},
        Wrong{"version",
              [](auto lines) { return replaced(lines, 1, "\"version\":2", "\"version\":9"); }, 1,
              "version"},
        Wrong{"entropy", [](auto lines) { return replaced(lines, 1, "\"full\"", "\"seeded:99\""); },
              1, "seeded takes"},
        Wrong{"step", [](auto lines) { return replaced(lines, 2, "\"press\"", "\"pres\""); }, 2,
              "do"},
        Wrong{"term", [](auto lines) { return replaced(lines, 6, "mod_exp", "mod_exq"); }, 6,
              "unknown name"},
        Wrong{"arity",
              [](auto lines) { return replaced(lines, 6, "[\"random\",0,32]", "[\"random\",0]"); },
              6, "random"},
        Wrong{"cut",
              [](auto lines) {
                lines.pop_back();
                return join(lines);
              },
              16, "cut short"},
        Wrong{"behind",
              [](auto lines) {
                lines.push_back(lines[1]);
                return join(lines);
              },
              18, "behind the end"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_P(WrongTrace, IsSaidWithItsLine) {
  const auto lines = lines_of(record("A00").trace);
  const auto trace = read_trace(GetParam().edit(lines));
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().offset, GetParam().line);
  EXPECT_NE(std::string(trace.error().where).find(GetParam().says), std::string::npos)
      << trace.error().where;
}

// --- Hostile traces -----------------------------------------------------------------------------

std::string many_steps(std::size_t steps) {
  std::string text = lines_of(record("A00").trace)[0] + "\n";
  for (std::size_t i = 1; i <= steps; ++i) {
    text += "{\"step\":" + std::to_string(i) + ",\"do\":\"press\"}\n";
  }
  return text + "{\"end\":" + std::to_string(steps) + ",\"properties\":{}}\n";
}

TEST(HostileTrace, StepsAreCounted) {
  EXPECT_TRUE(read_trace(many_steps(max_trace_steps)));
  const auto trace = read_trace(many_steps(max_trace_steps + 1));
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().offset, max_trace_steps + 2);
}

TEST(HostileTrace, ARunHasALimit) {
  SimulationConfig config{.suite = *find_suite("as_posted"),
                          .device_backend = *backends().front(),
                          .client_backend = *backends().front()};
  World world = simulate(config);
  const auto learn = [&](const TermRef& term) {
    const LoggedStep& logged = world.execute({.kind = StepKind::learn, .label = "x", .term = term});
    return logged.failed ? logged.error.code : Errc::none;
  };
  TermRef doubled = term::hex(ByteVector(1024));
  for (int i = 0; i < 6; ++i) doubled = term::apply(Op::concat, {doubled, doubled});
  EXPECT_EQ(learn(doubled), Errc::none) << "64 KiB";
  EXPECT_EQ(learn(term::apply(Op::concat, {doubled, term::hex(ByteVector(1))})), Errc::capacity);
  const TermRef number = term::hex(ByteVector(1025, 7));
  EXPECT_EQ(learn(term::apply(Op::mod_exp, {number, number, number})), Errc::capacity);

  std::size_t done = 0;
  while (done < 5000) {
    const TermRef value = term::apply(
        Op::concat,
        {term::random(static_cast<std::uint32_t>(done), 4096), term::hex(ByteVector(60'000))});
    if (learn(value) != Errc::none) break;
    ++done;
  }
  EXPECT_LT(done, 600U);
}

TEST(HostileTrace, ClientsAreCounted) {
  World world = simulate({.suite = *find_suite("as_posted"),
                          .device_backend = *backends().front(),
                          .client_backend = *backends().front()});
  for (std::size_t i = 0; i <= max_run_clients; ++i) {
    const LoggedStep& logged =
        world.execute({.kind = StepKind::start, .client = "owner/" + std::to_string(i)});
    EXPECT_EQ(logged.failed, i == max_run_clients);
  }
}

// One of many ways to spoil a trace: a byte, a piece that goes, a piece that comes twice, a line
// that moves, a number, nesting.
std::string spoiled(std::string text) {
  const auto at = [&] { return *rc::gen::inRange<std::size_t>(0, text.size()); };
  switch (*rc::gen::inRange(0, 7)) {
    case 0: text[at()] = static_cast<char>(*rc::gen::inRange(0, 256)); break;
    case 1: text[at()] = *rc::gen::elementOf(std::string("\"[]{},:0123456789abcdef\\\n")); break;
    case 2: text.erase(at(), *rc::gen::inRange<std::size_t>(1, 200)); break;
    case 3: {
      const std::string piece = text.substr(at(), *rc::gen::inRange<std::size_t>(1, 200));
      text.insert(at(), piece);
      break;
    }
    case 4: {
      auto lines = lines_of(text);
      if (lines.size() < 2) break;
      const auto line = [&] { return *rc::gen::inRange<std::size_t>(0, lines.size()); };
      std::swap(lines[line()], lines[line()]);
      text = join(lines);
      break;
    }
    case 5: {
      const auto number = text.find_first_of("0123456789", at());
      if (number != std::string::npos) {
        text.replace(number, 1, *rc::gen::element<std::string>("4294967295", "0", "-1", "1e9"));
      }
      break;
    }
    default:
      text.insert(at(), std::string(*rc::gen::inRange<std::size_t>(1, 5000),
                                    *rc::gen::element('[', '{', '"')));
  }
  return text;
}

[[maybe_unused]] const bool enough = more_cases(500);

RC_GTEST_PROP(HostileTrace, NeverCrashes, ()) {
  static const std::array<std::string, 3> originals = {
      record("A00").trace, record("D14.recorder").trace, record("E02.cookie").trace};
  std::string text = *rc::gen::elementOf(originals);
  const int times = *rc::gen::inRange(1, 4);
  for (int i = 0; i < times && !text.empty(); ++i) text = spoiled(text);
  const auto trace = read_trace(text);
  if (!trace) {
    RC_TAG("refused");
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    RC_ASSERT(trace.error().offset >= 1U && trace.error().offset <= lines);
    RC_ASSERT(!trace.error().where.empty());
    return;
  }
  RC_TAG("read");
  const auto replay = replay_trace(*trace, *backends().front(), *backends().front());
  if (!replay) RC_ASSERT(!replay.error().where.empty());
}

// --- Redacted traces ----------------------------------------------------------------------------

// What a reader of a trace has: its terms, and the bytes that were on the wire.
class Reader final : public TermSource {
 public:
  Reader(const std::string& trace, const AttackerSeed& seed) : seed_(seed) {
    for (const std::string& line : lines_of(trace)) {
      const auto object = nlohmann::json::parse(line);
      for (const char* key : {"delivered", "emitted"}) {
        if (object.contains(key)) add(object.at(key));
      }
    }
  }
  void set_seed(const AttackerSeed& seed) { seed_ = seed; }
  const ByteVector* wire(std::size_t message, std::string_view field) const override {
    if (message >= messages_.size()) return nullptr;
    const auto found = messages_[message].find(std::string(field));
    return found == messages_[message].end() ? nullptr : &found->second;
  }
  const ByteVector* initial(std::string_view) const override { return nullptr; }
  ByteVector random(std::uint32_t number, std::uint32_t size) const override {
    ByteVector bytes(size);
    stream_bytes(seed_, "attacker/" + std::to_string(number), 0, bytes);
    return bytes;
  }

 private:
  // The fields, found by the harness's own eyes: a world that forwards the same bytes.
  void add(const nlohmann::json& message) {
    const std::size_t number = message.at("message").get<std::size_t>();
    if (number < messages_.size()) return;
    const ByteVector bytes = *from_hex(message.at("bytes").get<std::string>());
    std::map<std::string, ByteVector> fields;
    const Suite& suite = *find_suite("as_posted");
    http::RequestParser request;
    http::ResponseParser response;
    if (request.feed(bytes).progress == http::Progress::complete) {
      asked_ = decode_request(suite, request.request())->endpoint;
      read(decode_request(suite, request.request())->body, fields);
    } else if (response.feed(bytes).progress == http::Progress::complete) {
      if (const auto decoded = decode_response(suite, asked_, response.response()); decoded) {
        read(decoded->body, fields);
      }
    }
    messages_.push_back(std::move(fields));
  }
  static void read(const Body& body, std::map<std::string, ByteVector>& fields) {
    const auto keep = [&](const char* name, ByteView value) {
      fields[name] = ByteVector(value.begin(), value.end());
    };
    if (const Offer* offer = std::get_if<Offer>(&body)) {
      keep("p", offer->p);
      keep("g", offer->g);
    } else if (const Share* share = std::get_if<Share>(&body)) {
      keep("share", share->value);
    } else if (const Sealed* sealed = std::get_if<Sealed>(&body)) {
      keep("iv", sealed->iv);
      keep("ciphertext", sealed->ciphertext);
      keep("tag", sealed->tag);
    }
  }

  AttackerSeed seed_;
  Endpoint asked_ = Endpoint::get_dh;
  std::vector<std::map<std::string, ByteVector>> messages_;
};

// Tries every small seed on the attacker's own draw that is in clear on the wire (an IV), then
// evaluates the terms. The owner's key, if that gave it.
std::optional<ByteVector> key_from(const std::string& text) {
  const auto trace = read_trace(text);
  if (!trace) return std::nullopt;
  Reader reader(text, {});
  const auto lines = lines_of(text);
  TermRef iv;
  TermRef key;
  std::size_t message = 0;
  for (std::size_t i = 0; i < trace->steps.size(); ++i) {
    const Step& step = trace->steps[i].step;
    if (step.kind == StepKind::learn && step.label == "private key") key = step.term;
    if (iv == nullptr && step.delivery.fields.contains("iv")) {
      iv = step.delivery.fields.at("iv");
      message = nlohmann::json::parse(lines[i + 1])["delivered"]["message"].get<std::size_t>();
    }
  }
  if (iv == nullptr || key == nullptr) return std::nullopt;
  const ByteVector* seen = reader.wire(message, "iv");
  if (seen == nullptr) return std::nullopt;
  for (std::uint64_t seed = 0; seed <= 0x10000; ++seed) {
    reader.set_seed(attacker_seed(seed));
    if (reader.random(iv->number, iv->size) != *seen) continue;
    Evaluator evaluate(reader, *find_suite("as_posted"), backends().front()->crypto());
    if (auto value = evaluate(key)) return *value;
  }
  return std::nullopt;
}

attacks::Run record_target(const Scenario& each, const AttackerSeed& seed,
                           const EntropyProfile& entropy, bool redact) {
  const SimulationConfig config{.suite = *find_suite("as_posted"),
                                .device_backend = *backends().front(),
                                .client_backend = *backends().front(),
                                .device_entropy = entropy};
  World world(
      {.suite = config.suite,
       .attacker_crypto = config.client_backend.crypto(),
       .seed = seed,
       .device = std::make_unique<SimulatedDevice>(config),
       .clients = [&](const std::string& name) { return make_simulated_client(config, name, 0); }});
  const TraceHeader header{.scenario = each.id(),
                           .suite = "as_posted",
                           .reading = "cbc",
                           .device_backend = "real",
                           .client_backend = "real",
                           .seed = 1,
                           .serial = "unknown",
                           .target = "http://device"};
  return run_scenario_in(world, each, header, {.device_entropy = entropy},
                         config.client_backend.certificates(), config.client_backend.crypto(), {},
                         redact);
}

const Scenario& scenario(std::string_view id) {
  return *std::ranges::find_if(scenarios(), [&](const Scenario& s) { return s.id() == id; });
}

TEST(Redacted, GivesNobodyTheKey) {
  const auto owner = identity("owner").private_key;
  // With a seed that can be guessed, the reader does get it: the search is one that finds.
  const attacks::Run guessable = record_target(scenario("A00"), attacker_seed(0xbeef), {}, false);
  const auto found = key_from(guessable.trace);
  ASSERT_TRUE(found);
  EXPECT_TRUE(same_bytes(*found, owner));

  AttackerSeed fresh;
  std::ranges::fill(fresh, Byte{0xa5});  // no number's
  const attacks::Run run = record_target(scenario("A00"), fresh, {}, true);
  EXPECT_EQ(run.record.thefts.size(), 1U);
  EXPECT_FALSE(key_from(run.trace));
  EXPECT_EQ(run.trace.find("\"seed\""), std::string::npos);
  EXPECT_EQ(run.trace.find("\"value\""), std::string::npos);
  EXPECT_EQ(run.trace.find(to_hex(owner)), std::string::npos);
  EXPECT_EQ(run.trace.find(to_hex(fresh)), std::string::npos);
  EXPECT_EQ(run.trace.find(to_hex(as_bytes("WIB-2015-12-0042"))), std::string::npos);
}

TEST(Redacted, IsReadAndNotReplayed) {
  const attacks::Run run = record_target(scenario("A00"), {7}, {}, true);
  const auto trace = read_trace(run.trace);
  ASSERT_TRUE(trace) << trace.error().where << " in line " << trace.error().offset;
  EXPECT_FALSE(trace->header.seed);
  const auto replay = replay_trace(*trace, *backends().front(), *backends().front());
  ASSERT_FALSE(replay);
  EXPECT_NE(replay.error().where.find("real target"), std::string_view::npos);
}

// A seed that a search has found is the device's secret.
TEST(Redacted, LeavesOutWhatASearchFound) {
  const EntropyProfile weak{EntropyKind::seeded, 16};
  const std::string open = record_target(scenario("E02.cookie"), {7}, weak, false).trace;
  const auto at = open.find("[\"stream\",[\"hex\",\"");
  ASSERT_NE(at, std::string::npos);
  const std::string seed = open.substr(at + 18, 16);
  const std::string text = record_target(scenario("E02.cookie"), {7}, weak, true).trace;
  EXPECT_EQ(text.find("\"" + seed + "\""), std::string::npos) << seed;
  EXPECT_NE(text.find("[\"stream\",[\"hex\",\"\"],[\"hex\",\"00000010\"]"), std::string::npos);
}

// Terms survive being written.
rc::Gen<TermRef> any_term(int depth) {
  const auto leaf = rc::gen::oneOf(
      rc::gen::map(rc::gen::inRange(0, 40), [](int n) { return term::wire(n, "share"); }),
      rc::gen::just(term::initial("serial")),
      rc::gen::map(rc::gen::inRange(0, 9), [](int n) { return term::random(n, 32); }),
      rc::gen::map(rc::gen::arbitrary<ByteVector>(),
                   [](const ByteVector& bytes) { return term::hex(bytes); }));
  if (depth == 0) return leaf;
  return rc::gen::oneOf(
      leaf,
      rc::gen::map(rc::gen::tuple(any_term(depth - 1), any_term(depth - 1), any_term(depth - 1)),
                   [](const auto& t) {
                     return term::apply(Op::mod_exp,
                                        {std::get<0>(t), std::get<1>(t), std::get<2>(t)});
                   }),
      rc::gen::map(any_term(depth - 1),
                   [](const TermRef& t) { return term::apply(Op::sha256, {t}); }));
}

RC_GTEST_PROP(Terms, SurviveBeingWritten, ()) {
  const TermRef original = *any_term(4);
  const auto json = to_json(original);
  const auto read = term_from_json(json);
  RC_ASSERT(static_cast<bool>(read));
  RC_ASSERT(to_json(*read) == json);
  RC_ASSERT(to_text(*read) == to_text(original));
}

RC_GTEST_PROP(EntropyProfiles, SurviveBeingWritten, ()) {
  const auto kind = static_cast<EntropyKind>(*rc::gen::inRange(0, 7));
  const bool has_bits =
      kind == EntropyKind::seeded || kind == EntropyKind::stuck || kind == EntropyKind::failing;
  const EntropyProfile profile{kind, has_bits ? *rc::gen::inRange<std::uint32_t>(1, 49) : 0};
  const auto read = EntropyProfile::parse(profile.text());
  RC_ASSERT(static_cast<bool>(read));
  RC_ASSERT(*read == profile);
}

TEST(EntropyProfiles, WhatIsNotOneIsRefused) {
  for (const std::string_view text : {"", "ful", "full:1", "seeded", "seeded:", "seeded:x",
                                      "seeded:0", "seeded:49", "stuck:1x", "constant:8"}) {
    EXPECT_FALSE(EntropyProfile::parse(text)) << text;
  }
}

}  // namespace
}  // namespace wib::props
