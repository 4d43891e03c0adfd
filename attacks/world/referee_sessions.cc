// SPDX-License-Identifier: Apache-2.0
//
// Sessions, cookies and the window, over the exchanges with the device.
#include <algorithm>

#include "attacks/world/referee_parts.h"

namespace wib::attacks::referee {
namespace {

constexpr std::size_t guesses_per_press = 10;  // the property's, whatever a suite allows

// A press begins anew, a restart forgets: what sessions there were are gone.
bool is_press(const LoggedStep& step) {
  return (step.kind_is(StepKind::press) || step.kind_is(StepKind::long_press)) && !step.failed;
}
bool ends_sessions(const LoggedStep& step) {
  return is_press(step) || (step.kind_is(StepKind::restart) && !step.failed);
}

// The sessions that have got to a point, by what the device claims of them: to agreed keys, or to
// proof of the serial number.
class Sessions {
 public:
  Sessions(const Case& run, ClaimKind point)
      : run_(run), point_(point), timed_(run.sees_inside()) {}

  // Whether that session is there when `step` begins.
  [[nodiscard]] bool live(const Cookie& cookie, const LoggedStep& step) const {
    const auto issued = issued_.find(cookie);
    if (timed_ && issued != issued_.end() && step.at >= issued->second + run_.conditions.lifetime) {
      return false;
    }
    return there_.contains(cookie);
  }

  // Goes on to after `step`.
  void follow(const LoggedStep& step) {
    if (ends_sessions(step)) there_.clear();
    for (const PartyClaim& claim : run_.claims_of(step)) {
      const Cookie& session = claim.claim.session;
      switch (claim.claim.kind) {
        case ClaimKind::issued:
          issued_[session] = step.at;
          there_.erase(session);
          break;
        case ClaimKind::rejected: there_.erase(session); break;
        case ClaimKind::installed: there_.clear(); break;
        default:
          if (claim.claim.kind == point_) there_.insert(session);
      }
    }
  }

