// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/model_verdicts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "attacks/report/overview.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, ModelAnswer>, 4> answers_by_name = {{
    {"attack", ModelAnswer::attack},
    {"holds", ModelAnswer::holds},
    {"reachable", ModelAnswer::reachable},
    {"unreachable", ModelAnswer::unreachable},
}};

// "maude" is "Maude" in a sentence.
std::string titled(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

// --- reading ------------------------------------------------------------------------------------

std::unexpected<std::string> wrong(const std::string& place, const std::string& what) {
  return std::unexpected(place + ": " + what);
}

// One object of the file, its members by name.
class Item {
 public:
  Item(const json& value, std::string place) : value_(value), place_(std::move(place)) {}

  // Text; empty if it is missing and may be.
  std::expected<std::string, std::string> text(const char* name, bool needed) const {
    const auto found = value_.find(name);
    if (found == value_.end()) {
      if (!needed) return std::string();
      return wrong(at(name), "missing");
    }
    if (!found->is_string()) return wrong(at(name), "expected text");
    auto value = found->get<std::string>();
    if (needed && value.empty()) return wrong(at(name), "is empty");
    return value;
  }

  std::expected<std::uint64_t, std::string> number(const char* name) const {
    const auto found = value_.find(name);
    if (found == value_.end()) return wrong(at(name), "missing");
    if (!found->is_number_unsigned()) return wrong(at(name), "expected a whole number");
    return found->get<std::uint64_t>();
  }

  std::expected<bool, std::string> flag(const char* name) const {
    const auto found = value_.find(name);
    if (found == value_.end()) return wrong(at(name), "missing");
    if (!found->is_boolean()) return wrong(at(name), "expected true or false");
    return found->get<bool>();
  }

  [[nodiscard]] std::string at(const char* name) const { return place_ + "." + name; }

 private:
  const json& value_;
  std::string place_;
};

std::expected<EngineAnswer, std::string> read_answer(const Item& item) {
  EngineAnswer answer;
  for (const auto& [field, name, needed] : {std::tuple{&answer.engine, "engine", true},
                                            {&answer.bound, "bound", true},
                                            {&answer.problem, "problem", false}}) {
    auto text = item.text(name, needed);
    if (!text) return std::unexpected(text.error());
    *field = std::move(*text);
  }
  const auto states = item.number("states");
  if (!states) return std::unexpected(states.error());
  answer.states = *states;
  const auto found = item.text("found", false);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) {
    if (answer.problem.empty()) {
      return wrong(item.at("found"), "missing, and no `problem` says why");
    }
    return answer;
  }
  const auto good = item.flag("good");
  if (!good) return std::unexpected(good.error());
  answer.as_expected = *good;
  const auto* known = std::ranges::find(answers_by_name, std::string_view(*found),
                                        &std::pair<std::string_view, ModelAnswer>::first);
  if (known == answers_by_name.end()) {
    return wrong(item.at("found"), "expected attack, holds, reachable or unreachable, not \"" +
                                       visible(*found) + "\"");
  }
  answer.found = known->second;
  return answer;
}

// --- under which conditions the models are asked ------------------------------------------------

// The device's generator, as the models tell them apart.
enum class Noise : std::uint8_t { full, stuck, prng, repeat };

std::optional<Noise> noise_of(const RunRecord& record) {
  const auto profile = EntropyProfile::parse(record.device_entropy);
  if (!profile) return std::nullopt;
  if (profile->kind == EntropyKind::repeat) return Noise::repeat;
  if (!profile->weak()) return Noise::full;
  return profile->detectable() ? Noise::stuck : Noise::prng;
}

// Whether the attacker had the authenticator before: P-L1 is the property that asks for it.
bool leaked(const RunRecord& record) {
  const PropertyResult* result = result_of(record, Property::l1);
  return result != nullptr && result->finding != Finding::not_applicable;
}

struct Asked {
  Property property;
  Noise noise;
  bool leaked;
  std::string_view scenario;
};

