// SPDX-License-Identifier: Apache-2.0
#include "models/claims/scenario.h"

#include <algorithm>

#include "attacks/world/takes_code.h"

namespace wib::models {
namespace {

constexpr Question honest_run{"P-R0", "r0", "never_r0", true};
constexpr Question refusal{"P-R0/503", "unanswered", "never_503", true};

const std::vector<Scenario>& all() {
  static const std::vector<Scenario> scenarios = {
      {.id = "passive",
       .about = "the attacker listens; the device's randomness is good",
       .attacker = "passive",
       .entropy = "full",
       .knows = "nothing",
       .fast = {},
       .deep = {.sessions = 3, .presses = 3},
       .questions = {honest_run, {"P-S1", "theft", "p_s"}, {"P-O1", "guessed", "p_o1"}}},
      {.id = "passive-stuck",
       .about = "the attacker listens; the device's noise is weak and health tests see it",
       .attacker = "passive",
       .entropy = "stuck",
       .knows = "nothing",
       .fast = {},
       .deep = {.sessions = 3, .presses = 3},
       .questions = {honest_run,
                     refusal,
                     {"P-S3/detectable", "theft", "p_s"},
                     {"P-S4/detectable", "s4", "p_s4"}}},
      {.id = "passive-prng",
       .about = "the attacker listens; a low-entropy PRNG poses as the device's noise",
       .attacker = "passive",
       .entropy = "prng",
       .knows = "nothing",
       .fast = {},
       .deep = {.sessions = 3, .presses = 3},
       .questions = {honest_run,
                     {"P-S3/prng", "theft", "p_s"},
                     {"P-S4/prng", "s4", "p_s4"},
                     {"P-O1", "guessed", "p_o1"}}},
      {.id = "active",
       .about = "the wire is the attacker's (Dolev-Yao); the device's randomness is good",
       .attacker = "active",
       .entropy = "full",
       .knows = "nothing",
       .fast = {},
       .deep = {.sessions = 3, .presses = 2, .tries = 2},
       .questions = {honest_run,
                     {"P-S2", "theft", "p_s"},
                     {"P-A1", "rogue", "p_a1"},
                     {"P-A2", "takeover", "p_a2"},
                     {"P-A3", "twice", "p_a3"},
                     {"P-O1", "guessed", "p_o1"},
                     {"P-C1", "c1", "p_c1"},
                     {"P-C3", "c3", "p_c3"},
                     {"P-C4", "c4", "p_c4"},
                     {"P-C5", "guesses", "p_c5"},
                     {"P-D1", "d1", "p_d1"},
                     {"P-F1", "f1", "p_f1"}}},
      {.id = "active-repeat",
       .about = "the wire is the attacker's; after a restart the device's generator repeats itself",
       .attacker = "active",
       .entropy = "repeat",
       .knows = "nothing",
       .fast = {.restarts = 1},
       .deep = {.sessions = 3, .presses = 2, .restarts = 1},
       .questions = {honest_run, {"P-A3", "twice", "p_a3"}}},
      {.id = "recorder-repeat",
       .about = "the attacker replays what it recorded; after a restart the generator repeats "
                "itself",
       .attacker = "recorder",
       .entropy = "repeat",
       .knows = "nothing",
       .fast = {.restarts = 1},
       .deep = {.sessions = 3, .presses = 3, .restarts = 2},
       .questions = {honest_run,
                     {"P-A3/recorder", "twice", "p_a3"},
                     {"P-F1", "f1", "p_f1"},
                     {"P-C6", "c6", "p_c6"}}},
      {.id = "leaked",
       .about = "the wire is the attacker's, who has the serial number or the setup code",
       .attacker = "active",
       .entropy = "full",
       .knows = "authenticator",
       .fast = {},
       .deep = {.sessions = 3, .presses = 2},
       .questions = {honest_run, {"P-L1", "takeover", "p_a2"}}},
      {.id = "verifier",
       .about = "the wire is the attacker's, who has stolen the verifier (w0, L)",
       .attacker = "active",
       .entropy = "full",
       .knows = "verifier",
       .fast = {},
       .deep = {.sessions = 3, .presses = 2},
       .questions = {honest_run,
                     {"P-L3/rogue", "rogue", "p_l3_rogue"},
                     {"P-L3/client", "takeover", "p_a2"}}},
      {.id = "verifier-offline",
       .about = "the same, and has time to search for the code",
       .attacker = "active",
       .entropy = "full",
       .knows = "dictionary",
       .fast = {},
       .deep = {.sessions = 3, .presses = 2},
       .questions = {honest_run, {"P-L3/offline", "takeover", "p_a2"}}},
      {.id = "life",
       .about = "power cuts and expiry; the attacker has the authenticator",
       .attacker = "active",
       .entropy = "full",
       .knows = "authenticator",
       .fast = {.sessions = 1, .presses = 2, .restarts = 1, .expiries = 1, .tries = 1},
       .deep = {.sessions = 2, .presses = 2, .restarts = 1, .expiries = 1, .tries = 1},
       .questions = {honest_run,
                     {"P-C1", "c1", "p_c1"},
                     {"P-C2", "c2", "p_c2"},
                     {"P-C3", "c3", "p_c3"},
                     {"P-C4", "c4", "p_c4"}}},
  };
  return scenarios;
}

std::string counted(unsigned count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

std::string Bound::text() const {
  std::string text = counted(sessions, "session") + ", " +
                     (presses == 1 ? "1 press" : std::to_string(presses) + " presses");
  if (restarts != 0) text += ", " + counted(restarts, "restart");
  if (expiries != 0)
    text += ", " + (expiries == 1 ? "1 expiry" : std::to_string(expiries) + " expiries");
  return text;
}

std::string_view Scenario::not_applicable(const Suite& suite) const {
  const bool verified = attacks::takes_code(suite);
  if ((knows == "verifier" || knows == "dictionary") && !verified) {
    return "the device stores no verifier";
  }
  // A generator that repeats itself can only help: what falls without falls with it.
  if (id == "active-repeat" && !verified) return "P-A3 falls in `active` already";
  return {};
}

std::span<const Scenario> scenarios() { return all(); }

const Scenario* find_scenario(std::string_view id) {
  const auto found = std::ranges::find(all(), id, &Scenario::id);
  return found == all().end() ? nullptr : &*found;
}

std::string_view vacuous(const Question& question, const Scenario& scenario, const Bound& bound) {
  if (bound.sessions == 0 || bound.presses == 0) return "without a session nothing happens";
  const bool again = question.goal == "twice" || question.goal == "f1";
  if (again && bound.presses < 2) return "one press allows one installation: 2 presses at least";
  if (again && bound.sessions < 2) return "one session takes a message once: 2 sessions at least";
  if (again && scenario.entropy == "repeat" && bound.restarts == 0) {
    return "the generator repeats itself after a restart: 1 restart at least";
  }
  if (question.goal == "guesses" && bound.sessions <= bound.tries) {
    return "a session is one guess: more sessions than tries";
  }
  if (question.goal == "c2" && bound.expiries + bound.restarts == 0) {
    return "no cookie would expire: 1 expiry or restart at least";
  }
  if (question.goal == "c6" && bound.sessions < 2) {
    return "an epoch goes out twice in two sessions: 2 sessions at least";
  }
  if (question.goal == "c6" && bound.restarts == 0)
    return "no power would be cut: 1 restart at least";
  return {};
}

}  // namespace wib::models
