// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/device.h"

#include "protocol/big_endian.h"

namespace wib {

Device::~Device() { secure_wipe(plaintext_); }

void Device::press(Instant now) noexcept { pressed(DeviceEvent::press, now); }
void Device::long_press(Instant now) noexcept { pressed(DeviceEvent::long_press, now); }

void Device::pressed(DeviceEvent event, Instant now) noexcept {
  tick(now);
  const auto may =
      config_.suite.attempt_limit.may_open(ports_.store, event == DeviceEvent::long_press);
  Judged judged = Judged::good;
  if (!may) judged = may.error().local() ? Judged::failed : Judged::bad;
  apply_to_all(event, now, judged);
}

void Device::restart() noexcept {
  apply_to_all(DeviceEvent::restart, Instant{});
  state_.attempts = {};
  state_.gate = {};
}

void Device::tick(Instant now) noexcept {
  if (state_.window_open && now >= state_.window_closes) {
    apply_to_all(DeviceEvent::window_expired, now);
  }
  for (Session& session : state_.sessions) {
    if (!session.live() || now < session.opened + config_.suite.session_policy.lifetime()) continue;
    const DeviceRow* row = row_for(session.state, DeviceEvent::session_expired, Judged::any);
    if (row != nullptr) apply_effects(*row, &session, now);
  }
}

Reply Device::handle(Instant now, const Request& request) {
  tick(now);
  // Whatever is decrypted for this request is gone when it has been answered. It is as long as the
  // ciphertext at most.
  const Sealed* sealed = std::get_if<Sealed>(&request.body);
  const std::size_t decrypted = sealed == nullptr ? 0 : sealed->ciphertext.size();
  const WipeGuard wipe(ByteSpan(plaintext_).first(std::min(decrypted, plaintext_.size())));
  Session* const session = find(request.cookie);
  const DeviceState on = state_for(request.cookie);
  const DeviceEvent event = to_event(request.endpoint);

  Finding finding;
  const DeviceRow* row = row_for(on, event, Judged::any);
  if (row == nullptr) {
    finding = judge(now, session, request);
    row = row_for(on, event, finding.judged);
  }
  if (row != nullptr && has(row->effects, Effects::install)) {
    if (auto put = ports_.store.put(Record::identity, finding.bundle); !put) {
      finding.judged = Judged::failed;
      finding.error = put.error();
      row = row_for(on, event, Judged::failed);
    }
  }
  if (row == nullptr) {
    // A table that is not complete: a pair outside it is a protocol error and changes nothing.
    return Reply{.status = Status::bad_request, .error = {Errc::unexpected, name(event)}};
  }
  return apply(now, *row, session, finding);
}

DeviceState Device::state_for(const std::optional<Cookie>& cookie) const noexcept {
  if (!state_.window_open) return DeviceState::closed;
  const Session* session = const_cast<Device*>(this)->find(cookie);
  return session == nullptr ? DeviceState::no_session : session->state;
}

Session* Device::find(const std::optional<Cookie>& cookie) noexcept {
  if (!cookie) return nullptr;
  Session* found = nullptr;
  for (Session& session : state_.sessions) {
    // Every place is compared, so that time tells nothing of where, or whether, it matched.
    const bool same = ports_.crypto.equal(session.cookie, *cookie);
    if (same && session.live()) found = &session;
  }
  return found;
}

std::size_t Device::live_sessions() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(state_.sessions, [](const Session& s) { return s.live(); }));
}

// --- Judging ----------------------------------------------------------------------------------

Device::Finding Device::judge(Instant now, const Session* session, const Request& request) {
  Finding finding;
  if (session != nullptr) finding.session = *session;
  Result<> outcome;
  switch (request.endpoint) {
    case Endpoint::get_dh: outcome = open_session(now, finding); break;
    case Endpoint::post_dh: outcome = agree(request, finding); break;
    case Endpoint::post_auth: outcome = check_proof(request, finding); break;
    case Endpoint::post_key: outcome = check_bundle(request, finding); break;
  }
  if (outcome) {
    finding.judged = Judged::good;
  } else {
    finding.error = outcome.error();
    finding.judged = outcome.error().local() ? Judged::failed : Judged::bad;
    if (outcome.error().code == Errc::exhausted) finding.judged = Judged::exhausted;
  }
  return finding;
}

namespace {

// The device's draws, from where the entropy gate has them.
class Draws final : public Random {
 public:
  Draws(const EntropyGate& gate, const DevicePorts& ports, GateState& state) noexcept
      : gate_(gate), ports_(ports), state_(state) {}
  Result<> fill(ByteSpan out) override {
    return gate_.fill(ports_.crypto, ports_.random, state_, out);
  }

 private:
  const EntropyGate& gate_;
  const DevicePorts& ports_;
  GateState& state_;
};

}  // namespace

RunInfo Device::run_info(const Session& session) const noexcept {
  return {id_.view(), as_bytes(offered()), session.epoch.view(), session.cookie, config_.serial};
}

