// SPDX-License-Identifier: Apache-2.0
//
// Report writers: one record, several forms. All text that comes from a run is escaped.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "attacks/report/model_verdicts.h"
#include "attacks/scenarios/record.h"

namespace wib::attacks {

// report.json's schema version; a change that a reader could trip over raises it.
inline constexpr int report_schema_version = 1;

struct ReportHeader {
  std::string tool = "wib";
  std::string version;                                         // of wib
  std::string command;                                         // how to get the same report again
  std::vector<std::pair<std::string, std::string>> libraries;  // backend name, library and version
  // Where the models' verdicts are in full, relative to the report; empty if not beside it.
  std::string models_table;  // as text
  std::string models_json;
};

// report.json: {"schema": 1, "header": {...}, "summary": {...}, "results": [...]}. A result has at
// least: id, suite, reading, device_backend, client_backend, outcome, expected, verdict,
// properties, cwe, trace, seed. With `models` also "model", a list with an object for each aim:
// {"property", "scenario", "says", "text", "agreement", "why", "engines": [{"engine", "found",
// "bound", "states", "problem"}]}, null for what there is not; and in the summary "model", how many
// aims have which agreement ("contradiction", "unclear", "other_attack", "agrees", "silent").
[[nodiscard]] std::string to_json(const ReportHeader& header, std::span<const RunRecord> records,
                                  const report::ModelVerdicts* models = nullptr);

// index.html: one self-contained file (no external reference of any kind). With `models`, what they
// said stands beside what was expected and what came.
[[nodiscard]] std::string to_html(const ReportHeader& header, std::span<const RunRecord> records,
                                  const report::ModelVerdicts* models = nullptr);

// The matrix for a terminal: attack x suite and reading x backend pair; colour if `colour`.
void print_matrix(std::ostream& out, std::span<const RunRecord> records, bool colour);

// One line: how many aims agree with the models; each contradiction in a line of its own.
void print_models(std::ostream& out, std::span<const RunRecord> records,
                  const report::ModelVerdicts& models, bool colour);

// The table "defence by attack" for a terminal; nothing if no run was made for it.
void print_defences(std::ostream& out, std::span<const RunRecord> records, bool colour);

}  // namespace wib::attacks
