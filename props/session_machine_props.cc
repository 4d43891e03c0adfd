// SPDX-License-Identifier: Apache-2.0
//
// A state machine test (rc::state): a device and several clients through arbitrary interleavings of
// presses, sessions, malformed and misplaced messages, expiry and restart. The model is the table
// of protocol/README.md; the device is driven through its byte endpoint.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <map>

#include "props/support/more_cases.h"
#include "props/support/readme_table.h"
#include "props/support/toy.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

// Enough for every row to be needed.
[[maybe_unused]] const bool enough = more_cases(3000);

constexpr int client_count = 3;
constexpr int lifetime_ms = 60'000;
constexpr int window_ms = 300'000;

const Suite& suite() { return *find_suite("as_posted"); }

// The README's rows, and how often each was what the device had to do.
struct Table {
  std::vector<DeviceRow> rows = readme_device_table();
  std::map<const DeviceRow*, std::size_t> used;
};

Table& table() {
  static Table shared;
  return shared;
}

const DeviceRow& row(DeviceState on, DeviceEvent event, Judged judged) {
  const DeviceRow* found = find_row(table().rows, suite().traits(), on, event, Judged::any);
  if (found == nullptr) found = find_row(table().rows, suite().traits(), on, event, judged);
  if (found == nullptr) std::abort();  // EveryRow would have said so
  ++table().used[found];
  return *found;
}

// --- The model ----------------------------------------------------------------------------------

struct ModelSession {
  DeviceState state = DeviceState::no_session;
  int opened = 0;
  bool keys_shared = false;  // with the client whose cookie it is, not with a stray share
};

struct ModelClient {
  ClientState state = ClientState::idle;
  std::optional<int> session;  // index into the model's sessions
};

struct Model {
  bool window = false;
  int closes = 0;
  int now = 0;
  bool installed = false;
  std::vector<ModelSession> sessions;
  std::array<ModelClient, client_count> clients;

  [[nodiscard]] std::size_t live() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        sessions, [](const auto& s) { return s.state != DeviceState::no_session; }));
  }
  [[nodiscard]] DeviceState state(const std::optional<int>& session) const {
    if (!window) return DeviceState::closed;
    if (!session) return DeviceState::no_session;
    return sessions[static_cast<std::size_t>(*session)].state;
  }
  void drop_all() {
    for (ModelSession& session : sessions) session.state = DeviceState::no_session;
  }
  void apply_device(DeviceEvent event) {
    const DeviceRow& r =
        row(window ? DeviceState::no_session : DeviceState::closed, event, Judged::any);
    if (has(r.effects, Effects::drop_all)) drop_all();
    if (has(r.effects, Effects::open_window)) {
      window = true;
      closes = now + window_ms;
    }
    if (has(r.effects, Effects::close_window)) window = false;
  }
  void pass(int ms) {
    now += ms;
    if (window && now >= closes) apply_device(DeviceEvent::window_expired);
    for (ModelSession& session : sessions) {
      if (session.state != DeviceState::no_session && now >= session.opened + lifetime_ms) {
        session.state = row(session.state, DeviceEvent::session_expired, Judged::any).next;
      }
    }
  }
  // The table's row for a request, applied. Returns it.
  const DeviceRow& request(const std::optional<int>& session, Endpoint endpoint, Judged judged) {
    const DeviceRow& r = row(state(session), to_event(endpoint), judged);
    if (has(r.effects, Effects::create)) {
      sessions.push_back({r.next, now, false});
    } else if (session && window) {
      ModelSession& addressed = sessions[static_cast<std::size_t>(*session)];
      addressed.state = r.next == DeviceState::closed ? DeviceState::no_session : r.next;
    }
    if (has(r.effects, Effects::install)) installed = true;
    if (has(r.effects, Effects::drop_all)) drop_all();
    if (has(r.effects, Effects::close_window)) window = false;
    return r;
  }
};

// --- The system ---------------------------------------------------------------------------------

struct System {
  using ByteVector = std::vector<Byte>;

  System() : device(suite()) {}

