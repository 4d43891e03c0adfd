// SPDX-License-Identifier: Apache-2.0
//
// RunRecord: everything that a report says of one run. Writers (attacks/report) read nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "attacks/scenarios/scenario.h"
#include "attacks/world/property.h"

namespace wib::attacks {

enum class Verdict : std::uint8_t {
  pass,           // the outcome is the expected one
  fail,           // it is the other one
  inconclusive,   // nothing is expected of this suite, or the run proved nothing
  error,          // the tool could not run it, or the referee found an irregularity
  not_applicable  // the attack means nothing on this suite: not run, and the reason says why
};
inline constexpr std::size_t verdict_count = 5;
[[nodiscard]] constexpr std::string_view name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::inconclusive: return "inconclusive";
    case Verdict::error: return "error";
    case Verdict::not_applicable: return "not_applicable";
  }
  return "?";
}

// One line of the story of a run: a note, or a message on the wire.
struct StoryLine {
  enum class Kind : std::uint8_t {
    event,     // something at one party: the button, a restart, a client's start
    message,   // bytes from one party to another
    knowledge  // the attacker computes something
  };
  Kind kind = Kind::event;
  std::size_t step = 0;  // number of the step in the trace
  std::string from;      // lane: a client's name, "attacker" or "device"
  std::string to;        // message: lane
  std::string label;     // "POST /setup/dh.wib", "204 No Content", "press", "learn bundle"
  std::string detail;    // fields and terms, abbreviated
  std::string note;      // the script's own words on why
  bool forged = false;   // message: made by the attacker
  bool refused = false;  // a status of 400 and above, or no connection
};

// A secret that the attacker ended up with, and how.
struct Theft {
  std::string owner;
  std::string label;       // what the attacker calls it
  std::string derivation;  // the whole term
  // The derivation cut at named values, in the order in which they were learnt: "K = ...".
  std::vector<std::pair<std::string, std::string>> steps;
};

struct RunRecord {
  std::string id;       // "D14.takeover"
  std::string family;   // "D14"
  std::string variant;  // "takeover"
  std::string title;
  bool control = false;
  std::string suite;
  std::string reading;
  std::string device_backend;
  std::string client_backend;
  std::uint64_t seed = 0;
  std::string device_entropy;  // as EntropyProfile::text()
  std::string conduct;         // "passive", "recorder", "active"
  std::string target;          // "simulation", or the URL of a real device

  Outcome outcome = Outcome::blocked;
  std::optional<Outcome> expected;
  Verdict verdict = Verdict::error;
  std::string reason;  // one sentence: why this verdict
  std::string why;     // why that is expected, where it is not plain; may be empty
  // Run for the table "defence by attack": not in the matrix of suites and backends.
  bool for_defences = false;

  std::vector<Property> aims;
  std::vector<PropertyResult> properties;  // every property, in order
  std::vector<std::string> irregularities;
  std::vector<Theft> thefts;
  std::vector<StoryLine> story;
  std::vector<Metric> metrics;
  double seconds = 0;  // wall time of the run

  std::string trace;  // path of the trace file, relative to the report; empty if none
};

}  // namespace wib::attacks
