// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/device_session.h"

#include "fuzz/sessions/device_monitor.h"
#include "fuzz/sessions/device_run.h"
#include "fuzz/sessions/features.h"
#include "protocol/big_endian.h"
#include "protocol/counters.h"

namespace wib::fuzz {
namespace {

// What the device has counted before: nothing; nearly or all attempts of a life, and as many as can
// be; the epoch at its end.
void lay_counters(Byte choice, ShelfStore& store) {
  Counters counters;
  switch (choice % 8) {
    case 1: counters.charged = attempts_per_life - 1; break;
    case 2: counters.charged = attempts_per_life; break;
    case 3: counters.charged = 0xffff'ffff; break;
    case 4: counters.epoch = ~std::uint64_t{0} - 1; break;
    case 5: counters.epoch = ~std::uint64_t{0}; break;
    case 6: counters.charged = attempts_per_life - 5; break;
    default: return;
  }
  (void)store_counters(store, counters);
}

// What an honest client's next request is, without HTTP; views point into the peer.
Request request_of(const Suite& suite, const Peer& peer) {
  Request request{.cookie = peer.client().snapshot().cookie};
  const ByteView body = body_of(peer.request());
  switch (peer.client().state()) {
    case ClientState::expect_share:
      request.endpoint = Endpoint::post_dh;
      request.body = suite.key_exchange.parse_share(body);
      break;
    case ClientState::expect_auth_result:
      request.endpoint = Endpoint::post_auth;
      request.body = suite.key_exchange.parse_proof(suite.protection, body);
      break;
    case ClientState::expect_key_result:
      request.endpoint = Endpoint::post_key;
      request.body = suite.protection.parse_sealed(body);
      break;
    default: request.cookie.reset(); break;
  }
  return request;
}

}  // namespace

DeviceRun::DeviceRun(Rig& rig, const Beginning& beginning, const DevicePlan& plan,
                     DeviceResult& result)
    : rig_(rig),
      suite_(rig.suite(beginning.suite)),
      suite_number_(beginning.suite % rig.suite_count()),
      result_(result),
      random_(beginning.seed),
      noise_(beginning.seed + 1000U),
      device_({suite_, plan.table, as_bytes(rig_serial), rig.group(), &rig.verifier()},
              {plan.crypto == nullptr ? rig.crypto() : *plan.crypto,
               plan.certificates == nullptr ? rig.certificates() : *plan.certificates, random_,
               noise_, store_}),
      monitor_(rig, suite_, device_, (lay_counters(beginning.counters, store_), store_),
               plan.promises_alone ? aside_ : result.violations),
      promises_(suite_, monitor_.life(), result.violations) {
  if ((beginning.flags & not_booted) == 0 && suite_.entropy_gate.gates()) {
    DeviceSnapshot booted;
    booted.gate = rig.booted();
    device_.restore(booted);
  }
  if ((beginning.flags & not_pressed) == 0) press(false);
}

void DeviceRun::press(bool held) {
  // Promises knows by what the press did whether it was one; the monitor says whether it should.
  const bool allowed = held || !suite_.attempt_limit.limits() ||
                       (monitor_.life() < attempts_per_life && !store_.fail_reads);
  monitor_.pressed(now_, held);
  held ? device_.long_press(now_) : device_.press(now_);
  promises_.pressed(now_, held, allowed);
  monitor_.compare();
}

void DeviceRun::pass(Instant duration) {
  now_ += duration;
  monitor_.passed(now_);
  promises_.passed(now_);
  device_.tick(now_);
  monitor_.compare();
}

void DeviceRun::step(const Step& step) {
  now_ += std::chrono::milliseconds(1);
  static constexpr std::array<int, 8> waits = {1,      500,    30'000,  59'999,
                                               60'000, 60'001, 299'999, 300'000};
  switch (step.op) {
    case static_cast<unsigned>(DeviceOp::press): press(false); break;
    case static_cast<unsigned>(DeviceOp::long_press): press(true); break;
    case static_cast<unsigned>(DeviceOp::wait):
      pass(std::chrono::milliseconds(waits[step.value % waits.size()]));
      break;
    case static_cast<unsigned>(DeviceOp::restart):
      monitor_.restarted();
      promises_.restarted();
      device_.restart();
      for (auto& connection : connections_) connection.reset();
      monitor_.compare();
      break;
    case static_cast<unsigned>(DeviceOp::fault):
      faults_ = {(step.value & 1U) != 0, (step.value & 2U) != 0, (step.value & 4U) != 0,
                 (step.value & 8U) != 0};
      set_faults();
      break;
    case static_cast<unsigned>(DeviceOp::forge): forge(step); break;
    case static_cast<unsigned>(DeviceOp::guess): guess(step); break;
    case static_cast<unsigned>(DeviceOp::fresh): begin_peer(step); break;
    case static_cast<unsigned>(DeviceOp::replay):
      if (!sent_.empty()) {
        ByteVector message = sent_[step.amount % sent_.size()];
        edit_message(message, step, other(step));
        deliver(step, message, false);
      }
      break;
    case raw_op: deliver(step, {step.raw.begin(), step.raw.end()}, false); break;
    default: advance(step); break;
  }
}

void DeviceRun::set_faults() {
  store_.fail_writes = faults_.store_writes;
  store_.fail_reads = faults_.store_reads;
  random_.failing = faults_.random;
  noise_.tape.failing = faults_.noise;
}

// --- Clients
// --------------------------------------------------------------------------------------

void DeviceRun::begin_peer(const Step& step) {
  auto& peer = peers_[step.who % peers_.size()];
  peer.emplace(rig_, suite_, ++peer_seed_ * 7919,
               PeerPlan{.bundle = step.value % bundle_count,
                        .right_serial = (step.value & 8U) == 0,
                        .right_code = (step.value & 16U) == 0});
  (void)peer->start(client_out_);
}

void DeviceRun::advance(const Step& step) {
  auto& peer = peers_[step.who % peers_.size()];
  if (!peer || peer->request().empty()) begin_peer(Step{.who = step.who});
  ByteVector message = peer->request();
  edit_message(message, step, other(step));
  const bool pristine = message == peer->request();
  if (sent_.size() < max_steps) sent_.push_back(peer->request());
  if (edit_of(step) != Edit::none) feature(4096 + step.kind % edit_count);
  if (pristine) honest_ = request_of(suite_, *peer);
  const ByteView response = deliver(step, message, pristine);
  if (response.empty() || (step.how & how_dropped) != 0) return;
  const auto stepped = peer->receive(response, client_out_);
  result_.violations.check(stepped.answered && stepped.consumed == response.size(),
                           "the answer is no HTTP response");
}

ByteView DeviceRun::other(const Step& step) const noexcept {
  return sent_.empty() ? ByteView{} : ByteView(sent_[step.amount % sent_.size()]);
}

// --- Bytes
// ----------------------------------------------------------------------------------------

ByteView DeviceRun::deliver(const Step& step, const ByteVector& message, bool pristine) {
  const bool crossed = (step.how & how_crossed) != 0 || step.op == raw_op;
  Line& line = connections_[crossed ? connections_.size() - 1 : step.who % peers_.size()];
  if ((step.how & how_reconnected) != 0) line.reset();
  line.open(device_);
  ByteVector bytes = message;
  if ((step.how & how_twice) != 0) bytes.insert(bytes.end(), message.begin(), message.end());
  if ((step.how & how_cut_short) != 0) bytes.resize(bytes.size() / 2);
  // What came before is part of the message now.
  if (!line.pending.empty()) pristine = false;
  line.pending.insert(line.pending.end(), bytes.begin(), bytes.end());
  ByteView response;
  for (bool first = true; line.fed < line.pending.size() && result_.violations.empty();
       first = false) {
    const ByteView answer = exchange(line, step, pristine && first);
    if (answer.empty()) break;
    response = answer;
    if (!line.connection) break;
  }
  return response;
}

// One message: in one piece to a parser of our own, in pieces to the device.
ByteView DeviceRun::exchange(Line& line, const Step& step, bool pristine) {
  Violations& violations = result_.violations;
  http::Fed fed;
  Routed routed;
  if (pristine && step.how == 0) {
    fed = {line.pending.size(), http::Progress::complete};
    routed = honest_;
  } else {
    whole_.reset();
    fed = whole_.feed(line.pending);
    if (fed.progress == http::Progress::complete) {
      routed = decode_request(suite_, whole_.request());
    }
  }
  if (routed && *routed) monitor_.requested(now_, **routed, pristine, faults_);

  DeviceConnection::Served served;
  while (served.response.empty() && line.fed < line.pending.size()) {
    const ByteView rest = ByteView(line.pending).subspan(line.fed);
    served = line.connection->receive(now_, rest.first(piece(step, rest.size())), device_out_);
    line.fed += served.consumed;
    if (served.consumed == 0 && served.response.empty()) break;
  }
  const bool answered = fed.progress != http::Progress::need_more;
  violations.check(served.response.empty() != answered, "pieces: answered or not",
                   answered ? "not" : "answered");
  violations.check(line.fed == fed.consumed, "pieces: where the message ends");
  if (!answered || !violations.empty()) return {};

  if (!routed) {
    violations.check(served.status == whole_.refusal().status && served.close, "refusal of HTTP");
  } else if (!*routed) {
    violations.check(served.status == routed->error().status, "refusal of a request");
  } else {
    monitor_.replied(served);
    promises_.answered(now_, **routed, served.status, served.claim.kind == ClaimKind::issued,
                       served.claim.session, device_.window_open());
    if (served.claim.kind == ClaimKind::installed) ++result_.installed;
    feature(((suite_number_ * 4 + static_cast<std::size_t>((*routed)->endpoint)) * 8 +
             static_cast<std::size_t>(monitor_.state((*routed)->cookie))) *
                8 +
            static_cast<std::size_t>(served.status) % 7);
  }
  monitor_.compare();
  check_response(served, !routed || !*routed, pristine && (step.how & how_dropped) == 0);

  line.pending.erase(line.pending.begin(),
                     line.pending.begin() + static_cast<std::ptrdiff_t>(line.fed));
  line.fed = 0;
  if (served.close) line.reset();
  return served.response;
}

// `read_elsewhere`: a client will say if it is no response.
void DeviceRun::check_response(const DeviceConnection::Served& served, bool refused,
                               bool read_elsewhere) {
  Violations& violations = result_.violations;
  if (!refused) {
    violations.check(served.close || device_.window_open(), "a closed window, an open connection");
  }
  if (read_elsewhere) return;
  answer_.reset();
  const http::Fed fed = answer_.feed(served.response);
  if (fed.progress != http::Progress::complete || fed.consumed != served.response.size()) {
    violations.add("the answer is no HTTP response");
    return;
  }
  const http::Response& response = answer_.response();
  violations.check(response.status == static_cast<unsigned>(served.status),
                   "the answer has another status");
  violations.check(response.has_set_cookie == (served.claim.kind == ClaimKind::issued),
                   "Set-Cookie out of turn");
  violations.check(served.close || response.keep_alive, "the answer says nothing of the close");
  if (served.status == Status::unauthorized) {
    violations.check(as_text(response.body) == "Unauthorized\n", "a 401 that tells why");
  }
}

// --- The owner
// -------------------------------------------------------------------------------------

void DeviceRun::owner() {
  now_ += std::chrono::milliseconds(1);
  faults_ = {};
  set_faults();
  for (Line& line : connections_) line.reset();
  press(monitor_.life() >= attempts_per_life && suite_.attempt_limit.limits());
  const ByteView counters = store_.contents(Record::counters);
  const bool epochs_spent = suite_.freshness.offer_fields() != OfferFields::none &&
                            counters.size() == counters_size &&
                            read_u64(counters.subspan(8, 8)) == ~std::uint64_t{0};
  const Step step{.who = 0};
  begin_peer(step);
  for (int i = 0; i < 4 && result_.violations.empty(); ++i) advance(step);
  if (!result_.violations.empty()) return;
  Peer& peer = *peers_[0];
  const bool completed = peer.client().state() == ClientState::completed;
  result_.violations.check(completed != epochs_spent, "P-W1: the owner does not get through",
                           name(peer.client().state()));
  if (!completed) return;
  const auto stored = parse_bundle(store_.contents(Record::identity));
  result_.violations.check(stored && same_bytes(stored->certificate, peer.bundle().certificate) &&
                               same_bytes(stored->private_key, peer.bundle().private_key),
                           "P-W1: the owner's bundle is not installed");
  advance(step);  // a new client finds the door closed: the monitor knows
}

DeviceResult run_device(Rig& rig, ByteView input, const DevicePlan& plan) {
  DeviceResult result;
  rig.begin();
  Script script(input);
  DeviceRun run(rig, script.beginning(), plan, result);
  Step step;
  while (result.violations.empty() && script.next(step)) run.step(step);
  if (result.violations.empty()) run.owner();
  return result;
}

}  // namespace wib::fuzz