  Status send_bytes(int now, ByteView bytes, std::optional<Cookie>* issued) {
    const auto connection = std::make_unique<DeviceConnection>(device.device);
    const auto served = connection->receive(std::chrono::milliseconds(now), bytes, out);
    response.assign(served.response.begin(), served.response.end());
    if (issued != nullptr && served.claim.kind == ClaimKind::issued) {
      *issued = served.claim.session;
    }
    return served.status;
  }

  ToyDevice device;
  struct Party {
    std::unique_ptr<ToyClient> client;
    std::unique_ptr<ClientConnection> connection;
    ByteVector request;  // the next one
  };
  std::array<Party, client_count> parties;
  std::vector<Cookie> cookies;  // of the model's sessions, by index
  ByteVector response;
  ByteVector out = ByteVector(max_message_size);
  std::uint64_t seed = 100;
};

using Command = rc::state::Command<Model, System>;

void check(const Model& model, System& system, Status status, Status expected) {
  RC_ASSERT(static_cast<unsigned>(status) == static_cast<unsigned>(expected));
  Device& device = system.device.device;
  RC_ASSERT(device.window_open() == model.window);
  RC_ASSERT(system.cookies.size() == model.sessions.size());
  for (std::size_t i = 0; i < system.cookies.size(); ++i) {
    RC_ASSERT(name(device.state_for(system.cookies[i])) == name(model.state(static_cast<int>(i))));
  }
  std::vector<Byte> stored(max_bundle_size);
  const auto identity = load_identity(system.device.store, stored);
  RC_ASSERT(static_cast<bool>(identity));
  RC_ASSERT(identity->has_value() == model.installed);
}

