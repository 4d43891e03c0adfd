// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/referee.h"

#include <algorithm>

#include "attacks/world/referee_parts.h"

namespace wib::attacks {
namespace referee {

Case make_case(World& world, const Conditions& conditions) {
  const Log& log = world.log();
  Case made{world, log, conditions, conduct_of(log), {}};
  for (const LoggedStep& step : log.steps) {
    if (step.delivered && !step.step.delivery.forward) made.made[*step.delivered] = &step;
  }
  return made;
}

std::vector<const PartyClaim*> Case::claims(ClaimKind kind) const {
  std::vector<const PartyClaim*> found;
  for (const PartyClaim& claim : log.claims) {
    if (claim.claim.kind == kind) found.push_back(&claim);
  }
  return found;
}

std::span<const PartyClaim> Case::claims_of(const LoggedStep& step) const {
  const auto found = std::ranges::equal_range(log.claims, step.number, {}, &PartyClaim::step);
  return {found.begin(), found.end()};
}

const WireMessage* Case::answered(const LoggedStep& step, Endpoint endpoint) const {
  if (!step.kind_is(StepKind::request) || !step.delivered || !step.emitted) return nullptr;
  const WireMessage& request = message(*step.delivered);
  return request.endpoint == endpoint ? &request : nullptr;
}

bool Case::sees_inside() const {
  return std::ranges::none_of(log.steps, [&](const LoggedStep& step) {
    return answered(step, Endpoint::get_dh) != nullptr && step.status == Status::ok &&
           claims_of(step).empty();
  });
}

Case::Payload Case::payload_of(std::size_t number) const {
  while (true) {
    const auto maker = made.find(number);
    if (maker == made.end()) return {message(number).from, nullptr};
    const auto& fields = maker->second->step.delivery.fields;
    const auto found = fields.find("ciphertext");
    if (found == fields.end()) return {};
    const Term& term = *found->second;
    if (term.op == Op::seal_ciphertext) return {{}, term.arguments[4]};
    if (term.op != Op::wire || term.name != "ciphertext" || term.number >= number) return {};
    number = term.number;
  }
}

}  // namespace referee

std::string_view name(Conduct conduct) noexcept {
  switch (conduct) {
    case Conduct::passive: return "passive";
    case Conduct::recorder: return "recorder";
    case Conduct::active: return "active";
  }
  return "?";
}

Conduct conduct_of(const Log& log) {
  // Of each client: the message that its conversation waits to see delivered.
  std::map<std::string, std::size_t> expected;
  bool in_order = true;
  for (const LoggedStep& step : log.steps) {
    if (step.kind_is(StepKind::start) && step.emitted) expected[step.step.client] = *step.emitted;
    if (!step.delivered) continue;
    const WireMessage& message = log.messages[*step.delivered];
    if (message.from == "attacker") return Conduct::active;
    const std::string& client = step.kind_is(StepKind::request) ? message.from : step.step.client;
    const auto next = expected.find(client);
    if (next == expected.end() || next->second != *step.delivered) {
      in_order = false;
      continue;
    }
    expected.erase(next);
    if (step.emitted) expected[client] = *step.emitted;
  }
  return in_order ? Conduct::passive : Conduct::recorder;
}

Judgement judge(World& world, const Conditions& conditions, Certificates& certificates) {
  using namespace referee;  // NOLINT: the questions
  const Case run = make_case(world, conditions);
  Judgement judgement;
  judgement.conduct = run.conduct;
  judge_knowledge(run, certificates, judgement);
  const Agreement agreement(run);
  judgement.properties = {
      agreement.reachability(),
      secrecy(run, judgement.stolen, Property::s1),
      secrecy(run, judgement.stolen, Property::s2),
      secrecy(run, judgement.stolen, Property::s3_detectable),
      secrecy(run, judgement.stolen, Property::s3_prng),
      agreement.completion_agrees(),
      agreement.installs_asked_for(Property::a2),
      agreement.installs_single(Property::a3),
      agreement.installs_single(Property::a3_recorder),
      agreement.installs_asked_for(Property::l1),
      auth_before_key(run),
      dead_cookies(run),
      window_closes(run),
      closed_is_closed(run),
      guesses_are_few(run),
      shares_are_good(run),
      no_confusion(run),
      flood_passes(run),
  };
  return judgement;
}

}  // namespace wib::attacks