constexpr std::array asked_of_the_models = {
    Asked{Property::s1, Noise::full, false, "passive"},
    Asked{Property::s2, Noise::full, false, "active"},
    Asked{Property::s3_detectable, Noise::stuck, false, "passive-stuck"},
    Asked{Property::s3_prng, Noise::prng, false, "passive-prng"},
    Asked{Property::a1, Noise::full, false, "active"},
    Asked{Property::a2, Noise::full, false, "active"},
    Asked{Property::a3, Noise::full, false, "active"},
    Asked{Property::a3, Noise::repeat, false, "active-repeat"},
    Asked{Property::a3_recorder, Noise::repeat, false, "recorder-repeat"},
    Asked{Property::l1, Noise::full, true, "leaked"},
    Asked{Property::c1, Noise::full, false, "active"},
    Asked{Property::c1, Noise::full, true, "life"},
    Asked{Property::c2, Noise::full, false, "life"},
    Asked{Property::c2, Noise::full, true, "life"},
    Asked{Property::c3, Noise::full, false, "active"},
    Asked{Property::c3, Noise::full, true, "life"},
    Asked{Property::c4, Noise::full, false, "active"},
    Asked{Property::c4, Noise::full, true, "life"},
    Asked{Property::c5, Noise::full, false, "active"},
    Asked{Property::d1, Noise::full, false, "active"},
    Asked{Property::f1, Noise::full, false, "active"},
};

// P-R0 is asked in every scenario: the run's conditions say in which.
std::string_view honest_run_scenario(const RunRecord& record, Noise noise) {
  const bool passive = record.conduct == "passive";
  switch (noise) {
    case Noise::full: return passive ? "passive" : leaked(record) ? "leaked" : "active";
    case Noise::stuck: return passive ? "passive-stuck" : "";
    case Noise::prng: return passive ? "passive-prng" : "";
    case Noise::repeat: return record.conduct == "active" ? "active-repeat" : "recorder-repeat";
  }
  return "";
}

// Empty with why.
std::pair<std::string_view, std::string> scenario_for(Property property, const RunRecord& record) {
  if (property == Property::w1) {
    return {"", "symbolic models do not see it: a flood is a matter of time and memory"};
  }
  const auto noise = noise_of(record);
  if (!noise) return {"", "the models do not know this kind of generator"};
  std::string_view scenario;
  if (property == Property::r0) {
    scenario = honest_run_scenario(record, *noise);
  } else {
    const auto* found = std::ranges::find_if(asked_of_the_models, [&](const Asked& asked) {
      return asked.property == property && asked.noise == *noise && asked.leaked == leaked(record);
    });
    if (found != asked_of_the_models.end()) scenario = found->scenario;
  }
  if (scenario.empty()) {
    return {"", "the models are not asked that under the conditions of this run"};
  }
  return {scenario, ""};
}

Agreement compare(const ModelVerdict& verdict, Finding finding) {
  const auto answer = verdict.answer();
  if (!answer) return Agreement::unclear;
  const bool broken = finding == Finding::broken;
  switch (*answer) {
    case ModelAnswer::attack: return broken ? Agreement::agrees : Agreement::other_attack;
    case ModelAnswer::holds: return broken ? Agreement::contradiction : Agreement::agrees;
    // Of P-R0, `holds` means that it happened.
    case ModelAnswer::reachable: return Agreement::agrees;
    case ModelAnswer::unreachable: return broken ? Agreement::agrees : Agreement::contradiction;
  }
  return Agreement::unclear;
}

AimSaid said_of(const ModelVerdicts& models, const RunRecord& record, Property aim) {
  AimSaid said{.aim = aim};
  const PropertyResult* result = result_of(record, aim);
  const Standing how = standing(record);
  if (how == Standing::not_applicable) {
    said.why = "the attack means nothing on this suite";
  } else if (how == Standing::error) {
    said.why = "the run is in error and proves nothing";
  } else if (result == nullptr || result->finding == Finding::not_applicable) {
    said.why = "the run did not meet the condition of this property";
  } else if (how == Standing::proved_nothing && result->finding != Finding::broken) {
    said.why = "the run proved nothing";
  }
  if (!said.why.empty()) return said;
  std::tie(said.scenario, said.why) = scenario_for(aim, record);
  if (!said.why.empty()) return said;
  said.verdict = models.find(record.suite, said.scenario, id(aim));
  if (said.verdict == nullptr) {
    said.why = models.knows(record.suite) ? "the models were not asked that of this suite"
                                          : "the models were not asked about this suite";
    return said;
  }
  said.agreement = compare(*said.verdict, result->finding);
  return said;
}

}  // namespace