// The device alone: the button, the plug, the clock.
struct DeviceEventCommand final : Command {
  int kind = *rc::gen::weightedElement<int>({{5, 0}, {1, 1}, {5, 2}, {1, 3}});
  int ms = *rc::gen::weightedElement<int>(
      {{6, 1}, {6, 500}, {3, 30'000}, {2, 59'999}, {2, 60'000}, {1, 299'999}, {1, 300'000}});

  void apply(Model& model) const override {
    if (kind == 0) model.apply_device(DeviceEvent::press);
    if (kind == 1) model.apply_device(DeviceEvent::restart);
    if (kind == 2) model.pass(ms);
    if (kind == 3) model.apply_device(DeviceEvent::long_press);
  }
  void run(const Model& before, System& system) const override {
    Model model = before;
    apply(model);
    Device& device = system.device.device;
    if (kind == 0) device.press(std::chrono::milliseconds(before.now));
    if (kind == 1) device.restart();
    if (kind == 2) device.tick(std::chrono::milliseconds(model.now));
    if (kind == 3) device.long_press(std::chrono::milliseconds(before.now));
    check(model, system, Status::none, Status::none);
  }
  void show(std::ostream& os) const override {
    if (kind == 2) {
      os << "wait " << ms << " ms";
    } else {
      os << (kind == 0 ? "press" : kind == 1 ? "restart" : "long press");
    }
  }
};

// A client goes on with its run (or begins one), and reads the answer.
struct ClientCommand final : Command {
  std::size_t who = *rc::gen::inRange<std::size_t>(0, client_count);

  // What the device will find of the client's next request, by the model.
  static Judged judge(const Model& model, const ModelClient& client) {
    if (client.state == ClientState::expect_offer) {
      return model.live() >= session_capacity ? Judged::bad : Judged::good;
    }
    if (client.state == ClientState::expect_share) return Judged::good;
    const auto& session = model.sessions[static_cast<std::size_t>(*client.session)];
    return session.keys_shared ? Judged::good : Judged::bad;
  }

  static Endpoint endpoint(ClientState state) {
    switch (state) {
      case ClientState::expect_share: return Endpoint::post_dh;
      case ClientState::expect_auth_result: return Endpoint::post_auth;
      case ClientState::expect_key_result: return Endpoint::post_key;
      default: return Endpoint::get_dh;
    }
  }

  static ClientState after(ClientState state, Status status) {
    static const auto rows = readme_client_table();
    const ClientEvent event = status == Status::ok           ? ClientEvent::ok
                              : status == Status::no_content ? ClientEvent::no_content
                                                             : ClientEvent::refusal;
    const ClientRow* found = find_row(rows, suite().traits(), state, event, Judged::any);
    if (found == nullptr) found = find_row(rows, suite().traits(), state, event, Judged::good);
    return found->next;
  }

  const DeviceRow& step(Model& model) const {
    ModelClient& client = model.clients[who];
    if (client.state == ClientState::idle || client.state == ClientState::completed ||
        client.state == ClientState::failed) {
      client = {ClientState::expect_offer, std::nullopt};
    }
    const Judged judged = judge(model, client);
    const Endpoint asked = endpoint(client.state);
    const bool in_order = model.state(client.session) == DeviceState::await_share;
    const DeviceRow& r = model.request(client.session, asked, judged);
    if (has(r.effects, Effects::create)) {
      client.session = static_cast<int>(model.sessions.size()) - 1;
    }
    if (asked == Endpoint::post_dh && in_order) {
      model.sessions[static_cast<std::size_t>(*client.session)].keys_shared = true;
    }
    client.state = after(client.state, r.status);
    return r;
  }

  void apply(Model& model) const override { step(model); }

  void run(const Model& before, System& system) const override {
    Model model = before;
    const DeviceRow& expected = step(model);
    System::Party& party = system.parties[who];
    if (party.request.empty()) {
      party.client = std::make_unique<ToyClient>(suite(), system.seed++);
      party.connection = std::make_unique<ClientConnection>(party.client->client, "d");
      const auto first = party.connection->start(system.out);
      party.request.assign(first.request.begin(), first.request.end());
    }
    std::optional<Cookie> issued;
    const auto request = party.request;
    const Status status = system.send_bytes(before.now, request, &issued);
    if (issued) system.cookies.push_back(*issued);
    const auto stepped = party.connection->receive(system.response, system.out);
    party.request.assign(stepped.request.begin(), stepped.request.end());
    check(model, system, status, expected.status);
    RC_ASSERT(name(party.client->client.state()) == name(model.clients[who].state));
  }
  void show(std::ostream& os) const override { os << "client " << who << " goes on"; }
};

// Somebody takes every place that is left, and is refused one more, whatever cookie it comes with.
struct FloodCommand final : Command {
  void apply(Model& model) const override {
    const auto before = static_cast<int>(model.sessions.size());
    for (std::size_t i = 0; i <= session_capacity; ++i) step(model, std::nullopt);
    for (int i = before; i-- > 0;) step(model, i);
  }
  static const DeviceRow& step(Model& model, std::optional<int> session) {
    const Judged judged = model.live() >= session_capacity ? Judged::bad : Judged::good;
    return model.request(session, Endpoint::get_dh, judged);
  }
  void run(const Model& before, System& system) const override {
    Model model = before;
    const auto known = static_cast<int>(model.sessions.size());
    const auto get = [&](std::optional<int> session) {
      const DeviceRow& expected = step(model, session);
      std::optional<Cookie> cookie;
      if (session) cookie = system.cookies[static_cast<std::size_t>(*session)];
      std::vector<Byte> bytes(max_message_size);
      const auto written = encode_request(suite(), {Endpoint::get_dh, cookie, {}}, "d", bytes);
      RC_ASSERT(static_cast<bool>(written));
      std::optional<Cookie> issued;
      const Status status = system.send_bytes(before.now, *written, &issued);
      if (issued) system.cookies.push_back(*issued);
      check(model, system, status, expected.status);
    };
    for (std::size_t i = 0; i <= session_capacity; ++i) get(std::nullopt);
    for (int i = known; i-- > 0;) get(i);
  }
  void show(std::ostream& os) const override { os << "flood"; }
};

// Somebody else sends a request with a cookie that it has seen, or has made up.
struct StrayCommand final : Command {
  Endpoint endpoint = *rc::gen::element(Endpoint::get_dh, Endpoint::post_dh, Endpoint::post_auth,
                                        Endpoint::post_key);
  int pick = *rc::gen::inRange(0, 6);  // which cookie: the newest, ..., or none
  bool malformed = *rc::gen::arbitrary<bool>();

  [[nodiscard]] std::optional<int> session(const Model& model) const {
    const int index = static_cast<int>(model.sessions.size()) - 1 - pick;
    return index < 0 ? std::nullopt : std::optional(index);
  }

  const DeviceRow& step(Model& model) const {
    const auto addressed = session(model);
    Judged judged = Judged::bad;  // sealed with a key that nobody has, or not even a body
    if (endpoint == Endpoint::get_dh && model.live() < session_capacity) judged = Judged::good;
    if (endpoint == Endpoint::post_dh && !malformed) judged = Judged::good;
    const bool answers = model.state(addressed) == DeviceState::await_share;
    const DeviceRow& r = model.request(addressed, endpoint, judged);
    if (endpoint == Endpoint::post_dh && answers && judged == Judged::good) {
      model.sessions[static_cast<std::size_t>(*addressed)].keys_shared = false;
    }
    return r;
  }

  void apply(Model& model) const override { step(model); }

  void run(const Model& before, System& system) const override {
    Model model = before;
    const DeviceRow& expected = step(model);
    std::optional<Cookie> cookie;
    if (const auto index = session(before)) {
      cookie = system.cookies[static_cast<std::size_t>(*index)];
    } else if (pick % 2 == 0) {
      cookie = Cookie{};  // made up
    }
    static constexpr Byte share[] = {2};
    const std::vector<Byte> iv(16, 1);
    const std::vector<Byte> ciphertext(32, 2);
    const std::vector<Byte> tag(64, 3);
    Request request{endpoint, cookie, {}};
    if (endpoint == Endpoint::post_dh) request.body = Share{share};
    if (endpoint >= Endpoint::post_auth) request.body = Sealed{iv, ciphertext, tag};
    std::vector<Byte> bytes(max_message_size);
    const auto written = encode_request(suite(), request, "d", bytes);
    RC_ASSERT(static_cast<bool>(written));
    if (malformed && endpoint != Endpoint::get_dh) {
      // The first byte of the body: no longer a map.
      const auto head = as_text(*written).find("\r\n\r\n") + 4;
      bytes[head] = 0x80;
    }
    std::optional<Cookie> issued;
    const Status status =
        system.send_bytes(before.now, ByteView(bytes).first(written->size()), &issued);
    if (issued) system.cookies.push_back(*issued);
    check(model, system, status, expected.status);
  }
  void show(std::ostream& os) const override {
    os << "stray " << name(endpoint) << (malformed ? " malformed" : "") << " with cookie -" << pick;
  }
};

TEST(SessionMachine, TheDeviceFollowsTheReadme) {
  const bool good = rc::check("the device follows the README", [] {
    System system;
    rc::state::check(Model{}, system,
                     rc::state::gen::execOneOfWithArgs<
                         DeviceEventCommand, DeviceEventCommand, DeviceEventCommand, ClientCommand,
                         ClientCommand, ClientCommand, ClientCommand, ClientCommand, ClientCommand,
                         ClientCommand, ClientCommand, ClientCommand, ClientCommand, StrayCommand,
                         StrayCommand, StrayCommand, StrayCommand, FloodCommand>());
  });
  EXPECT_TRUE(good);
  // Not vacuous: every row was needed, but for our own failures (EveryRow, BackendFailures) and
  // what takes no session to see.
  for (const DeviceRow& each : table().rows) {
    if (!suite().traits().has(each.when)) continue;
    if (each.judged == Judged::failed || each.on == DeviceState::closed) continue;
    const bool of_the_device =
        each.event == DeviceEvent::press || each.event == DeviceEvent::long_press ||
        each.event == DeviceEvent::restart || each.event == DeviceEvent::window_expired;
    if (of_the_device && each.on != DeviceState::no_session) continue;
    if (each.on == DeviceState::no_session && each.event == DeviceEvent::session_expired) continue;
    EXPECT_GT(table().used[&each], 0U)
        << name(each.on) << " " << name(each.event) << " " << name(each.judged);
  }
}

}  // namespace
}  // namespace wib::props
