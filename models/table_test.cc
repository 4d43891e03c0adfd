// SPDX-License-Identifier: Apache-2.0
//
// The code's transition tables against both models', every row, for every kind of suite: Maude's
// rules say of each state, event and judgement what the table says, and no more; Spin takes rows
// of the table only, and all of them but a few that no life of a device reaches, each with its
// reason. And that a difference is seen: in a row of either side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "models/engine/process.h"
#include "models/engine/spin.h"
#include "models/mutants/table.h"

namespace wib::models {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(text.find(from, at + 1), std::string::npos) << from << ": twice";
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// --- Maude ------------------------------------------------------------------------------------

TEST(MaudeTable, IsTheCodes) {
  const auto differences = table_differences(project_model());
  ASSERT_TRUE(differences) << differences.error();
  EXPECT_THAT(*differences, IsEmpty());
}

// Any row of the code's that is edited is named, in every kind of suite that has it.
TEST(MaudeTable, SeesEveryEditedRow) {
  // All of them at once, so that Maude need not run for each.
  std::vector<DeviceRow> device(device_table().begin(), device_table().end());
  std::vector<ClientRow> client(client_table().begin(), client_table().end());
  for (DeviceRow& row : device) {
    row.next = row.next == DeviceState::await_key ? DeviceState::closed : DeviceState::await_key;
  }
  for (ClientRow& row : client) {
    row.next = row.next == ClientState::idle ? ClientState::failed : ClientState::idle;
  }
  const auto differences = table_differences(project_model(), {.device = device, .client = client});
  ASSERT_TRUE(differences) << differences.error();
  for (const std::string_view like : {"as_posted", "hardened"}) {
    for (const TraitMix& mix : trait_mixes()) {
      const auto named = [&](const auto& row) {
        const std::string where = std::string(like) + ", " + mix.text() + ": " +
                                  std::string(name(row.on)) + " " + std::string(name(row.event)) +
                                  " " + std::string(name(row.judged)) + ": ";
        return std::ranges::count_if(
            *differences, [&](const std::string& text) { return text.starts_with(where); });
      };
      for (const DeviceRow& row : device) {
        if (!mix.traits().has(row.when)) continue;
        EXPECT_EQ(named(row), 1) << edge_text(row);
      }
      for (const ClientRow& row : client) {
        if (!mix.traits().has(row.when)) continue;
        EXPECT_EQ(named(row), 1) << name(row.on);
      }
    }
  }
}

// The status, each effect, what is sent, and a row that is missing or too many.
TEST(MaudeTable, SeesWhatIsEdited) {
  const auto device_without = [](auto edit) {
    std::vector<DeviceRow> rows(device_table().begin(), device_table().end());
    const auto row = std::ranges::find_if(rows, [](const DeviceRow& r) {
      return r.on == DeviceState::await_auth && r.event == DeviceEvent::post_auth &&
             r.judged == Judged::bad;
    });
    edit(rows, row);
    const auto found = table_differences(project_model(), {.device = rows});
    EXPECT_TRUE(found);
    return found.value_or(std::vector<std::string>{});
  };
  const std::string where = "hardened, single/limited/acknowledged: await_auth post_auth bad: ";
  EXPECT_THAT(device_without([](auto&, auto row) { row->status = Status::forbidden; }),
              Contains(where + "the model says r(401, no-session, drop), the code "
                               "r(403, no-session, drop)"));
  for (const Effects effects : {Effects::none, Effects::install, Effects::drop_all,
                                Effects::open_window, Effects::close_window, Effects::create,
                                Effects::set_keys, Effects::drop | Effects::close_window}) {
    EXPECT_THAT(device_without([&](auto&, auto row) { row->effects = effects; }),
                Contains(StartsWith(where)));
  }
  EXPECT_THAT(device_without([](auto& rows, auto row) { rows.erase(row); }),
              Contains(where + "the model says r(401, no-session, drop), the code no-row"));
  EXPECT_THAT(device_without([](auto& rows, auto row) {
                DeviceRow more = *row;
                more.judged = Judged::any;
                rows.push_back(more);
              }),
              Contains("hardened, single/limited/acknowledged: await_auth post_auth any: the model "
                       "says no-row, the code r(401, no-session, drop)"));
  std::vector<ClientRow> rows(client_table().begin(), client_table().end());
  rows.front().request = Endpoint::post_key;
  const auto found = table_differences(project_model(), {.client = rows});
  ASSERT_TRUE(found) << found.error();
  EXPECT_THAT(*found, Contains("as_posted, several/unlimited/bare: idle start any: the model says "
                               "cr(expect-offer, get-dh), the code cr(expect-offer, post-key)"));
}

// The other side: a rule of the model's.
TEST(MaudeTable, SeesAnEditedRule) {
  const ScratchDirectory scratch;
  std::filesystem::copy(project_model().directory, scratch.path());
  const std::string file = scratch.path() + "/suite.maude";
  const std::string edited =
      replaced(read(file), "eq row(S, closed, restart, any) = r(0, closed, keep) .", "");
  std::ofstream(file) << edited;
  const auto found = table_differences({scratch.path()});
  ASSERT_TRUE(found) << found.error();
  // [owise] takes it: the same row but for its effects.
  EXPECT_EQ(found->size(), 16U);
  EXPECT_THAT(*found, Contains("as_posted, several/unlimited/bare: closed restart any: the model "
                               "says r(0, closed, shut), the code r(0, closed, keep)"));
  // A rule that asks for a choice that is none of the tables' business.
  std::ofstream(file) << replaced(
      read(project_model().directory + "/suite.maude"),
      "eq row(S, await-key, post-key, failed) = r(400, closed, shut) .",
      "ceq row(S, await-key, post-key, failed) = r(400, closed, shut) if not pake?(S) .");
  const auto more = table_differences({scratch.path()});
  ASSERT_TRUE(more) << more.error();
  EXPECT_EQ(more->size(), 8U);
  EXPECT_THAT(*more, ::testing::Each(StartsWith("hardened, ")));
  // What is no model is no difference.
  std::ofstream(file) << "fmod WIB-SUITE is";
  const auto none = table_differences({scratch.path()});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error(), StartsWith("maude: "));
}

