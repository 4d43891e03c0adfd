// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "attacks/report/html_parts.h"

namespace wib::attacks::report {
namespace {

// What all runs of a scenario say of a property; nullopt if they do not agree.
std::optional<Finding> agreed_finding(const Overview& overview, const Runs& runs,
                                      Property property) {
  std::optional<Finding> agreed;
  for (const std::size_t run : runs) {
    const PropertyResult* result = result_of(overview.record(run), property);
    const Finding finding = result == nullptr ? Finding::not_applicable : result->finding;
    if (agreed && *agreed != finding) return std::nullopt;
    agreed = finding;
  }
  return agreed;
}

void write_finding(Markup& out, const Overview& overview, const ScenarioRuns& scenario,
                   Property property) {
  const auto& aims = overview.record(scenario.runs.front()).aims;
  const std::string aim = std::ranges::find(aims, property) == aims.end() ? "" : " aim";
  const auto cell = [&](const char* style, const char* text) {
    out.element("td", {{"class", style + aim}}, text);
  };
  const auto finding = agreed_finding(overview, scenario.runs, property);
  if (!finding) return cell("mixed", "◐ mixed");
  switch (*finding) {
    case Finding::not_applicable: return cell("absent", "–");
    case Finding::holds: return cell("held", "○ holds");
    case Finding::broken: return cell("broken", "● broken");
  }
}

}  // namespace

void write_properties(Markup& out, const Overview& overview) {
  const auto section = out.in("section", {{"id", "properties"}});
  out.element("h2", "Properties judged");
  out.element("p",
              "The referee judges every property in every run, under the condition that its title "
              "names; a dash is a run that does not meet the condition. A framed cell is what the "
              "attack aims at. P-R0 is a possibility: “holds” means that it happened in the run.");
  const auto scroll = out.in("div", {{"class", "scroll"},
                                     {"tabindex", "0"},
                                     {"role", "region"},
                                     {"aria-label", "Properties by attack"}});
  const auto table = out.in("table", {{"class", "plain properties"}});
  {
    const auto head = out.in("thead");
    const auto row = out.in("tr");
    out.element("th", {{"scope", "col"}, {"class", "corner"}}, "Property");
    for (const FamilyRuns& family : overview.families()) {
      for (const ScenarioRuns& scenario : family.scenarios) {
        const auto cell = out.in(
            "th", {{"scope", "col"}, {"class", scenario.control ? "turned control" : "turned"}});
        out.element("a", {{"href", "#" + anchor("attack", scenario.id)}}, scenario.id);
      }
    }
  }
  const auto body = out.in("tbody");
  for (const PropertyInfo& property : properties()) {
    const auto row = out.in("tr");
    {
      const auto head = out.in("th", {{"scope", "row"}});
      out.element("span", {{"class", "id"}}, property.id);
      out.element("span", {{"class", "title"}}, property.title);
    }
    for (const FamilyRuns& family : overview.families()) {
      for (const ScenarioRuns& scenario : family.scenarios) {
        write_finding(out, overview, scenario, property.property);
      }
    }
  }
}

}  // namespace wib::attacks::report
