// SPDX-License-Identifier: Apache-2.0
#include "fuzz/cli/summary.h"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace wib::fuzz {
namespace {

using json = nlohmann::ordered_json;
using attacks::Property;

constexpr int schema_version = 1;

double rate(const Campaign& campaign) {
  return campaign.seconds > 0 ? static_cast<double>(campaign.traces) / campaign.seconds : 0;
}

// The finding of a violation, or null.
const Finding* finding_of(const Campaign& campaign, Violation violation) {
  const auto found = std::ranges::find(campaign.findings, violation, &Finding::violation);
  return found == campaign.findings.end() ? nullptr : &*found;
}

json to_json(const Finding& finding, const std::map<const Finding*, std::string>& traces) {
  json one{{"property", id(finding.violation)},
           {"title", title(finding.violation)},
           {"expected", finding.expected},
           {"verdict", finding.confirmations.empty() ? "not tried" : name(finding.verdict)},
           {"steps", finding.proof.steps}};
  const auto trace = traces.find(&finding);
  one["trace"] = trace == traces.end() ? json(nullptr) : json(trace->second);
  json confirmations = json::array();
  for (const Confirmation& c : finding.confirmations) {
    confirmations.push_back({{"device", c.device},
                             {"client", c.client},
                             {"group", c.group},
                             {"verdict", name(c.verdict)},
                             {"witness", c.witness}});
  }
  one["confirmations"] = std::move(confirmations);
  return one;
}

json to_json(const Campaign& campaign, const std::map<const Finding*, std::string>& traces) {
  json one{{"suite", campaign.suite},
           {"entropy", entropy_name(campaign.conditions)},
           {"leaked", campaign.conditions.leaked},
           {"seed", campaign.seed},
           {"seconds", campaign.seconds},
           {"traces", campaign.traces},
           {"traces_per_s", rate(campaign)},
           {"steps", campaign.steps},
           {"states", campaign.states},
           {"features", campaign.features},
           {"honest_completions", campaign.honest},
           {"void", campaign.is_void()},
           {"canary",
            {{"id", canary_id},
             {"found", campaign.canary_found},
             {"seconds", campaign.canary_seconds},
             {"traces", campaign.canary_traces}}}};
  json properties = json::array();
  for (const Violation violation : hunted(campaign.conditions)) {
    const Finding* finding = finding_of(campaign, violation);
    json property{{"id", id(violation)},
                  {"title", title(violation)},
                  {"violations", finding == nullptr ? 0 : finding->count},
                  {"traces", campaign.traces}};
    property["expected"] = finding == nullptr ? json(nullptr) : json(finding->expected);
    property["first_seconds"] = finding == nullptr ? json(nullptr) : json(finding->first_seconds);
    properties.push_back(std::move(property));
  }
  one["properties"] = std::move(properties);
  json nearest = json::array();
  for (std::size_t i = 0; i < known_attack_count; ++i) {
    const Ladder steps = ladder(static_cast<KnownAttack>(i));
    const unsigned rung = campaign.stages[i];
    nearest.push_back({{"attack", steps.name},
                       {"rung", rung},
                       {"of", steps.rungs.size()},
                       {"reached", rung == 0 ? "" : steps.rungs[rung - 1]}});
  }
  one["nearest"] = std::move(nearest);
  json findings = json::array();
  for (const Finding& finding : campaign.findings) findings.push_back(to_json(finding, traces));
  one["findings"] = std::move(findings);
  return one;
}

}  // namespace

std::string_view entropy_name(const Conditions& conditions) noexcept {
  return conditions.repeats ? "repeat" : "strong";
}

std::vector<Violation> hunted(const Conditions& conditions) {
  std::vector<Violation> all;
  for (const Property property :
       {Property::s2, Property::a1, conditions.leaked ? Property::l1 : Property::a2, Property::a3,
        Property::c1, Property::c2, Property::c3, Property::c4, Property::c5, Property::d1,
        Property::f1}) {
    all.push_back(to_violation(property));
  }
  all.push_back(Violation::c6);
  all.push_back(Violation::mitm);
  return all;
}

