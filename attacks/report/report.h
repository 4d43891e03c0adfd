// SPDX-License-Identifier: Apache-2.0
//
// Report writers: one record, several forms. All text that comes from a run is escaped.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "attacks/scenarios/record.h"

namespace wib::attacks {

// report.json's schema version; a change that a reader could trip over raises it.
inline constexpr int report_schema_version = 1;

struct ReportHeader {
  std::string tool = "wib";
  std::string version;                                         // of wib
  std::string command;                                         // how to get the same report again
  std::vector<std::pair<std::string, std::string>> libraries;  // backend name, library and version
};

// report.json: {"schema": 1, "header": {...}, "summary": {...}, "results": [...]}. A result has at
// least: id, suite, reading, device_backend, client_backend, outcome, expected, verdict,
// properties, cwe, trace, seed.
[[nodiscard]] std::string to_json(const ReportHeader& header, std::span<const RunRecord> records);

// index.html: one self-contained file (no external reference of any kind).
[[nodiscard]] std::string to_html(const ReportHeader& header, std::span<const RunRecord> records);

// The matrix for a terminal: attack x suite and reading x backend pair; colour if `colour`.
void print_matrix(std::ostream& out, std::span<const RunRecord> records, bool colour);

// The table "defence by attack" for a terminal; nothing if no run was made for it.
void print_defences(std::ostream& out, std::span<const RunRecord> records, bool colour);

}  // namespace wib::attacks
