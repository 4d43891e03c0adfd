// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

struct Look {
  std::string_view style;
  std::string_view words;  // as short as a cell of the matrix needs it
};

const Look& look(Agreement agreement) noexcept {
  static constexpr std::array<Look, agreement_count> looks = {{
      {"contradiction", "✗ CONTRADICTS"},
      {"unclear", "? unclear"},
      {"other-attack", "~ another"},
      {"agrees", "✓ agrees"},
      {"silent", "silent"},
  }};
  return looks[static_cast<std::size_t>(agreement)];
}

Look look(const AimSaid& said) {
  if (said.verdict == nullptr) return {"none", "–"};
  const auto answer = said.verdict->answer();
  if (!answer) return {"none", "no answer"};
  switch (*answer) {
    case ModelAnswer::attack: return {"attack", "● attack"};
    case ModelAnswer::holds: return {"holds", "○ holds"};
    case ModelAnswer::reachable: return {"reachable", "○ possible"};
    case ModelAnswer::unreachable: return {"unreachable", "● impossible"};
  }
  return {"none", "?"};
}

// The whole of it, for a tooltip.
std::string told(const AimSaid& said) {
  std::string text = std::string(id(said.aim)) + ": ";
  if (said.verdict == nullptr) return text + "no model speaks of it here (" + said.why + ").";
  return text + said.words() + ". " + std::string(sentence(said.agreement)) + " Scenario " +
         std::string(said.scenario) + "; " + said.verdict->effort() + ".";
}

}  // namespace

void write_model_cell(Markup& out, const Overview& overview, const ScenarioRuns& scenario,
                      std::string_view suite) {
  Runs runs;
  std::ranges::copy_if(scenario.runs, std::back_inserter(runs),
                       [&](std::size_t run) { return suite_name(overview.record(run)) == suite; });
  const auto said = models_on(*overview.models(), overview.records(), runs);
  const AimSaid* shown = loudest(said);
  if (shown == nullptr) {
    out.element("td", {{"class", "cell none said"}}, "· not run");
    return;
  }
  std::string title;
  for (const AimSaid& each : said) title += (title.empty() ? "" : "\n") + told(each);
  const auto cell = out.in("td", {{"class", "cell said"}});
  const auto link =
      out.in("a", {{"href", "#" + anchor("attack", scenario.id)}, {"title", std::move(title)}});
  const Look answer = look(*shown);
  out.element("span", {{"class", "answer " + std::string(answer.style)}}, answer.words);
  const Look& how = look(shown->agreement);
  out.text(" ").element("span", {{"class", "standing " + std::string(how.style)}}, how.words);
}

void write_model_lines(Markup& out, const Overview& overview, const Runs& runs) {
  if (overview.models() == nullptr) return;
  const auto list = out.in("ul", {{"class", "models-said"}});
  for (const AimSaid& said : models_on(*overview.models(), overview.records(), runs)) {
    const Look& how = look(said.agreement);
    const auto item = out.in("li", {{"class", std::string(how.style)}, {"title", told(said)}});
    out.text("The model on ").element("span", {{"class", "id"}}, id(said.aim)).text(": ");
    if (said.verdict == nullptr) {
      out.element("span", {{"class", "why"}}, said.words());
      continue;
    }
    const Look answer = look(said);
    out.element("span", {{"class", "answer " + std::string(answer.style)}}, said.words());
    out.text(". ").element(said.agreement == Agreement::contradiction ? "strong" : "span",
                           sentence(said.agreement));
  }
}

void write_model_key(Markup& out) {
  const auto list = out.in("ul", {{"class", "legend"}});
  const auto entry = [&](Agreement agreement, std::string_view meaning) {
    const auto item = out.in("li");
    const Look& how = look(agreement);
    out.element("span", {{"class", "standing " + std::string(how.style)}}, how.words);
    out.element("span", meaning);
  };
  entry(Agreement::agrees, "code and model agree on what the attack aims at");
  entry(Agreement::other_attack, "the model knows an attack on it; this script is not it");
  entry(Agreement::contradiction, "a run broke on the code what the model says holds");
  entry(Agreement::unclear, "the engines differ, or none could say");
  entry(Agreement::silent, "no model speaks of it: the cell’s tooltip says why");
}

void write_models(Markup& out, const ReportHeader& header, const Overview& overview) {
  if (overview.models() == nullptr) return;
  const auto section = out.in("section", {{"id", "models"}});
  out.element("h2", "What the models said");
  out.element(
      "p",
      "Formal models of the same suites, in two engines: Maude searches all that an attacker can "
      "do, on terms with the algebra of Diffie-Hellman; Spin the life of sessions. An attack is "
      "theirs, found and not scripted. “Holds” says that there is none within the bound, and no "
      "more. A run that is blocked where the model has an attack contradicts nothing: the model’s "
      "may be another one. A run that succeeds where the model says “holds” does: then the model "
      "or the code is wrong.");
  out.element("p", "Here, " + tally(*overview.models(), overview.records()).line() + ".");
  if (!header.models_table.empty() || !header.models_json.empty()) {
    const auto line = out.in("p");
    out.text("All that the models were asked, also what no attack here aims at: ");
    if (!header.models_table.empty()) {
      out.element("a", {{"href", href(header.models_table)}}, header.models_table);
      out.text(", a table of every question, suite and engine");
    }
    if (!header.models_json.empty()) {
      out.text(header.models_table.empty() ? "" : "; ");
      out.element("a", {{"href", href(header.models_json)}}, header.models_json);
      out.text(", the same for a program");
    }
    out.text(".");
  }
  // Why there is a dash, once for all runs that have it.
  std::vector<std::pair<std::string, std::vector<std::string>>> silent;
  for (const RunRecord& record : overview.records()) {
    for (const AimSaid& said : models_on(*overview.models(), record)) {
      if (said.agreement != Agreement::silent) continue;
      const auto known = std::ranges::find(silent, said.why, [](const auto& s) { return s.first; });
      auto& where = known == silent.end()
                        ? silent.emplace_back(said.why, std::vector<std::string>())
                        : *known;
      const std::string place = record.id + " (" + std::string(id(said.aim)) + ")";
      if (std::ranges::find(where.second, place) == where.second.end()) {
        where.second.push_back(place);
      }
    }
  }
  if (silent.empty()) return;
  out.element("h3", "Where there is a dash");
  const auto list = out.in("ul", {{"class", "whys"}});
  for (const auto& [why, where] : silent) {
    const auto item = out.in("li");
    std::string places;
    for (const std::string& place : where) places += (places.empty() ? "" : ", ") + place;
    out.element("b", why).text(": ").element("span", {{"class", "where"}}, places);
  }
}

}  // namespace wib::attacks::report
