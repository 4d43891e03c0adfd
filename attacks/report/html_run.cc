// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

constexpr std::size_t short_text = 220;  // columns: what is longer is folded

std::string_view title_of(Property property) {
  return properties()[static_cast<std::size_t>(property)].title;
}

bool is_aim(const RunRecord& record, Property property) {
  return std::ranges::find(record.aims, property) != record.aims.end();
}

// Long text behind its beginning.
void write_foldable(Markup& out, std::string_view text) {
  if (columns(text) <= short_text) {
    out.element("span", {{"class", "witness"}}, text);
    return;
  }
  const auto details = out.in("details");
  out.element("summary", elide(text, short_text / 2));
  out.element("span", {{"class", "witness"}}, text);
}

void write_finding(Markup& out, const PropertyResult& result, bool aim) {
  const bool broken = result.finding == Finding::broken;
  const auto item = out.in("li", {{"class", broken ? "broken" : "held"}});
  {
    const auto line = out.in("p");
    out.element("strong", std::string(broken ? "● " : "○ ") + std::string(id(result.property)) +
                              " " + std::string(attacks::name(result.finding)));
    out.text(aim ? ", aimed at: " : ": ").text(title_of(result.property));
  }
  if (!result.witness.empty()) write_foldable(out, result.witness);
}

void write_evidence(Markup& out, const RunRecord& record) {
  out.element("h4", "Evidence");
  const auto list = out.in("ul", {{"class", "findings"}});
  for (const Property aim : record.aims) {
    const PropertyResult* result = result_of(record, aim);
    write_finding(out, result == nullptr ? PropertyResult{aim} : *result, true);
  }
  for (const PropertyResult& result : record.properties) {
    const bool other = result.finding == Finding::broken && !is_aim(record, result.property);
    if (other) write_finding(out, result, false);
  }
  if (const PropertyResult* honest = result_of(record, Property::r0); honest != nullptr) {
    const auto item = out.in("li", {{"class", "held"}});
    out.element("strong", honest->finding == Finding::holds ? "An honest run completed"
                                                            : "No honest run completed");
    if (!honest->witness.empty()) out.text(": " + honest->witness + ".");
  }
  for (const std::string& irregularity : record.irregularities) {
    const auto item = out.in("li", {{"class", "broken"}});
    out.element("strong", "! irregularity: ").text(irregularity);
  }
}

void write_theft(Markup& out, const Theft& theft) {
  out.element("h4", "How the attacker gets " + theft.owner + "’s " + theft.label);
  if (!theft.steps.empty()) {
    const auto list = out.in("ol", {{"class", "derivation"}});
    for (const auto& [value, term] : theft.steps) {
      const auto item = out.in("li");
      out.element("b", value).text(" = ").element("code", term);
    }
  }
  const auto details = out.in("details");
  out.element("summary", "The whole term");
  out.element("code", {{"class", "term"}}, theft.derivation);
}

// What EntropyProfile::text() says, and what it means.
std::string generator(const std::string& entropy) {
  const std::size_t colon = entropy.find(':');
  const std::string kind = entropy.substr(0, colon);
  const std::string bits = colon == std::string::npos ? "" : entropy.substr(colon + 1);
  if (kind == "full") return entropy + " entropy";
  if (kind == "seeded") return entropy + " (a " + bits + "-bit seed)";
  if (kind == "stuck") return entropy + " (good for " + bits + " bits, then stuck)";
  if (kind == "failing") return entropy + " (an error after " + bits + " bits)";
  if (kind == "lcg") return entropy + " (a linear congruential generator)";
  if (kind == "repeat") return entropy + " (the same seed at every boot)";
  return entropy;
}

