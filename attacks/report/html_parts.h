// SPDX-License-Identifier: Apache-2.0
//
// The parts of the HTML report, and what they have in common.
#pragma once

#include "attacks/report/markup.h"
#include "attacks/report/overview.h"
#include "attacks/report/report.h"

namespace wib::attacks::report {

// An id for an element, and for links to it. Different names have different ids.
[[nodiscard]] std::string anchor(std::string_view kind, std::string_view name);
[[nodiscard]] std::string run_anchor(std::size_t run);  // "run-12"

// One character that tells standings apart without colour.
[[nodiscard]] std::string_view sign(Standing standing) noexcept;

// "● succeeded" and "✓ as expected", coloured; no outcome if the run could not be made.
void write_outcome(Markup& out, const RunRecord& record);

// "as_posted/cbc, device on openssl, client on wolfssl".
[[nodiscard]] std::string place_of(const RunRecord& record);

// Summary line, what needs attention, the matrix and its key (html_matrix.cc).
void write_summary(Markup& out, const Overview& overview);
void write_matrix(Markup& out, const Overview& overview);

// Beside the runs of one attack on one suite: the cell of the matrix, the lines of a section, and
// what the models are (html_models.cc).
void write_model_cell(Markup& out, const Overview& overview, const ScenarioRuns& scenario,
                      std::string_view suite);
void write_model_lines(Markup& out, const Overview& overview, const Runs& runs);
void write_models(Markup& out, const ReportHeader& header, const Overview& overview);
void write_model_key(Markup& out);

// A section for one family (html_family.cc).
void write_family(Markup& out, const Overview& overview, const FamilyRuns& family);

// One attack or control of a family: the run shown, step by step, and all of its runs
// (html_scenario.cc).
void write_scenario(Markup& out, const Overview& overview, const FamilyRuns& family,
                    const ScenarioRuns& scenario);

// What the attacker did and got in one run: evidence, derivations, circumstances (html_run.cc).
void write_run(Markup& out, const RunRecord& record);
// A control and its attack side by side; what differs is marked (html_run.cc).
void write_comparison(Markup& out, const RunRecord& attack, const RunRecord& control);

// Which defence stops which attack, if there were runs for it (defences.cc).
void write_defences(Markup& out, std::span<const RunRecord> records);

// The properties that were judged, by attack (html_properties.cc).
void write_properties(Markup& out, const Overview& overview);

}  // namespace wib::attacks::report
