// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/proof.h"

#include "backends/ideal/ideal.h"
#include "backends/registry.h"
#include "fuzz/trace/teller.h"

namespace wib::fuzz {
namespace {

using attacks::Property;

// What the referee is to find broken.
std::vector<Property> aims_of(Violation violation) {
  if (violation == Violation::mitm) return {Property::s2};
  if (violation == Violation::c6 || violation == Violation::differs) return {};
  return {static_cast<Property>(violation)};
}

std::string_view what(Action action) {
  static constexpr std::array<std::string_view, action_count> names = {"the button is pressed",
                                                                       "the button is held",
                                                                       "the device loses power",
                                                                       "time passes",
                                                                       "an honest client begins",
                                                                       "GET dh.wib",
                                                                       "POST dh.wib",
                                                                       "POST auth.wib",
                                                                       "POST key.wib",
                                                                       "an offer",
                                                                       "an answer to dh.wib",
                                                                       "an answer to auth.wib",
                                                                       "an answer to key.wib",
                                                                       "forward",
                                                                       "drop"};
  return names[static_cast<std::size_t>(action)];
}

std::string text_of(std::string_view field, const Source& source) {
  std::string text = std::string(field) + " = ";
  if (source.powers > 0) text += "a power of ";
  switch (source.from) {
    case Source::From::wire: return text + "message " + std::to_string(source.message) + "'s";
    case Source::From::own: return text + "the attacker's own";
    case Source::From::constant: return text + "a constant";
    case Source::From::wish: return text + "what the receiver wants";
    case Source::From::random: return text + "random";
    case Source::From::none: return text + "none";
  }
  return text;
}

struct Variant {
  std::string group;
  Suite suite;
  NamedGroup explicit_group = NamedGroup::ffdhe2048;
};

// The suite in each group that it leaves room for. Another group policy is another suite, which
// refuses the shares of a trace that needs degenerate ones.
std::vector<Variant> variants(const Suite& suite, bool degenerate) {
  std::vector<Variant> all;
  if (suite.key_exchange.reveals_with_share()) {
    all.push_back({"secp256r1", suite});
    return all;
  }
  const bool any = suite.group_policy.offer_fields() == take_any().offer_fields();
  if (any) {
    all.push_back({"ffdhe2048 as p, g", suite});
    all.push_back({"ffdhe3072 as p, g", suite, NamedGroup::ffdhe3072});
  }
  for (const std::string_view choice : {"named", "named_ffdhe3072", "named_p256", "named_x25519"}) {
    if (any && degenerate) break;
    if (any && choice == "named_ffdhe3072") continue;
    if (auto other = with_choice(suite, "group_policy", choice); other) {
      static constexpr std::string_view prefix = "named_";
      std::string group =
          choice == "named" ? "ffdhe2048" : std::string(choice.substr(prefix.size()));
      all.push_back({std::move(group), *other});
    }
  }
  return all;
}

}  // namespace

std::vector<std::string> describe(const Recording& recording) {
  std::vector<std::string> lines;
  for (const Event& event : recording.events) {
    const bool message = event.request || event.response;
    if (!message && event.step.action >= Action::get_dh) continue;
    if (event.step.action == Action::start && !event.emitted) continue;
    std::string line(what(event.step.action));
    if (event.forwarded) line += " message " + std::to_string(*event.forwarded);
    if (event.step.action == Action::wait) line += ": " + std::to_string(event.wait_ms) + " ms";
    if (event.step.action == Action::start || event.response) {
      line += (event.response ? " to " : ": ") + std::string(client_name(event.client));
    }
    std::string fields;
    if (event.cookie) fields += text_of("cookie", *event.cookie);
    for (const auto& [field, source] : event.fields) {
      if (!fields.empty()) fields += ", ";
      fields += text_of(field, source);
    }
    if (!fields.empty()) line += " (" + fields + ")";
    if (event.request) {
      line += event.refused_connection ? ": nobody listens"
                                       : ": " + std::to_string(static_cast<unsigned>(event.answer));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Proof prove(const Configuration& configuration, Violation violation, Bytes trace,
            std::string_view title) {
  auto recording = std::make_shared<Recording>();
  auto harness = std::make_shared<Harness>(configuration);
  (void)harness->run(trace, recording.get());
  Proof proof{.violation = violation, .trace = std::move(trace), .steps = describe(*recording)};
  proof.judged = !aims_of(violation).empty();
  proof.degenerate = std::ranges::any_of(recording->events, [](const Event& event) {
    return std::ranges::any_of(event.fields, [](const auto& field) {
      return field.second.from == Source::From::constant;
    });
  });
  const bool repeats = configuration.conditions.repeats;
  const bool leaked = configuration.conditions.leaked;
  proof.attack = {
      .family = "hunt",
      .variant = "",
      .title = title,
      .device_entropy = {repeats ? attacks::EntropyKind::repeat : attacks::EntropyKind::full, 0},
      .initial = {"thief"},
      .initial_with_code = {"serial", "wrong-code"},
      .aims = aims_of(violation),
      .needs_completion = violation == Violation::mitm,
      .restarts = std::ranges::any_of(
          recording->events, [](const Event& e) { return e.step.action == Action::restart; }),
      .run = [harness, recording](attacks::Script& script) {
        Teller(harness->configuration(), *recording, script).play();
      }};
  if (leaked) {
    proof.attack.initial.insert("serial");
    proof.attack.initial_with_code.insert("code");
  }
  return proof;
}

std::vector<Confirmation> confirm(const Proof& proof, const Suite& suite) {
  std::vector<Confirmation> all;
  const auto ideal = wib_backend_ideal::make();
  for (const Variant& variant : variants(suite, proof.degenerate)) {
    bool in_theory = false;
    const auto one = [&](Backend& device, Backend& client, bool real) {
      Confirmation c{.device = std::string(device.name()),
                     .client = std::string(client.name()),
                     .group = variant.group};
      c.run = attacks::run_scenario(proof.attack, {.suite = variant.suite,
                                                   .device_backend = device,
                                                   .client_backend = client,
                                                   .group = variant.explicit_group});
      const attacks::RunRecord& record = c.run.record;
      bool broken = proof.judged;
      for (const Property aim : proof.attack.aims) {
        const auto& result = record.properties[static_cast<std::size_t>(aim)];
        broken = broken && result.finding == attacks::Finding::broken;
        c.witness = result.witness;
      }
      const bool unnoticed = !proof.attack.needs_completion ||
                             record.properties[static_cast<std::size_t>(Property::r0)].finding ==
                                 attacks::Finding::holds;
      if (!proof.judged) c.witness = "the referee does not judge this property";
      if (!record.irregularities.empty()) {
        broken = false;
        c.witness = "irregular: " + record.irregularities.front();
      }
      if (broken && !unnoticed) c.witness = "no honest run completes";
      if (!broken && c.witness.empty()) c.witness = "the referee does not find it broken";
      if (broken && unnoticed) {
        c.verdict = ProofVerdict::confirmed;
      } else if (real && in_theory) {
        c.verdict = ProofVerdict::blocked_by_backend;
      }
      if (!real) in_theory = c.verdict == ProofVerdict::confirmed;
      all.push_back(std::move(c));
    };
    ideal->reset();
    one(*ideal, *ideal, false);
    for (Backend* device : backends()) {
      for (Backend* client : backends()) {
        if (runs(*device, variant.suite) && runs(*client, variant.suite))
          one(*device, *client, true);
      }
    }
  }
  return all;
}

ProofVerdict verdict_of(std::span<const Confirmation> confirmations) noexcept {
  ProofVerdict worst =
      confirmations.empty() ? ProofVerdict::not_reproduced : ProofVerdict::confirmed;
  for (const Confirmation& c : confirmations) worst = std::max(worst, c.verdict);
  return worst;
}

}  // namespace wib::fuzz
