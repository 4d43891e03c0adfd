// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/attack.h"

#include <algorithm>

#include "backends/registry.h"
#include "models/bridge/driver.h"

namespace wib::models {
namespace {

using attacks::EntropyKind;

// Why what the model finds there cannot be done to real bytes; empty if it can.
std::string_view not_exported(const Scenario& scenario, const Question& question) {
  if (scenario.knows == "verifier" || scenario.knows == "dictionary") {
    return "a stolen verifier has no place in a trace yet";
  }
  if (scenario.entropy == "prng" || scenario.entropy == "stuck") {
    return "the model's attacker knows a weak generator's draws at once; on real bytes it has to "
           "search for the seed: wib attack run E02";
  }
  if (question.goal == "guesses")
    return "the model's limit is smaller than the code's; wib attack run A03";
  return {};
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

Outcome<std::optional<Counterexample>> find_in(const Scenario& scenario, const Question& question,
                                               attacks::Property aim, const AttackQuery& query,
                                               const Suite& suite, bool deep) {
  Counterexample found{.query = query, .scenario = &scenario};
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
  const bool repeats = scenario.entropy == "repeat";
  found.attack = {.family = "model",
                  .variant = "",
                  .title = "a counterexample of the model's",
                  .device_entropy = {repeats ? EntropyKind::repeat : EntropyKind::full, 0},
                  .initial = {"thief"},
                  .aims = {aim},
                  .needs_completion = query.undetected,
                  .restarts = repeats,
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
  const auto aim = attacks::find_property(query.property);
  std::string_view why = "not one that the models and the referee both know";
  bool asked = false;
  for (const Scenario& scenario : scenarios()) {
    for (const Question& question : scenario.questions) {
      if (question.property != query.property || question.reachability) continue;
      std::string_view no = scenario.not_applicable(suite);
      if (no.empty()) no = not_exported(scenario, question);
      if (!no.empty()) {
        why = no;
        continue;
      }
      if (!aim) continue;
      asked = true;
      auto found = find_in(scenario, question, *aim, query, suite, deep);
      if (!found || found->has_value()) return found;
    }
  }
  if (!asked) {
    return std::unexpected("property \"" + query.property + "\": " + std::string(why));
  }
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
