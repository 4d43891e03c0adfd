// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/referee.h"

#include <algorithm>

#include "protocol/groups.h"

namespace wib::attacks {
namespace {

constexpr std::size_t max_constant = 8;
constexpr std::size_t guesses_per_press = 10;  // PROTOCOL: attempt_limit

std::string message_name(std::size_t number) { return "message " + std::to_string(number); }
std::string step_name(std::size_t number) { return "step " + std::to_string(number); }

PropertyResult holds(Property property, std::string witness = {}) {
  return {property, Finding::holds, std::move(witness)};
}
PropertyResult broken(Property property, std::string witness) {
  return {property, Finding::broken, std::move(witness)};
}
PropertyResult not_applicable(Property property, std::string witness = {}) {
  return {property, Finding::not_applicable, std::move(witness)};
}

// A guess is short; what is longer was copied from somewhere.
bool is_derivation(const TermRef& term) {
  if (term->op == Op::hex) return term->bytes.size() <= max_constant;
  return std::ranges::all_of(term->arguments, is_derivation);
}

bool accepted(Status status) { return status == Status::ok || status == Status::no_content; }

class Referee {
 public:
  Referee(World& world, const Conditions& conditions, Certificates& certificates)
      : world_(world), log_(world.log()), conditions_(conditions), certificates_(certificates) {}

  Judgement judge() {
    judgement_.conduct = conduct_of(log_);
    check_facts();
    find_stolen_keys();
    add(reachability());
    for (const Property property :
         {Property::s1, Property::s2, Property::s3_detectable, Property::s3_prng}) {
      add(secrecy(property));
    }
    add(completion_agrees());
    add(installs_were_asked_for(Property::a2));
    add(installs_are_single(Property::a3));
    add(installs_are_single(Property::a3_recorder));
    add(installs_were_asked_for(Property::l1));
    add(auth_before_key());
    add(dead_cookies());
    add(window_closes());
    add(closed_is_closed());
    add(guesses_are_few());
    add(shares_are_good());
    add(no_confusion());
    return std::move(judgement_);
  }

 private:
  void add(PropertyResult result) { judgement_.properties.push_back(std::move(result)); }

  [[nodiscard]] const WireMessage& message(std::size_t number) const {
    return log_.messages[number];
  }

  std::vector<const PartyClaim*> claims(ClaimKind kind) const {
    std::vector<const PartyClaim*> found;
    for (const PartyClaim& claim : log_.claims) {
      if (claim.claim.kind == kind) found.push_back(&claim);
    }
    return found;
  }

  static bool same_bundle(const PartyClaim& a, const PartyClaim& b) {
    return a.claim.fingerprint == b.claim.fingerprint;
  }

  // --- Knowledge ------------------------------------------------------------------------------

  void check_facts() {
    for (const Fact& fact : log_.facts) {
      if (!is_derivation(fact.term)) {
        judgement_.irregularities.push_back(fact.label + ": derived from a constant");
        continue;
      }
      Evaluator again = world_.evaluator();
      const auto value = again(fact.term);
      if (!value || *value != fact.value) {
        judgement_.irregularities.push_back(fact.label + ": its term does not give its value");
      }
    }
  }

  // A fact is a stolen key if it, or the key of the bundle that it is, signs a challenge that
  // verifies under the certificate that an honest client wants installed.
  void find_stolen_keys() {
    for (const PartyClaim* started : claims(ClaimKind::started)) {
      if (started->certificate.empty()) continue;
      for (std::size_t i = 0; i < log_.facts.size(); ++i) {
        const Fact& fact = log_.facts[i];
        const auto as_bundle = parse_bundle(fact.value);
        const ByteView key = as_bundle ? as_bundle->private_key : ByteView(fact.value);
        if (signs_for(key, started->certificate)) {
          judgement_.stolen.push_back({started->party, i, to_text(fact.term)});
          break;
        }
      }
    }
  }

  bool signs_for(ByteView key, ByteView certificate) {
    if (key.size() > max_private_key_size) return false;
    static constexpr std::string_view challenge = "wib referee: show that you hold this key";
    std::array<Byte, max_signature_size> signature;
    const auto size = certificates_.sign(key, as_bytes(challenge), signature);
    if (!size) return false;
    const auto verified =
        certificates_.verify(certificate, as_bytes(challenge), ByteView(signature).first(*size));
    return verified && *verified;
  }

