// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/attack.h"

#include <algorithm>

#include "backends/registry.h"
#include "models/bridge/driver.h"

namespace wib::models {
namespace {

using attacks::EntropyKind;
using attacks::EntropyProfile;

EntropyProfile profile_of(std::string_view entropy) {
  if (entropy == "repeat") return {EntropyKind::repeat, 0};
  if (entropy == "stuck") return {EntropyKind::constant, 0};
  if (entropy == "prng") return {EntropyKind::seeded, 16};
  return {};
}

// The property as the referee knows it; the model's finer names are conditions of its scenarios.
std::optional<attacks::Property> referee_property(std::string_view id) {
  if (id == "P-L3/rogue") return attacks::Property::a1;
  return attacks::find_property(id);
}

// To the model a group is a group: an attacker may speak to the client of the one that the device
// will offer later. In the world it has to see it first, so the device is asked before the client
// is answered (a press and a GET depend on nothing before them).
void offer_first(std::vector<ModelStep>& steps) {
  const auto first = [&](std::string_view name) {
    return std::ranges::find(steps, name, &ModelStep::name);
  };
  const auto get = first("get-dh");
  if (get == steps.end() || get->status != 200 || first("c-offer") > get) return;
  const auto press = first("press");
  const bool undisturbed = std::none_of(press + 1, get, [](const ModelStep& step) {
    return step.name == "press" || step.name == "restart" || step.name.ends_with("expired");
  });
  if (press > get || !undisturbed) return;
  std::rotate(steps.begin(), press, press + 1);
  std::rotate(steps.begin() + 1, get, get + 1);
}

}  // namespace

namespace {

Outcome<std::optional<Counterexample>> find_in(const Scenario& scenario, const Question& question,
                                               const AttackQuery& query, const Suite& suite,
                                               bool deep) {
  Counterexample found{.query = query, .scenario = &scenario};
  const auto aim = referee_property(query.property);
  if (scenario.knows == "verifier" || scenario.knows == "dictionary") {
    return std::unexpected(query.property + ": a stolen verifier has no place in a trace yet");
  }
  if (scenario.entropy == "prng" || scenario.entropy == "stuck") {
    return std::unexpected(query.property +
                           ": the model's attacker knows a weak generator's draws at once; on real "
                           "bytes it has to search for the seed: wib attack run E02");
  }
  const Bound bound = deep ? scenario.deep : scenario.fast;
  found.bound = bound.text();
  std::string condition = "(C:Cfg breaks " + std::string(question.goal) + ")";
  if (query.undetected) condition += " and-then (C:Cfg breaks r0)";
  auto graph =
      explore(project_model(),
              initial_term(suite, scenario, bound, "owner", query.own_share ? "discreet" : "none"),
              deep ? 3600 : 300, "(" + condition + ")");
  if (!graph) return std::unexpected(graph.error());
  if (!graph->target) return std::optional<Counterexample>{};
  found.states = graph->states.size();

  std::vector<ModelStep> steps;
  for (const std::size_t arc : path_to_target(*graph)) {
    const GraphAction& action = graph->arcs[arc].action;
    steps.push_back({graph->terms.text(action.name).substr(1), graph->terms.term(action.cookie),
                     graph->terms.term(action.body), action.status,
                     graph->terms.term(action.answer)});
  }
  offer_first(steps);
  for (const ModelStep& step : steps) found.steps.push_back(step.text());
  found.attack = {.family = "model",
                  .variant = "",
                  .title = "a counterexample of the model's",
                  .device_entropy = profile_of(scenario.entropy),
                  .initial = {"thief"},
                  .aims = {*aim},
                  .needs_completion = query.undetected,
                  .restarts = scenario.entropy == "repeat",
                  .run = [steps, theft = question.goal == "theft"](attacks::Script& script) {
                    drive(script, steps, theft);
                  }};
  if (scenario.knows == "authenticator") found.attack.initial.insert("serial");
  // Where there is a setup code the serial number is an identity, and no secret.
  found.attack.initial_with_code = {"serial", "wrong-code"};
  if (scenario.knows == "authenticator") found.attack.initial_with_code.insert("code");
  return found;
}

}  // namespace

Outcome<std::optional<Counterexample>> find_attack(const AttackQuery& query, const Suite& suite,
                                                   bool deep) {
  if (query.property == "P-C5") {
    return std::unexpected(query.property +
                           ": the model's limit is smaller than the code's; wib attack run A03");
  }
  if (query.property.starts_with("P-L3")) {
    return std::unexpected(query.property + ": a stolen verifier has no place in a trace yet");
  }
  std::string why =
      "property \"" + query.property + "\": not one that the models and the referee both know";
  bool asked = false;
  for (const Scenario& scenario : scenarios()) {
    for (const Question& question : scenario.questions) {
      if (question.property != query.property || question.reachability) continue;
      if (!referee_property(query.property)) continue;
      if (const auto no = scenario.not_applicable(suite); !no.empty()) {
        if (!asked) why = query.property + ": " + std::string(no);
        continue;
      }
      auto found = find_in(scenario, question, query, suite, deep);
      if (!found || found->has_value()) return found;
      asked = true;
    }
  }
  if (!asked) return std::unexpected(why);
  return std::optional<Counterexample>{};
}

Outcome<std::vector<Confirmation>> confirm(const Counterexample& found, const Suite& suite,
                                           std::span<const std::pair<Backend*, Backend*>> pairs) {
  std::vector<Confirmation> all;
  std::optional<attacks::Trace> trace;
  for (const auto& [device, client] : pairs) {
    Confirmation one{.device = std::string(device->name()), .client = std::string(client->name())};
    std::vector<std::string> differences;
    if (!trace) {
      one.run = attacks::run_scenario(
          found.attack, {.suite = suite, .device_backend = *device, .client_backend = *client});
      auto read = attacks::read_trace(one.run.trace);
      if (!read) {
        return std::unexpected("the trace that was written does not read: line " +
                               std::to_string(read.error().offset) + ": " +
                               std::string(read.error().where));
      }
      trace = std::move(*read);
    } else {
      auto replayed = attacks::replay_trace(*trace, *device, *client);
      if (!replayed) return std::unexpected("replay: " + std::string(replayed.error().where));
      one.run = std::move(replayed->run);
      differences = std::move(replayed->differences);
    }
    const attacks::RunRecord& record = one.run.record;
    const auto property_is = [&](attacks::Property property, attacks::Finding finding) {
      return record.properties[static_cast<std::size_t>(property)].finding == finding;
    };
    const attacks::Property aim = found.attack.aims.front();
    const bool broken = property_is(aim, attacks::Finding::broken);
    const bool unnoticed =
        !found.query.undetected || property_is(attacks::Property::r0, attacks::Finding::holds);
    one.confirmed = broken && unnoticed && differences.empty() && record.irregularities.empty();
    one.witness = broken ? record.properties[static_cast<std::size_t>(aim)].witness
                         : "the property is not broken: " +
                               std::string(attacks::name(
                                   record.properties[static_cast<std::size_t>(aim)].finding));
    if (broken && !unnoticed) one.witness = "no honest run completes";
    if (!differences.empty()) one.witness = "the replay differs: " + differences.front();
    if (!record.irregularities.empty()) one.witness = "irregular: " + record.irregularities.front();
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::pair<Backend*, Backend*>> backend_pairs(const Suite& suite) {
  std::vector<std::pair<Backend*, Backend*>> pairs;
  for (Backend* device : backends()) {
    for (Backend* client : backends()) {
      if (runs(*device, suite) && runs(*client, suite)) pairs.emplace_back(device, client);
    }
  }
  return pairs;
}

}  // namespace wib::models
