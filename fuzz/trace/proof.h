// SPDX-License-Identifier: Apache-2.0
//
// Proof: from a finding to an attack. A trace of the fuzzer's becomes a scenario like any other:
// its messages are terms over what was on the wire, it goes through the whole byte path, and the
// referee says what came of it - on the ideal backend, on every pair of real ones, in several
// groups.
#pragma once

#include "attacks/scenarios/runner.h"
#include "fuzz/trace/hunter.h"

namespace wib::fuzz {

struct Proof {
  Violation violation = Violation::differs;
  Bytes trace;                     // minimised
  std::vector<std::string> steps;  // for a person
  attacks::Scenario attack;        // to be run
  bool degenerate = false;         // it has a share that is a constant
  bool judged = true;              // false: the referee does not know the property
};

// What the trace does, as a scenario. `title` outlives the proof.
[[nodiscard]] Proof prove(const Configuration& configuration, Violation violation, Bytes trace,
                          std::string_view title);

enum class ProofVerdict : std::uint8_t {
  confirmed,           // the referee finds the property broken
  blocked_by_backend,  // with perfect cryptography it is, with this library it is not
  not_reproduced       // not even there: a bug of wib
};
[[nodiscard]] constexpr std::string_view name(ProofVerdict verdict) noexcept {
  switch (verdict) {
    case ProofVerdict::confirmed: return "confirmed";
    case ProofVerdict::blocked_by_backend: return "blocked by backend";
    case ProofVerdict::not_reproduced: return "not reproduced";
  }
  return "?";
}

struct Confirmation {
  std::string device, client, group;
  ProofVerdict verdict = ProofVerdict::not_reproduced;
  std::string witness;  // or why not
  attacks::Run run;
};

// Runs it on the ideal backend and on every pair of real ones that can run the suite, in every
// group that the suite leaves room for. The ideal one's confirmation comes first.
[[nodiscard]] std::vector<Confirmation> confirm(const Proof& proof, const Suite& suite);

// Confirmed everywhere; else the worst of them.
[[nodiscard]] ProofVerdict verdict_of(std::span<const Confirmation> confirmations) noexcept;

// One line for each step of a trace.
[[nodiscard]] std::vector<std::string> describe(const Recording& recording);

}  // namespace wib::fuzz
