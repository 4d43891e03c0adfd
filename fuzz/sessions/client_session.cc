// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/client_session.h"

#include "fuzz/sessions/client_run.h"
#include "fuzz/sessions/device_session.h"

namespace wib::fuzz {

ClientRun::ClientRun(Rig& rig, const Beginning& beginning, const ClientPlan& plan,
                     ClientResult& result)
    : rig_(rig),
      suite_(rig.suite(beginning.suite)),
      plan_(plan),
      result_(result),
      random_(beginning.seed),
      noise_(beginning.seed + 1000U),
      device_({suite_, device_table(), as_bytes(rig_serial), rig.group(), &rig.verifier()},
              {rig.crypto(), rig.certificates(), random_, noise_, store_}) {
  if (suite_.entropy_gate.gates()) {
    DeviceSnapshot booted;
    booted.gate = rig.booted();
    device_.restore(booted);
  }
  if ((beginning.flags & not_pressed) == 0) press();
}

// A long press: it always opens the window.
void ClientRun::press() {
  device_.long_press(now_);
  line_.reset();
}

void ClientRun::begin(const Step& step) {
  runner_.seed = ++clients_ * 7919;
  runner_.plan = PeerPlan{.bundle = step.value % bundle_count,
                          .right_serial = (step.value & 8U) == 0,
                          .right_code = (step.value & 16U) == 0,
                          .table = plan_.table,
                          .crypto = plan_.crypto};
  runner_.given.clear();
  runner_.genuine = true;
  runner_.peer.emplace(rig_, suite_, runner_.seed, runner_.plan);
  (void)runner_.peer->start(client_out_);
  check_request(*runner_.peer, Endpoint::get_dh);
}

void ClientRun::step(const Step& step) {
  now_ += std::chrono::milliseconds(1);
  static constexpr std::array<int, 4> waits = {1, 59'990, 60'000, 300'000};
  if (!runner_.peer) begin({});
  Peer& peer = *runner_.peer;
  switch (step.op) {
    case static_cast<unsigned>(ClientOp::press): press(); break;
    case static_cast<unsigned>(ClientOp::restart):
      device_.restart();
      line_.reset();
      break;
    case static_cast<unsigned>(ClientOp::wait):
      now_ += std::chrono::milliseconds(waits[step.value % waits.size()]);
      break;
    case static_cast<unsigned>(ClientOp::fresh): begin(step); break;
    case static_cast<unsigned>(ClientOp::lost): {
      const ClientState before = peer.client().state();
      (void)peer.lost();
      check_state(runner_, before, ClientEvent::lost, false);
      break;
    }
    case static_cast<unsigned>(ClientOp::start_again): {
      const ClientState before = peer.client().state();
      (void)peer.start(client_out_);
      check_state(runner_, before, ClientEvent::start, false);
      break;
    }
    case static_cast<unsigned>(ClientOp::broken): {
      if (answers_.empty() || peer.over()) break;
      const ByteVector& half = answers_[step.amount % answers_.size()];
      const auto stepped = peer.receive(ByteView(half).first(half.size() / 2), client_out_);
      result_.violations.check(!stepped.answered, "half of an answer is one");
      peer.reconnected();
      break;
    }
    case static_cast<unsigned>(ClientOp::replay): replay(step); break;
    case static_cast<unsigned>(ClientOp::forge): {
      ByteVector answer = forge(step);
      edit_message(answer, step, other(step));
      give(runner_, answer, step, false);
      break;
    }
    case raw_op: give(runner_, {step.raw.begin(), step.raw.end()}, step, false); break;
    default: exchange(step); break;
  }
}

ByteView ClientRun::other(const Step& step) const noexcept {
  return answers_.empty() ? ByteView{} : ByteView(answers_[step.amount % answers_.size()]);
}

void ClientRun::replay(const Step& step) {
  if (answers_.empty()) return;
  ByteVector answer = answers_[step.amount % answers_.size()];
  edit_message(answer, step, other(step));
  if ((step.how & how_tried) != 0) {
    try_on_copy(answer, step);
  } else {
    give(runner_, answer, step, false);
  }
}

void ClientRun::exchange(const Step& step) {
  if (runner_.peer->request().empty()) begin({});
  ByteVector request = runner_.peer->request();
  const bool of_request = plan_.pair && (step.how & how_of_request) != 0;
  if (of_request) edit_message(request, step, runner_.peer->request());
  const bool genuine = request == runner_.peer->request();
  const ByteVector said = ask(request);
  if (said.empty()) return;
  if (answers_.size() < max_steps) answers_.push_back(said);
  ByteVector answer = said;
  if (!of_request) edit_message(answer, step, other(step));
  const bool tried = (step.how & how_tried) != 0 && answer != said;
  if (tried) try_on_copy(answer, step);
  if (!result_.violations.empty()) return;
  const ByteVector& given = tried ? said : answer;
  give(runner_, given, step, genuine && given == said);
}

ByteVector ClientRun::ask(ByteView request) {
  if (!line_) line_.emplace(device_);
  const auto served = line_->receive(now_, request, device_out_);
  if (served.close || served.response.empty()) line_.reset();
  if (served.claim.kind == ClaimKind::installed) {
    installed_.push_back({served.claim.transcript, served.claim.fingerprint});
    // Whatever was changed on the way: what a client sealed is what a device opens.
    const auto stored = parse_bundle(store_.contents(Record::identity));
    bool known = false;
    for (std::size_t i = 0; stored && i < bundle_count; ++i) {
      known = known || (same_bytes(stored->certificate, Rig::bundle(i).certificate) &&
                        same_bytes(stored->private_key, Rig::bundle(i).private_key));
    }
    result_.violations.check(known, "the device installed what no client sent");
  }
  if (served.claim.kind == ClaimKind::agreed) {
    for (const Session& session : device_.snapshot().sessions) {
      if (session.live() && same_bytes(session.cookie, served.claim.session)) {
        agreed_.push_back(session.keys.to_device.encryption);
      }
    }
  }
  return {served.response.begin(), served.response.end()};
}

// What the device might have said, and did not: by the step's value.
ByteVector ClientRun::forge(const Step& step) {
  Reply reply{.status = Status::no_content};
  Endpoint asked = Endpoint::post_key;
  std::array<Byte, sha256_size> said{};
  std::array<Byte, sha256_size + aead_tag_size * 5> sealed;
  switch (step.value % 5) {
    case 0: break;
    case 1: reply.status = Status::ok; break;
    case 2: reply.status = Status::unauthorized; break;
    case 3:
      asked = Endpoint::post_dh;
      reply.status = Status::ok;
      reply.body = suite_.key_exchange.reveals_with_share()
                       ? Share{p256_generator(), said}
                       : Share{p256_generator().first(x25519_size), {}};
      break;
    default: {
      // An acknowledgement of something else, under the client's own keys.
      const ClientSnapshot& client = runner_.peer->client().snapshot();
      if (client.keys.to_client.encryption.empty()) break;
      said = client.fingerprint;
      said[step.amount % said.size()] ^= 1U;
      const SealContext context{Endpoint::post_key, client.transcript.digest(), 0, true};
      auto body = suite_.protection.seal(rig_.crypto(), forger_, client.keys.to_client, context,
                                         said, sealed);
      if (body) {
        reply.status = Status::ok;
        reply.body = *body;
      }
      break;
    }
  }
  ByteVector out(max_message_size);
  const auto written = encode_reply(suite_, asked, reply, false, out);
  out.resize(written ? written->size() : 0);
  return out;
}

void ClientRun::owner() {
  now_ += std::chrono::milliseconds(1);
  press();
  begin({});
  for (int i = 0; i < 4 && result_.violations.empty(); ++i) exchange({});
  if (!result_.violations.empty()) return;
  result_.violations.check(runner_.peer->client().state() == ClientState::completed,
                           "a client that is left alone does not complete",
                           name(runner_.peer->client().state()));
}

ClientResult run_client(Rig& rig, ByteView input, const ClientPlan& plan) {
  ClientResult result;
  rig.begin();
  Script script(input);
  ClientRun run(rig, script.beginning(), plan, result);
  Step step;
  while (result.violations.empty() && script.next(step)) run.step(step);
  if (result.violations.empty()) run.owner();
  return result;
}

}  // namespace wib::fuzz