  // --- Sanity and secrecy ---------------------------------------------------------------------

  PropertyResult reachability() const {
    for (const PartyClaim* completed : claims(ClaimKind::completed)) {
      for (const PartyClaim* installed : claims(ClaimKind::installed)) {
        if (same_bundle(*completed, *installed)) {
          return holds(Property::r0,
                       completed->party + " completed at " + step_name(completed->step) +
                           ", the device installed its bundle at " + step_name(installed->step));
        }
      }
    }
    return not_applicable(Property::r0, "no client completed with its bundle installed");
  }

  Property secrecy_condition() const {
    if (judgement_.conduct != Conduct::passive) return Property::s2;
    if (!conditions_.device_entropy.weak()) return Property::s1;
    return conditions_.device_entropy.detectable() ? Property::s3_detectable : Property::s3_prng;
  }

  PropertyResult secrecy(Property property) const {
    if (secrecy_condition() != property) return not_applicable(property);
    if (judgement_.stolen.empty()) return holds(property);
    const StolenKey& stolen = judgement_.stolen.front();
    return broken(property, "the attacker signs under " + stolen.owner + "'s certificate with " +
                                stolen.derivation);
  }

  // --- Agreement ------------------------------------------------------------------------------

  PropertyResult completion_agrees() const {
    for (const PartyClaim* completed : claims(ClaimKind::completed)) {
      const auto installed = claims(ClaimKind::installed);
      const bool agreed = std::ranges::any_of(installed, [&](const PartyClaim* install) {
        return install->step <= completed->step && same_bundle(*install, *completed);
      });
      if (!agreed) {
        return broken(Property::a1, completed->party + " completed at " +
                                        step_name(completed->step) +
                                        ", but the device did not install its bundle");
      }
    }
    return holds(Property::a1);
  }

  bool leaked() const { return world_.initial_knowledge().contains("serial"); }

  // A2 and L1 are one question under two conditions: did the long-term secret leak?
  PropertyResult installs_were_asked_for(Property property) const {
    if (leaked() != (property == Property::l1)) return not_applicable(property);
    for (const PartyClaim* installed : claims(ClaimKind::installed)) {
      const auto started = claims(ClaimKind::started);
      const bool asked = std::ranges::any_of(started, [&](const PartyClaim* start) {
        return start->step <= installed->step && same_bundle(*start, *installed);
      });
      if (!asked) {
        return broken(property, "the device installed at " + step_name(installed->step) +
                                    " what no honest client asked for");
      }
    }
    return holds(property);
  }

  bool recorder_condition() const {
    return judgement_.conduct != Conduct::active &&
           conditions_.device_entropy.kind == EntropyKind::repeat;
  }

  PropertyResult installs_are_single(Property property) const {
    if (recorder_condition() != (property == Property::a3_recorder)) {
      return not_applicable(property);
    }
    for (const PartyClaim* installed : claims(ClaimKind::installed)) {
      const auto same = [&](const PartyClaim* other) { return same_bundle(*other, *installed); };
      const auto all_started = claims(ClaimKind::started);
      const auto all_installed = claims(ClaimKind::installed);
      const auto runs = std::ranges::count_if(all_started, same);
      const auto installs = std::ranges::count_if(all_installed, same);
      if (runs > 0 && installs > runs) {
        return broken(property, std::to_string(installs) + " installs of a bundle for " +
                                    std::to_string(runs) + " run(s) of its client");
      }
    }
    return holds(property);
  }

  // --- Sessions and window --------------------------------------------------------------------

  PropertyResult auth_before_key() const {
    for (const PartyClaim* installed : claims(ClaimKind::installed)) {
      bool authenticated = false;
      for (const PartyClaim& claim : log_.claims) {
        if (claim.step > installed->step) break;
        if (claim.claim.session != installed->claim.session) continue;
        if (claim.claim.kind == ClaimKind::issued) authenticated = false;
        if (claim.claim.kind == ClaimKind::authenticated) authenticated = true;
      }
      if (!authenticated) {
        return broken(Property::c1, "the device installed at " + step_name(installed->step) +
                                        " without auth in that session");
      }
    }
    return holds(Property::c1);
  }