// --- Spin -------------------------------------------------------------------------------------

// life.pml, or an edited copy, built to print the rows that it takes.
class Edges {
 public:
  explicit Edges(const std::string& text) {
    const auto built =
        compile_spin(scratch_.write("life.pml", text), {"-O1", "-DPRINTF", "-DEDGES", "-DNOCLAIM"});
    if (built) model_ = *built;
    EXPECT_TRUE(built) << built.error();
  }

  // The rows that any life takes, within two bounds: one in which guesses run out at once, and one
  // in which they do not. Failures of the device's own, expiry and a power cut happen as well.
  [[nodiscard]] Outcome<std::set<std::string>> of(const Suite& suite) const {
    std::set<std::string> rows;
    const Scenario& life = *find_scenario("life");
    for (const unsigned many : {1U, 2U}) {
      const Bound bound{.sessions = 2, .presses = 2, .restarts = 1, .expiries = 1, .tries = many};
      auto environment = spin_environment(suite, life, bound);
      environment["WIB_LIFE"] = std::to_string(many);
      environment["WIB_FAULTS"] = "1";
      const auto ran = run_program({model_.executable, "-m100000", "-w18"}, environment, 60);
      if (!ran) return std::unexpected(ran.error());
      if (ran->exit_code != 0 || ran->output.find("errors: 0") == std::string::npos ||
          ran->output.find("max search depth too small") != std::string::npos) {
        return std::unexpected("spin: " + ran->output);
      }
      std::istringstream lines(ran->output);
      for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("EDGE ")) continue;
        line.erase(line.find_last_not_of(' ') + 1);
        rows.insert(line.substr(5));
      }
    }
    return rows;
  }

 private:
  ScratchDirectory scratch_;
  SpinModel model_;
};

const std::string& life_model() {
  static const std::string text = read(WIB_MODELS_DIR "/spin/life.pml");
  return text;
}
const Edges& project_edges() {
  static const Edges edges(life_model());
  return edges;
}

