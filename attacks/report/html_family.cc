// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

constexpr double bar_length = 220;

// A measured rate of one scenario, over all of its runs.
struct Rate {
  std::string scenario;
  std::string metric;
  std::string unit;
  double shown = 0;  // of the run that is shown
  double least = 0;
  double most = 0;
};

void add_rates(const Overview& overview, const ScenarioRuns& scenario, std::vector<Rate>& rates) {
  const std::size_t shown = representative(overview.records(), scenario.runs);
  for (const Metric& metric : overview.record(shown).metrics) {
    if (!metric.unit.ends_with("/s")) continue;
    Rate rate{scenario.id, metric.name, metric.unit, metric.value, metric.value, metric.value};
    for (const std::size_t run : scenario.runs) {
      for (const Metric& other : overview.record(run).metrics) {
        if (other.name != metric.name || other.unit != metric.unit) continue;
        rate.least = std::min(rate.least, other.value);
        rate.most = std::max(rate.most, other.value);
      }
    }
    rates.push_back(std::move(rate));
  }
}

void write_bar(Markup& out, double share) {
  const std::string length = std::to_string(static_cast<int>(bar_length));
  const auto svg = out.in("svg", {{"class", "bar"},
                                  {"aria-hidden", "true"},
                                  {"width", length},
                                  {"height", "12"},
                                  {"viewBox", "0 0 " + length + " 12"}});
  const double size = std::clamp(share, 0.0, 1.0) * bar_length;
  out.empty("rect", {{"class", "track"}, {"width", length}, {"height", "12"}});
  out.empty("rect", {{"class", "fill"},
                     {"width", std::to_string(std::max(2, static_cast<int>(size)))},
                     {"height", "12"}});
}

void write_rate(Markup& out, const Rate& rate, double slowest, double fastest) {
  const auto row = out.in("tr");
  {
    const auto head = out.in("th", {{"scope", "row"}});
    out.element("a", {{"href", "#" + anchor("attack", rate.scenario)}}, rate.scenario);
    out.element("span", {{"class", "title"}}, rate.metric);
  }
  out.element("td", {{"class", "number"}}, number(rate.shown) + " " + rate.unit);
  {
    const auto cell = out.in("td");
    write_bar(out, fastest > 0 ? rate.shown / fastest : 0);
  }
  out.element("td", {{"class", "number"}}, slowest > 0 ? "× " + number(rate.shown / slowest) : "");
  out.element("td", {{"class", "number"}},
              rate.least < rate.most ? number(rate.least) + " to " + number(rate.most) : "");
}

// Rates of one unit side by side: they differ by what a guess costs.
void write_rates(Markup& out, const Overview& overview, const FamilyRuns& family) {
  std::vector<Rate> rates;
  for (const ScenarioRuns& scenario : family.scenarios) add_rates(overview, scenario, rates);
  if (rates.empty()) return;
  out.element("h3", "Measured rates");
  const auto scroll = out.in("div", {{"class", "scroll"}});
  const auto table = out.in("table", {{"class", "plain rates"}});
  {
    const auto head = out.in("thead");
    const auto row = out.in("tr");
    for (const char* name : {"Search", "Rate", "", "To the slowest", "Over all runs"}) {
      out.element("th", {{"scope", "col"}}, name);
    }
  }
  const auto body = out.in("tbody");
  std::vector<std::string> units;
  for (const Rate& rate : rates) {
    if (std::ranges::find(units, rate.unit) == units.end()) units.push_back(rate.unit);
  }
  for (const std::string& unit : units) {
    std::vector<Rate> same;
    std::ranges::copy_if(rates, std::back_inserter(same),
                         [&](const Rate& rate) { return rate.unit == unit; });
    const auto [slowest, fastest] = std::ranges::minmax(same, {}, &Rate::shown);
    for (const Rate& rate : same) write_rate(out, rate, slowest.shown, fastest.shown);
  }
}

void write_facts(Markup& out, const Family& family) {
  const auto list = out.in("dl", {{"class", "facts"}});
  const auto fact = [&](std::string_view style, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    const auto group = out.in("div", {{"class", std::string(style)}});
    out.element("dt", name);
    out.element("dd", text);
  };
  fact("", "What the attacker needs", family.needs);
  fact("", "What happens", family.summary);
  fact("remedy", "What stops it", family.remedy);
  std::string weakness(family.cwe);
  if (!family.cwe_name.empty()) (weakness += ": ") += family.cwe_name;
  fact("small", "Weakness", weakness);
  fact("small", "Seen before", family.precedent);
}

}  // namespace

void write_family(Markup& out, const Overview& overview, const FamilyRuns& family) {
  const auto section =
      out.in("section", {{"class", "family"}, {"id", anchor("family", family.id)}});
  {
    const auto head = out.in("h2");
    out.element("span", {{"class", "id"}}, family.id);
    if (family.family != nullptr) out.text(" ").text(family.family->name);
  }
  if (family.family != nullptr) {
    write_facts(out, *family.family);
  } else {
    out.element("p", "This family is not in the catalogue of this version.");
  }
  write_rates(out, overview, family);
  for (const ScenarioRuns& scenario : family.scenarios) {
    write_scenario(out, overview, family, scenario);
  }
}

}  // namespace wib::attacks::report