  // Follows every cookie over the exchanges with the device, by the rules of the property and not
  // by what the device says of its sessions.
  PropertyResult dead_cookies() const {
    std::map<Cookie, std::string> dead;
    std::map<Cookie, Instant> issued;
    for (const LoggedStep& step : log_.steps) {
      if (step.kind_is(StepKind::restart) || step.kind_is(StepKind::press)) {
        for (const auto& [cookie, when] : issued) dead[cookie] = "a press or restart";
        continue;
      }
      if (!step.kind_is(StepKind::request) || !step.delivered || step.connection_refused) continue;
      const WireMessage& request = message(*step.delivered);
      if (request.endpoint == Endpoint::get_dh) {
        if (step.emitted && message(*step.emitted).cookie) {
          const Cookie cookie = *message(*step.emitted).cookie;
          dead.erase(cookie);
          issued[cookie] = step.at;
        }
        continue;
      }
      if (!request.cookie) continue;
      const Cookie cookie = *request.cookie;
      if (const auto when = issued.find(cookie);
          when != issued.end() && step.at >= when->second + conditions_.lifetime) {
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

  // The sessions that the device says were proven, by cookie.
  bool authenticated_at(const Cookie& cookie, std::size_t step) const {
    bool authenticated = false;
    for (const PartyClaim& claim : log_.claims) {
      if (claim.step >= step || claim.claim.session != cookie) continue;
      if (claim.claim.kind == ClaimKind::authenticated) authenticated = true;
      if (claim.claim.kind == ClaimKind::issued || claim.claim.kind == ClaimKind::rejected) {
        authenticated = false;
      }
    }
    return authenticated;
  }

  PropertyResult window_closes() const {
    std::size_t closed_by = 0;  // the step that should have; steps count from 1
    for (const LoggedStep& step : log_.steps) {
      if (step.kind_is(StepKind::press)) closed_by = 0;
      if (!step.kind_is(StepKind::request) || !step.delivered) continue;
      if (closed_by != 0 && !step.connection_refused && step.status != Status::forbidden) {
        return broken(Property::c3, "key.wib at " + step_name(closed_by) +
                                        " did not close the window: " + step_name(step.number) +
                                        " was answered");
      }
      const WireMessage& request = message(*step.delivered);
      if (request.endpoint == Endpoint::post_key && request.cookie && !step.connection_refused &&
          authenticated_at(*request.cookie, step.number)) {
        closed_by = step.number;
      }
    }
    return holds(Property::c3);
  }

  PropertyResult closed_is_closed() const {
    bool open = false;
    Instant closes{};
    for (const LoggedStep& step : log_.steps) {
      if (step.kind_is(StepKind::press)) {
        open = true;
        closes = step.at + conditions_.window;
      }
      if (step.kind_is(StepKind::restart)) open = false;
      if (!step.kind_is(StepKind::request)) continue;
      // A device's clock and ours may differ by the few milliseconds of a step.
      if (step.at > closes + std::chrono::seconds(1)) open = false;
      if (!open && accepted(step.status)) {
        return broken(Property::c4,
                      step_name(step.number) + " was accepted while the window was closed");
      }
    }
    return holds(Property::c4);
  }

  PropertyResult guesses_are_few() const {
    std::size_t guesses = 0;
    for (const LoggedStep& step : log_.steps) {
      if (step.kind_is(StepKind::press)) guesses = 0;
      if (!step.kind_is(StepKind::request) || !step.delivered) continue;
      const WireMessage& request = message(*step.delivered);
      // An answered guess: the serial was compared, which takes agreed keys.
      if (request.endpoint != Endpoint::post_auth || !request.cookie || !step.emitted) continue;
      const bool agreed = std::ranges::any_of(log_.claims, [&](const PartyClaim& claim) {
        return claim.step < step.number && claim.claim.kind == ClaimKind::agreed &&
               claim.claim.session == *request.cookie;
      });
      const bool answered =
          step.status == Status::unauthorized || step.status == Status::no_content;
      if (agreed && answered) ++guesses;
      if (guesses > guesses_per_press) {
        return broken(Property::c5, step_name(step.number) + " was guess number " +
                                        std::to_string(guesses) + " of one press");
      }
    }
    return holds(Property::c5);
  }

  // --- Shares and confusion -------------------------------------------------------------------

  static bool degenerate(ByteView share) {
    const ByteView p = ffdhe2048().p;
    ByteVector value(share.begin(), share.end());
    while (!value.empty() && value.front() == 0) value.erase(value.begin());
    if (value.empty() || (value.size() == 1 && value[0] == 1)) return true;
    if (value.size() != p.size()) return value.size() > p.size();
    ByteVector p_minus_1(p.begin(), p.end());
    p_minus_1.back() = static_cast<Byte>(p_minus_1.back() - 1);  // p is odd
    return value >= p_minus_1;
  }

  PropertyResult shares_are_good() const {
    for (const LoggedStep& step : log_.steps) {
      if (!step.delivered) continue;
      const WireMessage& in = message(*step.delivered);
      const auto share = in.fields.find("share");
      const bool taken =
          step.kind_is(StepKind::request) ? step.status == Status::ok : step.emitted.has_value();
      if (share != in.fields.end() && taken && degenerate(share->second)) {
        return broken(Property::d1, step_name(step.number) + ": a degenerate share was accepted");
      }
      const auto p = in.fields.find("p");
      if (step.kind_is(StepKind::response) && p != in.fields.end() && taken &&
          !same_bytes(p->second, ffdhe2048().p)) {
        return broken(Property::d1, step_name(step.number) + ": a foreign group was accepted");
      }
    }
    return holds(Property::d1);
  }

  // A sealed payload that an honest client made for one request must not be taken in another: of
  // another type, or of another session (two sessions with one cookie are two).
  PropertyResult no_confusion() const {
    std::map<ByteVector, std::size_t> taken;  // by ciphertext, tag: how often
    for (const LoggedStep& step : log_.steps) {
      if (!step.kind_is(StepKind::request) || !step.delivered || !accepted(step.status)) continue;
      const WireMessage& in = message(*step.delivered);
      const auto ciphertext = in.fields.find("ciphertext");
      if (ciphertext == in.fields.end()) continue;
      for (const WireMessage& honest : log_.messages) {
        const auto original = honest.fields.find("ciphertext");
        if (!honest.request || honest.from == "attacker" || original == honest.fields.end() ||
            original->second != ciphertext->second ||
            honest.fields.at("iv") != in.fields.at("iv")) {
          continue;
        }
        if (honest.endpoint != in.endpoint || honest.cookie != in.cookie ||
            ++taken[ciphertext->second] > 1) {
          return broken(Property::f1, step_name(step.number) + ": the payload of " +
                                          message_name(honest.number) +
                                          " was taken in another place");
        }
      }
    }
    return holds(Property::f1);
  }

  World& world_;
  const Log& log_;
  const Conditions& conditions_;
  Certificates& certificates_;
  Judgement judgement_;
};

}  // namespace

std::string_view name(Conduct conduct) noexcept {
  switch (conduct) {
    case Conduct::passive: return "passive";
    case Conduct::recorder: return "recorder";
    case Conduct::active: return "active";
  }
  return "?";
}

Conduct conduct_of(const Log& log) {
  bool in_order = true;
  std::set<std::size_t> delivered;
  for (const LoggedStep& step : log.steps) {
    if (!step.delivered) continue;
    const WireMessage& message = log.messages[*step.delivered];
    if (message.from == "attacker") return Conduct::active;
    const bool first = delivered.insert(*step.delivered).second;
    // As it was meant: the newest message of its kind, delivered for the first time.
    const bool newest = std::ranges::none_of(log.steps, [&](const LoggedStep& other) {
      return other.number < step.number && other.emitted && *other.emitted > *step.delivered;
    });
    if (!first || !newest) in_order = false;
  }
  return in_order ? Conduct::passive : Conduct::recorder;
}

Judgement judge(World& world, const Conditions& conditions, Certificates& certificates) {
  return Referee(world, conditions, certificates).judge();
}

}  // namespace wib::attacks
