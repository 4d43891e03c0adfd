// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/defences.h"

#include <algorithm>
#include <ostream>

#include "attacks/report/html_parts.h"
#include "attacks/report/overview.h"
#include "attacks/report/report.h"
#include "attacks/report/text.h"

namespace wib::attacks {
namespace report {
namespace {

const RunRecord* find_run(std::span<const RunRecord> records, std::string_view suite,
                          std::string_view attack, const RunRecord& like) {
  const auto found = std::ranges::find_if(records, [&](const RunRecord& record) {
    return record.suite == suite && record.id == attack &&
           record.device_backend == like.device_backend &&
           record.client_backend == like.client_backend;
  });
  return found == records.end() ? nullptr : &*found;
}

bool same_outcome(const RunRecord& a, const RunRecord& b) {
  const bool applies = a.verdict != Verdict::not_applicable;
  if (applies != (b.verdict != Verdict::not_applicable)) return false;
  return !applies || a.outcome == b.outcome;
}

}  // namespace

DefenceTable defence_table(std::span<const RunRecord> records) {
  DefenceTable table;
  const auto made = std::ranges::find_if(records, &RunRecord::for_defences);
  if (made == records.end()) return table;
  for (const RunRecord& record : records) {
    if (!record.control && std::ranges::find(table.attacks, record.id) == table.attacks.end()) {
      table.attacks.push_back(record.id);
    }
  }
  for (const std::string_view suite : expected_suites()) {
    DefenceRow row{.suite = std::string(suite)};
    if (const auto plus = suite.find('+'); plus != std::string_view::npos) {
      row.base = suite.substr(0, plus);
    }
    for (const std::string& attack : table.attacks) {
      DefenceCell cell{.record = find_run(records, suite, attack, *made)};
      const RunRecord* base =
          row.base.empty() ? nullptr : find_run(records, row.base, attack, *made);
      cell.changed =
          cell.record != nullptr && base != nullptr && !same_outcome(*cell.record, *base);
      row.cells.push_back(cell);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string letter(const DefenceCell& cell) {
  if (cell.record == nullptr) return "·";
  const Standing how = standing(*cell.record);
  if (how == Standing::not_applicable) return "n";
  if (how == Standing::error) return "!";
  return std::string(cell.record->outcome == Outcome::succeeded ? "S" : "B") +
         (needs_attention(how) ? "!" : "");
}

std::vector<DefenceTable::Why> DefenceTable::reasons() const {
  std::vector<Why> all;
  for (std::size_t column = 0; column < attacks.size(); ++column) {
    for (const DefenceRow& row : rows) {
      const RunRecord* record = row.cells[column].record;
      if (record == nullptr || record->why.empty()) continue;
      const auto found = std::ranges::find_if(
          all, [&](const Why& why) { return why.attack == record->id && why.text == record->why; });
      if (found != all.end()) {
        found->suites.push_back(row.suite);
      } else {
        all.push_back({record->id, {row.suite}, record->why});
      }
    }
  }
  return all;
}

namespace {

// "one defence dropped", "one defence added".
std::string part_of(const DefenceRow& row) {
  if (row.base.empty()) return "the suites";
  return row.base == "hardened" ? "hardened, with one defence as posted"
                                : "as posted, with one defence hardened";
}

// A row of the named suite says its name, the others what they change.
std::string title_of(const DefenceRow& row) {
  return row.base.empty() ? row.suite : row.suite.substr(row.base.size());
}

}  // namespace

void write_defences(Markup& out, std::span<const RunRecord> records) {
  const DefenceTable table = defence_table(records);
  if (table.rows.empty()) return;
  const auto section = out.in("section", {{"id", "defences"}});
  out.element("h2", "Which defence stops which attack");
  out.element(
      "p",
      "Each row is a suite, each letter one run: S, the attack succeeded; B, it was blocked; "
      "n, it means nothing there. Marked is what the one defence has changed, against the "
      "suite that the row is made from. Where a defence that is dropped changes nothing, "
      "another one stops the same attacks.");
  {
    const auto scroll = out.in("div", {{"class", "scroll"},
                                       {"tabindex", "0"},
                                       {"role", "region"},
                                       {"aria-label", "Defences by attacks"}});
    const auto element = out.in("table", {{"class", "plain defences"}});
    {
      const auto head = out.in("thead");
      const auto row = out.in("tr");
      out.element("th", {{"scope", "col"}}, "Suite");
      for (const std::string& attack : table.attacks) {
        const auto cell = out.in("th", {{"scope", "col"}});
        out.element("a", {{"href", "#" + anchor("attack", attack)}}, attack);
      }
    }
    std::string part;
    const auto body = out.in("tbody");
    for (const DefenceRow& row : table.rows) {
      if (part_of(row) != part) {
        part = part_of(row);
        const auto line = out.in("tr");
        out.element("th",
                    {{"colspan", std::to_string(table.attacks.size() + 1)},
                     {"scope", "colgroup"},
                     {"class", "part"}},
                    part);
      }
      const auto line = out.in("tr");
      out.element("th", {{"scope", "row"}}, title_of(row));
      for (const DefenceCell& cell : row.cells) {
        std::string style = "letter";
        if (cell.record != nullptr && standing(*cell.record) != Standing::not_applicable) {
          style += cell.record->outcome == Outcome::succeeded ? " succeeded" : " blocked";
        }
        if (cell.changed) style += " changed";
        const std::string title =
            cell.record == nullptr
                ? "not run"
                : cell.record->id + " on " + cell.record->suite + ": " + explanation(*cell.record) +
                      (cell.record->why.empty() ? "" : " (" + cell.record->why + ")");
        out.element("td", {{"class", style}, {"title", title}}, letter(cell));
      }
    }
  }
  out.element("h3", "Why");
  const auto list = out.in("ul", {{"class", "whys"}});
  for (const DefenceTable::Why& why : table.reasons()) {
    const auto item = out.in("li");
    out.element("b", why.attack).text(" " + why.text + " ");
    std::string suites;
    for (const std::string& suite : why.suites) suites += (suites.empty() ? "" : ", ") + suite;
    out.element("span", {{"class", "where"}}, "(" + suites + ")");
  }
}

}  // namespace report

void print_defences(std::ostream& out, std::span<const RunRecord> records, bool colour) {
  using namespace report;
  const DefenceTable table = defence_table(records);
  if (table.rows.empty()) return;
  // The ids are long: they stand as a list, the columns have letters.
  out << "\nWhich defence stops which attack\n";
  for (std::size_t i = 0; i < table.attacks.size(); ++i) {
    out << "  " << static_cast<char>('a' + i) << "  " << visible(table.attacks[i]) << '\n';
  }
  constexpr std::size_t label_width = 34;
  std::string heads;
  for (std::size_t i = 0; i < table.attacks.size(); ++i) {
    heads += pad(std::string(1, static_cast<char>('a' + i)), 3);
  }
  std::string part;
  for (const DefenceRow& row : table.rows) {
    if (part_of(row) != part) {
      part = part_of(row);
      out << '\n' << pad(part, label_width + 5) << heads << '\n';
    }
    out << "  " << pad(visible(title_of(row)), label_width + 3);
    for (const DefenceCell& cell : row.cells) {
      const std::string mark = letter(cell) + (cell.changed ? "*" : "");
      const bool alarm = mark.find('!') != std::string::npos;
      const char* code = alarm ? "1;37;41" : cell.changed ? "1" : "2";
      if (colour) out << "\x1b[" << code << "m";
      out << mark;
      if (colour) out << "\x1b[0m";
      out << std::string(columns(mark) < 3 ? 3 - columns(mark) : 0, ' ');
    }
    out << '\n';
  }
  out << "\n  S succeeded, B blocked, n not applicable; * another outcome than without the change; "
         "! not as expected\n";
}

}  // namespace wib::attacks
