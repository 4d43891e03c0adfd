// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/sequence.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

// Suites differ in what happens: each gets a diagram of its own. Readings and backends do not.
std::vector<Runs> by_suite(const Overview& overview, const Runs& runs) {
  std::vector<Runs> groups;
  for (const std::size_t run : runs) {
    const auto same = [&](const Runs& group) {
      return overview.record(group.front()).suite == overview.record(run).suite;
    };
    const auto group = std::ranges::find_if(groups, same);
    if (group == groups.end()) {
      groups.push_back({run});
    } else {
      group->push_back(run);
    }
  }
  return groups;
}

bool ran(const RunRecord& record) {
  return standing(record) != Standing::error && standing(record) != Standing::not_applicable;
}

// "Succeeded in 8 of 8 runs, as expected in all of them."
std::string tally(const Overview& overview, const Runs& runs) {
  const auto counted = [&](auto&& wanted) {
    return static_cast<std::size_t>(
        std::ranges::count_if(runs, [&](std::size_t run) { return wanted(overview.record(run)); }));
  };
  const std::size_t succeeded = counted(
      [](const RunRecord& record) { return ran(record) && record.outcome == Outcome::succeeded; });
  const std::size_t blocked = counted(
      [](const RunRecord& record) { return ran(record) && record.outcome == Outcome::blocked; });
  std::string text;
  if (succeeded > 0 || blocked == 0) text = "Succeeded in " + std::to_string(succeeded);
  if (blocked > 0)
    text += (text.empty() ? "Blocked in " : ", blocked in ") + std::to_string(blocked);
  text += " of " + count(runs.size(), "run");
  const char* separator = ": ";
  for (std::size_t i = 0; i < standing_count; ++i) {
    const auto how = static_cast<Standing>(i);
    const std::size_t number =
        counted([&](const RunRecord& record) { return standing(record) == how; });
    if (number == 0) continue;
    if (number == runs.size()) return text + ", " + std::string(name(how)) + ".";
    text += separator + std::to_string(number) + " " + std::string(name(how));
    separator = ", ";
  }
  return text + ".";
}

void write_steps(Markup& out, const RunRecord& record) {
  const auto details = out.in("details");
  out.element("summary", "The same steps as text, with every value");
  const auto table = out.in("ol", {{"class", "steps"}});
  for (const Row& row : arrange(record.story)) {
    const auto item = out.in("li", {{"value", std::to_string(row.line->step)}});
    out.element("span", {{"class", "what"}}, in_words(row));
    if (row.line->refused) out.text(" ").element("span", {{"class", "tag"}}, "refused");
    if (!row.note.empty()) out.element("span", {{"class", "why"}}, row.note);
    if (!row.line->detail.empty()) out.element("code", row.line->detail);
  }
}

std::string which_run(const Overview& overview, const Runs& runs, std::size_t shown) {
  const RunRecord& record = overview.record(shown);
  std::string text = "The run shown: " + place_of(record) + ". ";
  if (runs.size() == 1) return text + "It is the only one.";
  text += shown == runs.front()
              ? "It is the first of " + std::to_string(runs.size())
              : "It is the first of " + std::to_string(runs.size()) + " that is not as expected";
  const bool same = std::ranges::all_of(
      runs, [&](std::size_t run) { return same_steps(record.story, overview.record(run).story); });
  return text + (same ? "; the others have the same steps."
                      : "; not all others have the same steps, see the table.");
}

void write_diagram(Markup& out, const Overview& overview, const Runs& runs, std::size_t shown) {
  const RunRecord& record = overview.record(shown);
  const auto figure = out.in("figure");
  out.element("figcaption", which_run(overview, runs, shown));
  if (record.story.empty()) {
    out.element("p", {{"class", "nothing"}}, "No steps were recorded.");
    return;
  }
  {
    const auto scroll = out.in("div", {{"class", "scroll diagram"}, {"tabindex", "0"}});
    write_sequence(out, record.story,
                   record.id + " step by step: " + record.title + ". The steps follow as text.");
  }
  write_steps(out, record);
}

// "share search: candidates tried 62,760 seeds; time 1.07 s": what names have in common is said
// once.
std::string measured(const RunRecord& record) {
  std::string text;
  std::string_view subject;
  for (const Metric& metric : record.metrics) {
    std::string_view name = metric.name;
    const std::size_t colon = name.find(": ");
    const std::string_view about = colon == name.npos ? name.substr(0, 0) : name.substr(0, colon);
    if (!about.empty() && about == subject) name.remove_prefix(colon + 2);
    subject = about;
    if (!text.empty()) text += "; ";
    ((text += name) += " ") += number(metric.value);
    if (!metric.unit.empty()) (text += " ") += metric.unit;
  }
  return text;
}