void write_circumstances(Markup& out, const RunRecord& record) {
  out.element("h4", "This run");
  const auto list = out.in("dl", {{"class", "circumstances"}});
  const auto fact = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.element("dt", name).element("dd", value);
  };
  fact("Suite", suite_name(record));
  fact("Device on", record.device_backend);
  fact("Client on", record.client_backend);
  fact("Device’s generator", generator(record.device_entropy));
  fact("Attacker", record.conduct);
  // A real device has no seed of ours, and the attacker's is written nowhere.
  fact("Seed", record.target == "simulation" ? std::to_string(record.seed) : "none");
  if (record.target != "simulation") fact("Target", record.target);
  fact("Expected", record.expected ? attacks::name(*record.expected) : "nothing");
  fact("Why that is expected", record.why);
  fact("Verdict", std::string(attacks::name(record.verdict)) + ": " + record.reason);
}

void write_metrics(Markup& out, const RunRecord& record) {
  if (record.metrics.empty()) return;
  out.element("h4", "Measured");
  const auto list = out.in("dl", {{"class", "circumstances figures"}});
  for (const Metric& metric : record.metrics) {
    out.element("dt", metric.name);
    out.element("dd", number(metric.value) + " " + metric.unit);
  }
}

void write_replay(Markup& out, const RunRecord& record) {
  if (record.trace.empty()) return;
  if (record.target != "simulation" && !record.target.empty()) {
    out.element("p", "The trace is of a real target: evidence, but no replay.");
    return;
  }
  out.element("h4", "Replay");
  out.element("pre", {{"class", "command"}}, "wib attack replay " + shell_path(record.trace));
}

std::string findings_of_aims(const RunRecord& record) {
  std::string text;
  for (const Property aim : record.aims) {
    if (!text.empty()) text += ", ";
    const PropertyResult* result = result_of(record, aim);
    text +=
        std::string(id(aim)) + " " +
        std::string(attacks::name(result == nullptr ? Finding::not_applicable : result->finding));
  }
  return text;
}

std::string stolen(const RunRecord& record) {
  std::string text;
  for (const Theft& theft : record.thefts) {
    if (!text.empty()) text += ", ";
    text += theft.owner + "’s " + theft.label;
  }
  return text.empty() ? "nothing" : text;
}

std::string completed(const RunRecord& record) {
  const PropertyResult* honest = result_of(record, Property::r0);
  return honest != nullptr && honest->finding == Finding::holds ? "yes" : "no";
}

}  // namespace

void write_run(Markup& out, const RunRecord& record) {
  write_evidence(out, record);
  for (const Theft& theft : record.thefts) write_theft(out, theft);
  write_metrics(out, record);
  write_circumstances(out, record);
  write_replay(out, record);
}

void write_comparison(Markup& out, const RunRecord& attack, const RunRecord& control) {
  const auto scroll = out.in("div", {{"class", "scroll"}});
  const auto table = out.in("table", {{"class", "plain comparison"}});
  {
    const auto head = out.in("thead");
    const auto row = out.in("tr");
    out.element("th", {{"scope", "col"}}, "");
    out.element("th", {{"scope", "col"}}, "attack " + attack.id);
    out.element("th", {{"scope", "col"}}, "control " + control.id);
  }
  const auto body = out.in("tbody");
  const auto compare = [&](std::string_view name, const std::string& left,
                           const std::string& right) {
    const bool differs = left != right;
    const auto row = out.in("tr", {{"class", differs ? "differs" : ""}});
    out.element("th", {{"scope", "row"}}, name);
    out.element("td", left);
    out.element("td", (differs ? "≠ " : "") + right);
  };
  compare("Device’s generator", generator(attack.device_entropy),
          generator(control.device_entropy));
  compare("Attacker", attack.conduct, control.conduct);
  compare("Aims", findings_of_aims(attack), findings_of_aims(control));
  compare("Stolen", stolen(attack), stolen(control));
  compare("An honest run completed", completed(attack), completed(control));
  compare("Outcome", std::string(attacks::name(attack.outcome)),
          std::string(attacks::name(control.outcome)));
}

}  // namespace wib::attacks::report
