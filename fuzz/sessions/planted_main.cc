// SPDX-License-Identifier: Apache-2.0
//
// Planted bugs: that the invariants of the session targets see what they are there for. A bug is an
// edited row of a transition table, or a port that says yes to everything; the seeds are run
// against each until one of them is a violation. Without a bug there must be none.
//   fuzz_sessions_planted
#include <cstdio>
#include <functional>
#include <set>

#include "fuzz/sessions/client_session.h"
#include "fuzz/sessions/device_session.h"
#include "fuzz/sessions/planted_crypto.h"
#include "fuzz/sessions/seeds.h"

namespace {

using namespace wib;
using namespace wib::fuzz;
using S = DeviceState;
using V = DeviceEvent;
using J = Judged;
using E = Effects;
using C = ClientState;
using W = ClientEvent;

class AlwaysEqual final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  bool equal(ByteView, ByteView) noexcept override { return true; }
};

class AlwaysVerified final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<bool> verify_hmac_sha512(ByteView, ByteView, ByteView) override { return true; }
};

// A device whose sums are right, and are not what everybody else has.
class OtherHash final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

 private:
  Result<> do_sha256(Pieces message, ByteSpan out) override {
    auto done = real_.sha256(message, out);
    out.front() ^= 1U;
    return done;
  }
};

class AnyPoint final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> x25519_agree(ByteView scalar, ByteView peer, ByteSpan out) override {
    return real_.x25519(scalar, peer, out);
  }
};

class AnyPair final : public Certificates {
 public:
  explicit AnyPair(Certificates& real) : real_(real) {}
  Result<CertificateInfo> inspect(ByteView c) override { return real_.inspect(c); }
  Result<std::size_t> sign(ByteView k, ByteView m, ByteSpan s) override {
    return real_.sign(k, m, s);
  }
  Result<bool> verify(ByteView c, ByteView m, ByteView s) override { return real_.verify(c, m, s); }
  Result<> check_pair(ByteView, ByteView) override { return {}; }

 private:
  Certificates& real_;
};

std::vector<DeviceRow> device_rows() { return {device_table().begin(), device_table().end()}; }
std::vector<ClientRow> client_rows() { return {client_table().begin(), client_table().end()}; }

// The table with other rows of one state and event, and one judgement (or all).
using DeviceEdit = std::function<void(DeviceRow&)>;
std::vector<DeviceRow> with(S on, V event, J judged, const DeviceEdit& edit) {
  auto rows = device_rows();
  for (DeviceRow& row : rows) {
    if (row.on == on && row.event == event && row.judged == judged) edit(row);
  }
  return rows;
}

std::vector<DeviceRow> judged_like(S on, V event, S model) {
  std::vector<DeviceRow> rows;
  for (const DeviceRow& row : device_rows()) {
    if (row.on != on || row.event != event) rows.push_back(row);
  }
  for (DeviceRow row : device_rows()) {
    if (row.on != model || row.event != event) continue;
    row.on = on;
    rows.push_back(row);
  }
  return rows;
}

using ClientEdit = std::function<void(ClientRow&)>;
std::vector<ClientRow> with(C on, W event, const ClientEdit& edit) {
  auto rows = client_rows();
  for (ClientRow& row : rows) {
    if (row.on == on && row.event == event) edit(row);
  }
  return rows;
}

int failures = 0;
std::set<std::string> promises;  // those that were seen broken

struct Found {
  std::string seed = "-";
  std::string rule;  // empty: nothing
};

void report(const char* what, const Found& found, bool wanted, const std::string& more = {}) {
  const bool good = found.rule.empty() != wanted;
  if (!good) ++failures;
  std::printf("%-4s %-48s %-22s %s%s\n", good ? "ok" : "BAD", what, found.seed.c_str(),
              found.rule.substr(0, found.rule.find('\n')).c_str(), more.c_str());
}

Found run_seeds(const DevicePlan& plan) {
  for (const Seed& seed : device_seeds()) {
    const DeviceResult result = run_device(Rig::of("ideal"), seed.bytes, plan);
    if (!result.violations.empty()) return {seed.name, result.violations.text()};
  }
  return {};
}

// With the table held against the device, and then by what is promised alone.
void try_device(const char* what, DevicePlan plan, bool wanted = true) {
  const Found found = run_seeds(plan);
  plan.promises_alone = true;
  const Found promised = run_seeds(plan);
  if (promised.rule.starts_with("P-")) promises.insert(promised.rule.substr(0, 4));
  report(
      what, found, wanted,
      promised.rule.empty() ? "" : "; alone: " + promised.rule.substr(0, promised.rule.find('\n')));
}

void try_client(const char* what, const ClientPlan& plan, bool wanted = true) {
  Found found;
  for (const Seed& seed : client_seeds()) {
    const ClientResult result = run_client(Rig::of("ideal"), seed.bytes, plan);
    if (result.violations.empty()) continue;
    found = {seed.name, result.violations.text()};
    break;
  }
  report(what, found, wanted);
}

void try_rows(const char* what, const std::vector<DeviceRow>& rows) {
  try_device(what, {.table = rows});
}
void try_rows(const char* what, const std::vector<ClientRow>& rows) {
  try_client(what, {.table = rows});
}

