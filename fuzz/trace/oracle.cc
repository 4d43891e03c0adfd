// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/oracle.h"

#include "protocol/big_endian.h"
#include "protocol/p256.h"

namespace wib::fuzz {

using attacks::Property;

std::string_view id(Violation violation) noexcept {
  switch (violation) {
    case Violation::c6: return "P-C6";
    case Violation::differs: return "shadow";
    case Violation::mitm: return "MITM";
  }
  return attacks::id(static_cast<Property>(violation));
}

std::string_view title(Violation violation) noexcept {
  switch (violation) {
    case Violation::c6: return "an epoch was offered twice";
    case Violation::differs: return "an answer is not that of the device without the bug";
    case Violation::mitm: return "the key was stolen, and client and device are content";
  }
  return attacks::properties()[static_cast<std::size_t>(violation)].title;
}

Violations expected_of(const Suite& suite, const Conditions& conditions) {
  // From PROTOCOL's table, by what the defences are there for.
  Violations expected;
  const bool pake = suite.key_exchange.reveals_with_share();
  const bool weak = !pake;  // nothing authenticates the exchange: whoever is on the wire has it
  if (weak) {
    for (const Property property : {Property::s2, Property::a1, Property::a2, Property::a3}) {
      expected.add(property);
    }
    expected.add(Violation::mitm);
    expected.add(Property::f1);  // a message that was stolen and sent on is another session's
  }
  if (conditions.leaked) {
    for (const Property property :
         {Property::s2, Property::a1, Property::a2, Property::f1, Property::l1, Property::a3}) {
      expected.add(property);
    }
    expected.add(Violation::mitm);
  }
  const bool fresh = suite.freshness.offer_fields() != OfferFields::none;
  if (conditions.repeats && !fresh) {
    for (const Property property : {Property::a3, Property::a3_recorder, Property::f1}) {
      expected.add(property);
    }
  }
  if (!suite.attempt_limit.limits()) expected.add(Property::c5);
  if (weak && suite.group_policy.offer_fields() == take_any().offer_fields()) {
    expected.add(Property::d1);
  }
  // Where nothing is sealed, a success can be made up, and a lost key.wib is not noticed.
  if (!suite.protection.acknowledges()) expected.add(Property::a1);
  return expected;
}

namespace {

// An independent look at a share: of a value that stands for an element there is nothing to say;
// of others, those that a harness has as constants (harness_state.cc).
bool degenerate(ByteView share, const Terms& terms) {
  if (share.size() < Terms::min_size) return false;  // of a tiny group: all of it is
  std::vector<Ref> refs;
  (void)terms.read(share, 0, refs);
  if (!refs.empty()) return false;
  if (share.size() == p256_point_size) return !on_p256(share.subspan(1, 32), share.subspan(33));
  const auto zeros = [](ByteView bytes) {
    return std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
  };
  const ByteView front = share.first(share.size() - 1);
  const bool small =
      (zeros(front) && share.back() < 2) || (zeros(share.subspan(1)) && share[0] < 2);
  return small ||
         std::ranges::all_of(front.first(8), [](Byte byte) { return byte == 0xff; });  // p-1
}

}  // namespace

void Oracle::begin() noexcept {
  session_count_ = 0;
  runs_.fill({});
  closes_.reset();
  epoch_ = 0;
  any_epoch_ = false;
  guesses_ = 0;
  installs_ = 0;
  repeated_ = 0;
  honest_ = false;
  foreign_install_ = false;
  found_ = {};
  stages_ = {};
}

Oracle::Ghost* Oracle::find(const std::optional<Cookie>& cookie) noexcept {
  if (!cookie) return nullptr;
  for (std::size_t i = session_count_; i-- > 0;) {
    if (sessions_[i].cookie == *cookie) return &sessions_[i];
  }
  return nullptr;
}

void Oracle::kill_all() noexcept {
  for (std::size_t i = 0; i < session_count_; ++i) sessions_[i].dead = true;
}

void Oracle::pressed(Instant now, bool open) noexcept {
  if (!open) return;  // it takes a long press
  kill_all();
  closes_ = now + suite_.session_policy.window();
  guesses_ = 0;
}

void Oracle::restarted() noexcept {
  kill_all();
  closes_.reset();
}

void Oracle::started(std::size_t run, const Claim& claim, Ref private_key) noexcept {
  runs_[run] = Run{.started = true, .private_key = private_key};
  std::ranges::copy(claim.fingerprint, runs_[run].fingerprint.begin());
}

void Oracle::installed(const Claim& claim, const Ghost* session) {
  ++installs_;
  if (session == nullptr || !session->authenticated) found_.add(Property::c1);
  for (Run& run : runs_) {
    if (!run.started || run.fingerprint != claim.fingerprint) continue;
    if (++run.installs > 1) found_.add(Property::a3);
    // The device's conversation is the one that the client had, where anything binds it.
    if (suite_.key_schedule.binds_transcript() && suite_.key_exchange.reveals_with_share() &&
        (!run.has_sent || run.sent != claim.transcript)) {
      run.confused = true;
    }
    return;
  }
  foreign_install_ = true;
  found_.add(conditions_.leaked ? Property::l1 : Property::a2);
}

void Oracle::answered(Instant at, const Request& request, const Reply& reply, bool open_before,
                      bool open_after, const Terms& terms) {
  const bool yes = accepted(reply);
  const bool over = !closes_ || at >= *closes_;
  if (yes && (over || !open_before)) found_.add(Property::c4);
  if (over) kill_all();
  if (request.endpoint == Endpoint::get_dh) {
    if (!yes || !reply.set_cookie) return;
    if (session_count_ < sessions_.size()) {
      sessions_[session_count_++] = Ghost{.cookie = *reply.set_cookie, .opened = at};
    }
    if (const auto* offer = std::get_if<Offer>(&reply.body); offer && !offer->epoch.empty()) {
      const std::uint64_t epoch = read_u64(offer->epoch);
      if (any_epoch_ && epoch <= epoch_) found_.add(Violation::c6);
      epoch_ = epoch;
      any_epoch_ = true;
    }
    return;
  }
  Ghost* const session = find(request.cookie);
  if (session != nullptr && at >= session->opened + suite_.session_policy.lifetime()) {
    session->dead = true;
  }
  if (yes && (session == nullptr || session->dead)) found_.add(Property::c2);
  if (session == nullptr) return;

  const bool reveals = suite_.key_exchange.reveals_with_share();
  switch (request.endpoint) {
    case Endpoint::get_dh: break;
    case Endpoint::post_dh:
      if (yes) {
        session->authenticated = false;  // whoever it was, it was under other keys
        if (reveals) {
          session->revealed = true;
          ++guesses_;
        }
        const Share* share = std::get_if<Share>(&request.body);
        if (share != nullptr && degenerate(share->value, terms)) found_.add(Property::d1);
      } else if (suite_.session_policy.strict()) {
        session->dead = true;
      }
      break;
    case Endpoint::post_auth:
      if (yes) {
        if (!reveals) ++guesses_;
        if (guesses_ > 0 && (!reveals || session->revealed)) --guesses_;  // its own
        session->revealed = false;
        session->authenticated = true;
        const bool bound = suite_.key_schedule.binds_transcript() && reveals;
        const bool same = std::ranges::any_of(runs_, [&](const Run& run) {
          return run.started && run.has_proven && run.proven == reply.claim.transcript;
        });
        if (bound && !same && !conditions_.leaked) found_.add(Property::f1);
      } else {
        if (!reveals && reply.status == Status::unauthorized && !session->dead) ++guesses_;
        if (reply.status == Status::unauthorized || suite_.session_policy.strict()) {
          session->dead = true;
        }
      }
      break;
    case Endpoint::post_key:
      if (reply.claim.kind == ClaimKind::installed) installed(reply.claim, session);
      if (session->authenticated && !session->dead) {
        if (open_after) found_.add(Property::c3);
        kill_all();
        closes_.reset();
      }
      session->dead = true;  // before auth.wib, too
      break;
  }
  if (suite_.attempt_limit.limits() && guesses_ > attempts_per_press) found_.add(Property::c5);
}

void Oracle::stepped(std::size_t number, const Response&, const ClientStep& step,
                     const ClientSnapshot& client, ClientState before, const Terms&) {
  Run& run = runs_[number];
  const auto digest = client.transcript.digest();
  if (client.state == ClientState::expect_auth_result && before != client.state) {
    std::ranges::copy(digest, run.proven.begin());
    run.has_proven = true;
  }
  if (client.state == ClientState::expect_key_result && before != client.state) {
    std::ranges::copy(digest, run.sent.begin());
    run.has_sent = true;
  }
  if (step.claim.kind == ClaimKind::completed) {
    run.content = run.installs > 0;
    if (run.installs == 0) {
      found_.add(Property::a1);
    } else if (run.installs == 1 && !foreign_install_) {
      honest_ = true;
    }
  }
}

Violations Oracle::finish(const Knowledge& knowledge) {
  for (const Run& run : runs_) {
    if (run.confused && !knowledge.knows(run.private_key)) found_.add(Property::f1);
    if (!run.started || !knowledge.knows(run.private_key)) continue;
    found_.add(Property::s2);
    if (run.content) found_.add(Violation::mitm);
  }
  // A thief who installs what it stole is no replay: the bundle did not stay secret.
  if (found_.has(Property::s2)) found_.remove(to_violation(Property::a3));
  return found_;
}

unsigned Oracle::secret_installs(const Knowledge& knowledge) const noexcept {
  unsigned count = 0;
  for (const Run& run : runs_) {
    if (run.started && !knowledge.knows(run.private_key)) count += run.installs;
  }
  return count;
}

bool Oracle::replayed(const Knowledge& knowledge) const noexcept {
  return std::ranges::any_of(runs_, [&](const Run& run) {
    return run.started && run.installs > 1 && !knowledge.knows(run.private_key);
  });
}

bool Oracle::has_keys(std::uint64_t keys) const noexcept {
  return std::any_of(sessions_.begin(), sessions_.begin() + session_count_,
                     [&](const Ghost& session) { return session.keys == keys; });
}

void Oracle::keyed(const std::optional<Cookie>& cookie, std::uint64_t keys, bool secret) noexcept {
  Ghost* const session = find(cookie);
  if (session == nullptr || session->keys == keys) return;
  for (std::size_t i = 0; i < session_count_; ++i) {
    if (secret && sessions_[i].keys == keys) ++repeated_;
  }
  session->keys = keys;
}

unsigned Oracle::ghost_of(const std::optional<Cookie>& cookie) const noexcept {
  const Ghost* session = const_cast<Oracle*>(this)->find(cookie);
  if (session == nullptr) return 0;
  return 1U + (session->dead ? 1U : 0U) + (session->authenticated ? 2U : 0U) +
         (session->revealed ? 4U : 0U);
}

}  // namespace wib::fuzz
