// SPDX-License-Identifier: Apache-2.0
//
// Planted bugs: models/mutants.json, one id for a bug in the models and in the code. Each is an
// edit of the models' text; in the code it is an edited row of a table, a suite that chooses
// otherwise, or nothing that data can say, and why. What ought to kill it stands beside it, and is
// wrong both ways.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>

#include "models/claims/expected.h"
#include "models/engine/process.h"
#include "models/engine/spin.h"
#include "models/mutants/table.h"

namespace wib::models {

struct Edit {
  std::string file;  // in the models' folder: "suite.maude"; "life.pml"
  std::string find;  // there exactly once
  std::string replace;
};

// What a bug is asked, written as "table", "SCENARIO PROPERTY" (Maude) or "spin SCENARIO CLAIM".
// Any of these that says otherwise than of the models as they are is a detector of the bug.
struct Ask {
  enum class Kind : std::uint8_t { table, maude, spin } kind;
  const Scenario* scenario;  // null for table
  std::string what;          // the property, or the ltl's name

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string_view goal() const;  // Maude's name of the property
};

// The same bug in the code.
struct Counterpart {
  std::vector<DeviceRow> device;  // rows instead of those of the same state, event, judged, when
  std::vector<ClientRow> client;
  std::optional<Suite> suite;  // the suite that has the bug for a choice
  std::string none;            // why there is none

  // "row", "suite NAME", "none: why"
  [[nodiscard]] std::string text() const;
};

struct Mutant {
  std::string id;
  std::string title;
  Suite suite;                 // where it is planted
  std::optional<Bound> bound;  // else the scenario's own, the fast one
  std::vector<Edit> edits;
  Counterpart code;
  std::vector<Ask> asked;
  std::vector<std::string> killed_by;  // some of `asked`, by their text
  std::string equivalent;              // or why nothing could tell it from the models

  // The code's tables with the bug in them.
  [[nodiscard]] std::vector<DeviceRow> device_rows() const;
  [[nodiscard]] std::vector<ClientRow> client_rows() const;
};

[[nodiscard]] std::string mutants_path();  // WIB_MODELS_DIR/mutants.json
// Errors name the mutant and the place. Not checked here: that the edits find their text (plant()).
[[nodiscard]] Outcome<std::vector<Mutant>> read_mutants(const std::string& path);

// The models' files with a bug in them, in a folder of their own.
class Planted {
 public:
  // An error names the edit whose text is not there, or not once.
  [[nodiscard]] static Outcome<Planted> plant(const std::vector<Edit>& edits,
                                              const ModelFiles& from = project_model());
  [[nodiscard]] ModelFiles files() const { return {scratch_->path()}; }
  // Built if the bug is in life.pml; else the project's.
  [[nodiscard]] Outcome<SpinModel> spin() const;

 private:
  std::unique_ptr<ScratchDirectory> scratch_;
  bool in_spin_ = false;
};

// The answers to questions, of these files, in their order: whether the property is broken
// (reached, for P-R0); for the table whether it differs from the code's. Questions of one scenario
// are one search.
[[nodiscard]] Outcome<std::vector<bool>> answers(std::span<const Ask> asked, const Suite& suite,
                                                 const std::optional<Bound>& bound,
                                                 const ModelFiles& files, const SpinModel& spin);

// --- The kill table -----------------------------------------------------------------------------

struct Kill {
  const Mutant* mutant = nullptr;
  std::vector<std::string> model;  // what told it from the models as they are
  std::vector<std::string> code;   // detectors of the code's side, from whoever runs them
  std::string problem;             // an engine failed, or the unplanted models are not as expected
  double seconds = 0;

  [[nodiscard]] bool as_expected() const;
};

// What killed it in the code; empty if nothing did, or nothing is known.
using CodeDetectors = std::function<std::vector<std::string>(const Mutant&)>;

// Asks everything of every mutant, and of the models as they are, which must answer as
// expected.json says where it says something. In the order of `mutants`, which must live on.
[[nodiscard]] std::vector<Kill> kill_table(std::span<const Mutant> mutants,
                                           const Expectations& expectations,
                                           const CodeDetectors& code = {});
void print(std::ostream& out, std::span<const Kill> kills);

}  // namespace wib::models