// Step 3: "DH initial parameters and a new random session cookie". Draw 1: the cookie.
Result<> Device::open_session(Instant now, Finding& finding) {
  const Suite& suite = config_.suite;
  if (live_sessions() >= suite.session_policy.max_sessions()) {
    return fail(Errc::refused, "dh.wib: too many sessions");
  }
  if (auto ready = suite.entropy_gate.ready(ports_.crypto, ports_.noise, state_.gate); !ready) {
    return ready;
  }
  Draws draws(suite.entropy_gate, ports_, state_.gate);
  const DeviceSide side{ports_.crypto, draws, suite.group_policy, config_.group, config_.verifier};
  Offer offer;
  if (auto filled = suite.key_exchange.fill_offer(side, as_bytes(offered()), offer); !filled) {
    return filled;
  }
  const auto epoch = suite.freshness.next_epoch(ports_.store);
  if (!epoch) return std::unexpected(epoch.error());
  finding.session = Session{};
  Session& session = finding.session;
  if (suite.freshness.offer_fields() != OfferFields::none) {
    if (!epoch_.resize(epoch_.capacity())) return fail(Errc::capacity, "offer: epoch");
    write_u64(*epoch, epoch_.span());
    session.epoch = epoch_;
    offer.epoch = epoch_.view();
  }
  if (auto drawn = draws.fill(session.cookie); !drawn) return drawn;
  session.opened = now;
  finding.body = offer;
  return session.transcript.absorb(ports_.crypto, Transcript::Item::offer, finding.body,
                                   session.cookie);
}

// Steps 4 and 5: the client's intermediate in, the device's out. Draw 2: the exponent.
Result<> Device::agree(const Request& request, Finding& finding) {
  const Suite& suite = config_.suite;
  Session& session = finding.session;
  Draws draws(suite.entropy_gate, ports_, state_.gate);
  const DeviceSide side{ports_.crypto, draws, suite.group_policy, config_.group, config_.verifier};
  Agreed agreed;
  auto answer = suite.key_exchange.respond(side, run_info(session), request.body, share_, agreed);
  if (!answer) return std::unexpected(answer.error());
  finding.body = *answer;
  session.proof = agreed.proof;
  using Item = Transcript::Item;
  Transcript& transcript = session.transcript;
  if (auto done = transcript.absorb(ports_.crypto, Item::client_share, request.body); !done) {
    return done;
  }
  if (auto done = transcript.absorb(ports_.crypto, Item::device_share, finding.body); !done) {
    return done;
  }
  if (auto done = suite.key_schedule.derive(ports_.crypto, agreed.secret.view(),
                                            transcript.digest(), session.keys);
      !done) {
    return done;
  }
  // Last, so that nothing is charged for what is not revealed.
  if (!suite.key_exchange.reveals_with_share()) return {};
  return suite.attempt_limit.charge(ports_.store, state_.attempts);
}

// Steps 6 and 7: the serial number, encrypted, with its HMAC; or what proves the setup code.
Result<> Device::check_proof(const Request& request, Finding& finding) {
  const Suite& suite = config_.suite;
  Session& session = finding.session;
  if (!suite.key_exchange.reveals_with_share()) {
    if (auto charged = suite.attempt_limit.charge(ports_.store, state_.attempts); !charged) {
      return charged;
    }
  }
  SealContext context{Endpoint::post_auth, session.transcript.digest(), session.opened_payloads};
  const ProofSeal seal{ports_.crypto, suite.protection, session.keys.to_device, context};
  auto proven = suite.key_exchange.check_proof(seal, config_.serial, session.proof.view(),
                                               request.body, plaintext_);
  if (!proven) {
    const bool over =
        !proven.error().local() && suite.attempt_limit.exhausted(ports_.store, state_.attempts);
    if (over) return fail(Errc::exhausted, proven.error().where);
    return proven;
  }
  if (auto refunded = suite.attempt_limit.refund(ports_.store, state_.attempts); !refunded) {
    return refunded;
  }
  session.opened_payloads = context.counter;
  return session.transcript.absorb(ports_.crypto, Transcript::Item::auth, request.body);
}

// Steps 8 and 9: certificate and private key, bundled and encrypted, with the bundle's HMAC.
Result<> Device::check_bundle(const Request& request, Finding& finding) {
  Session& session = finding.session;
  const SealContext context{Endpoint::post_key, session.transcript.digest(),
                            session.opened_payloads};
  const auto plaintext = config_.suite.protection.open(ports_.crypto, session.keys.to_device,
                                                       context, request.body, plaintext_);
  if (!plaintext) return std::unexpected(plaintext.error());
  const auto bundle = parse_bundle(*plaintext);
  if (!bundle) return std::unexpected(bundle.error());
  if (auto works = ports_.certificates.check_pair(bundle->certificate, bundle->private_key);
      !works) {
    return works;
  }
  finding.bundle = *plaintext;
  if (auto done = ports_.crypto.sha256(*plaintext, finding.fingerprint); !done) return done;
  if (auto done = session.transcript.absorb(ports_.crypto, Transcript::Item::key, request.body);
      !done) {
    return done;
  }
  return config_.suite.protection.acknowledges() ? acknowledge(finding) : Result<>{};
}

