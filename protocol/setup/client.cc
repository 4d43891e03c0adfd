// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/client.h"

namespace wib {
namespace {

ClientEvent to_event(Status status) noexcept {
  if (status == Status::ok) return ClientEvent::ok;
  if (status == Status::no_content) return ClientEvent::no_content;
  return ClientEvent::refusal;
}

}  // namespace

Client::~Client() { secure_wipe(plaintext_); }

ClientStep Client::start() { return advance(ClientEvent::start, nullptr, {}); }

ClientStep Client::handle(const Response& response) {
  const ClientEvent event = to_event(response.status);
  Error error;
  if (event == ClientEvent::refusal) error = {Errc::refused, reason_phrase(response.status)};
  return advance(event, &response, error);
}

ClientStep Client::lost(const Error& error) { return advance(ClientEvent::lost, nullptr, error); }

ClientStep Client::advance(ClientEvent event, const Response* response, const Error& error) {
  ClientStep step{.error = error};
  const ClientState before = state_.state;
  ClientSnapshot next = state_;
  Body body;
  const ClientRow* row = find_row(config_.transitions, traits_, before, event, Judged::any);
  if (row == nullptr && response != nullptr) {
    Judged judged = Judged::good;
    if (auto good = judge(*response, next, body); !good) {
      step.error = good.error();
      judged = good.error().local() ? Judged::failed : Judged::bad;
      next = state_;
    }
    row = find_row(config_.transitions, traits_, before, event, judged);
  }
  next.state = row == nullptr ? ClientState::failed : row->next;
  state_ = next;
  if (state_.state == ClientState::failed && step.error.code == Errc::none) {
    step.error = {Errc::unexpected, name(event)};
  }
  if (row != nullptr && row->sends) {
    step.send = Request{row->request, state_.cookie, body};
  }
  if (state_.state != before) step.claim = claim(before, event);
  if (state_.state == ClientState::completed || state_.state == ClientState::failed) {
    state_.keys = {};
    state_.key_exchange = {};
  }
  return step;
}

Result<> Client::judge(const Response& response, ClientSnapshot& next, Body& body) {
  switch (state_.state) {
    case ClientState::expect_offer: return take_offer(response, next, body);
    case ClientState::expect_share: return take_share(response, next, body);
    case ClientState::expect_auth_result: return seal_bundle(next, body);
    case ClientState::expect_key_result: return take_acknowledgement(response, next);
    default: return fail(Errc::unexpected, name(state_.state));
  }
}

RunInfo Client::run_info(const ClientSnapshot& snapshot) const noexcept {
  RunInfo run{.suite = id_.view(), .serial = config_.serial};
  if (snapshot.cookie) run.cookie = *snapshot.cookie;
  return run;
}

// Steps 3 and 4. Draw 1: the exponent.
Result<> Client::take_offer(const Response& response, ClientSnapshot& next, Body& body) {
  if (!response.set_cookie) return fail(Errc::missing_field, "offer: Set-Cookie");
  next.cookie = response.set_cookie;
  const Suite& suite = config_.suite;
  const ClientSide side{ports_.crypto, ports_.random, suite.group_policy, config_.password,
                        id_.view()};
  auto share = suite.key_exchange.start(side, response.body, next.key_exchange, share_);
  if (!share) return std::unexpected(share.error());
  body = *share;
  using Item = Transcript::Item;
  if (auto done = next.transcript.absorb(ports_.crypto, Item::offer, response.body, *next.cookie);
      !done) {
    return done;
  }
  return next.transcript.absorb(ports_.crypto, Item::client_share, body);
}

// Steps 5 and 6. Draw 2: the IV of auth.wib, where the proof is sealed under one.
Result<> Client::take_share(const Response& response, ClientSnapshot& next, Body& body) {
  const Suite& suite = config_.suite;
  const ClientSide side{ports_.crypto, ports_.random, suite.group_policy, config_.password,
                        id_.view()};
  SharedSecret secret;
  if (auto done =
          suite.key_exchange.finish(side, run_info(next), next.key_exchange, response.body, secret);
      !done) {
    return done;
  }
  if (auto done =
          next.transcript.absorb(ports_.crypto, Transcript::Item::device_share, response.body);
      !done) {
    return done;
  }
  if (auto done = suite.key_schedule.derive(ports_.crypto, secret.view(), next.transcript.digest(),
                                            next.keys);
      !done) {
    return done;
  }
  SealContext context{Endpoint::post_auth, next.transcript.digest(), next.sealed_payloads};
  const ProofSeal seal{ports_.crypto, suite.protection, next.keys.to_device, context};
  auto proof =
      suite.key_exchange.prove(seal, ports_.random, config_.serial, next.key_exchange, sealed_);
  if (!proof) return std::unexpected(proof.error());
  next.sealed_payloads = context.counter;
  body = *proof;
  return next.transcript.absorb(ports_.crypto, Transcript::Item::auth, body);
}

ByteSpan Client::bundle_room() noexcept {
  const std::size_t size =
      config_.bundle.certificate.size() + config_.bundle.private_key.size() + bundle_overhead;
  return ByteSpan(plaintext_).first(std::min(size, plaintext_.size()));
}

// Step 8. Draw 3: the IV of key.wib, where the protection has one.
Result<> Client::seal_bundle(ClientSnapshot& next, Body& body) {
  const ByteSpan room = bundle_room();
  const WipeGuard wipe(room);
  const auto plaintext = write_bundle(config_.bundle, room);
  if (!plaintext) return std::unexpected(plaintext.error());
  if (auto done = ports_.crypto.sha256(*plaintext, next.fingerprint); !done) return done;
  const SealContext context{Endpoint::post_key, next.transcript.digest(), next.sealed_payloads};
  auto sealed = config_.suite.protection.seal(ports_.crypto, ports_.random, next.keys.to_device,
                                              context, *plaintext, sealed_);
  if (!sealed) return std::unexpected(sealed.error());
  ++next.sealed_payloads;
  body = *sealed;
  return next.transcript.absorb(ports_.crypto, Transcript::Item::key, body);
}

// The device says what it has installed, and nobody else could have.
Result<> Client::take_acknowledgement(const Response& response, ClientSnapshot& next) {
  const SealContext context{Endpoint::post_key, next.transcript.digest(), 0, true};
  const auto said = config_.suite.protection.open(ports_.crypto, next.keys.to_client, context,
                                                  response.body, plaintext_);
  if (!said) return std::unexpected(said.error());
  if (!same_bytes(*said, next.fingerprint)) {
    return fail(Errc::unexpected, "key.wib: acknowledgement");
  }
  return {};
}

Claim Client::claim(ClientState before, ClientEvent event) {
  Claim claim;
  if (event == ClientEvent::start) {
    claim.kind = ClaimKind::started;
  } else if (state_.state == ClientState::completed) {
    claim.kind = ClaimKind::completed;
  } else if (state_.state == ClientState::failed) {
    claim.kind = ClaimKind::aborted;
  } else if (before == ClientState::expect_auth_result) {
    claim.kind = ClaimKind::accepted;
  } else {
    return claim;
  }
  if (state_.cookie) claim.session = *state_.cookie;
  std::ranges::copy(state_.transcript.digest(), claim.transcript.begin());
  if (claim.kind == ClaimKind::started || claim.kind == ClaimKind::completed) {
    const ByteSpan room = bundle_room();
    const WipeGuard wipe(room);
    const auto plaintext = write_bundle(config_.bundle, room);
    if (plaintext) (void)ports_.crypto.sha256(*plaintext, claim.fingerprint);
  }
  return claim;
}

}  // namespace wib
