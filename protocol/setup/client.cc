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
  const ClientRow* row = find_row(config_.transitions, before, event, Judged::any);
  if (row == nullptr && response != nullptr) {
    Judged judged = Judged::good;
    if (auto good = judge(*response, next, body); !good) {
      step.error = good.error();
      judged = good.error().local() ? Judged::failed : Judged::bad;
      next = state_;
    }
    row = find_row(config_.transitions, before, event, judged);
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
    default: return fail(Errc::unexpected, name(state_.state));
  }
}

// Steps 3 and 4. Draw 1: the exponent.
Result<> Client::take_offer(const Response& response, ClientSnapshot& next, Body& body) {
  if (!response.set_cookie) return fail(Errc::missing_field, "offer: Set-Cookie");
  next.cookie = response.set_cookie;
  const Suite& suite = config_.suite;
  auto share = suite.key_exchange.start(ports_.crypto, ports_.random, suite.group_policy,
                                        response.body, next.key_exchange, share_);
  if (!share) return std::unexpected(share.error());
  body = *share;
  using Item = Transcript::Item;
  if (auto done = next.transcript.absorb(ports_.crypto, Item::offer, response.body, *next.cookie);
      !done) {
    return done;
  }
  return next.transcript.absorb(ports_.crypto, Item::client_share, body);
}

// Steps 5 and 6. Draw 2: the IV of auth.wib.
Result<> Client::take_share(const Response& response, ClientSnapshot& next, Body& body) {
  const Suite& suite = config_.suite;
  SharedSecret secret;
  if (auto done = suite.key_exchange.finish(ports_.crypto, suite.group_policy, next.key_exchange,
                                            response.body, secret);
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
  return seal(Endpoint::post_auth, config_.serial, next, body);
}

// Step 8. Draw 3: the IV of key.wib.
Result<> Client::seal_bundle(ClientSnapshot& next, Body& body) {
  const WipeGuard wipe(plaintext_);
  const auto plaintext = write_bundle(config_.bundle, plaintext_);
  if (!plaintext) return std::unexpected(plaintext.error());
  return seal(Endpoint::post_key, *plaintext, next, body);
}

Result<> Client::seal(Endpoint message, ByteView plaintext, ClientSnapshot& next, Body& body) {
  const SealContext context{message, next.transcript.digest()};
  auto sealed = config_.suite.protection.seal(ports_.crypto, ports_.random, next.keys.to_device,
                                              context, plaintext, sealed_);
  if (!sealed) return std::unexpected(sealed.error());
  body = *sealed;
  const auto item = message == Endpoint::post_auth ? Transcript::Item::auth : Transcript::Item::key;
  return next.transcript.absorb(ports_.crypto, item, body);
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
    const WipeGuard wipe(plaintext_);
    const auto plaintext = write_bundle(config_.bundle, plaintext_);
    if (plaintext) (void)ports_.crypto.sha256(*plaintext, claim.fingerprint);
  }
  return claim;
}

}  // namespace wib