// Rows that no device of such a suite comes to, whatever happens.
struct Unreached {
  std::string_view row;
  When when;                // of which suites
  std::string_view choice;  // and with this choice (empty: all)
  std::string_view why;
};
constexpr std::string_view one_only = "while a session lives no other is begun: it is `bad`";
constexpr auto unreached = std::to_array<Unreached>({
    {"await_share get_dh good 200 await_share create", When::single, "", one_only},
    {"await_share get_dh failed 503 await_share -", When::single, "", one_only},
    {"await_auth get_dh good 200 await_share create", When::single, "", one_only},
    {"await_auth get_dh failed 503 await_auth -", When::single, "", one_only},
    {"await_key get_dh good 200 await_share create", When::single, "", one_only},
    {"await_key get_dh failed 503 await_key -", When::single, "", one_only},
    {"await_key press bad - await_key -", When::single, "limited",
     "the right proof has cleared the count, and no other session adds to it"},
    {"await_share post_dh exhausted 403 closed drop_all+close_window", When::limited, "plain_dh",
     "a guess is an answer to auth.wib; a share tells nothing"},
});

struct Compared {
  std::vector<std::string> not_in_table, not_taken, stale;
};

Compared compare(const Edges& edges, const TraitMix& mix, const Suite& suite) {
  Compared compared;
  const auto taken = edges.of(suite);
  EXPECT_TRUE(taken) << taken.error();
  if (!taken) return compared;
  std::set<std::string> table;
  for (const DeviceRow& row : device_table()) {
    if (mix.traits().has(row.when)) table.insert(edge_text(row));
  }
  std::set<std::string> excused;
  for (const Unreached& entry : unreached) {
    const bool its = mix.traits().has(entry.when) &&
                     (entry.choice.empty() || entry.choice == suite.key_exchange.name() ||
                      entry.choice == suite.attempt_limit.name());
    if (!its) continue;
    EXPECT_FALSE(entry.why.empty()) << entry.row;
    const std::string row(entry.row);
    excused.insert(row);
    if (taken->contains(row) || !table.contains(row)) compared.stale.push_back(row);
  }
  for (const std::string& row : *taken) {
    if (!table.contains(row)) compared.not_in_table.push_back(row);
  }
  for (const std::string& row : table) {
    if (!taken->contains(row) && !excused.contains(row)) compared.not_taken.push_back(row);
  }
  return compared;
}

TEST(SpinTable, TakesTheCodesRowsAndAllOfThem) {
  std::vector<std::pair<TraitMix, Suite>> suites;
  for (const std::string_view like : {"as_posted", "hardened"}) {
    // Every kind, so these two themselves as well.
    for (const TraitMix& mix : trait_mixes()) suites.emplace_back(mix, mix.suite(like));
  }
  for (const auto& [mix, suite] : suites) {
    SCOPED_TRACE(suite.name().view());
    const Compared compared = compare(project_edges(), mix, suite);
    EXPECT_THAT(compared.not_in_table, IsEmpty());
    EXPECT_THAT(compared.not_taken, IsEmpty());
    EXPECT_THAT(compared.stale, IsEmpty());
  }
}

TEST(SpinTable, SeesAnEditedRow) {
  const TraitMix mix = trait_mixes().front();
  const Edges other(replaced(life_model(),
                             "ROW(AWAIT_AUTH, POST_AUTH, BAD, 401, NO_SESSION, DROP, ALWAYS)",
                             "ROW(AWAIT_AUTH, POST_AUTH, BAD, 401, AWAIT_AUTH, 0, ALWAYS)"));
  const Compared compared = compare(other, mix, mix.suite("as_posted"));
  EXPECT_THAT(compared.not_in_table, ElementsAre("await_auth post_auth bad 401 await_auth -"));
  EXPECT_THAT(compared.not_taken, ElementsAre("await_auth post_auth bad 401 no_session drop"));
  EXPECT_THAT(compared.stale, IsEmpty());
}

// An entry of the list above is stale when its row is taken, or is no row any more.
TEST(SpinTable, SeesAStaleReason) {
  const Edges other(
      replaced(life_model(), "((SINGLE && LIVE >= 1) ||", "((SINGLE && LIVE >= 2) ||"));
  const TraitMix mix{When::single, When::unlimited, When::bare};
  EXPECT_THAT(compare(other, mix, mix.suite("as_posted")).stale,
              Contains("await_share get_dh good 200 await_share create"));
}

}  // namespace
}  // namespace wib::models
