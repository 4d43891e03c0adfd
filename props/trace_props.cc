// SPDX-License-Identifier: Apache-2.0
//
// Traces: written, read back, replayed on every pair of backends; and what is wrong with a trace is
// said with its line.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "attacks/scenarios/runner.h"
#include "backends/registry.h"

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
                                         "D14.recorder-strong-rng", "E02.cookie"),
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

TEST(Trace, AnotherSerialIsADifference) {
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
        Wrong{"no_json",
              [](auto lines) {
                lines[2] = "{";
                return join(lines);
              },
              3, "JSON object"},
        Wrong{"no_trace", [](auto lines) { return replaced(lines, 1, "\"trace\"", "\"x\""); }, 1,
              "not a wib trace"},
        Wrong{"version",
              [](auto lines) { return replaced(lines, 1, "\"version\":1", "\"version\":9"); }, 1,
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
