// SPDX-License-Identifier: Apache-2.0
//
// The tables of protocol/README.md, written by hand from the post, against the tables in the code,
// in both directions; every row of the device's, driven through the device itself; and rows that
// were edited, which it follows as well.
#include <gtest/gtest.h>

#include "attacks/world/term.h"
#include "props/support/failing_backend.h"
#include "props/support/readme_table.h"
#include "props/support/toy.h"
#include "protocol/counters.h"

namespace wib::props {
namespace {

using attacks::ByteVector;

std::string show(const DeviceRow& row) {
  return std::string(name(row.on)) + " " + std::string(name(row.event)) + " " +
         std::string(name(row.judged)) + " -> " +
         std::to_string(static_cast<unsigned>(row.status)) + " " + std::string(name(row.next)) +
         " effects " + std::to_string(static_cast<unsigned>(row.effects)) + " when " +
         std::string(name(row.when));
}

std::string show(const ClientRow& row) {
  return std::string(name(row.on)) + " " + std::string(name(row.event)) + " " +
         std::string(name(row.judged)) + " -> " + std::string(name(row.next)) + " sends " +
         (row.sends ? std::string(name(row.request)) : "-") + " when " +
         std::string(name(row.when));
}

template <class Rows>
std::vector<std::string> shown(const Rows& rows) {
  std::vector<std::string> lines;
  for (const auto& row : rows) lines.push_back(show(row));
  std::ranges::sort(lines);
  return lines;
}

TEST(Table, DeviceIsAsTheReadmeHasIt) {
  EXPECT_EQ(shown(readme_device_table()), shown(device_table()));
}

TEST(Table, ClientIsAsTheReadmeHasIt) {
  EXPECT_EQ(shown(readme_client_table()), shown(client_table()));
}

// One device brought into each state, one event in each way, judged by the README's row, on each
// suite that has the row.
struct RowCase {
  DeviceRow row;
  Suite suite;
};
class EveryRow : public testing::TestWithParam<RowCase> {};

const Suite& suite() { return *find_suite("as_posted"); }

// False for a row that nothing leads to on that suite: another defence has answered before.
bool reachable(const DeviceRow& row, const Suite& suite) {
  const bool create_beside = row.event == DeviceEvent::get_dh && row.judged == Judged::good &&
                             row.on != DeviceState::no_session;
  if (create_beside && suite.session_policy.strict()) return false;  // there is but one session
  // What is charged where: with the share, or with the proof.
  return row.judged != Judged::exhausted || row.event != DeviceEvent::post_dh ||
         suite.key_exchange.reveals_with_share();
}

std::vector<RowCase> row_cases() {
  std::vector<RowCase> cases;
  for (const char* name : {"as_posted", "as_posted+session_policy=single",
                           "as_posted+attempt_limit=limited", "as_posted+protection=aead",
                           "as_posted+key_exchange=spake2plus,attempt_limit=limited", "hardened"}) {
    const auto parsed = parse_suite(name);
    for (const DeviceRow& row : readme_device_table()) {
      if (!parsed->traits().has(row.when) || !reachable(row, *parsed)) continue;
      cases.push_back({row, *parsed});
    }
  }
  return cases;
}

// A run that is taken as far as `state`, with the client's next request at hand.
struct Prepared {
  explicit Prepared(const Suite& suite)
      : device(suite, 1, device_table(), *backends().front(), &crypto), client(suite) {}
  FailingCrypto crypto{backends().front()->crypto()};
  ToyDevice device;
  ToyClient client;
  std::optional<Request> next;  // what the client would send now
  ByteVector kept[3];           // the bytes that `next` views
  std::optional<Cookie> cookie;
};

Instant at(int ms) { return std::chrono::milliseconds(ms); }

void bring(Prepared& run, DeviceState state) {
  if (state == DeviceState::closed) return;
  run.device.device.press(at(0));
  run.next = run.client.client.start().send;
  while (run.device.device.state_for(run.cookie) != state) {
    const Reply reply = run.device.device.handle(at(1), *run.next);
    if (reply.set_cookie) run.cookie = reply.set_cookie;
    run.next = run.client.client.handle(to_response(reply)).send;
    ASSERT_TRUE(run.next) << "the run ended before " << name(state);
  }
}

Request request_for(Prepared& run, const DeviceRow& row) {
  const auto endpoint = static_cast<Endpoint>(static_cast<unsigned>(row.event) -
                                              static_cast<unsigned>(DeviceEvent::get_dh));
  if (run.next && run.next->endpoint == endpoint) return *run.next;
  return Request{endpoint, run.cookie, Error{Errc::malformed, "test"}};
}

TEST_P(EveryRow, IsWhatTheDeviceDoes) {
  const DeviceRow& row = GetParam().row;
  Prepared run(GetParam().suite);
  bring(run, row.on);
  if (testing::Test::HasFatalFailure()) return;
  Device& device = run.device.device;
  ASSERT_EQ(device.state_for(run.cookie), row.on);
  const auto before = device.snapshot();
  const bool request = row.event >= DeviceEvent::get_dh;

  Reply reply;
  std::optional<Cookie> addressed = run.cookie;
  if (!request) {
    if (row.judged == Judged::bad) {
      ASSERT_TRUE(store_counters(run.device.store, {.charged = attempts_per_life}));
    }
    run.device.store.fail_reads = row.judged == Judged::failed;
    switch (row.event) {
      case DeviceEvent::press: device.press(at(2)); break;
      case DeviceEvent::long_press: device.long_press(at(2)); break;
      case DeviceEvent::restart: device.restart(); break;
      case DeviceEvent::window_expired: device.tick(std::chrono::minutes(5)); break;
      default: device.tick(at(1) + std::chrono::minutes(1)); break;
    }
  } else {
    Request message = request_for(run, row);
    if (row.judged == Judged::bad) {
      if (message.endpoint == Endpoint::get_dh) {
        while (device.handle(at(1), Request{Endpoint::get_dh, {}, {}}).status == Status::ok) {
        }
      } else {
        message.body = Error{Errc::malformed, "test"};
      }
    }
    if (row.judged == Judged::exhausted) {
      DeviceSnapshot spent = device.snapshot();
      spent.attempts.charged = attempts_per_press;
      device.restore(spent);
      if (message.endpoint == Endpoint::post_auth) message.body = Error{Errc::malformed, "test"};
    }
    if (row.judged == Judged::failed) {
      // The platform's fault for each event: no store, no arithmetic, no randomness, no noise.
      if (message.endpoint == Endpoint::post_key) {
        run.device.store.fail_writes = true;
      } else if (message.endpoint == Endpoint::get_dh) {
        run.device.random = attacks::ProfileRandom({attacks::EntropyKind::failing, 0}, 1, "device");
        run.device.noise = attacks::ProfileNoise({attacks::EntropyKind::failing, 0}, 1, "noise");
      } else {
        run.crypto.fail_at(0);
        run.device.store.fail_writes = true;
      }
    }
    reply = device.handle(at(2), message);
    if (has(row.effects, Effects::create)) addressed = reply.set_cookie;
  }

  EXPECT_EQ(reply.status, row.status);
  EXPECT_EQ(device.state_for(addressed), row.next);
  EXPECT_EQ(reply.set_cookie.has_value(), has(row.effects, Effects::create));
  if (has(row.effects, Effects::create)) {
    EXPECT_EQ(device.state_for(run.cookie), row.on) << "the addressed session has changed";
  }
  const bool open = row.next != DeviceState::closed;
  EXPECT_EQ(device.window_open(), open);

  run.device.store.fail_reads = false;
  // Nothing but `install` stores a pair, and `install` stores the client's pair.
  ByteVector stored(max_bundle_size);
  const auto identity = load_identity(run.device.store, stored);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->has_value(), has(row.effects, Effects::install));
  if (*identity) {
    EXPECT_TRUE(same_bytes((*identity)->certificate, attacks::identity("owner").certificate));
  }