// The sealed acknowledgement says what was installed, under the transcript of the whole run.
Result<> Device::acknowledge(Finding& finding) {
  const Suite& suite = config_.suite;
  const Session& session = finding.session;
  Draws draws(suite.entropy_gate, ports_, state_.gate);
  const SealContext context{Endpoint::post_key, session.transcript.digest(), 0, true};
  auto sealed = suite.protection.seal(ports_.crypto, draws, session.keys.to_client, context,
                                      finding.fingerprint, share_);
  if (!sealed) return std::unexpected(sealed.error());
  finding.body = *sealed;
  return {};
}

// --- Applying ---------------------------------------------------------------------------------

Reply Device::apply(Instant now, const DeviceRow& row, Session* session, const Finding& finding) {
  Reply reply{.status = row.status, .error = finding.error};
  const bool good = finding.judged == Judged::good;
  if (row.status >= Status::bad_request && reply.error.code == Errc::none) {
    reply.error = {Errc::unexpected, awaits(row.on)};  // the table alone said no
  }

  Claim& claim = reply.claim;
  claim.session = finding.session.cookie;
  std::ranges::copy(finding.session.transcript.digest(), claim.transcript.begin());
  if (has(row.effects, Effects::create)) {
    claim.kind = ClaimKind::issued;
    reply.set_cookie = finding.session.cookie;
  } else if (has(row.effects, Effects::set_keys)) {
    claim.kind = ClaimKind::agreed;
  } else if (has(row.effects, Effects::install)) {
    claim.kind = ClaimKind::installed;
    claim.fingerprint = finding.fingerprint;
  } else if (row.event == DeviceEvent::post_auth && row.next == DeviceState::await_key &&
             row.on != DeviceState::await_key) {
    claim.kind = ClaimKind::authenticated;
  } else if (session != nullptr && row.status >= Status::bad_request &&
             (row.next == DeviceState::no_session || row.next == DeviceState::closed)) {
    claim.kind = ClaimKind::rejected;
    claim.session = session->cookie;
  }

  if (good && row.status == Status::ok) reply.body = finding.body;

  if (has(row.effects, Effects::create)) {
    apply_effects(row, nullptr, now);  // the addressed session stays as it is
    Session created = finding.session;
    created.state = row.next;
    place(created);
    return reply;
  }
  if (session != nullptr && good) {
    session->transcript = finding.session.transcript;
    session->opened_payloads = finding.session.opened_payloads;
  }
  if (session != nullptr && has(row.effects, Effects::set_keys)) {
    session->keys = finding.session.keys;
    session->proof = finding.session.proof;
  }
  apply_effects(row, session, now);
  return reply;
}

// What a row does to the window and to the sessions, and to the one it is about, if there is one.
void Device::apply_effects(const DeviceRow& row, Session* session, Instant now) noexcept {
  if (has(row.effects, Effects::drop) && session != nullptr) *session = Session{};
  if (has(row.effects, Effects::drop_all)) state_.sessions.fill(Session{});
  if (has(row.effects, Effects::open_window)) {
    state_.window_open = true;
    state_.window_closes = now + config_.suite.session_policy.window();
    state_.attempts = {.charged = 0, .long_press = row.event == DeviceEvent::long_press};
  }
  if (has(row.effects, Effects::close_window)) state_.window_open = false;
  if (session != nullptr && session->live()) session->state = row.next;
}

// A cookie names one session: a generator that repeats itself replaces the older one.
void Device::place(const Session& created) noexcept {
  Session* free = nullptr;
  for (Session& session : state_.sessions) {
    if (session.live() && same_bytes(session.cookie, created.cookie)) session = Session{};
    if (!session.live() && free == nullptr) free = &session;
  }
  if (free != nullptr) *free = created;
}

// An event that concerns the device as a whole: every session's own row is applied, then that of
// no session. `judged` is for the rows that ask.
void Device::apply_to_all(DeviceEvent event, Instant now, Judged judged) noexcept {
  const auto apply_row = [&](DeviceState on, Session* session) {
    const DeviceRow* row = row_for(on, event, Judged::any);
    if (row == nullptr) row = row_for(on, event, judged);
    if (row != nullptr) apply_effects(*row, session, now);
  };
  const DeviceState on = state_for(std::nullopt);  // before a row opens or closes the window
  for (Session& session : state_.sessions) {
    if (session.live()) apply_row(session.state, &session);
  }
  apply_row(on, nullptr);
}

Result<std::optional<Bundle>> load_identity(Store& store, ByteSpan buffer) {
  const auto size = store.get(Record::identity, buffer);
  if (!size) return std::unexpected(size.error());
  if (!*size) return std::nullopt;
  const auto bundle = parse_bundle(buffer.first(**size));
  if (!bundle) return fail(Errc::storage, "store: identity", bundle.error().offset);
  return *bundle;
}

}  // namespace wib
