// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "attacks/report/overview.h"
#include "attacks/report/report.h"
#include "attacks/report/text.h"

namespace wib::attacks {
namespace {

using report::explanation;
using report::Overview;
using report::pad;
using report::Pair;
using report::Runs;
using report::ScenarioRuns;
using report::Standing;
using report::standing;
using report::suite_name;
using report::visible;

constexpr std::size_t page_width = 100;
constexpr std::size_t least_label = 24;  // columns for the attack's name
constexpr std::size_t cell_gap = 2, group_gap = 4;

struct Cell {
  std::string text;
  const char* colour = "";
};

Cell cell_of(const RunRecord& record) {
  const std::string outcome = record.outcome == Outcome::succeeded ? "S" : "B";
  switch (standing(record)) {
    case Standing::as_expected:
      return {outcome + " ok", record.outcome == Outcome::succeeded ? "33" : "36"};
    case Standing::unexpected: return {outcome + " !!", "1;37;41"};
    case Standing::error: return {"ERR", "1;37;45"};
    case Standing::proved_nothing: return {outcome + " ??", "1;35"};
    case Standing::not_applicable: return {"n", "2"};
    case Standing::nothing_expected: return {outcome + " --", "2"};
  }
  return {"?"};
}

// The shortest beginnings of names that tell them apart: openssl, wolfssl: "o", "w".
std::vector<std::pair<std::string, std::string>> abbreviations(const std::vector<Pair>& pairs) {
  std::vector<std::string> names;
  for (const Pair& pair : pairs) {
    for (const std::string& name : {pair.device, pair.client}) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  std::vector<std::pair<std::string, std::string>> abbreviated;
  for (const std::string& name : names) {
    std::size_t size = 1;
    const auto taken = [&](const std::string& other) {
      return other != name && other.starts_with(name.substr(0, size));
    };
    while (size < name.size() && std::ranges::any_of(names, taken)) ++size;
    abbreviated.emplace_back(name, visible(std::string_view(name).substr(0, size)));
  }
  return abbreviated;
}

class Matrix {
 public:
  Matrix(std::ostream& out, std::span<const RunRecord> records, bool colour)
      : out_(out), overview_(records), colour_(colour), names_(abbreviations(overview_.pairs())) {
    for (const Pair& pair : overview_.pairs()) {
      headings_.push_back(abbreviated(pair.device) + ">" + abbreviated(pair.client));
      cell_width_ = std::max(cell_width_, report::columns(headings_.back()));
    }
  }

  void print() {
    print_attention();
    if (overview_.records().empty()) return;
    // As many groups of columns side by side as go on a line.
    const auto& suites = overview_.suites();
    const std::size_t each = group_gap + group_width();
    const std::size_t room = std::max<std::size_t>(1, (page_width - least_label) / each);
    for (std::size_t first = 0; first < suites.size(); first += room) {
      out_ << '\n';
      print_block(std::span(suites).subspan(first, std::min(room, suites.size() - first)));
    }
    print_legend();
  }

 private:
  [[nodiscard]] const std::string& abbreviated(const std::string& name) const {
    return std::ranges::find(names_, name, &std::pair<std::string, std::string>::first)->second;
  }

  [[nodiscard]] std::size_t group_width() const {
    std::size_t width = overview_.pairs().size() * (cell_width_ + cell_gap) - cell_gap;
    for (const std::string& suite : overview_.suites()) {
      width = std::max(width, report::columns(visible(suite)));
    }
    return width;
  }

  // As wide as the longest needs, if the page has room for it.
  [[nodiscard]] std::size_t width_of_labels(std::size_t groups) const {
    std::size_t longest = least_label;
    for (const report::FamilyRuns& family : overview_.families()) {
      for (const ScenarioRuns& scenario : family.scenarios) {
        longest = std::max(longest, report::columns(visible(label(scenario))));
      }
    }
    const std::size_t taken = groups * (group_gap + group_width());
    return std::min(longest, std::max(page_width, taken + least_label) - taken);
  }

  void print_attention() {
    out_ << coloured(overview_.summary(), overview_.attention().empty() ? "1" : "1;31") << '\n';
    for (const std::size_t run : overview_.attention()) {
      const RunRecord& record = overview_.record(run);
      out_ << "  " << visible(record.id) << "  " << visible(suite_name(record)) << "  device "
           << visible(record.device_backend) << ", client " << visible(record.client_backend)
           << "\n    " << visible(explanation(record)) << '\n';
    }
  }

  void print_block(std::span<const std::string> suites) {
    const std::size_t label_width = width_of_labels(suites.size());
    const std::string gap(group_gap, ' ');
    std::string first = pad("", label_width);
    std::string second = pad("attack", label_width);
    for (const std::string& suite : suites) {
      first += gap + pad(visible(suite), group_width());
      second += gap + pad(headings(), group_width());
    }
    print_line(first);
    print_line(second);
    for (const report::FamilyRuns& family : overview_.families()) {
      for (const ScenarioRuns& scenario : family.scenarios) {
        std::string line = pad(report::elide(label(scenario), label_width), label_width);
        for (const std::string& suite : suites) line += gap + cells(scenario, suite);
        print_line(line);
      }
    }
  }

  [[nodiscard]] std::string headings() const {
    std::string line;
    for (const std::string& heading : headings_) line += pad(heading, cell_width_ + cell_gap);
    line.resize(line.size() - cell_gap);
    return line;
  }

  [[nodiscard]] std::string label(const ScenarioRuns& scenario) const {
    const std::string title = overview_.record(scenario.runs.front()).title;
    return (scenario.control ? "  " : "") + scenario.id +
           (scenario.control ? "  control: " : "  ") + title;
  }

  [[nodiscard]] std::string cells(const ScenarioRuns& scenario, const std::string& suite) const {
    std::string line;
    std::size_t width = 0;
    for (const Pair& pair : overview_.pairs()) {
      const Runs runs = overview_.at(scenario, suite, pair);
      const Cell cell = runs.empty() ? Cell{".", "2"} : cell_of(overview_.record(runs.front()));
      if (width != 0) line += std::string(cell_gap, ' ');
      line += coloured(cell.text, cell.colour) + pad("", cell_width_ - cell.text.size());
      width += cell_width_ + cell_gap;
    }
    return line + pad("", group_width() + cell_gap - width);
  }

  void print_legend() {
    out_ << "\nS succeeded, B blocked; ok as expected, !! not as expected, ?? blocked without "
            "proof,\n"
            "-- without an expectation; n not applicable; ERR no outcome; . not run\n"
            "columns: backend of the device > of the client";
    const char* separator = ": ";
    for (const auto& [name, abbreviation] : names_) {
      out_ << separator << abbreviation << " = " << (name.empty() ? "none" : visible(name));
      separator = ", ";
    }
    out_ << '\n';
  }

  void print_line(std::string line) {
    while (line.ends_with(' ')) line.pop_back();
    out_ << line << '\n';
  }

  [[nodiscard]] std::string coloured(const std::string& text, const std::string& colour) const {
    return colour_ && !colour.empty() ? "\x1b[" + colour + "m" + text + "\x1b[0m" : text;
  }

  std::ostream& out_;
  Overview overview_;
  bool colour_;
  std::vector<std::pair<std::string, std::string>> names_;
  std::vector<std::string> headings_;
  std::size_t cell_width_ = 4;
};

}  // namespace

void print_models(std::ostream& out, std::span<const RunRecord> records,
                  const report::ModelVerdicts& models, bool colour) {
  const report::ModelTally sum = report::tally(models, records);
  const bool against = sum.count(report::Agreement::contradiction) != 0;
  out << (colour && against ? "\x1b[1;31m" : "") << sum.line()
      << (colour && against ? "\x1b[0m" : "") << '\n';
  for (const RunRecord& record : records) {
    for (const report::AimSaid& said : report::models_on(models, record)) {
      if (said.agreement != report::Agreement::contradiction) continue;
      out << "  " << visible(record.id) << "  " << visible(suite_name(record)) << "  device "
          << visible(record.device_backend) << ", client " << visible(record.client_backend)
          << "\n    " << id(said.aim) << " was broken, the model says: " << visible(said.words())
          << " (scenario " << said.scenario << ")\n";
    }
  }
}

void print_matrix(std::ostream& out, std::span<const RunRecord> records, bool colour) {
  Matrix(out, records, colour).print();
}

}  // namespace wib::attacks
