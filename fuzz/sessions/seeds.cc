// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/seeds.h"

#include "fuzz/sessions/client_session.h"
#include "fuzz/sessions/device_session.h"

namespace wib::fuzz {
namespace {

using Steps = std::vector<Step>;

// Suites by their place in the rig: as_posted and hardened, a mix with limited attempts on plain
// Diffie-Hellman, and two with several sessions on SPAKE2+.
constexpr Byte posted = 0;
constexpr Byte posted_ctr = 1;
constexpr Byte hardened = 2;
constexpr Byte hardened_chacha = 3;
constexpr Byte limited_dh = 4;
constexpr Byte x25519 = 7;
constexpr Byte limited_p256 = 8;
constexpr Byte limited_spake = 9;
constexpr Byte hardened_several = 10;
constexpr Byte suites_in_rig = 14;

template <class Op>
unsigned number(Op op) {
  return static_cast<unsigned>(op);
}

Steps operator+(Steps a, const Steps& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
Steps times(std::size_t count, const Step& step) { return Steps(count, step); }

class Seeds {
 public:
  void add(std::string name, Beginning beginning, const Steps& steps) {
    Seed seed{std::move(name),
              {beginning.suite, beginning.flags, beginning.counters, beginning.seed}};
    for (const Step& step : steps) write_step(seed.bytes, step);
    all.push_back(std::move(seed));
  }
  // The same for each of some suites.
  void add_each(const std::string& name, std::initializer_list<Byte> suites, const Steps& steps) {
    for (const Byte suite : suites)
      add(name + "_" + std::to_string(suite), {.suite = suite}, steps);
  }
  std::vector<Seed> all;
};

// --- Device
// ---------------------------------------------------------------------------------------

const Step go{};
Step device(DeviceOp op, Byte value = 0, Byte amount = 0) {
  return {.op = number(op), .value = value, .amount = amount};
}
Step edited(Edit edit, std::uint16_t position, Byte value, Byte how) {
  return {.kind = static_cast<Byte>(edit), .position = position, .value = value, .how = how};
}

void add_orders(Seeds& seeds) {
  const Step key = device(DeviceOp::forge, 2);
  const Step auth = device(DeviceOp::forge, 0);
  const Step dh = device(DeviceOp::forge, 4);
  const auto everywhere = {posted, hardened, limited_dh, hardened_several};
  seeds.add_each("key_before_auth", everywhere, times(2, go) + Steps{key, key, go, auth});
  seeds.add_each("key_before_dh", {posted, hardened}, Steps{go, key, go, auth});
  seeds.add_each("twice_dh", everywhere, times(2, go) + Steps{dh, auth, go});
  seeds.add_each("twice_auth", everywhere, times(3, go) + Steps{auth, dh, go, go});
  seeds.add_each("auth_before_dh", {posted, hardened}, Steps{go, auth, go, go});
  Steps replays = times(4, go) + Steps{device(DeviceOp::replay), device(DeviceOp::press)};
  for (Byte i = 0; i < 4; ++i) replays.push_back(device(DeviceOp::replay, 0, i));
  seeds.add_each("replayed", {posted, hardened}, replays);
}

void add_faulty(Seeds& seeds) {
  const auto everywhere = {posted, hardened, limited_dh};
  const Step wrong_proof = {.op = number(DeviceOp::forge),
                            .kind = static_cast<Byte>(Edit::flip_body_byte)};
  const Step bad_key = {.op = number(DeviceOp::forge),
                        .kind = static_cast<Byte>(Edit::cut_body),
                        .position = 5,
                        .value = 2};
  seeds.add_each("wrong_proof", everywhere,
                 times(2, go) + Steps{wrong_proof, go, device(DeviceOp::forge), go});
  seeds.add_each("bad_bundle", everywhere, times(3, go) + Steps{bad_key, go, go});
  seeds.add_each("bad_tag", everywhere,
                 times(2, go) + Steps{edited(Edit::flip_field_byte, 2, 1, how_dropped), go, go});
  seeds.add_each("bad_key_tag", everywhere,
                 times(3, go) + Steps{edited(Edit::flip_field_byte, 2, 1, how_dropped), go});
  for (const Byte bundle : std::initializer_list<Byte>{4, 5, 6, 7}) {
    seeds.add("bundle_" + std::to_string(bundle), {.suite = bundle % 2 == 0 ? posted : hardened},
              Steps{device(DeviceOp::fresh, bundle)} + times(5, go));
  }
  seeds.add_each("strangers", {posted, hardened, limited_dh},
                 Steps{device(DeviceOp::fresh, 8)} + times(4, go) +
                     Steps{device(DeviceOp::fresh, 16)} + times(4, go));
  for (const Byte special : std::initializer_list<Byte>{0, 2, 4, 5, 7, 8, 9, 11}) {
    seeds.add("share_" + std::to_string(special),
              {.suite = special % 2 == 0 ? x25519 : limited_p256},
              Steps{go, edited(Edit::replace_field, 0, special, how_dropped), go, go, go});
  }
  Steps faults;
  for (const Byte fault : std::initializer_list<Byte>{1, 2, 4, 8}) {
    for (std::size_t before = 0; before < 4; ++before) {
      faults = faults + Steps{device(DeviceOp::restart), device(DeviceOp::long_press)} +
               times(before, go) +
               Steps{device(DeviceOp::fault, fault), go, go, device(DeviceOp::fault)};
    }
  }
  seeds.add_each("faults", {posted, hardened, limited_dh}, faults);
}

void add_times(Seeds& seeds) {
  const auto some = {posted, hardened};
  for (const Byte wait : std::initializer_list<Byte>{3, 4, 6, 7}) {
    seeds.add_each(
        "wait_" + std::to_string(wait), some,
        times(wait % 2 == 0 ? 2 : 3, go) + Steps{device(DeviceOp::wait, wait), go, go, go});
  }
  seeds.add_each("restart", some, times(3, go) + Steps{device(DeviceOp::restart), go, go});
  seeds.add_each("pressed_again", some, times(3, go) + Steps{device(DeviceOp::press), go, go, go});
  Steps guesses = {device(DeviceOp::guess, 0, 11)};
  for (int i = 0; i < 10; ++i) {
    guesses = guesses + Steps{device(DeviceOp::press), device(DeviceOp::guess, 0, 11)};
  }
  guesses = guesses + Steps{device(DeviceOp::long_press), device(DeviceOp::guess, 0, 11)};
  seeds.add_each("guesses", {posted, hardened, limited_dh, limited_spake}, guesses);
  for (Byte counters = 1; counters < 7; ++counters) {
    for (const Byte suite : std::initializer_list<Byte>{hardened, limited_p256}) {
      if (suite == limited_p256 && counters != 2 && counters != 5) continue;
      seeds.add("counters_" + std::to_string(counters) + "_" + std::to_string(suite),
                {.suite = suite, .counters = counters},
                times(2, go) + Steps{device(DeviceOp::guess, 0, 7), device(DeviceOp::press)} +
                    times(4, go));
    }
  }
  seeds.add("nobody_came", {}, Steps{device(DeviceOp::wait, 7), go});
  seeds.add("closed", {.flags = not_pressed}, times(2, go));
  seeds.add("not_booted", {.suite = hardened, .flags = not_booted}, times(4, go));
}

void add_bytes(Seeds& seeds) {
  for (const Byte split : std::initializer_list<Byte>{1, 2, 3}) {
    seeds.add("split_" + std::to_string(split), {}, times(4, {.position = 150, .how = split}));
  }
  seeds.add("cut_short", {}, Steps{go, {.how = how_cut_short}, {.how = how_reconnected}, go});
  seeds.add("in_two", {}, Steps{{.how = how_cut_short}, go, go, go});
  seeds.add("pipelined", {}, times(5, {.how = how_twice}));
  seeds.add("crossed", {}, times(5, {.how = how_crossed}));
  static constexpr std::string_view get = "GET /setup/dh.wib HTTP/1.1\r\nHost: a\r\n\r\nGET / H";
  seeds.add("raw", {}, Steps{{.op = raw_op, .raw = as_bytes(get)}, go});
  Steps crowd = {go};
  for (int i = 0; i < 9; ++i) crowd.push_back(device(DeviceOp::replay));
  seeds.add_each("crowd", {posted, hardened_several}, crowd + times(3, go));
  // Each edit at each message, and the valid one behind it.
  for (std::size_t before = 0; before < 4; ++before) {
    Steps steps;
    for (unsigned kind = 1; kind < edit_count; ++kind) {
      if (kind % 9 == 1) steps = steps + Steps{device(DeviceOp::press)} + times(before, go);
      steps.push_back(edited(static_cast<Edit>(kind), static_cast<std::uint16_t>(kind * 7),
                             static_cast<Byte>(kind), how_dropped));
    }
    seeds.add_each("edits_" + std::to_string(before), {posted, limited_spake},
                   steps + times(4, go));
  }
}

// --- Client
// ---------------------------------------------------------------------------------------

Step client(ClientOp op, Byte value = 0, Byte amount = 0) {
  return {.op = number(op), .value = value, .amount = amount};
}

void add_client_edits(Seeds& seeds, Byte suite) {
  for (std::size_t before = 0; before < 4; ++before) {
    Steps steps = times(before, go);
    for (unsigned kind = 1; kind < edit_count; ++kind) {
      // The answer is tried on a copy; the first of each client goes on with a good one.
      steps.push_back(edited(static_cast<Edit>(kind), static_cast<std::uint16_t>(kind * 5),
                             static_cast<Byte>(kind), how_tried));
      steps = steps + Steps{client(ClientOp::press), client(ClientOp::fresh)} + times(before, go);
      if (steps.size() + before + 4 > max_steps) break;
    }
    seeds.add("edits_" + std::to_string(before) + "_" + std::to_string(suite), {.suite = suite},
              steps);
  }
}

}  // namespace

std::vector<Seed> device_seeds() {
  Seeds seeds;
  for (Byte suite = 0; suite < suites_in_rig; ++suite) {
    seeds.add("honest_" + std::to_string(suite), {.suite = suite}, times(4, go));
  }
  add_orders(seeds);
  add_faulty(seeds);
  add_times(seeds);
  add_bytes(seeds);
  return seeds.all;
}

std::vector<Seed> client_seeds() {
  Seeds seeds;
  for (Byte suite = 0; suite < suites_in_rig; ++suite) {
    seeds.add("honest_" + std::to_string(suite), {.suite = suite}, times(4, go));
  }
  for (const Byte suite :
       std::initializer_list<Byte>{posted, posted_ctr, hardened, hardened_chacha, x25519}) {
    add_client_edits(seeds, suite);
  }
  const auto some = {posted, hardened};
  for (std::size_t before = 0; before < 4; ++before) {
    const std::string at = "_" + std::to_string(before);
    for (Byte forged = 0; forged < 5; ++forged) {
      seeds.add_each("forged_" + std::to_string(forged) + at, some,
                     times(before, go) + Steps{client(ClientOp::forge, forged), go, go});
    }
    seeds.add_each("lost" + at, some,
                   times(before, go) + Steps{client(ClientOp::lost), client(ClientOp::replay)});
  }
  seeds.add_each("again", some, Steps{go, client(ClientOp::start_again), go});
  seeds.add_each("broken", some, Steps{go, client(ClientOp::broken), go, go});
  for (const Byte split : std::initializer_list<Byte>{1, 2, 3}) {
    seeds.add("split_" + std::to_string(split), {}, times(4, {.position = 60, .how = split}));
  }
  seeds.add_each("strangers", some,
                 Steps{client(ClientOp::fresh, 8)} + times(4, go) +
                     Steps{client(ClientOp::fresh, 16)} + times(4, go));
  Steps over = times(4, go);
  for (Byte i = 0; i < 4; ++i) over.push_back(client(ClientOp::replay, 0, i));
  seeds.add_each("over", some, over);
  seeds.add_each("of_another", some,
                 times(4, go) + Steps{client(ClientOp::press), client(ClientOp::fresh), go} +
                     Steps{client(ClientOp::replay, 0, 1)});
  seeds.add_each("requests", some,
                 times(3, go) + Steps{edited(Edit::flip_field_byte, 0, 1, how_of_request), go});
  return seeds.all;
}

}  // namespace wib::fuzz
