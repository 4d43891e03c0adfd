// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/device.h"

namespace wib {

Device::~Device() { secure_wipe(plaintext_); }

void Device::press(Instant now) noexcept {
  tick(now);
  apply_to_all(DeviceEvent::press, now);
}

void Device::restart() noexcept { apply_to_all(DeviceEvent::restart, Instant{}); }

void Device::tick(Instant now) noexcept {
  if (state_.window_open && now >= state_.window_closes) {
    apply_to_all(DeviceEvent::window_expired, now);
  }
  for (Session& session : state_.sessions) {
    if (!session.live() || now < session.opened + config_.suite.session_policy.lifetime()) continue;
    const DeviceRow* row =
        find_row(config_.transitions, session.state, DeviceEvent::session_expired, Judged::any);
    if (row != nullptr) apply_effects(*row, &session, now);
  }
}

Reply Device::handle(Instant now, const Request& request) {
  tick(now);
  // Whatever was decrypted for this request is gone when it has been answered.
  const WipeGuard wipe(plaintext_);
  Session* const session = find(request.cookie);
  const DeviceState on = state_for(request.cookie);
  const DeviceEvent event = to_event(request.endpoint);

  Finding finding;
  const DeviceRow* row = find_row(config_.transitions, on, event, Judged::any);
  if (row == nullptr) {
    finding = judge(now, session, request);
    row = find_row(config_.transitions, on, event, finding.judged);
  }
  if (row != nullptr && has(row->effects, Effects::install)) {
    if (auto put = ports_.store.put(Record::identity, finding.bundle); !put) {
      finding.judged = Judged::failed;
      finding.error = put.error();
      row = find_row(config_.transitions, on, event, Judged::failed);
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
    case Endpoint::post_auth: outcome = check_serial(request, finding); break;
    case Endpoint::post_key: outcome = check_bundle(request, finding); break;
  }
  if (outcome) {
    finding.judged = Judged::good;
  } else {
    finding.error = outcome.error();
    finding.judged = outcome.error().local() ? Judged::failed : Judged::bad;
  }
  return finding;
}

// Step 3: "DH initial parameters and a new random session cookie". Draw 1: the cookie.
Result<> Device::open_session(Instant now, Finding& finding) {
  const Suite& suite = config_.suite;
  if (live_sessions() >= suite.session_policy.max_sessions()) {
    return fail(Errc::refused, "dh.wib: too many sessions");
  }
  if (auto ready = suite.entropy_gate.ready(ports_.noise); !ready) return ready;
  if (auto epoch = suite.freshness.next_epoch(ports_.store); !epoch) {
    return std::unexpected(epoch.error());
  }
  finding.session = Session{};
  if (auto drawn = ports_.random.fill(finding.session.cookie); !drawn) return drawn;
  finding.session.opened = now;
  finding.body = config_.group;
  return finding.session.transcript.absorb(ports_.crypto, Transcript::Item::offer, finding.body,
                                           finding.session.cookie);
}

// Steps 4 and 5: the client's intermediate in, the device's out. Draw 2: the exponent.
Result<> Device::agree(const Request& request, Finding& finding) {
  const Suite& suite = config_.suite;
  Session& session = finding.session;
  SharedSecret secret;
  auto share = suite.key_exchange.respond(ports_.crypto, ports_.random, suite.group_policy,
                                          config_.group, request.body, share_, secret);
  if (!share) return std::unexpected(share.error());
  finding.body = *share;
  using Item = Transcript::Item;
  Transcript& transcript = session.transcript;
  if (auto done = transcript.absorb(ports_.crypto, Item::client_share, request.body); !done) {
    return done;
  }
  if (auto done = transcript.absorb(ports_.crypto, Item::device_share, finding.body); !done) {
    return done;
  }
  return suite.key_schedule.derive(ports_.crypto, secret.view(), transcript.digest(), session.keys);
}

// Steps 6 and 7: the serial number, encrypted, with its HMAC.
Result<> Device::check_serial(const Request& request, Finding& finding) {
  const Suite& suite = config_.suite;
  Session& session = finding.session;
  if (auto charged = suite.attempt_limit.charge(ports_.store); !charged) return charged;
  const SealContext context{Endpoint::post_auth, session.transcript.digest()};
  const auto serial = suite.protection.open(ports_.crypto, session.keys.to_device, context,
                                            request.body, plaintext_);
  if (!serial) return std::unexpected(serial.error());
  if (!ports_.crypto.equal(*serial, config_.serial)) {
    return fail(Errc::bad_identity, "auth.wib: serial");
  }
  if (auto refunded = suite.attempt_limit.refund(ports_.store); !refunded) return refunded;
  return session.transcript.absorb(ports_.crypto, Transcript::Item::auth, request.body);
}

// Steps 8 and 9: certificate and private key, bundled and encrypted, with the bundle's HMAC.
Result<> Device::check_bundle(const Request& request, Finding& finding) {
  Session& session = finding.session;
  const SealContext context{Endpoint::post_key, session.transcript.digest()};
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
  return session.transcript.absorb(ports_.crypto, Transcript::Item::key, request.body);
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
  if (session != nullptr && good) session->transcript = finding.session.transcript;
  if (session != nullptr && has(row.effects, Effects::set_keys)) {
    session->keys = finding.session.keys;
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
// no session.
void Device::apply_to_all(DeviceEvent event, Instant now) noexcept {
  const DeviceState on = state_for(std::nullopt);  // before a row opens or closes the window
  for (Session& session : state_.sessions) {
    if (!session.live()) continue;
    const DeviceRow* row = find_row(config_.transitions, session.state, event, Judged::any);
    if (row != nullptr) apply_effects(*row, &session, now);
  }
  const DeviceRow* row = find_row(config_.transitions, on, event, Judged::any);
  if (row != nullptr) apply_effects(*row, nullptr, now);
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
