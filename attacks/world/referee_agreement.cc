// SPDX-License-Identifier: Apache-2.0
//
// Who completed, who installed, and whether the two belong together.
#include <algorithm>

#include "attacks/world/referee_parts.h"

namespace wib::attacks::referee {
namespace {

bool known(const std::array<Byte, sha256_size>& digest) {
  return std::ranges::any_of(digest, [](Byte byte) { return byte != 0; });
}

bool same_conversation(const Claim& a, const Claim& b) {
  return known(a.transcript) && a.transcript == b.transcript && a.session == b.session;
}

}  // namespace

Agreement::Agreement(const Case& run)
    : run_(run),
      started_(run.claims(ClaimKind::started)),
      completed_(run.claims(ClaimKind::completed)),
      installed_(run.claims(ClaimKind::installed)) {
  bool by_fingerprint = true;
  for (const Claims* claims : {&started_, &completed_, &installed_}) {
    by_fingerprint &= std::ranges::all_of(
        *claims, [](const PartyClaim* claim) { return known(claim->claim.fingerprint); });
  }
  for (const Claims* claims : {&started_, &completed_, &installed_}) {
    for (const PartyClaim* claim : *claims) {
      ByteVector& bundle = bundles_[claim];
      if (by_fingerprint) {
        bundle.assign(claim->claim.fingerprint.begin(), claim->claim.fingerprint.end());
      } else {
        bundle = certificate_of(*claim);
      }
      if (bundle.empty() && unknown_.empty()) {
        unknown_ = "cannot be judged: which bundle " + claim->party + " means at " +
                   step_name(claim->step) + " (" + std::string(name(claim->claim.kind)) +
                   ") is not known";
      }
    }
  }
}

// A device that does not say what it installed has installed what it was sent, and who sealed that
// is known.
ByteVector Agreement::certificate_of(const PartyClaim& claim) const {
  if (!claim.certificate.empty() || claim.claim.kind != ClaimKind::installed) {
    return claim.certificate;
  }
  const LoggedStep& step = run_.log.steps[claim.step - 1];
  if (!step.delivered) return {};
  const Case::Payload payload = run_.payload_of(*step.delivered);
  if (payload.plaintext == nullptr) {
    const PartyClaim* started = start_of(payload.from, claim.step);
    return started == nullptr ? ByteVector{} : started->certificate;
  }
  const auto plaintext = run_.world.evaluator()(payload.plaintext);
  if (!plaintext) return {};
  const auto bundle = parse_bundle(*plaintext);
  if (!bundle) return {};
  return {bundle->certificate.begin(), bundle->certificate.end()};
}

// The beginning of the run that `party` was in at `step`.
const PartyClaim* Agreement::start_of(const std::string& party, std::size_t step) const {
  const PartyClaim* last = nullptr;
  for (const PartyClaim* started : started_) {
    if (started->party == party && started->step <= step) last = started;
  }
  return last;
}

// "Client completed => this device installed its bundle", one install for each completion: within
// the client's own run, the one of its own conversation if there is one, else the first that is
// left. Completions come in the order in which they end, so that none takes the only one of
// another.
std::vector<std::pair<const PartyClaim*, const PartyClaim*>> Agreement::agreements() const {
  std::vector<std::pair<const PartyClaim*, const PartyClaim*>> pairs;
  std::set<const PartyClaim*> used;
  for (const PartyClaim* completed : completed_) pairs.emplace_back(completed, nullptr);
  for (const bool same_only : {true, false}) {
    for (auto& [completed, match] : pairs) {
      if (match != nullptr) continue;
      const PartyClaim* started = start_of(completed->party, completed->step);
      for (const PartyClaim* installed : installed_) {
        if (installed->step > completed->step) break;
        if (started == nullptr || installed->step < started->step || used.contains(installed) ||
            !same_bundle(*installed, *completed) ||
            (same_only && !same_conversation(installed->claim, completed->claim))) {
          continue;
        }
        match = installed;
        used.insert(installed);
        break;
      }
    }
  }
  return pairs;
}

PropertyResult Agreement::reachability() const {
  if (!unknown_.empty()) return not_applicable(Property::r0, unknown_);
  for (const auto& [completed, installed] : agreements()) {
    if (installed == nullptr) continue;
    return holds(Property::r0, completed->party + " completed at " + step_name(completed->step) +
                                   ", the device installed its bundle at " +
                                   step_name(installed->step));
  }
  return not_applicable(Property::r0, "no client completed with its bundle installed");
}

PropertyResult Agreement::completion_agrees() const {
  if (!unknown_.empty()) return not_applicable(Property::a1, unknown_);
  for (const auto& [completed, installed] : agreements()) {
    if (installed != nullptr) continue;
    return broken(Property::a1, completed->party + " completed at " + step_name(completed->step) +
                                    ", but the device did not install its bundle in that run");
  }
  return holds(Property::a1);
}

// Whether the attacker knew before what the device authenticates a client by. Of a device that does
// not say its serial number, it is what it took for one.
bool Agreement::authenticator_leaked() const {
  const auto knew = [&](ByteView serial) {
    return !serial.empty() &&
           std::ranges::any_of(run_.world.initial_knowledge(), [&](const auto& initial) {
             return !std::ranges::search(initial.second, serial).empty();
           });
  };
  if (!run_.conditions.authenticator.empty()) return knew(as_bytes(run_.conditions.authenticator));
  return std::ranges::any_of(run_.log.steps, [&](const LoggedStep& step) {
    if (run_.answered(step, Endpoint::post_auth) == nullptr || !accepted(step.status)) return false;
    const Case::Payload payload = run_.payload_of(*step.delivered);
    if (payload.plaintext == nullptr) return false;
    const auto serial = run_.world.evaluator()(payload.plaintext);
    return serial && knew(*serial);
  });
}

// A2 and L1 are one question under two conditions: did the long-term secret leak?
PropertyResult Agreement::installs_asked_for(Property property) const {
  if (authenticator_leaked() != (property == Property::l1)) return not_applicable(property);
  if (!unknown_.empty()) return not_applicable(property, unknown_);
  for (const PartyClaim* installed : installed_) {
    const bool asked = std::ranges::any_of(started_, [&](const PartyClaim* start) {
      return start->step <= installed->step && same_bundle(*start, *installed);
    });
    if (asked) continue;
    return broken(property, "the device installed at " + step_name(installed->step) +
                                " what no honest client asked for");
  }
  return holds(property);
}

std::vector<Agreement::Sent> Agreement::keys_sent() const {
  std::vector<Sent> sent;
  for (const LoggedStep& step : run_.log.steps) {
    if (!step.kind_is(StepKind::response) || !step.emitted) continue;
    const WireMessage& message = run_.message(*step.emitted);
    if (message.endpoint != Endpoint::post_key) continue;
    const PartyClaim* started = start_of(message.from, step.number);
    if (started == nullptr) continue;
    Sent run{started, nullptr, step.number};
    for (const PartyClaim& claim : run_.claims_of(step)) {
      if (claim.claim.kind == ClaimKind::accepted) run.accepted = &claim;
    }
    sent.push_back(run);
  }
  return sent;
}

// Each install is paired with one run of a client that had sent its bundle by then: with that of
// the same conversation, else with the first that is left.
PropertyResult Agreement::installs_single(Property property) const {
  const bool recorder =
      run_.conduct != Conduct::active && run_.conditions.device_entropy.kind == EntropyKind::repeat;
  if (recorder != (property == Property::a3_recorder)) return not_applicable(property);
  if (!unknown_.empty()) return not_applicable(property, unknown_);
  std::vector<Sent> left = keys_sent();
  std::vector<const PartyClaim*> single = installed_;
  for (const bool same_only : {true, false}) {
    std::erase_if(single, [&](const PartyClaim* installed) {
      const auto run = std::ranges::find_if(left, [&](const Sent& sent) {
        return sent.step < installed->step && same_bundle(*sent.started, *installed) &&
               (!same_only || (sent.accepted != nullptr &&
                               same_conversation(sent.accepted->claim, installed->claim)));
      });
      if (run == left.end()) return false;
      left.erase(run);
      return true;
    });
  }
  for (const PartyClaim* installed : single) {
    // What nobody ever asked for is not a second install of anything (A2).
    const bool asked = std::ranges::any_of(
        started_, [&](const PartyClaim* start) { return same_bundle(*start, *installed); });
    if (!asked) continue;
    const auto same = [&](const PartyClaim* other) { return same_bundle(*other, *installed); };
    const auto runs = keys_sent();
    return broken(
        property,
        std::to_string(std::ranges::count_if(installed_, same)) + " installs of a bundle for " +
            std::to_string(
                std::ranges::count_if(runs, [&](const Sent& sent) { return same(sent.started); })) +
            " run(s) of its client that sent it: " + step_name(installed->step) + " has none");
  }
  return holds(property);
}

}  // namespace wib::attacks::referee