std::string_view name(ModelAnswer answer) noexcept {
  for (const auto& [text, value] : answers_by_name) {
    if (value == answer) return text;
  }
  return "?";
}

std::string_view name(Agreement agreement) noexcept {
  switch (agreement) {
    case Agreement::contradiction: return "contradiction";
    case Agreement::unclear: return "unclear";
    case Agreement::other_attack: return "other_attack";
    case Agreement::agrees: return "agrees";
    case Agreement::silent: return "silent";
  }
  return "?";
}

std::string_view sentence(Agreement agreement) noexcept {
  switch (agreement) {
    case Agreement::contradiction:
      return "CONTRADICTION: this run broke on the code what the model says holds.";
    case Agreement::unclear: return "The models give no answer to hold this against.";
    case Agreement::other_attack:
      return "The model knows an attack on this property; this script is not it.";
    case Agreement::agrees: return "Code and model agree.";
    case Agreement::silent: return "Nothing to compare.";
  }
  return "?";
}

// --- ModelVerdict -------------------------------------------------------------------------------

std::optional<ModelAnswer> ModelVerdict::answer() const {
  std::optional<ModelAnswer> agreed;
  for (const EngineAnswer& one : answers) {
    if (!one.found) continue;
    if (agreed && *agreed != *one.found) return std::nullopt;
    agreed = one.found;
  }
  return agreed;
}

std::string ModelVerdict::words() const {
  std::string engines;
  std::string each;
  std::string trouble;
  std::string surprise;
  const EngineAnswer* first = nullptr;
  bool one_bound = true;
  for (const EngineAnswer& one : answers) {
    const std::string engine = titled(one.engine);
    if (!one.found) {
      trouble += "; " + engine + " could not say: " + one.problem;
      continue;
    }
    if (!one.problem.empty()) trouble += "; " + engine + " had a problem: " + one.problem;
    if (!one.as_expected) surprise = "; not what models/expected.json has";
    if (first == nullptr) first = &one;
    one_bound = one_bound && one.bound == first->bound;
    (engines += engines.empty() ? "" : " and ") += engine;
    ((each += each.empty() ? "" : ", ") += engine + " says ") += name(*one.found);
    if (one.bound != first->bound) each += " (" + one.bound + ")";
  }
  if (first == nullptr) return "no answer" + trouble;
  const auto agreed = answer();
  if (!agreed) return "the engines differ: " + each + trouble + surprise;
  std::string text(name(*agreed));
  text += *agreed == ModelAnswer::holds || *agreed == ModelAnswer::unreachable ? " for " : ", ";
  if (one_bound) {
    text += first->bound + ", " + engines;
  } else {
    std::string bounds;
    for (const EngineAnswer& one : answers) {
      if (!one.found) continue;
      (bounds += bounds.empty() ? "" : "; ") += one.bound + ", " + titled(one.engine);
    }
    text += bounds;
  }
  return text + trouble + surprise;
}

std::string ModelVerdict::effort() const {
  std::string text;
  for (const EngineAnswer& one : answers) {
    if (!one.found) continue;
    text += (text.empty() ? "" : ", ") + titled(one.engine) + " saw " +
            number(static_cast<double>(one.states)) + (one.states == 1 ? " state" : " states");
  }
  return text;
}

// --- ModelVerdicts ------------------------------------------------------------------------------

