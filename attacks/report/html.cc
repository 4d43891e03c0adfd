// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "attacks/report/html_parts.h"
#include "attacks/report/report.h"
#include "attacks/report/style.h"
#include "attacks/report/text.h"

namespace wib::attacks {
namespace report {
namespace {

// Nothing may be fetched and nothing may run, whatever a record holds: the escaping is not the
// only wall.
constexpr const char* content_policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

void write_head(Markup& out, const ReportHeader& header, const Overview& overview) {
  const auto head = out.in("head");
  out.empty("meta", {{"charset", "utf-8"}});
  out.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", content_policy}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.empty("meta", {{"name", "generator"}, {"content", header.tool + " " + header.version}});
  out.element("title", header.tool + " attack report: " + overview.summary());
  const auto style = out.in("style");
  out.trusted(style_sheet);
}

void write_introduction(Markup& out, const ReportHeader& header) {
  const auto top = out.in("header", {{"class", "top"}});
  out.element("p", {{"class", "tool"}}, header.tool + " " + header.version);
  out.element("h1", "Attack report");
  out.element(
      "p", {{"class", "lede"}},
      "Scripted attacks on the way a device gets its TLS certificate and key. Honest parties, the "
      "device and its owner’s client, talk over a network that belongs to the attacker. A script "
      "issues the attacker’s steps; a referee that knows nothing of the script decides, from what "
      "the honest parties claimed and from what was on the wire, which security properties the "
      "run broke. The outcome says whether the attack succeeded; the verdict, whether that was to "
      "be expected. An attack that succeeds as expected is a flaw of the protocol, demonstrated. "
      "A control is the same attacker without what the attack needs, and has to be blocked.");
}

void write_contents(Markup& out, const Overview& overview) {
  const auto nav = out.in("nav", {{"aria-label", "Contents"}});
  const auto list = out.in("ul");
  const auto link = [&](const std::string& target, std::string_view words) {
    const auto item = out.in("li");
    out.element("a", {{"href", "#" + target}}, words);
  };
  link("matrix", "Matrix");
  if (std::ranges::any_of(overview.records(), &RunRecord::for_defences)) {
    link("defences", "Defences");
  }
  for (const FamilyRuns& family : overview.families()) {
    const std::string title(family.family == nullptr ? "" : family.family->name);
    link(anchor("family", family.id), family.id + " " + title);
  }
  link("properties", "Properties");
  if (overview.models() != nullptr) link("models", "Models");
  link("reproduce", "Reproduce");
}

void write_reproduction(Markup& out, const ReportHeader& header) {
  const auto section = out.in("section", {{"id", "reproduce"}});
  out.element("h2", "Backends, and how to get this report again");
  if (!header.libraries.empty()) {
    const auto scroll = out.in("div", {{"class", "scroll"}});
    const auto table = out.in("table", {{"class", "plain"}});
    {
      const auto thead = out.in("thead");
      const auto row = out.in("tr");
      for (const char* name : {"Backend", "Library"}) {
        out.element("th", {{"scope", "col"}}, name);
      }
    }
    const auto body = out.in("tbody");
    for (const auto& [backend, library] : header.libraries) {
      const auto row = out.in("tr");
      out.element("th", {{"scope", "row"}}, backend);
      out.element("td", library);
    }
  }
  if (!header.command.empty()) {
    out.element("p", "The whole report:");
    out.element("pre", {{"class", "command"}}, header.command);
  }
  out.element("p",
              "One run: the command beside its diagram. A replay takes the trace’s steps again, on "
              "the same seed, and says where statuses or findings differ.");
}

}  // namespace

}  // namespace report

std::string to_html(const ReportHeader& header, std::span<const RunRecord> records,
                    const report::ModelVerdicts* models) {
  using namespace report;
  const Overview overview(records, models);
  Markup out;
  out.trusted("<!DOCTYPE html>\n");
  {
    const auto html = out.in("html", {{"lang", "en"}});
    write_head(out, header, overview);
    const auto body = out.in("body");
    const auto main = out.in("main");
    write_introduction(out, header);
    write_summary(out, overview);
    write_contents(out, overview);
    write_matrix(out, overview);
    write_defences(out, records);
    for (const FamilyRuns& family : overview.families()) write_family(out, overview, family);
    write_properties(out, overview);
    write_models(out, header, overview);
    write_reproduction(out, header);
  }
  return out.take() + "\n";
}

}  // namespace wib::attacks
