// SPDX-License-Identifier: Apache-2.0
//
// A campaign's summary: for a terminal, as JSON, as a page.
#pragma once

#include <iomanip>
#include <sstream>
#include <string>

#include "fuzz/trace/campaign.h"

namespace wib::fuzz {

void print(std::ostream& out, const Campaign& campaign);

// {"schema": 1, "campaigns": [...]}: of each: suite, entropy, leaked, seed, seconds, traces,
// traces_per_s, steps, states, features, honest_completions, void, canary {id, found, seconds,
// traces}, properties [{id, title, expected, violations, traces, first_seconds}] - every property
// that is hunted, violated or not -, nearest [{attack, rung, of, reached}], findings [{property,
// title, expected, verdict, steps, trace, confirmations [{device, client, group, verdict,
// witness}]}]. `traces` holds the paths of the findings' traces, if they were written.
[[nodiscard]] std::string to_json(std::span<const Campaign> campaigns, const std::string& command,
                                  const std::map<const Finding*, std::string>& traces);

// One self-contained page.
[[nodiscard]] std::string to_html(std::span<const Campaign> campaigns, const std::string& command,
                                  const std::map<const Finding*, std::string>& traces);

// The runs that confirm a campaign's findings, for the writers of attacks/report: a finding is an
// attack of the family "hunt". `trace` is the path of its trace, relative to the report.
[[nodiscard]] std::vector<attacks::RunRecord> records_of(const Finding& finding,
                                                         const std::string& trace);

// What is hunted: every violation that a trace can show under these conditions.
[[nodiscard]] std::vector<Violation> hunted(const Conditions& conditions);

// All of them, one behind the other; numbers with a fraction have `digits` of it.
template <class... Parts>
[[nodiscard]] std::string joined(int digits, const Parts&... parts) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits);
  (out << ... << parts);
  return out.str();
}

// "strong" or "repeat".
[[nodiscard]] std::string_view entropy_name(const Conditions& conditions) noexcept;

}  // namespace wib::fuzz
