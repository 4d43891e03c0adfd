// SPDX-License-Identifier: Apache-2.0
//
// Model verdicts: what the formal models (models/) said of a suite's properties, as `wib model
// check --json` wrote it, held against what the runs on the code came to. The file may come from
// anybody: what is not in order is refused, with its place.
#pragma once

#include <array>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "attacks/scenarios/record.h"

namespace wib::attacks::report {

enum class ModelAnswer : std::uint8_t {
  attack,      // the property can be broken
  holds,       // for the bound
  reachable,   // P-R0: an honest run completes
  unreachable  // P-R0: none does
};
[[nodiscard]] std::string_view name(ModelAnswer answer) noexcept;

// One engine on one question.
struct EngineAnswer {
  std::string engine;                // "maude", "spin"
  std::optional<ModelAnswer> found;  // empty: it could not say, and `problem` tells why
  std::string bound;                 // "2 sessions, 2 presses"
  std::uint64_t states = 0;
  bool as_expected = true;  // by models/expected.json; true where nothing is expected
  std::string problem;
};

// What the engines together say of one question.
struct ModelVerdict {
  std::vector<EngineAnswer> answers;  // in the file's order, at least one

  // What those that could say agree on; empty if they differ or none could.
  [[nodiscard]] std::optional<ModelAnswer> answer() const;
  // "attack, 2 sessions, 2 presses, Maude and Spin"; "holds for 2 sessions, 2 presses, Maude; Spin
  // could not say: ..."; "the engines differ: Maude says attack, Spin says holds".
  [[nodiscard]] std::string words() const;
  // "Maude saw 33 states, Spin 25".
  [[nodiscard]] std::string effort() const;
};

class ModelVerdicts {
 public:
  // An error names the place: "verdicts[3].found: ...".
  [[nodiscard]] static std::expected<ModelVerdicts, std::string> parse(std::string_view text);

  // By Suite::name(), a scenario's id and a property's. Null if nothing was asked.
  [[nodiscard]] const ModelVerdict* find(std::string_view suite, std::string_view scenario,
                                         std::string_view property) const;
  [[nodiscard]] bool knows(std::string_view suite) const;

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, ModelVerdict> verdicts_;
};

// --- Held against runs --------------------------------------------------------------------------

// What a model's verdict is to a run, the loudest first.
enum class Agreement : std::uint8_t {
  contradiction,  // the run broke what the model says holds
  unclear,        // the engines differ, or none could say
  other_attack,   // the model knows an attack on the property, and this run was none
  agrees,         // both broken, or both not
  silent          // no model speaks of it, or the run does not
};
inline constexpr std::size_t agreement_count = 5;
// For report.json: "contradiction", "unclear", "other_attack", "agrees", "silent".
[[nodiscard]] std::string_view name(Agreement agreement) noexcept;
// As a sentence: "The model knows an attack on this property; this script is not it."
[[nodiscard]] std::string_view sentence(Agreement agreement) noexcept;

// One of a run's aims, and the models on it.
struct AimSaid {
  Property aim = Property::r0;
  std::string_view scenario;              // the models', for the run's conditions; empty if none
  const ModelVerdict* verdict = nullptr;  // null: nothing to be compared, and `why` says why
  Agreement agreement = Agreement::silent;
  std::string why;

  // The verdict's words, or "–: " and why there are none.
  [[nodiscard]] std::string words() const;
};

// For each aim of the run, under the conditions that the run had: the device's generator, and
// whether the authenticator had leaked. An aim that the run did not judge is silent.
[[nodiscard]] std::vector<AimSaid> models_on(const ModelVerdicts& models, const RunRecord& record);
// For several runs of one attack on one suite, each aim once, with the loudest agreement.
[[nodiscard]] std::vector<AimSaid> models_on(const ModelVerdicts& models,
                                             std::span<const RunRecord> records,
                                             std::span<const std::size_t> runs);
// The one to show where there is room for one: the loudest. Null if there are none.
[[nodiscard]] const AimSaid* loudest(std::span<const AimSaid> said);

// Aims of all runs, by agreement.
struct ModelTally {
  std::array<std::size_t, agreement_count> counts{};

  [[nodiscard]] std::size_t count(Agreement agreement) const {
    return counts[static_cast<std::size_t>(agreement)];
  }
  [[nodiscard]] std::size_t spoken() const;  // of how many a model speaks
  // "the models: 12 of 14 aims agree with the code; on 2 they know an attack that the script is
  // not; 3 they do not speak of", contradictions first and in capitals.
  [[nodiscard]] std::string line() const;
};
[[nodiscard]] ModelTally tally(const ModelVerdicts& models, std::span<const RunRecord> records);

}  // namespace wib::attacks::report
