// SPDX-License-Identifier: Apache-2.0
//
// The summary as a page.

#include "attacks/report/markup.h"
#include "fuzz/cli/summary.h"

namespace wib::fuzz {
namespace {

using attacks::report::Markup;

constexpr std::string_view style = R"(
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64em; padding: 1em 1.5em;
  color: #1c2430; background: #fbfbf9; }
h1 { font-size: 1.5em; margin: .6em 0 .2em; } h2 { font-size: 1.2em; margin: 2em 0 .3em; }
h3 { font-size: 1em; margin: 1.4em 0 .2em; }
table { border-collapse: collapse; margin: .6em 0; } th { text-align: left; font-weight: 600; }
th, td { padding: .25em .8em .25em 0; border-bottom: 1px solid #dcdcd4; vertical-align: top; }
td.n, td.v { white-space: nowrap; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
.ok { color: #1d6b38; } .expected { color: #7a4b00; } .bad { color: #a3171f; font-weight: 600; }
.quiet { color: #69707a; } code { font: 13px/1.4 ui-monospace, monospace; }
ol { margin: .3em 0 .6em; } li { font: 13px/1.6 ui-monospace, monospace; }
.bar { display: inline-block; width: 6em; height: .6em; background: #e4e4dc; }
.bar span { display: block; height: 100%; background: #5b7fa6; }
@media (prefers-color-scheme: dark) {
  body { color: #d8dce2; background: #16181c; } th, td { border-color: #33373d; }
  .ok { color: #6cc38a; } .expected { color: #d9a757; } .bad { color: #f07178; }
  .quiet { color: #8b929c; } .bar { background: #2c3036; } .bar span { background: #7fa3c9; } }
)";

std::string number(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, " ");
  return text;
}

struct Said {
  std::string look;
  std::string text;
};

Said verdict_on(const Campaign& campaign) {
  if (campaign.is_void()) {
    return {"bad", campaign.honest == 0 ? "VOID: no honest run completed"
                                        : "VOID: the planted bug was not seen"};
  }
  if (campaign.unexpected()) return {"bad", "a property fell that is to hold"};
  if (campaign.unproven()) return {"bad", "a finding that no backend reproduces"};
  if (campaign.findings.empty()) return {"ok", "nothing was violated"};
  return {"expected", "what fell is what PROTOCOL says falls"};
}

void write_properties(Markup& out, const Campaign& campaign) {
  const auto table = out.in("table");
  {
    const auto row = out.in("tr");
    for (const char* head : {"property", "", "verdict", "violations", "traces", "first"}) {
      out.element("th", head);
    }
  }
  for (const Violation violation : hunted(campaign.conditions)) {
    const auto found = std::ranges::find(campaign.findings, violation, &Finding::violation);
    const bool fell = found != campaign.findings.end();
    const auto row = out.in("tr");
    out.element("td", id(violation));
    out.element("td", title(violation));
    if (fell) {
      out.element("td", {{"class", found->expected ? "v expected" : "v bad"}},
                  found->expected ? "falls, as expected" : "FELL");
    } else {
      out.element("td", {{"class", "v ok"}}, "not violated");
    }
    out.element("td", {{"class", "n"}}, fell ? number(found->count) : "0");
    out.element("td", {{"class", "n"}}, number(campaign.traces));
    out.element("td", {{"class", "n"}}, fell ? joined(3, found->first_seconds, " s") : "–");
  }
}

void write_ladders(Markup& out, const Campaign& campaign) {
  out.element("h3", "Nearest known attacks");
  const auto table = out.in("table");
  for (std::size_t i = 0; i < known_attack_count; ++i) {
    const Ladder steps = ladder(static_cast<KnownAttack>(i));
    const unsigned rung = campaign.stages[i];
    const auto row = out.in("tr");
    out.element("td", steps.name);
    {
      const auto cell = out.in("td");
      const auto bar = out.in("span", {{"class", "bar"}});
      out.element("span", {{"style", joined(0, "width:", 100 * rung / steps.rungs.size(), "%")}},
                  "");
    }
    out.element("td", joined(0, rung, " of ", steps.rungs.size()));
    out.element("td", {{"class", "quiet"}}, rung == 0 ? "" : steps.rungs[rung - 1]);
  }
}

void write_finding(Markup& out, const Finding& finding, const std::string& trace) {
  out.element("h3",
              std::string(id(finding.violation)) + ": " + std::string(title(finding.violation)));
  {
    const auto line = out.in("p");
    const bool good = finding.verdict == ProofVerdict::confirmed;
    out.element("span", {{"class", finding.expected ? "expected" : "bad"}},
                finding.expected ? "expected" : "UNEXPECTED");
    out.text(joined(0, "; first after ", number(finding.first_traces), " traces; ",
                    finding.found_size, " bytes, minimised to ", finding.proof.trace.size(), "; "));
    if (finding.confirmations.empty()) {
      out.text("not tried on backends");
    } else {
      out.element("strong", {{"class", good ? "ok" : "bad"}}, name(finding.verdict));
      out.text(joined(0, " on ", finding.confirmations.size(), " pairs of backends and groups"));
    }
    if (!trace.empty()) {
      out.text("; ");
      out.element("a", {{"href", trace}}, "trace");
    }
  }
  {
    const auto list = out.in("ol");
    for (const std::string& step : finding.proof.steps) out.element("li", step);
  }
  // Of those that agree, one says why; of the others, each.
  const auto table = out.in("table");
  bool said = false;
  for (const Confirmation& c : finding.confirmations) {
    const bool good = c.verdict == ProofVerdict::confirmed;
    if (good && said) continue;
    said = said || good;
    const auto row = out.in("tr");
    out.element("td", c.device + " / " + c.client);
    out.element("td", c.group);
    out.element("td", {{"class", good ? "ok" : "bad"}}, name(c.verdict));
    out.element("td", {{"class", "quiet"}}, c.witness);
  }
}

}  // namespace

std::string to_html(std::span<const Campaign> campaigns, const std::string& command,
                    const std::map<const Finding*, std::string>& traces) {
  Markup out;
  out.trusted("<!DOCTYPE html>\n");
  {
    const auto html = out.in("html", {{"lang", "en"}});
    {
      const auto head = out.in("head");
      out.empty("meta", {{"charset", "utf-8"}});
      out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width"}});
      out.element("title", "wib hunt");
      const auto sheet = out.in("style");
      out.trusted(style);
    }
    const auto body = out.in("body");
    out.element("h1", "wib hunt: traces of a Dolev-Yao attacker");
    {
      const auto line = out.in("p");
      out.text("made by ");
      out.element("code", command);
    }
    for (const Campaign& campaign : campaigns) {
      out.element("h2", campaign.suite + ", entropy " +
                            std::string(entropy_name(campaign.conditions)) +
                            (campaign.conditions.leaked ? ", authenticator leaked" : ""));
      const Said said = verdict_on(campaign);
      out.element("p", {{"class", said.look}}, said.text);
      const double rate =
          campaign.seconds > 0 ? static_cast<double>(campaign.traces) / campaign.seconds : 0;
      out.element("p", joined(1, number(campaign.traces), " traces in ", campaign.seconds,
                              " s of CPU time (", number(static_cast<std::uint64_t>(rate)),
                              " a second), seed ", campaign.seed, "; ", campaign.states,
                              " states, ", campaign.features, " features; ",
                              number(campaign.honest), " honest completions. Planted bug ",
                              canary_id, ": ", campaign.canary_found ? "seen" : "NOT SEEN",
                              " after ", number(campaign.canary_traces), " traces."));
      write_properties(out, campaign);
      write_ladders(out, campaign);
      for (const Finding& finding : campaign.findings) {
        const auto trace = traces.find(&finding);
        write_finding(out, finding, trace == traces.end() ? std::string() : trace->second);
      }
    }
  }
  return out.take() + "\n";
}

}  // namespace wib::fuzz
