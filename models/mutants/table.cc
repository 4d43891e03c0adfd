// SPDX-License-Identifier: Apache-2.0
#include "models/mutants/table.h"

#include <algorithm>

namespace wib::models {
namespace {

constexpr std::array effects_in_order = {
    Effects::install,      Effects::drop,   Effects::drop_all, Effects::open_window,
    Effects::close_window, Effects::create, Effects::set_keys};

// "drop_all+open_window"; "-" for none.
std::string effects_text(Effects effects) {
  std::string text;
  for (const Effects effect : effects_in_order) {
    if (!has(effects, effect)) continue;
    if (!text.empty()) text += "+";
    text += name(effect);
  }
  return text.empty() ? "-" : text;
}

// The model's word for a set of effects; what it has no word for stays as it is, and is no match.
std::string model_effects(Effects effects) {
  using E = Effects;
  constexpr E shut = E::drop_all | E::close_window;
  if (effects == E::none) return "keep";
  if (effects == E::drop) return "drop";
  if (effects == (E::drop_all | E::open_window)) return "reopen";
  if (effects == shut) return "shut";
  if (effects == E::create) return "create";
  if (effects == E::set_keys) return "set-keys";
  if (effects == (E::install | shut)) return "install";
  return effects_text(effects);
}

std::string model_name(std::string_view text) {
  std::string term(text);
  std::ranges::replace(term, '_', '-');
  return term;
}

std::string number(Status status) { return std::to_string(static_cast<unsigned>(status)); }

std::string model_row(const DeviceRow* row) {
  if (row == nullptr) return "no-row";
  return "r(" + number(row->status) + ", " + model_name(name(row->next)) + ", " +
         model_effects(row->effects) + ")";
}

std::string model_row(const ClientRow* row) {
  if (row == nullptr) return "no-crow";
  std::string text = "cr(" + model_name(name(row->next));
  if (row->sends) text += ", " + model_name(name(to_event(row->request)));
  return text + ")";
}

// A question to the model, and what the code says.
struct Asked {
  std::string where;
  std::string code;
};

// Every (state, event, judgement) of one table, for one kind of suite.
template <class State, class Event, class Row>
void ask_all(std::string_view function, const TraitMix& mix, std::string_view like,
             std::span<const Row> table, std::size_t states, std::size_t events,
             MaudeScript& script, std::vector<Asked>& asked) {
  const std::string suite = suite_term(mix.suite(like));
  for (std::size_t state = 0; state < states; ++state) {
    for (std::size_t event = 0; event < events; ++event) {
      for (std::size_t judged = 0; judged < judged_count; ++judged) {
        const auto on = static_cast<State>(state);
        const auto what = static_cast<Event>(event);
        const auto found = static_cast<Judged>(judged);
        script.command("red " + std::string(function) + "(" + suite + ", " + model_name(name(on)) +
                       ", " + model_name(name(what)) + ", " + model_name(name(found)) + ")");
        asked.push_back({std::string(like) + ", " + mix.text() + ": " + std::string(name(on)) +
                             " " + std::string(name(what)) + " " + std::string(name(found)),
                         model_row(find_row(table, mix.traits(), on, what, found))});
      }
    }
  }
}

// What stands behind "result SORT: "; empty if nothing does.
std::string_view result_of(std::string_view block) {
  const auto at = block.find("\nresult ");
  if (at == std::string_view::npos) return {};
  const auto begin = block.find(": ", at);
  if (begin == std::string_view::npos) return {};
  return block.substr(begin + 2, block.find('\n', begin) - begin - 2);
}

}  // namespace

std::string TraitMix::text() const {
  return std::string(name(sessions)) + "/" + std::string(name(attempts)) + "/" +
         std::string(name(protection));
}

Suite TraitMix::suite(std::string_view like) const {
  const Suite& base = *find_suite(like);
  const std::string_view choice = protection == When::acknowledged ? "aead" : "encrypt_and_mac";
  const Suite one = with_choice(base, "session_policy", name(sessions)).value();
  const Suite two = with_choice(one, "attempt_limit", name(attempts)).value();
  return with_choice(two, "protection", choice).value();
}

std::vector<TraitMix> trait_mixes() {
  std::vector<TraitMix> mixes;
  for (const When sessions : {When::several, When::single}) {
    for (const When attempts : {When::unlimited, When::limited}) {
      for (const When protection : {When::bare, When::acknowledged}) {
        mixes.push_back({sessions, attempts, protection});
      }
    }
  }
  return mixes;
}

Outcome<std::vector<std::string>> table_differences(const ModelFiles& files, const Tables& code) {
  MaudeScript script(files, "WIB-SUITE");
  std::vector<Asked> asked;
  // The model must ask for nothing but these choices: other choices give the same rows.
  for (const std::string_view like : {"as_posted", "hardened"}) {
    for (const TraitMix& mix : trait_mixes()) {
      ask_all<DeviceState, DeviceEvent>("row", mix, like, code.device, device_state_count,
                                        device_event_count, script, asked);
      ask_all<ClientState, ClientEvent>("crow", mix, like, code.client, client_state_count,
                                        client_event_count, script, asked);
    }
  }
  const auto blocks = script.run(60);
  if (!blocks) return std::unexpected(blocks.error());
  if (blocks->size() != asked.size()) {
    return std::unexpected("maude: " + std::to_string(blocks->size()) + " rows for " +
                           std::to_string(asked.size()) + " questions");
  }
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string_view said = result_of((*blocks)[i]);
    if (said.empty()) return std::unexpected("maude: no answer to " + asked[i].where);
    if (said == asked[i].code) continue;
    differences.push_back(asked[i].where + ": the model says " + std::string(said) + ", the code " +
                          asked[i].code);
  }
  return differences;
}

std::string edge_text(const DeviceRow& row) {
  return std::string(name(row.on)) + " " + std::string(name(row.event)) + " " +
         std::string(name(row.judged)) + " " +
         (row.status == Status::none ? std::string("-") : number(row.status)) + " " +
         std::string(name(row.next)) + " " + effects_text(row.effects);
}

}  // namespace wib::models
