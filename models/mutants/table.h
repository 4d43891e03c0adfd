// SPDX-License-Identifier: Apache-2.0
//
// The transition tables, as the models have them and as the code has them. The model's are rules,
// written from the post; the code's are data. Each is asked for every state, event and judgement,
// so that what one has and the other has not is found from both sides.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "models/engine/maude.h"
#include "protocol/setup/transitions.h"

namespace wib::models {

// The code's side. Edited rows are a planted bug's.
struct Tables {
  std::span<const DeviceRow> device = device_table();
  std::span<const ClientRow> client = client_table();
};

// One of the eight kinds of suite that the tables tell apart.
struct TraitMix {
  When sessions;    // several, single
  When attempts;    // unlimited, limited
  When protection;  // bare, acknowledged

  [[nodiscard]] Traits traits() const noexcept {
    return Traits(sessions).with(attempts).with(protection);
  }
  // "several/limited/bare"
  [[nodiscard]] std::string text() const;
  // As the suite `like`, but for these.
  [[nodiscard]] Suite suite(std::string_view like) const;
};
[[nodiscard]] std::vector<TraitMix> trait_mixes();

// Where Maude's row() and crow() are not as the code's tables: "as_posted, several/limited/bare:
// await_auth post_auth bad: the model says r(401, no-session, drop), the code r(401, await-auth,
// keep)".
[[nodiscard]] Outcome<std::vector<std::string>> table_differences(const ModelFiles& files,
                                                                  const Tables& code = {});

// A row of the device's, as Spin prints the ones that it takes: "await_auth post_auth bad 401
// no_session drop".
[[nodiscard]] std::string edge_text(const DeviceRow& row);

}  // namespace wib::models
