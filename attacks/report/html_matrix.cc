// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/sequence.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

using Suites = std::span<const std::string>;

// Columns that a page of 1280 pixels has room for; a table never parts the pairs of a suite.
constexpr std::size_t most_columns = 9;
// Above this, they are narrower.
constexpr std::size_t roomy_columns = 6;

// Of one suite: what the models said, in front so that it is seen without scrolling, and its
// pairs.
std::size_t columns_of_suite(const Overview& overview) {
  return overview.pairs().size() + (overview.models() == nullptr ? 0 : 1);
}

void write_heads(Markup& out, const Overview& overview, Suites suites) {
  const auto head = out.in("thead");
  {
    const auto row = out.in("tr");
    {
      const auto corner = out.in("th", {{"scope", "col"}, {"rowspan", "2"}, {"class", "corner"}});
      out.text("Attack").element("span", {{"class", "roles"}}, "device above client");
    }
    for (const std::string& suite : suites) {
      out.element("th",
                  {{"scope", "colgroup"},
                   {"class", "suite"},
                   {"colspan", std::to_string(columns_of_suite(overview))}},
                  suite);
    }
  }
  const auto row = out.in("tr");
  for (std::size_t suite = 0; suite < suites.size(); ++suite) {
    if (overview.models() != nullptr) {
      const auto cell = out.in("th", {{"scope", "col"}, {"class", "pair said"}});
      out.text("the model").empty("br").text("said");
    }
    for (const Pair& pair : overview.pairs()) {
      const bool first = &pair == &overview.pairs().front();
      const auto cell = out.in("th", {{"scope", "col"}, {"class", first ? "pair first" : "pair"}});
      out.element("span", {{"class", "role"}}, "device ").text(pair.device).empty("br");
      out.element("span", {{"class", "role"}}, "client ").text(pair.client);
    }
  }
}

void write_cell(Markup& out, const Overview& overview, const ScenarioRuns& scenario,
                const Runs& runs, bool first) {
  const std::string edge = first ? " first" : "";
  if (runs.empty()) {
    out.element("td", {{"class", "cell none" + edge}}, "· not run");
    return;
  }
  const RunRecord& record = overview.record(runs.front());
  const auto cell = out.in("td", {{"class", "cell" + edge}});
  const auto link =
      out.in("a", {{"href", "#" + anchor("attack", scenario.id)},
                   {"title", record.id + ", " + place_of(record) + ": " + explanation(record)}});
  write_outcome(out, record);
  if (runs.size() > 1) {
    out.element("span", {{"class", "more"}}, "worst of " + count(runs.size(), "run"));
  }
}

void write_row(Markup& out, const Overview& overview, Suites suites, const ScenarioRuns& scenario) {
  const auto row = out.in("tr", {{"class", scenario.control ? "control" : ""}});
  {
    const auto head = out.in("th", {{"scope", "row"}});
    out.element("a", {{"href", "#" + anchor("attack", scenario.id)}, {"class", "id"}}, scenario.id);
    if (scenario.control) out.text(" ").element("span", {{"class", "tag"}}, "control");
    out.element("span", {{"class", "title"}}, overview.record(scenario.runs.front()).title);
  }
  for (const std::string& suite : suites) {
    if (overview.models() != nullptr) write_model_cell(out, overview, scenario, suite);
    for (const Pair& pair : overview.pairs()) {
      write_cell(out, overview, scenario, overview.at(scenario, suite, pair),
                 &pair == &overview.pairs().front());
    }
  }
}

void write_table(Markup& out, const Overview& overview, Suites suites) {
  const auto scroll = out.in("div", {{"class", "scroll"},
                                     {"tabindex", "0"},
                                     {"role", "region"},
                                     {"aria-label", "Attacks by backends, " + suites.front()}});
  // Many columns are made narrower: the roles are said once, in the corner.
  const bool many = suites.size() * columns_of_suite(overview) > roomy_columns;
  const auto table = out.in("table", {{"class", many ? "matrix many" : "matrix"}});
  write_heads(out, overview, suites);
  for (const FamilyRuns& family : overview.families()) {
    const auto body = out.in("tbody");
    {
      const auto row = out.in("tr", {{"class", "family"}});
      {
        const auto head = out.in("th", {{"scope", "rowgroup"}});
        const std::string title(family.family == nullptr ? "" : family.family->name);
        out.element("a", {{"href", "#" + anchor("family", family.id)}}, family.id + " " + title);
      }
      // The head stays in place alone while the rest scrolls.
      const std::size_t rest = suites.size() * columns_of_suite(overview);
      out.element("td", {{"colspan", std::to_string(rest)}}, "");
    }
    for (const ScenarioRuns& scenario : family.scenarios) {
      write_row(out, overview, suites, scenario);
    }
  }
}