void print(std::ostream& out, const Campaign& campaign) {
  out << campaign.suite << ", entropy " << entropy_name(campaign.conditions)
      << (campaign.conditions.leaked ? ", authenticator leaked" : "") << ", seed " << campaign.seed
      << "\n  " << campaign.traces << " traces in " << std::fixed << std::setprecision(1)
      << campaign.seconds << " s of CPU (" << std::setprecision(0) << rate(campaign)
      << " a second), " << campaign.states << " states, " << campaign.features << " features, "
      << campaign.honest << " honest completions\n  planted bug " << canary_id << ": "
      << (campaign.canary_found ? "seen" : "NOT SEEN") << " after " << campaign.canary_traces
      << " traces\n";
  for (const Finding& finding : campaign.findings) {
    out << "  " << (finding.expected ? "expected   " : "UNEXPECTED ") << std::left << std::setw(7)
        << id(finding.violation) << std::right << " first after " << finding.first_traces
        << " traces, " << std::setprecision(3) << finding.first_seconds << " s; "
        << finding.proof.steps.size() << " steps";
    if (!finding.confirmations.empty()) {
      out << "; " << name(finding.verdict) << " (" << finding.confirmations.size()
          << " pairs of backends and groups)";
    }
    out << "\n";
    if (finding.expected && finding.verdict == ProofVerdict::confirmed) continue;
    for (const std::string& step : finding.proof.steps) out << "      " << step << "\n";
    for (const Confirmation& c : finding.confirmations) {
      if (c.verdict == ProofVerdict::confirmed) continue;
      out << "      " << c.device << "/" << c.client << ", " << c.group << ": " << name(c.verdict)
          << ": " << c.witness << "\n";
    }
  }
  out << "  nearest known attacks:";
  for (std::size_t i = 0; i < known_attack_count; ++i) {
    const Ladder steps = ladder(static_cast<KnownAttack>(i));
    out << (i == 0 ? " " : "; ") << steps.name << " " << unsigned{campaign.stages[i]} << "/"
        << steps.rungs.size();
  }
  out << "\n";
  if (campaign.is_void()) {
    out << "  VOID: "
        << (campaign.honest == 0 ? "no honest run completed" : "the planted bug was not seen")
        << "\n";
  }
}

std::vector<attacks::RunRecord> records_of(const Finding& finding, const std::string& trace) {
  std::vector<attacks::RunRecord> records;
  for (const Confirmation& c : finding.confirmations) {
    if (c.device == "ideal") continue;  // no real library: it tells whose fault a refusal is
    attacks::RunRecord record = c.run.record;
    record.variant = id(finding.violation);
    record.id = "hunt." + record.variant;
    record.title = title(finding.violation);
    record.title += ", as the hunt found it";
    record.expected = finding.expected ? attacks::Outcome::succeeded : attacks::Outcome::blocked;
    record.why = finding.expected ? "PROTOCOL says that the suite does not hold this property"
                                  : "PROTOCOL says that the suite holds this property";
    const bool as_expected = record.outcome == *record.expected && record.irregularities.empty();
    if (record.verdict != attacks::Verdict::error) {
      record.verdict = as_expected ? attacks::Verdict::pass : attacks::Verdict::fail;
      record.reason = as_expected ? "the attack succeeds, as expected" : c.witness;
    }
    record.trace = trace;
    records.push_back(std::move(record));
  }
  return records;
}

std::string to_json(std::span<const Campaign> campaigns, const std::string& command,
                    const std::map<const Finding*, std::string>& traces) {
  json all{{"schema", schema_version}, {"command", command}};
  json list = json::array();
  for (const Campaign& campaign : campaigns) list.push_back(to_json(campaign, traces));
  all["campaigns"] = std::move(list);
  return all.dump(1) + "\n";
}

}  // namespace wib::fuzz
