// SPDX-License-Identifier: Apache-2.0
//
// What may be in a message: shares, groups, and payloads that belong elsewhere.
#include <algorithm>

#include "attacks/world/referee_parts.h"
#include "protocol/groups.h"

namespace wib::attacks::referee {
namespace {

ByteVector without_zeros(ByteView number) {
  const auto* first = std::ranges::find_if(number.data(), number.data() + number.size(),
                                           [](Byte byte) { return byte != 0; });
  return {first, number.data() + number.size()};
}

bool at_least(const ByteVector& a, const ByteVector& b) {
  return a.size() != b.size() ? a.size() > b.size() : a >= b;
}

// 0, 1, p-1, and what is no residue at all: p and above.
bool degenerate(ByteView number, ByteView modulus) {
  const ByteVector value = without_zeros(number);
  if (value.empty() || (value.size() == 1 && value[0] == 1)) return true;
  ByteVector p_minus_1 = without_zeros(modulus);
  if (p_minus_1.empty()) return true;
  for (std::size_t i = p_minus_1.size(); i-- > 0;) {
    if (p_minus_1[i]-- != 0) break;  // else it borrows from the next
  }
  return at_least(value, without_zeros(p_minus_1));
}

const ByteVector* field_of(const WireMessage& message, const char* name) {
  const auto found = message.fields.find(name);
  return found == message.fields.end() ? nullptr : &found->second;
}

bool same_number(ByteView a, ByteView b) { return without_zeros(a) == without_zeros(b); }

// What is wrong with an offer that a client took; empty if nothing is.
std::string wrong_group(const WireMessage& offer) {
  const ByteVector* p = field_of(offer, "p");
  const ByteVector* g = field_of(offer, "g");
  if (p == nullptr || g == nullptr) return {};
  if (degenerate(*g, *p)) return "a degenerate generator was accepted";
  const Offer named = ffdhe2048();
  if (!same_number(*p, named.p) || !same_number(*g, named.g)) {
    return "a foreign group was accepted";
  }
  return {};
}

}  // namespace

// A share is judged against the p of its own session: of the offer that the device made with that
// cookie, or that the client took.
PropertyResult shares_are_good(const Case& run) {
  std::map<Cookie, ByteVector> offered;     // by the device
  std::map<std::string, ByteVector> taken;  // by client
  const ByteView usual = ffdhe2048().p;
  for (const LoggedStep& step : run.log.steps) {
    if (!step.delivered) continue;
    const WireMessage& in = run.message(*step.delivered);
    const ByteVector* share = field_of(in, "share");
    if (step.kind_is(StepKind::request)) {
      if (step.emitted) {
        const WireMessage& out = run.message(*step.emitted);
        if (const auto* p = field_of(out, "p"); p != nullptr && out.cookie) {
          offered[*out.cookie] = *p;
        }
      }
      if (share == nullptr || step.status != Status::ok) continue;
      const auto session = in.cookie ? offered.find(*in.cookie) : offered.end();
      if (degenerate(*share, session == offered.end() ? usual : ByteView(session->second))) {
        return broken(Property::d1, step_name(step.number) + ": a degenerate share was accepted");
      }
      continue;
    }
    if (!step.emitted) continue;  // the client went no further
    const std::string& client = step.step.client;
    if (const auto* p = field_of(in, "p"); p != nullptr) {
      taken[client] = *p;
      if (const std::string wrong = wrong_group(in); !wrong.empty()) {
        return broken(Property::d1, step_name(step.number) + ": " + wrong);
      }
    }
    const auto session = taken.find(client);
    if (share != nullptr &&
        degenerate(*share, session == taken.end() ? usual : ByteView(session->second))) {
      return broken(Property::d1, step_name(step.number) + ": a degenerate share was accepted");
    }
  }
  return holds(Property::d1);
}

// A sealed payload that an honest client made for one request must not be taken in another: of
// another type, or of another session (two sessions with one cookie are two).
PropertyResult no_confusion(const Case& run) {
  using Payload = std::pair<ByteVector, ByteVector>;  // IV, ciphertext
  std::map<Payload, const WireMessage*> honest;       // the first that has it
  std::set<Payload> taken;
  const auto payload_in = [](const WireMessage& message) -> std::optional<Payload> {
    const ByteVector* iv = field_of(message, "iv");
    const ByteVector* ciphertext = field_of(message, "ciphertext");
    if (!message.request || iv == nullptr || ciphertext == nullptr) return std::nullopt;
    return Payload{*iv, *ciphertext};
  };
  for (const WireMessage& message : run.log.messages) {
    if (message.from == "attacker") continue;
    if (auto payload = payload_in(message)) honest.try_emplace(std::move(*payload), &message);
  }
  for (const LoggedStep& step : run.log.steps) {
    if (!step.kind_is(StepKind::request) || !step.delivered || !accepted(step.status)) continue;
    const WireMessage& in = run.message(*step.delivered);
    const auto payload = payload_in(in);
    if (!payload) continue;
    const auto found = honest.find(*payload);
    if (found == honest.end()) continue;
    const WireMessage& original = *found->second;
    if (original.endpoint != in.endpoint || original.cookie != in.cookie ||
        !taken.insert(*payload).second) {
      return broken(Property::f1, step_name(step.number) + ": the payload of message " +
                                      std::to_string(original.number) +
                                      " was taken in another place");
    }
  }
  return holds(Property::f1);
}

}  // namespace wib::attacks::referee
