// SPDX-License-Identifier: Apache-2.0
#include "models/claims/expected.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace wib::models {
namespace {

using json = nlohmann::ordered_json;

std::optional<Expected> parse(std::string_view text) {
  for (const Expected e :
       {Expected::holds, Expected::attack, Expected::reachable, Expected::unreachable}) {
    if (name(e) == text) return e;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Expected expected) noexcept {
  switch (expected) {
    case Expected::holds: return "holds";
    case Expected::attack: return "attack";
    case Expected::reachable: return "reachable";
    case Expected::unreachable: return "unreachable";
  }
  return "?";
}

std::string expected_path() { return WIB_MODELS_DIR "/expected.json"; }

Outcome<Expectations> Expectations::read(const std::string& path) {
  const auto wrong = [&](const std::string& what) { return std::unexpected(path + ": " + what); };
  std::ifstream in(path);
  if (!in) return wrong("cannot be read");
  const json document = json::parse(in, nullptr, false);
  if (document.is_discarded()) return wrong("is no JSON");
  Expectations expectations;
  try {
    for (const json& suite : document.at("suites")) {
      expectations.suites_.push_back(suite.get<std::string>());
      const auto parsed = parse_suite(expectations.suites_.back());
      if (!parsed || parsed->name().view() != expectations.suites_.back()) {
        return wrong("\"" + expectations.suites_.back() + "\" is no suite's name");
      }
    }
    for (const json& item : document.at("verdicts")) {
      const Key key{item.at("scenario").get<std::string>(), item.at("property").get<std::string>()};
      const std::string what = key.first + ", " + key.second;
      Entry entry;
      if (item.contains("control")) entry.control = item.at("control").get<std::string>();
      for (const auto& verdict : item.at("expect").items()) {
        const auto parsed = parse(verdict.value().get<std::string>());
        if (!parsed) return wrong(what + ", " + verdict.key() + ": what is that verdict?");
        for (const std::string& suite : expectations.suites_) {
          // "default" speaks for every suite that is not named.
          if (verdict.key() == suite) entry.by_suite[suite] = *parsed;
          if (verdict.key() == "default") entry.by_suite.try_emplace(suite, *parsed);
        }
        const bool known =
            verdict.key() == "default" ||
            std::ranges::find(expectations.suites_, verdict.key()) != expectations.suites_.end();
        if (!known) return wrong(what + ": \"" + verdict.key() + "\" is not among the suites");
      }
      if (!expectations.entries_.emplace(key, std::move(entry)).second) {
        return wrong(what + ": twice");
      }
    }
  } catch (const json::exception& error) {
    return wrong(error.what());
  }

  std::size_t used = 0;
  for (const Scenario& scenario : scenarios()) {
    for (const Question& question : scenario.questions) {
      const std::string what = std::string(scenario.id) + ", " + std::string(question.property);
      const auto found =
          expectations.entries_.find({std::string(scenario.id), std::string(question.property)});
      if (found == expectations.entries_.end()) return wrong(what + ": missing");
      ++used;
      for (const Bound& bound : {scenario.fast, scenario.deep}) {
        if (const auto why = vacuous(question, scenario, bound); !why.empty()) {
          return wrong(what + ": the bound is vacuous: " + std::string(why));
        }
      }
      bool holds = false;
      bool attacked = !found->second.control.empty();
      for (const std::string& suite : expectations.suites_) {
        const auto verdict = found->second.by_suite.find(suite);
        if (verdict == found->second.by_suite.end())
          return wrong(what + ": " + suite + " is missing");
        const bool reaches =
            verdict->second == Expected::reachable || verdict->second == Expected::unreachable;
        if (reaches != question.reachability)
          return wrong(what + ": " + suite + ": not of its kind");
        holds = holds || verdict->second == Expected::holds;
        attacked = attacked || verdict->second == Expected::attack;
      }
      if (holds && !attacked) return wrong(what + ": holds, and has no negative control");
    }
  }
  if (used != expectations.entries_.size()) return wrong("has verdicts on what is not asked");
  return expectations;
}

std::optional<Expected> Expectations::of(std::string_view suite, std::string_view scenario,
                                         std::string_view property) const {
  const auto entry = entries_.find({std::string(scenario), std::string(property)});
  if (entry == entries_.end()) return std::nullopt;
  const auto verdict = entry->second.by_suite.find(suite);
  if (verdict == entry->second.by_suite.end()) return std::nullopt;
  return verdict->second;
}

std::string_view Expectations::control(std::string_view scenario, std::string_view property) const {
  const auto entry = entries_.find({std::string(scenario), std::string(property)});
  return entry == entries_.end() ? std::string_view{} : entry->second.control;
}

}  // namespace wib::models