void device_bugs() {
  const auto effects = [](E to) { return [to](DeviceRow& row) { row.effects = to; }; };
  const auto stays = [](DeviceRow& row) {
    row.next = row.on;
    row.effects = E::none;
  };
  try_rows("key.wib is taken before auth.wib",
           judged_like(S::await_auth, V::post_key, S::await_key));
  try_rows("key.wib is taken before dh.wib",
           judged_like(S::await_share, V::post_key, S::await_key));
  try_rows("the cookie survives a 401", with(S::await_auth, V::post_auth, J::bad, stays));
  try_rows("a wrong proof is 204", with(S::await_auth, V::post_auth, J::bad, [](DeviceRow& row) {
             row = {row.on, row.event, row.judged, Status::no_content, S::await_key, E::none};
           }));
  try_rows("the window stays open after key.wib",
           with(S::await_key, V::post_key, J::good, effects(E::install | E::drop_all)));
  try_rows("the window stays open after a bad key.wib",
           with(S::await_key, V::post_key, J::bad, effects(E::drop_all)));
  try_rows("a bad key.wib is installed",
           with(S::await_key, V::post_key, J::bad,
                [](DeviceRow& row) { row.effects = row.effects | E::install; }));
  try_rows("a good key.wib is not installed",
           with(S::await_key, V::post_key, J::good, effects(E::drop_all | E::close_window)));
  try_rows("sessions begin while closed", judged_like(S::closed, V::get_dh, S::no_session));
  try_rows("keys are set twice", judged_like(S::await_auth, V::post_dh, S::await_share));
  try_rows("the session does not end with its time",
           with(S::await_auth, V::session_expired, J::any, stays));
  try_rows("the window does not end with its time",
           with(S::no_session, V::window_expired, J::any, stays));
  try_rows("a restart leaves the window open", with(S::no_session, V::restart, J::any, stays));
  try_rows("a stray POST closes the window",
           with(S::no_session, V::post_dh, J::any, [](DeviceRow& r) {
             r.next = S::closed;
             r.effects = E::drop_all | E::close_window;
           }));
  try_rows("key.wib before auth.wib leaves the cookie",
           with(S::await_auth, V::post_key, J::any, stays));
  auto pressed = device_rows();
  for (DeviceRow& row : pressed) {
    if (row.event != V::press || row.effects == E::none) continue;
    row.next = row.on == S::closed ? S::no_session : row.on;
    row.effects = E::open_window;
  }
  try_rows("a press leaves old sessions", pressed);
  try_rows("spent attempts leave the window open",
           with(S::await_auth, V::post_auth, J::exhausted, [](DeviceRow& row) {
             row.next = S::no_session;
             row.effects = E::drop;
           }));
  try_rows("a spent life opens the window", with(S::closed, V::press, J::bad, [](DeviceRow& row) {
             row.next = S::no_session;
             row.effects = E::drop_all | E::open_window;
           }));
  Rig& rig = Rig::of("ideal");
  AnyPair any_pair(rig.certificates());
  try_device("every pair works", {.certificates = &any_pair});
  AlwaysEqual equal(rig.crypto());
  try_device("everything is equal", {.crypto = &equal});
  AlwaysVerified verified(rig.crypto());
  try_device("every HMAC verifies", {.crypto = &verified});
  OtherHash hash(rig.crypto());
  try_device("the device hashes otherwise", {.crypto = &hash});
  AnyPoint point(rig.crypto());
  try_device("X25519 shares of small order are taken", {.crypto = &point});
}

void client_bugs() {
  const auto to = [](C next) {
    return [next](ClientRow& row) {
      row.next = next;
      row.sends = false;
    };
  };
  try_rows("a bare 204 is taken for an acknowledgement",
           with(C::expect_key_result, W::no_content, to(C::completed)));
  try_rows("any acknowledgement is taken", with(C::expect_key_result, W::ok, to(C::completed)));
  try_rows("a refusal is taken for success",
           with(C::expect_key_result, W::refusal, to(C::completed)));
  try_rows("what is no HTTP is taken for success",
           with(C::expect_key_result, W::lost, to(C::completed)));
  try_rows("failed is not final", with(C::failed, W::ok, to(C::expect_offer)));
  try_rows("auth.wib is left out", with(C::expect_share, W::ok, [](ClientRow& row) {
             if (row.judged == J::good)
               row = {row.on, row.event,         row.judged, C::expect_key_result,
                      true,   Endpoint::post_key};
           }));
  try_rows("a refused proof is passed over",
           with(C::expect_auth_result, W::refusal,
                [](ClientRow& row) { row.next = C::expect_key_result; }));
  Rig& rig = Rig::of("ideal");
  AlwaysEqual equal(rig.crypto());
  try_client("everything is equal to the client", {.crypto = &equal});
}

}  // namespace

int main() {
  try_device("no bug, device", {}, false);
  try_client("no bug, client", {}, false);
  try_client("no bug, pair", {.pair = true}, false);
  device_bugs();
  client_bugs();
  for (const char* promise : {"P-C1", "P-C2", "P-C3", "P-C4", "P-C5", "P-W1"}) {
    const bool seen = promises.contains(promise);
    if (!seen) ++failures;
    std::printf("%-4s %s was seen broken\n", seen ? "ok" : "BAD", promise);
  }
  std::printf("%d bad\n", failures);
  return failures == 0 ? 0 : 1;
}