 private:
  const Case& run_;
  ClaimKind point_;
  bool timed_;
  std::map<Cookie, Instant> issued_;
  std::set<Cookie> there_;
};

}  // namespace

PropertyResult auth_before_key(const Case& run) {
  std::set<Cookie> authenticated;
  for (const PartyClaim& claim : run.log.claims) {
    const Cookie& session = claim.claim.session;
    if (claim.claim.kind == ClaimKind::issued) authenticated.erase(session);
    if (claim.claim.kind == ClaimKind::authenticated) authenticated.insert(session);
    if (claim.claim.kind == ClaimKind::installed && !authenticated.contains(session)) {
      return broken(Property::c1, "the device installed at " + step_name(claim.step) +
                                      " without auth in that session");
    }
  }
  return holds(Property::c1);
}

// Follows every cookie over the exchanges with the device, by the rules of the property and not by
// what the device says of its sessions.
PropertyResult dead_cookies(const Case& run) {
  const bool timed = run.sees_inside();
  std::map<Cookie, std::string> dead;
  std::map<Cookie, Instant> issued;
  for (const LoggedStep& step : run.log.steps) {
    if (ends_sessions(step)) {
      for (const auto& [cookie, when] : issued) dead.try_emplace(cookie, "a press or restart");
    }
    if (!step.kind_is(StepKind::request) || !step.delivered || !step.emitted) continue;
    const WireMessage& request = run.message(*step.delivered);
    if (request.endpoint == Endpoint::get_dh) {
      if (const auto& cookie = run.message(*step.emitted).cookie; cookie) {
        dead.erase(*cookie);
        issued[*cookie] = step.at;
      }
      continue;
    }
    if (!request.cookie) continue;
    const Cookie cookie = *request.cookie;
    if (const auto when = issued.find(cookie);
        timed && when != issued.end() && step.at >= when->second + run.conditions.lifetime) {
      dead.try_emplace(cookie, "its time was over");
    }
    if (const auto found = dead.find(cookie); found != dead.end() && accepted(step.status)) {
      return broken(Property::c2, step_name(step.number) + ": a dead cookie was accepted (" +
                                      found->second + ")");
    }
    if (request.endpoint == Endpoint::post_auth && step.status == Status::unauthorized) {
      dead.try_emplace(cookie, "401 on auth.wib at " + step_name(step.number));
    }
    if (request.endpoint == Endpoint::post_key) {
      dead.try_emplace(cookie, "key.wib at " + step_name(step.number));
    }
  }
  return holds(Property::c2);
}

// key.wib of a session that is authenticated and still there closes the window, whatever the
// answer. Of a device that is seen from outside alone it is known that its session was still there
// if it says 204 or 400.
PropertyResult window_closes(const Case& run) {
  const bool inside = run.sees_inside();
  Sessions authenticated(run, ClaimKind::authenticated);
  std::size_t closed_by = 0;  // the step that should have; steps count from 1
  for (const LoggedStep& step : run.log.steps) {
    if (is_press(step)) closed_by = 0;
    if (closed_by != 0 && step.emitted && step.kind_is(StepKind::request) &&
        step.status != Status::forbidden) {
      return broken(Property::c3, "key.wib at " + step_name(closed_by) +
                                      " did not close the window: " + step_name(step.number) +
                                      " was answered");
    }
    const WireMessage* request = run.answered(step, Endpoint::post_key);
    const bool judged = accepted(step.status) || step.status == Status::bad_request;
    if (request != nullptr && request->cookie && (inside || judged) &&
        authenticated.live(*request->cookie, step)) {
      closed_by = step.number;
    }
    authenticated.follow(step);
  }
  return holds(Property::c3);
}

PropertyResult closed_is_closed(const Case& run) {
  const bool timed = run.sees_inside();
  bool open = false;
  Instant closes{};
  for (const LoggedStep& step : run.log.steps) {
    if (is_press(step)) {
      open = true;
      closes = step.at + run.conditions.window;
    }
    if (step.kind_is(StepKind::restart) && !step.failed) open = false;
    if (timed && step.at >= closes) open = false;
    if (step.kind_is(StepKind::request) && !open && accepted(step.status)) {
      return broken(Property::c4,
                    step_name(step.number) + " was accepted while the window was closed");
    }
  }
  return holds(Property::c4);
}

// A guess is an answer that tells whether it was right: 204 or 401 to the proof of a session that
// is there and has keys, or, where the device's share brings its confirmation, that answer. A dead
// cookie's 401 tells nothing. The owner's own guess, which was right, does not count: of a proof
// that was accepted, the guess is given back.
PropertyResult guesses_are_few(const Case& run) {
  if (!run.sees_inside()) {
    return not_applicable(Property::c5, "cannot be judged: the device's sessions are not seen");
  }
  const bool with_share = run.world.suite().key_exchange.reveals_with_share();
  Sessions agreed(run, ClaimKind::agreed);
  std::size_t guesses = 0;
  for (const LoggedStep& step : run.log.steps) {
    if (is_press(step)) guesses = 0;
    const WireMessage* proof = run.answered(step, Endpoint::post_auth);
    const bool right = step.status == Status::no_content;
    const bool in_session = proof != nullptr && proof->cookie && agreed.live(*proof->cookie, step);
    bool guess = in_session && (right || step.status == Status::unauthorized);
    if (with_share) {
      guess = run.answered(step, Endpoint::post_dh) != nullptr && step.status == Status::ok;
      if (in_session && right && guesses > 0) --guesses;
    }
    if (guess && ++guesses > guesses_per_press) {
      return broken(Property::c5, step_name(step.number) + " was guess number " +
                                      std::to_string(guesses) + " of one press");
    }
    if (!with_share && in_session && right && guesses > 0) --guesses;
    agreed.follow(step);
  }
  return holds(Property::c5);
}

// A flood is a GET that is turned away while all places may be taken. When the time of the last
// session is over, an honest client's GET must not be.
PropertyResult flood_passes(const Case& run) {
  if (!run.sees_inside()) {
    return not_applicable(Property::w1, "cannot be judged: the device's sessions are not seen");
  }
  if (run.conditions.device_entropy.kind == EntropyKind::failing) {
    return not_applicable(Property::w1, "cannot be judged: the device's generator fails");
  }
  const std::size_t places = run.world.suite().session_policy.max_sessions();
  bool open = false;
  bool flooded = false;
  bool tried = false;
  Instant closes{};
  Instant passes{};             // when the last session's time is over
  std::vector<Instant> issued;  // since the press
  for (const LoggedStep& step : run.log.steps) {
    if (is_press(step)) {
      open = true;
      closes = step.at + run.conditions.window;
      passes = step.at;
      issued.clear();
    }
    if (step.kind_is(StepKind::restart) && !step.failed) open = false;
    if (!open || step.at >= closes) continue;
    const WireMessage* get = run.answered(step, Endpoint::get_dh);
    if (get == nullptr) continue;
    const bool honest = get->from != "attacker";
    if (flooded && honest && step.at >= passes) {
      tried = true;
      if (step.status == Status::service_unavailable) {
        return broken(Property::w1, step_name(step.number) + ": " + get->from +
                                        " is turned away when the flood is over");
      }
    }
    if (step.status == Status::ok) {
      issued.push_back(step.at);
      passes = step.at + run.conditions.lifetime;
    } else if (step.status == Status::service_unavailable) {
      const auto taken = std::ranges::count_if(
          issued, [&](Instant at) { return step.at < at + run.conditions.lifetime; });
      flooded |= static_cast<std::size_t>(taken) >= places;
    }
  }
  if (!tried)
    return not_applicable(Property::w1, flooded ? "no honest client came afterwards" : "");
  return holds(Property::w1);
}

}  // namespace wib::attacks::referee