  // "Nothing changes": the sessions are those that were.
  if (row.effects == Effects::none && row.next == row.on && row.judged == Judged::any) {
    for (std::size_t i = 0; i < session_capacity; ++i) {
      EXPECT_EQ(device.snapshot().sessions[i].state, before.sessions[i].state);
      EXPECT_EQ(device.snapshot().sessions[i].transcript, before.sessions[i].transcript);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Readme, EveryRow, testing::ValuesIn(row_cases()), [](const auto& test) {
  const DeviceRow& row = test.param.row;
  std::string text = std::string(test.param.suite.name().view()) + "_" + std::string(name(row.on)) +
                     "_" + std::string(name(row.event)) + "_" + std::string(name(row.judged));
  std::ranges::replace_if(text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
});

// --- Rows that were edited ----------------------------------------------------------------------

// The table where no event without a request does anything, but for a press that opens the window,
// and `edited`.
std::vector<DeviceRow> quiet_but_for(const DeviceRow& edited) {
  std::vector<DeviceRow> rows = readme_device_table();
  for (DeviceRow& row : rows) {
    if (!suite().traits().has(row.when)) continue;
    if (row.on == edited.on && row.event == edited.event) {
      row = edited;
    } else if (row.event < DeviceEvent::get_dh && row.on != DeviceState::closed) {
      row.next = row.on;
      row.effects = Effects::none;
    }
  }
  return rows;
}

void expect_followed(const DeviceRow& row) {
  SCOPED_TRACE(show(row));
  constexpr Instant lifetime = std::chrono::minutes(1);
  constexpr Instant window = std::chrono::minutes(5);
  const auto rows = quiet_but_for(row);
  ToyDevice toy(suite(), 1, rows);
  Device& device = toy.device;
  device.press(at(0));
  // One session in the row's state, if that is a session's, and a bystander in another.
  DeviceSnapshot before = device.snapshot();
  const bool has_session = row.on != DeviceState::no_session;
  before.sessions[1] = {.state = row.on, .cookie = {1}, .opened = at(0)};
  before.sessions[2].state =
      row.on == DeviceState::await_share ? DeviceState::await_auth : DeviceState::await_share;
  before.sessions[2].cookie = {2};
  device.restore(before);

  Instant now = at(1);
  switch (row.event) {
    case DeviceEvent::press: device.press(now); break;
    case DeviceEvent::long_press: device.long_press(now); break;
    case DeviceEvent::restart: device.restart(); break;
    case DeviceEvent::window_expired: device.tick(now = window); break;
    default: device.tick(now = lifetime); break;
  }
  if (row.event == DeviceEvent::restart) now = Instant{};

  const auto& after = device.snapshot();
  const bool all_die = has(row.effects, Effects::drop_all);
  const bool dies = all_die || has(row.effects, Effects::drop);
  EXPECT_EQ(after.sessions[1].state, has_session && !dies ? row.next : DeviceState::no_session);
  EXPECT_EQ(after.sessions[2].state, all_die ? DeviceState::no_session : before.sessions[2].state);
  EXPECT_EQ(after.window_open, !has(row.effects, Effects::close_window));
  EXPECT_EQ(after.window_closes,
            has(row.effects, Effects::open_window) ? now + window : before.window_closes);
}

// Every set of effects and every next state, for every event that comes without a request: the
// device does what the row says and nothing else.
TEST(EditedRow, IsFollowedToTheLetter) {
  using enum Effects;
  for (const DeviceRow& row : readme_device_table()) {
    if (row.on == DeviceState::closed || row.event >= DeviceEvent::get_dh) continue;
    if (!suite().traits().has(row.when)) continue;
    const bool device_event = row.event != DeviceEvent::session_expired;
    if (row.on == DeviceState::no_session && !device_event) continue;  // whose time?
    for (unsigned set = 0; set < 16; ++set) {
      DeviceRow edited = row;
      edited.effects = none;
      for (unsigned bit = 0; bit < 4; ++bit) {
        constexpr std::array all = {drop, drop_all, open_window, close_window};
        if ((set >> bit & 1U) != 0) edited.effects = edited.effects | all[bit];
      }
      for (std::size_t next = 0; next < device_state_count; ++next) {
        edited.next = static_cast<DeviceState>(next);
        expect_followed(edited);
        if (HasFailure()) return;
      }
    }
  }
}

TEST(EditedRow, WithoutSetKeysSetsNone) {
  for (const Effects effects : {Effects::set_keys, Effects::none}) {
    std::vector<DeviceRow> rows = readme_device_table();
    for (DeviceRow& row : rows) {
      if (has(row.effects, Effects::set_keys)) row.effects = effects;
    }
    ToyDevice toy(suite(), 1, rows);
    toy.device.press(at(0));
    const Reply offer = toy.device.handle(at(1), {Endpoint::get_dh, {}, {}});
    static constexpr Byte share[] = {2};
    const Reply reply =
        toy.device.handle(at(1), {Endpoint::post_dh, offer.set_cookie, Share{share, {}}});
    ASSERT_EQ(reply.status, Status::ok);
    const auto& session = toy.device.snapshot().sessions[0];
    EXPECT_EQ(session.keys.to_device.encryption.view().empty(), effects == Effects::none);
  }
}

}  // namespace
}  // namespace wib::props
