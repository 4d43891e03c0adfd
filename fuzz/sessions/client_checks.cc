// SPDX-License-Identifier: Apache-2.0
//
// ClientRun's checks: what a client makes of an answer.
#include "fuzz/sessions/client_run.h"
#include "fuzz/sessions/device_session.h"
#include "fuzz/sessions/features.h"

namespace wib::fuzz {
namespace {

Endpoint asked_in(ClientState state) noexcept {
  switch (state) {
    case ClientState::expect_share: return Endpoint::post_dh;
    case ClientState::expect_auth_result: return Endpoint::post_auth;
    case ClientState::expect_key_result: return Endpoint::post_key;
    default: return Endpoint::get_dh;
  }
}

ClientEvent event_of(Status status) noexcept {
  if (status == Status::ok) return ClientEvent::ok;
  return status == Status::no_content ? ClientEvent::no_content : ClientEvent::refusal;
}

std::size_t piece(const Step& step, std::size_t rest) noexcept {
  switch (step.how & how_split) {
    case 1: return rest > 1 ? 1 + step.position % (rest - 1) : rest;
    case 2: return std::min<std::size_t>(rest, 7);
    case 3: return std::min<std::size_t>(rest, 1);
    default: return rest;
  }
}

}  // namespace

void ClientRun::give(Runner& runner, const ByteVector& answer, const Step& step, bool genuine) {
  Peer& peer = *runner.peer;
  const ClientState before = peer.client().state();
  if (peer.over()) {
    // Somebody goes on talking to it.
    const auto stepped = peer.receive(answer, client_out_);
    result_.violations.check(stepped.request.empty(), "a run that is over sends a request");
    result_.violations.check(peer.client().state() == before, "a run that is over goes on");
    return;
  }
  answer_.reset();
  const http::Fed fed = answer_.feed(answer);
  ClientEvent event = ClientEvent::lost;
  if (fed.progress == http::Progress::complete) {
    const auto decoded = decode_response(suite_, asked_in(before), answer_.response());
    if (decoded) event = event_of(decoded->status);
  }
  feed(peer, answer, step, fed);
  if (!result_.violations.empty()) return;
  runner.genuine = runner.genuine && genuine;
  runner.given.push_back(answer);
  check_state(runner, before, event, runner.genuine);
}

// In pieces, as the step says; an answer that never ends is a connection that is lost.
void ClientRun::feed(Peer& peer, const ByteVector& answer, const Step& step, http::Fed fed) {
  std::size_t consumed = 0;
  bool done = false;
  while (!done && consumed < answer.size()) {
    const ByteView rest = ByteView(answer).subspan(consumed);
    const auto stepped = peer.receive(rest.first(piece(step, rest.size())), client_out_);
    consumed += stepped.consumed;
    done = stepped.answered || stepped.error.code != Errc::none;
    if (!done && stepped.consumed == 0) break;
  }
  const bool whole = fed.progress != http::Progress::need_more;
  result_.violations.check(done == whole, "pieces: answered or not");
  result_.violations.check(consumed == fed.consumed, "pieces: where the answer ends");
  if (!done) (void)peer.lost();
}

void ClientRun::check_state(const Runner& runner, ClientState before, ClientEvent event,
                            bool genuine) {
  const Peer& peer = *runner.peer;
  const ClientState after = peer.client().state();
  const Traits traits = suite_.traits();
  const ClientRow* row = nullptr;
  for (const Judged judged : {Judged::any, Judged::good, Judged::bad, Judged::failed}) {
    const ClientRow* found = find_row(client_table(), traits, before, event, judged);
    if (found != nullptr && found->next == after) {
      row = found;
      break;
    }
  }
  feature(
      ((static_cast<std::size_t>(before) * client_event_count + static_cast<std::size_t>(event)) *
           8 +
       static_cast<std::size_t>(after)) *
          16 +
      (suite_.key_exchange.reveals_with_share() ? 1U : 0U) +
      (suite_.protection.acknowledges() ? 2U : 0U));
  if (row == nullptr) {
    result_.violations.add("no row leads there", std::string(name(before)) + " " +
                                                     std::string(name(event)) + " to " +
                                                     std::string(name(after)));
    return;
  }
  const bool right = runner.plan.right_code && runner.plan.right_serial;
  const bool asks = event == ClientEvent::ok || event == ClientEvent::no_content;
  if (genuine && right && asks) {
    result_.violations.check(after != ClientState::failed, "what the device said is refused",
                             name(before));
  }
  if (before == ClientState::completed || before == ClientState::failed) {
    result_.violations.check(peer.request().empty(), "a run that is over sends a request");
    return;
  }
  if (row->sends) {
    check_request(peer, row->request);
  } else if (after != before) {
    result_.violations.check(peer.request().empty(), "a request that no row sends");
  }
  if (after == ClientState::expect_auth_result) check_keys(peer);
  if (after == ClientState::completed) check_completed(peer);
}

void ClientRun::check_request(const Peer& peer, Endpoint endpoint) {
  Violations& violations = result_.violations;
  request_.reset();
  const http::Fed fed = request_.feed(peer.request());
  if (fed.progress != http::Progress::complete || fed.consumed != peer.request().size()) {
    violations.add("the request is no HTTP");
    return;
  }
  const auto decoded = decode_request(suite_, request_.request());
  if (!decoded || std::holds_alternative<Error>(decoded->body)) {
    violations.add("the request is not in the protocol", name(endpoint));
    return;
  }
  violations.check(decoded->endpoint == endpoint, "another request than the row's", name(endpoint));
  violations.check(decoded->cookie == peer.client().snapshot().cookie, "another cookie");
  if (endpoint == Endpoint::post_key) {
    const std::string_view key = as_text(peer.bundle().private_key);
    violations.check(as_text(peer.request()).find(key.substr(0, 40)) == std::string_view::npos,
                     "the private key is sent in clear");
  }
}

void ClientRun::check_keys(const Peer& peer) {
  if (!suite_.key_exchange.reveals_with_share()) return;
  const ByteView keys = peer.client().snapshot().keys.to_device.encryption.view();
  for (const auto& agreed : agreed_) {
    if (same_bytes(agreed.view(), keys)) return;
  }
  result_.violations.add("a client has gone on with keys that no device has");
}

void ClientRun::check_completed(const Peer& peer) {
  ++result_.completed;
  if (!suite_.protection.acknowledges()) return;
  const ClientSnapshot& client = peer.client().snapshot();
  for (const Said& said : installed_) {
    if (same_bytes(said.transcript, client.transcript.digest()) &&
        same_bytes(said.fingerprint, client.fingerprint)) {
      return;
    }
  }
  result_.violations.add("completed, and the device has not installed it");
}

// The same client up to now, made again from what it was given: what it would do.
void ClientRun::try_on_copy(const ByteVector& answer, const Step& step) {
  Runner copy{.seed = runner_.seed, .plan = runner_.plan, .genuine = false};
  copy.peer.emplace(rig_, suite_, copy.seed, copy.plan);
  (void)copy.peer->start(client_out_);
  for (const ByteVector& earlier : runner_.given) {
    const auto stepped = copy.peer->receive(earlier, client_out_);
    if (!stepped.answered && !copy.peer->over()) (void)copy.peer->lost();
  }
  if (copy.peer->client().state() != runner_.peer->client().state()) return;  // it was lost since
  result_.violations.check(copy.peer->request() == runner_.peer->request(),
                           "the same answers, another request");
  give(copy, answer, step, false);
}

}  // namespace wib::fuzz
