// SPDX-License-Identifier: Apache-2.0
//
// What the attacker knows, and how: derivations, thefts, secrecy.
#include <algorithm>

#include "attacks/world/referee_parts.h"

namespace wib::attacks::referee {
namespace {

constexpr std::size_t max_constant = 8;
// A slice of a stream that is as long as a draw of the device, and not far into it, says nothing
// through where it lies.
constexpr std::uint64_t min_slice = 16;
constexpr std::uint64_t max_offset = 0xffff;
// A draw of fewer bytes can be looked for among the attacker's, until it says what is wanted.
constexpr std::uint32_t min_draw = 8;
// Whoever had this much of a key before had the key.
constexpr std::size_t min_part = 16;

std::uint64_t to_number(ByteView bytes) {
  std::uint64_t value = 0;
  for (const Byte byte : bytes) value = value << 8U | byte;
  return value;
}

bool contains(ByteView whole, ByteView part) {
  return !part.empty() && !std::ranges::search(whole, part).empty();
}

// The private key in a value: that of a bundle, or the value itself.
ByteView key_in(ByteView value) {
  const auto bundle = parse_bundle(value);
  return bundle ? bundle->private_key : value;
}

bool signs_for(Certificates& certificates, ByteView key, ByteView certificate) {
  if (key.size() > max_private_key_size) return false;
  static constexpr std::string_view challenge = "wib referee: show that you hold this key";
  std::array<Byte, max_signature_size> signature;
  const auto size = certificates.sign(key, as_bytes(challenge), signature);
  if (!size) return false;
  const auto verified =
      certificates.verify(certificate, as_bytes(challenge), ByteView(signature).first(*size));
  return verified && *verified;
}

// What was known before cannot be stolen, in whichever form it was known.
bool had_before(const Case& run, Certificates& certificates, ByteView key, ByteView certificate) {
  return std::ranges::any_of(run.world.initial_knowledge(), [&](const auto& known) {
    const ByteView value = known.second;
    return contains(value, key) || (value.size() >= min_part && contains(key, value)) ||
           signs_for(certificates, key_in(value), certificate);
  });
}

}  // namespace

// --- Constants ----------------------------------------------------------------------------------

std::size_t Constants::Weight::total() const {
  std::size_t sum = bytes;
  for (std::uint64_t seed : seeds) {
    for (; seed != 0; seed >>= 8U) ++sum;
  }
  return sum;
}

// Once it is too much, how much too much does not matter.
void Constants::Weight::add(const Weight& other) {
  bytes += other.bytes;
  seeds.insert(other.seeds.begin(), other.seeds.end());
  if (total() > max_constant) *this = {max_constant + 1, {}};
}

Constants::Constants(const Case& run) {
  std::map<Cookie, Weight> cookies;  // by cookie: what the attacker put into it
  for (const LoggedStep& step : run.log.steps) {
    if (step.delivered && !step.step.delivery.forward) {
      const Fields fields = weigh_delivery(step.step.delivery);
      const auto& cookie = run.message(*step.delivered).cookie;
      if (cookie) cookies.try_emplace(*cookie, fields.at("cookie"));
      messages_[*step.delivered] = fields;
    } else if (step.delivered && run.message(*step.delivered).cookie) {
      cookies.try_emplace(*run.message(*step.delivered).cookie);
    }
    if (!step.emitted) continue;
    // A client says the cookie that it was given: what it sends is honest but for that.
    const auto& cookie = run.message(*step.emitted).cookie;
    if (!cookie) continue;
    const auto found = cookies.find(*cookie);
    if (found == cookies.end()) continue;
    messages_[*step.emitted] = {
        {"cookie", found->second}, {"raw", found->second}, {"entry", found->second}};
  }
}

Constants::Fields Constants::weigh_delivery(const Delivery& delivery) {
  Fields fields = {{"cookie", {}}, {"raw", {}}};
  if (delivery.cookie != nullptr) fields["cookie"] = weigh(delivery.cookie);
  for (const auto& [name, term] : delivery.fields) {
    if (name != "raw" && name != "entry" && name != "cookie") fields[name] = weigh(term);
  }
  Weight raw;
  for (const auto& [name, weight] : fields) raw.add(weight);
  fields["raw"] = raw;
  fields["entry"] = raw;
  return fields;
}

bool Constants::derivation(const TermRef& term) { return weigh(term).total() <= max_constant; }

Constants::Weight Constants::weigh(const TermRef& term) {
  if (const auto found = known_.find(term); found != known_.end()) return found->second;
  Weight weight;
  if (term->op == Op::hex) {
    weight.add({term->bytes.size(), {}});
  } else if (term->op == Op::random && term->size < min_draw) {
    // Which of the attacker's draws it is, it may choose: short ones can be looked for.
    weight.add({term->size, {}});
  } else if (term->op == Op::wire) {
    if (const auto message = messages_.find(term->number); message != messages_.end()) {
      const auto field = message->second.find(term->name);
      if (field != message->second.end()) weight = field->second;
    }
  } else if (term->op == Op::stream || term->op == Op::gated_stream) {
    weight = weigh_stream(*term);
  } else {
    for (std::size_t i = 0; i < term->arguments.size(); ++i) {
      if (!is_place(*term, i)) weight.add(weigh(term->arguments[i]));
    }
  }
  known_[term] = weight;
  return weight;
}

// Which of three places a payload is sealed for says nothing.
bool Constants::is_place(const Term& term, std::size_t argument) {
  const bool sealed =
      term.op == Op::unseal || term.op == Op::seal_ciphertext || term.op == Op::seal_tag;
  const Term& place = *term.arguments[argument];
  return sealed && argument == 2 && place.op == Op::hex && place.bytes.size() == 1;
}

Constants::Weight Constants::weigh_stream(const Term& term) {
  Weight weight;
  if (term.arguments.size() != 3) return weight;  // it has no value
  const Term& seed = *term.arguments[0];
  const Term& offset = *term.arguments[1];
  const Term& size = *term.arguments[2];
  if (seed.op == Op::hex && seed.bytes.size() <= max_constant) {
    weight.add({0, {to_number(seed.bytes)}});
  } else {
    weight.add(weigh(term.arguments[0]));
  }
  const bool a_draw = offset.op == Op::hex && offset.bytes.size() <= 4 &&
                      to_number(offset.bytes) <= max_offset && size.op == Op::hex &&
                      size.bytes.size() <= 4 && to_number(size.bytes) >= min_slice;
  if (!a_draw) {
    weight.add(weigh(term.arguments[1]));
    weight.add(weigh(term.arguments[2]));
  }
  return weight;
}

// --- Facts and thefts ---------------------------------------------------------------------------

namespace {

// Names of what is made from constants in a step that was done; facts are judged by themselves.
std::vector<std::string> laundered(const LoggedStep& logged, Constants& constants) {
  std::vector<std::string> names;
  const auto look = [&](const std::string& name, const TermRef& term) {
    if (term != nullptr && !constants.derivation(term)) names.push_back(name);
  };
  const Step& step = logged.step;
  if (step.kind == StepKind::check && !logged.failed) {
    look("check", step.term);
    look("check", step.other);
  }
  if (logged.delivered && !step.delivery.forward) {
    look("cookie", step.delivery.cookie);
    for (const auto& [name, term] : step.delivery.fields) look(name, term);
  }
  return names;
}

}  // namespace

void judge_knowledge(const Case& run, Certificates& certificates, Judgement& judgement) {
  Constants constants(run);
  const auto irregular = [&](std::string what) {
    judgement.irregularities.push_back(std::move(what));
  };
  for (const LoggedStep& step : run.log.steps) {
    for (const std::string& name : laundered(step, constants)) {
      irregular(step_name(step.number) + ": " + name + " is made from a constant");
    }
  }

  std::vector<std::size_t> good;
  for (std::size_t i = 0; i < run.log.facts.size(); ++i) {
    const Fact& fact = run.log.facts[i];
    if (!constants.derivation(fact.term)) {
      irregular(fact.label + ": derived from a constant");
      continue;
    }
    Evaluator again = run.world.evaluator();
    const auto value = again(fact.term);
    if (!value || *value != fact.value) {
      irregular(fact.label + ": its term does not give its value");
      continue;
    }
    good.push_back(i);
  }

  // A fact is a stolen key if it, or the key of the bundle that it is, signs a challenge that
  // verifies under the certificate that an honest client wants installed.
  std::set<ByteVector> seen;
  for (const PartyClaim* started : run.claims(ClaimKind::started)) {
    const ByteVector& certificate = started->certificate;
    if (certificate.empty() || !seen.insert(certificate).second) continue;
    for (const std::size_t i : good) {
      const Fact& fact = run.log.facts[i];
      const ByteView key = key_in(fact.value);
      if (!signs_for(certificates, key, certificate)) continue;
      if (had_before(run, certificates, key, certificate)) {
        irregular(fact.label + ": the attacker had " + started->party + "'s key before");
      } else {
        judgement.stolen.push_back({started->party, i, to_text(fact.term)});
      }
      break;
    }
  }
}

// --- Secrecy ------------------------------------------------------------------------------------

namespace {

Property secrecy_condition(const Case& run) {
  if (run.conduct != Conduct::passive) return Property::s2;
  if (!run.conditions.device_entropy.weak()) return Property::s1;
  return run.conditions.device_entropy.detectable() ? Property::s3_detectable : Property::s3_prng;
}

}  // namespace

PropertyResult secrecy(const Case& run, const std::vector<StolenKey>& stolen, Property property) {
  if (secrecy_condition(run) != property) return not_applicable(property);
  if (stolen.empty()) return holds(property);
  return broken(property, "the attacker signs under " + stolen.front().owner +
                              "'s certificate with " + stolen.front().derivation);
}

}  // namespace wib::attacks::referee
