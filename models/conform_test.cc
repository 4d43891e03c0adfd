// SPDX-License-Identifier: Apache-2.0
//
// Model -> code: the bounded model's whole graph, probed on the real device and client. And that
// this notices: each planted bug makes a mismatch.
#include "models/bridge/conform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "backends/ideal/ideal.h"
#include "backends/registry.h"

namespace wib::models {
namespace {

constexpr double least_rate = 20'000;  // probes a second on ideal

Graph& graph_for(const Suite& suite, const Exploration& exploration) {
  const auto graph = graph_of(suite, exploration);
  if (!graph) throw std::runtime_error(graph.error());
  return **graph;
}

std::string first(const Conformance& done) {
  if (done.mismatches.empty()) return "no mismatch";
  std::string text = done.mismatches.front().what + " after";
  for (const std::string& step : done.mismatches.front().path) text += " [" + step + "]";
  return text;
}

Suite named(std::string_view name, std::string_view reading = {}) {
  return *parse_suite(name, reading);
}

class EverySuite : public testing::TestWithParam<std::pair<std::string, std::string>> {
 protected:
  void probe(Backend& backend, bool memoise) {
    const Suite suite = named(GetParam().first, GetParam().second);
    for (const Exploration& exploration : explorations()) {
      SCOPED_TRACE(exploration.id);
      Graph& graph = graph_for(suite, exploration);
      const auto done =
          conform(graph, exploration, {.suite = suite, .backend = backend, .memoise = memoise});
      ASSERT_TRUE(done) << done.error();
      EXPECT_TRUE(done->mismatches.empty()) << first(*done);
      EXPECT_EQ(done->probed, done->arcs);
      EXPECT_GT(done->arcs, 10'000U);
      if (!memoise) {
        EXPECT_GE(static_cast<double>(done->probes) / done->seconds, least_rate);
      }
      rows_.insert(done->rows.begin(), done->rows.end());
    }
  }
  std::set<std::string> rows_;
};

TEST_P(EverySuite, IdealDoesWhatTheModelSays) {
  const auto ideal = wib_backend_ideal::make();
  probe(*ideal, false);
  // Of what requests can do, all but these; and what no bound of this size reaches is just that.
  const Suite suite = named(GetParam().first, GetParam().second);
  EXPECT_EQ(rows_, reachable_rows(suite));
  std::set<std::string> missing;
  for (const DeviceRow& row : device_table()) {
    if (!suite.traits().has(row.when) || row.event < DeviceEvent::get_dh ||
        row.judged == Judged::failed) {
      continue;
    }
    const std::string text = row_name(row.on, row.event, row.judged);
    if (!rows_.contains(text)) missing.insert(text);
  }
  const std::set<std::string> unreachable =
      suite.session_policy.strict()
          ? std::set<std::string>{"await_share get_dh good", "await_auth get_dh good",
                                  "await_key get_dh good"}
          : std::set<std::string>{"no_session get_dh bad", "await_share get_dh bad",
                                  "await_auth get_dh bad", "await_key get_dh bad"};
  EXPECT_EQ(missing, unreachable);
}

TEST_P(EverySuite, RealLibrariesDoWhatTheModelSays) {
  for (Backend* backend : backends()) {
    SCOPED_TRACE(backend->name());
    probe(*backend, true);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Conform, EverySuite,
    testing::Values(std::pair{"as_posted", "cbc"}, std::pair{"as_posted", "ctr"},
                    std::pair{"hardened", "gcm"}, std::pair{"hardened", "chacha20"}),
    [](const auto& suite) { return suite.param.first + "_" + suite.param.second; });

// --- Planted bugs --------------------------------------------------------------------------------

// Mismatches of code that runs `suite` on `table`, against the model of `model`.
std::size_t mismatches(const Suite& model, const Suite& suite, std::span<const DeviceRow> table,
                       std::span<const ClientRow> client_rows = client_table()) {
  const auto ideal = wib_backend_ideal::make();
  std::size_t count = 0;
  for (const Exploration& exploration : explorations()) {
    const auto done = conform(graph_for(model, exploration), exploration,
                              {.suite = suite,
                               .model = &model,
                               .backend = *ideal,
                               .device_transitions = table,
                               .client_transitions = client_rows,
                               .most_mismatches = 1});
    if (!done) throw std::runtime_error(done.error());
    count += done->mismatches.size();
    if (count != 0) break;
  }
  return count;
}

// A row, and what it is instead. No status: as it was.
struct Planted {
  const char* name;
  DeviceState on;
  DeviceEvent event;
  Judged judged;
  std::optional<Status> status;
  DeviceState next;
  Effects effects;
};

constexpr auto planted = [] {
  using S = DeviceState;
  using V = DeviceEvent;
  using J = Judged;
  using E = Effects;
  constexpr E shut = E::drop_all | E::close_window;
  return std::to_array<Planted>({
      {"cookie-survives-401", S::await_auth, V::post_auth, J::bad, {}, S::await_auth, E::none},
      {"cookie-survives-early-key", S::await_auth, V::post_key, J::any, {}, S::await_auth, E::none},
      {"window-stays-open", S::await_key, V::post_key, J::bad, {}, S::no_session, E::drop},
      {"window-stays-open-after-install",
       S::await_key,
       V::post_key,
       J::good,
       {},
       S::no_session,
       E::install | E::drop},
      {"wrong-cookie-is-fatal", S::no_session, V::post_auth, J::any, {}, S::closed, shut},
      {"session-survives-expiry",
       S::await_key,
       V::session_expired,
       J::any,
       {},
       S::await_key,
       E::none},
      {"window-survives-expiry",
       S::no_session,
       V::window_expired,
       J::any,
       {},
       S::no_session,
       E::none},
      {"session-survives-restart", S::no_session, V::restart, J::any, {}, S::no_session, E::none},
      {"closed-says-401", S::closed, V::post_dh, J::any, Status::unauthorized, S::closed, E::none},
      {"another-status", S::await_share, V::post_key, J::any, Status::bad_request, S::no_session,
       E::drop},
      // As with several sessions; with one, the session lives on as well.
      {"second-dh-accepted", S::await_auth, V::post_dh, J::any, Status::ok, S::await_auth, E::none},
  });
}();

// The device's table with that row of `suite` instead.
std::vector<DeviceRow> edited(const Suite& suite, const Planted& bug) {
  std::vector<DeviceRow> rows(device_table().begin(), device_table().end());
  const DeviceRow* row = find_row(device_table(), suite.traits(), bug.on, bug.event, bug.judged);
  if (row == nullptr) throw std::runtime_error("no such row");
  DeviceRow& instead = rows[static_cast<std::size_t>(row - device_table().data())];
  if (bug.status) instead.status = *bug.status;
  instead.next = bug.next;
  instead.effects = bug.effects;
  return rows;
}

TEST(Planted, EachEditedRowIsFoundOnBothSuites) {
  for (const char* name : {"as_posted", "hardened"}) {
    const Suite suite = named(name);
    EXPECT_EQ(mismatches(suite, suite, device_table()), 0U);
    for (const Planted& bug : planted) {
      SCOPED_TRACE(std::string(name) + " " + bug.name);
      EXPECT_EQ(mismatches(suite, suite, edited(suite, bug)), 1U);
    }
  }
}

// A choice of the code's that is not the model's.
TEST(Planted, EachOtherChoiceIsFound) {
  for (const char* mix : {"hardened+freshness=none", "hardened+key_schedule=raw_hash",
                          "hardened+protection=encrypt_and_mac", "hardened+session_policy=several",
                          "hardened+attempt_limit=unlimited", "hardened+key_exchange=plain_dh"}) {
    SCOPED_TRACE(mix);
    EXPECT_EQ(mismatches(named("hardened"), named(mix), device_table()), 1U);
  }
  for (const char* mix : {"as_posted+freshness=epoch", "as_posted+key_schedule=hkdf_transcript",
                          "as_posted+protection=aead", "as_posted+session_policy=single",
                          "as_posted+attempt_limit=limited", "as_posted+group_policy=named"}) {
    SCOPED_TRACE(mix);
    EXPECT_EQ(mismatches(named("as_posted"), named(mix), device_table()), 1U);
  }
}

// An epoch that is offered and never counted: the field is there, what it is for is not.
class StuckEpoch final : public Freshness {
 public:
  ~StuckEpoch() = default;
  std::string_view name() const noexcept override { return "epoch"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::epoch; }
  Result<std::uint64_t> next_epoch(Store&) const override { return 1; }
};

TEST(Planted, AnEpochThatStandsStillIsFound) {
  const Suite hardened = named("hardened");
  const StuckEpoch stuck;
  const Suite broken{hardened.key_exchange,  stuck,
                     hardened.key_schedule,  hardened.protection,
                     hardened.group_policy,  hardened.session_policy,
                     hardened.attempt_limit, hardened.entropy_gate};
  EXPECT_EQ(mismatches(hardened, broken, device_table()), 1U);
}

TEST(Planted, AClientThatIsDoneTooEarlyIsFound) {
  // Of the probes, the client's are those that the model lets succeed; that it refuses the rest is
  // for trace validation. An early success is seen here.
  std::vector<ClientRow> rows(client_table().begin(), client_table().end());
  const Suite suite = named("as_posted");
  const ClientRow* row = find_row(client_table(), suite.traits(), ClientState::expect_auth_result,
                                  ClientEvent::no_content, Judged::good);
  ASSERT_NE(row, nullptr);
  rows[static_cast<std::size_t>(row - client_table().data())].next = ClientState::completed;
  EXPECT_EQ(mismatches(suite, suite, device_table(), rows), 1U);
}

}  // namespace
}  // namespace wib::models