std::expected<ModelVerdicts, std::string> ModelVerdicts::parse(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return std::unexpected("is not JSON");
  if (!document.is_object() || !document.contains("verdicts")) {
    return std::unexpected("has no \"verdicts\": expected what `wib model check --json` writes");
  }
  const json& items = document.at("verdicts");
  if (!items.is_array()) return wrong("verdicts", "expected a list");
  ModelVerdicts models;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string place = "verdicts[" + std::to_string(i) + "]";
    if (!items[i].is_object()) return wrong(place, "expected an object");
    const Item item(items[i], place);
    std::array<std::string, 3> key;
    for (std::size_t part = 0; part < key.size(); ++part) {
      constexpr std::array names = {"suite", "scenario", "property"};
      auto value = item.text(names[part], true);
      if (!value) return std::unexpected(value.error());
      key[part] = std::move(*value);
    }
    auto answer = read_answer(item);
    if (!answer) return std::unexpected(answer.error());
    ModelVerdict& verdict = models.verdicts_[{key[0], key[1], key[2]}];
    const bool twice = std::ranges::find(verdict.answers, answer->engine, &EngineAnswer::engine) !=
                       verdict.answers.end();
    if (twice) {
      return wrong(place, visible(answer->engine + " answers " + key[2] + " of " + key[0] +
                                  " in scenario " + key[1] + " twice"));
    }
    verdict.answers.push_back(std::move(*answer));
  }
  return models;
}

const ModelVerdict* ModelVerdicts::find(std::string_view suite, std::string_view scenario,
                                        std::string_view property) const {
  const auto found =
      verdicts_.find(Key(std::string(suite), std::string(scenario), std::string(property)));
  return found == verdicts_.end() ? nullptr : &found->second;
}

bool ModelVerdicts::knows(std::string_view suite) const {
  const auto next = verdicts_.lower_bound(Key(std::string(suite), "", ""));
  return next != verdicts_.end() && std::get<0>(next->first) == suite;
}

// --- Held against runs --------------------------------------------------------------------------

std::string AimSaid::words() const { return verdict == nullptr ? "–: " + why : verdict->words(); }

std::vector<AimSaid> models_on(const ModelVerdicts& models, const RunRecord& record) {
  std::vector<AimSaid> all;
  for (const Property aim : record.aims) all.push_back(said_of(models, record, aim));
  return all;
}

std::vector<AimSaid> models_on(const ModelVerdicts& models, std::span<const RunRecord> records,
                               std::span<const std::size_t> runs) {
  std::vector<AimSaid> all;
  for (const std::size_t run : runs) {
    for (AimSaid& said : models_on(models, records[run])) {
      const auto known = std::ranges::find(all, said.aim, &AimSaid::aim);
      if (known == all.end()) {
        all.push_back(std::move(said));
      } else if (said.agreement < known->agreement) {
        *known = std::move(said);
      }
    }
  }
  return all;
}

const AimSaid* loudest(std::span<const AimSaid> said) {
  const auto found = std::ranges::min_element(said, {}, &AimSaid::agreement);
  return found == said.end() ? nullptr : &*found;
}

std::size_t ModelTally::spoken() const {
  std::size_t all = 0;
  for (const std::size_t one : counts) all += one;
  return all - count(Agreement::silent);
}

std::string ModelTally::line() const {
  std::string text = "the models: ";
  if (const auto against = count(Agreement::contradiction); against != 0) {
    text += std::to_string(against) + (against == 1 ? " CONTRADICTION" : " CONTRADICTIONS") +
            ": the code was broken where the model says holds; ";
  }
  text += std::to_string(count(Agreement::agrees)) + " of " + report::count(spoken(), "aim") +
          " agree with the code";
  if (const auto other = count(Agreement::other_attack); other != 0) {
    text += "; on " + std::to_string(other) + " they know an attack that the script is not";
  }
  if (const auto unclear = count(Agreement::unclear); unclear != 0) {
    text += "; on " + std::to_string(unclear) + " the engines give no answer";
  }
  if (const auto silent = count(Agreement::silent); silent != 0) {
    text += "; " + std::to_string(silent) + " cannot be compared";
  }
  return text;
}

ModelTally tally(const ModelVerdicts& models, std::span<const RunRecord> records) {
  ModelTally sum;
  for (const RunRecord& record : records) {
    for (const AimSaid& said : models_on(models, record)) {
      ++sum.counts[static_cast<std::size_t>(said.agreement)];
    }
  }
  return sum;
}

}  // namespace wib::attacks::report