void write_run_row(Markup& out, const Overview& overview, std::size_t run, std::size_t shown,
                   bool metrics) {
  const RunRecord& record = overview.record(run);
  const auto row = out.in("tr", {{"id", run_anchor(run)}, {"class", run == shown ? "shown" : ""}});
  out.element("th", {{"scope", "row"}}, suite_name(record));
  out.element("td", record.device_backend);
  out.element("td", record.client_backend);
  {
    const auto cell = out.in("td", {{"class", "cell"}});
    write_outcome(out, record);
    if (needs_attention(standing(record))) {
      out.element("span", {{"class", "why"}}, record.reason);
    }
  }
  out.element("td", run == shown                                             ? "shown"
                    : same_steps(overview.record(shown).story, record.story) ? "same"
                                                                             : "different");
  out.element("td", {{"class", "number"}}, std::to_string(record.seed));
  out.element("td", {{"class", "number"}}, number(record.seconds) + " s");
  if (metrics) out.element("td", {{"class", "measured"}}, measured(record));
  const auto cell = out.in("td");
  if (record.trace.empty()) {
    out.text("none");
  } else {
    out.element("a", {{"href", href(record.trace)}}, record.trace);
  }
}

void write_runs(Markup& out, const Overview& overview, const Runs& runs, std::size_t shown) {
  const bool metrics = std::ranges::any_of(
      runs, [&](std::size_t run) { return !overview.record(run).metrics.empty(); });
  out.element("h4", runs.size() == 1 ? "The run" : "All runs");
  const auto scroll = out.in("div", {{"class", "scroll"}, {"tabindex", "0"}});
  const auto table = out.in("table", {{"class", "plain runs"}});
  {
    const auto head = out.in("thead");
    const auto row = out.in("tr");
    const auto column = [&](const char* name) { out.element("th", {{"scope", "col"}}, name); };
    for (const char* name : {"Suite", "Device", "Client", "Outcome", "Steps", "Seed", "Time"}) {
      column(name);
    }
    if (metrics) column("Measured");
    column("Trace");
  }
  const auto body = out.in("tbody");
  for (const std::size_t run : runs) write_run_row(out, overview, run, shown, metrics);
}

const RunRecord* attack_of(const Overview& overview, const FamilyRuns& family,
                           const ScenarioRuns& scenario) {
  const auto attack = std::ranges::find(family.scenarios, scenario.controls, &ScenarioRuns::id);
  if (!scenario.control || attack == family.scenarios.end()) return nullptr;
  return &overview.record(representative(overview.records(), attack->runs));
}

}  // namespace

void write_scenario(Markup& out, const Overview& overview, const FamilyRuns& family,
                    const ScenarioRuns& scenario) {
  const auto article = out.in("article", {{"id", anchor("attack", scenario.id)},
                                          {"class", scenario.control ? "control" : "attack"}});
  {
    const auto head = out.in("h3");
    out.element("span", {{"class", "id"}}, scenario.id).text(" ");
    if (scenario.control) {
      out.element("span", {{"class", "tag"}}, "control of " + scenario.controls).text(" ");
    }
    out.element("span", {{"class", "title"}}, overview.record(scenario.runs.front()).title);
  }
  const auto groups = by_suite(overview, scenario.runs);
  for (const Runs& runs : groups) {
    const std::size_t shown = representative(overview.records(), runs);
    const RunRecord& record = overview.record(shown);
    {
      const auto line = out.in("p", {{"class", "tally"}});
      write_outcome(out, record);
      out.text(" " + (groups.size() > 1 ? record.suite + ": " : std::string()) +
               tally(overview, runs));
    }
    write_model_lines(out, overview, runs);
    if (const RunRecord* attack = attack_of(overview, family, scenario)) {
      write_comparison(out, *attack, record);
    }
    {
      const auto grid = out.in("div", {{"class", "run"}});
      write_diagram(out, overview, runs, shown);
      const auto aside = out.in("aside");
      write_run(out, record);
    }
    write_runs(out, overview, runs, shown);
  }
}

}  // namespace wib::attacks::report
