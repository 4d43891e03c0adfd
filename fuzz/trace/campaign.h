// SPDX-License-Identifier: Apache-2.0
//
// Campaign: hunts on a suite for a while, checks itself with a planted bug, and brings what it
// finds to a verdict.
#pragma once

#include <memory>

#include "fuzz/trace/proof.h"

namespace wib::fuzz {

struct CampaignConfig {
  const Suite& suite;
  Conditions conditions = {};
  std::uint64_t seed = 1;
  double seconds = 10;             // of CPU time
  std::uint64_t max_traces = 0;    // 0: no limit
  double canary_seconds = 30;      // at most, of CPU time
  std::vector<Bytes> corpus = {};  // traces of earlier campaigns, to begin with
  bool confirm = true;             // replay findings on the backends
};

// What a status line says.
struct CampaignStatus {
  const Hunter& hunter;
  double seconds = 0;
  double of = 0;
  std::string_view doing;
};

struct Finding {
  Violation violation = Violation::differs;
  bool expected = false;  // PROTOCOL says that it falls
  std::uint64_t count = 0;
  double first_seconds = 0;
  std::uint64_t first_traces = 0;
  Proof proof;
  std::vector<Confirmation> confirmations;
  ProofVerdict verdict = ProofVerdict::not_reproduced;
  std::size_t found_size = 0;  // bytes, before it was minimised
};

struct Campaign {
  std::string suite;
  Conditions conditions;
  std::uint64_t seed = 0;
  double seconds = 0;
  std::uint64_t traces = 0;
  std::uint64_t steps = 0;
  std::size_t states = 0;
  std::size_t features = 0;
  std::uint64_t honest = 0;
  Stages stages{};
  std::vector<Finding> findings;
  std::vector<Bytes> corpus;  // the shortest trace for each feature, to go on from
  bool canary_found = false;
  double canary_seconds = 0;
  std::uint64_t canary_traces = 0;

  // A night without an honest run, or in which the planted bug was not seen, has shown nothing.
  [[nodiscard]] bool is_void() const noexcept { return honest == 0 || !canary_found; }
  [[nodiscard]] bool unexpected() const noexcept {
    return std::ranges::any_of(findings, [](const Finding& f) { return !f.expected; });
  }
  // An expected finding that the referee does not agree with on some backend.
  [[nodiscard]] bool unproven() const noexcept {
    return std::ranges::any_of(findings, [](const Finding& f) {
      return f.proof.judged && !f.confirmations.empty() &&
             f.verdict == ProofVerdict::not_reproduced;
    });
  }
};

// `status` (may be empty) is called now and then; false ends the hunt early, and what was found by
// then is brought to its end.
[[nodiscard]] Campaign run_campaign(const CampaignConfig& config,
                                    const std::function<bool(const CampaignStatus&)>& status);

// The planted bug that every campaign has to see: key.wib is answered, and the window stays open.
inline constexpr std::string_view canary_id = "window-stays-open-after-key";
[[nodiscard]] std::vector<DeviceRow> canary_table();

// CPU time of this thread, in seconds.
[[nodiscard]] double cpu_seconds() noexcept;

}  // namespace wib::fuzz