void write_key(Markup& out, const Overview& overview) {
  const auto key = out.in("div", {{"class", "key"}});
  {
    const auto list = out.in("ul", {{"class", "legend"}});
    const auto entry = [&](std::string_view style, std::string_view words,
                           std::string_view meaning) {
      const auto item = out.in("li");
      out.element("span", {{"class", std::string(style)}}, words);
      out.element("span", meaning);
    };
    entry("outcome succeeded", "● succeeded", "every property that the attack aims at is broken");
    entry("outcome blocked", "○ blocked", "at least one of them holds, or somebody noticed");
    entry("standing as-expected", "✓ expected", "what the suite’s design leads to");
    entry("standing unexpected", "✗ unexpected", "the other outcome");
    entry("standing proved-nothing", "? no proof", "blocked, but no honest run completed either");
    entry("standing error", "! error", "the run could not be made, or the referee voided it");
    entry("standing not-applicable", "n not applicable", "the attack means nothing on that suite");
    entry("standing nothing-expected", "– not judged", "nothing is known of what to expect");
  }
  write_sequence_legend(out);
  if (overview.models() != nullptr) write_model_key(out);
}

// A run of the matrix has a row of its own to go to.
std::string place_to_go(const RunRecord& record, std::size_t run) {
  return "#" + (record.for_defences ? "defences" : run_anchor(run));
}

void write_contradictions(Markup& out, const Overview& overview) {
  if (overview.contradictions().empty()) return;
  out.element("p", {{"class", "headline"}},
              "✗ " + count(overview.contradictions().size(), "run") +
                  " broke on the code what the models say holds.");
  const auto list = out.in("ul", {{"class", "attention contradictions"}});
  for (const std::size_t run : overview.contradictions()) {
    const RunRecord& record = overview.record(run);
    for (const AimSaid& said : models_on(*overview.models(), record)) {
      if (said.agreement != Agreement::contradiction) continue;
      const auto item = out.in("li");
      out.element("span", {{"class", "sign"}}, "✗");
      out.element("a", {{"href", place_to_go(record, run)}}, record.id);
      out.text(" on " + place_of(record) + ": ");
      out.element("strong", std::string(id(said.aim)) + " was broken, the model says: " +
                                said.words() + " (scenario " + std::string(said.scenario) + ")");
    }
  }
}

void write_attention(Markup& out, const Overview& overview) {
  if (overview.attention().empty()) return;
  const auto list = out.in("ul", {{"class", "attention"}});
  for (const std::size_t run : overview.attention()) {
    const RunRecord& record = overview.record(run);
    const auto item = out.in("li");
    out.element("span", {{"class", "sign"}}, sign(standing(record)));
    out.element("a", {{"href", place_to_go(record, run)}}, record.id);
    out.text(" on " + place_of(record) + ": ");
    out.element("strong", explanation(record));
  }
}

}  // namespace

void write_summary(Markup& out, const Overview& overview) {
  const bool as_expected = overview.attention().empty() && !overview.records().empty();
  const bool good = as_expected && overview.contradictions().empty();
  const char* style = good          ? "summary good"
                      : as_expected ? "summary bad against"  // the models, and nothing else
                                    : "summary bad";
  const auto section = out.in("section", {{"class", style}, {"aria-label", "Summary"}});
  {
    const auto line = out.in("p", {{"class", "headline"}});
    out.element("span", {{"class", "sign"}}, as_expected ? "✓" : "✗")
        .text(" " + overview.summary());
  }
  write_contradictions(out, overview);
  write_attention(out, overview);
  if (!overview.records().empty()) out.element("p", {{"class", "extent"}}, overview.extent());
  if (overview.models() != nullptr) {
    out.element("p", {{"class", "extent"}},
                "Beside them, " + tally(*overview.models(), overview.records()).line() + ".");
  }
}

void write_matrix(Markup& out, const Overview& overview) {
  const auto section = out.in("section", {{"id", "matrix"}});
  out.element("h2", "Matrix");
  const Suites suites = overview.suites();
  const std::size_t each = std::max<std::size_t>(1, columns_of_suite(overview));
  const std::size_t room = std::max<std::size_t>(1, most_columns / each);
  for (std::size_t first = 0; first < suites.size(); first += room) {
    write_table(out, overview, suites.subspan(first, std::min(room, suites.size() - first)));
  }
  write_key(out, overview);
}

}  // namespace wib::attacks::report
