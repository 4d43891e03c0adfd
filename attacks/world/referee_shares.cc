// SPDX-License-Identifier: Apache-2.0
//
// What may be in a message: shares, groups, and payloads that belong elsewhere.
#include <algorithm>

#include "attacks/world/referee_parts.h"
#include "protocol/big_endian.h"
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

// The group of a session, as its offer says; the named ones are the good ones. An offer that names
// no group is SPAKE2+'s, on P-256.
Group group_in(const WireMessage& offer) {
  if (const ByteVector* number = field_of(offer, "group"); number != nullptr) {
    return find_group(static_cast<std::uint16_t>(read_u64(*number))).value_or(Group{});
  }
  const ByteVector* p = field_of(offer, "p");
  const ByteVector* g = field_of(offer, "g");
  if (p == nullptr || g == nullptr) return {{}, {}, NamedGroup::secp256r1};
  return {*p, *g, NamedGroup::none};
}

// What is wrong with an offer that a client took; empty if nothing is.
std::string wrong_group(const Group& group) {
  if (group.name != NamedGroup::none) return {};
  if (group.p.empty()) return "a group that nobody knows was accepted";
  if (degenerate(group.g, group.p)) return "a degenerate generator was accepted";
  const Group named = ffdhe2048();
  if (!same_number(group.p, named.p) || !same_number(group.g, named.g)) {
    return "a foreign group was accepted";
  }
  return {};
}

// Points of small order on Curve25519 and its twist (RFC 7748 section 7), little-endian, with their
// non-canonical spellings: u is 0, 1, one of two of order 8, -1, and these plus p where it fits.
bool small_order_x25519(ByteView u) {
  static const std::array<ByteVector, 7> all = [] {
    const char* const hex[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                               "0100000000000000000000000000000000000000000000000000000000000000",
                               "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                               "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                               "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                               "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                               "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
    std::array<ByteVector, 7> points;
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i] = from_hex(hex[i]).value_or(ByteVector{});
    return points;
  }();
  ByteVector masked(u.begin(), u.end());
  if (masked.size() != x25519_size) return true;
  masked.back() &= 0x7f;
  return std::ranges::find(all, masked) != all.end();
}

bool bad_share(Crypto& crypto, const Group& group, ByteView share) {
  switch (group.name) {
    case NamedGroup::secp256r1: return !crypto.check_p256_share(share);
    case NamedGroup::x25519: return small_order_x25519(share);
    default: return degenerate(share, group.p);
  }
}

}  // namespace

// A share is judged in the group of its own session: of the offer that the device made with that
// cookie, or that the client took.
PropertyResult shares_are_good(const Case& run) {
  std::map<Cookie, Group> offered;     // by the device
  std::map<std::string, Group> taken;  // by client
  Crypto& crypto = run.world.crypto();
  for (const LoggedStep& step : run.log.steps) {
    if (!step.delivered) continue;
    const WireMessage& in = run.message(*step.delivered);
    const ByteVector* share = field_of(in, "share");
    if (step.kind_is(StepKind::request)) {
      if (step.emitted && step.status == Status::ok) {
        const WireMessage& out = run.message(*step.emitted);
        if (out.endpoint == Endpoint::get_dh && out.cookie) offered[*out.cookie] = group_in(out);
      }
      if (share == nullptr || step.status != Status::ok) continue;
      const auto session = in.cookie ? offered.find(*in.cookie) : offered.end();
      if (bad_share(crypto, session == offered.end() ? ffdhe2048() : session->second, *share)) {
        return broken(Property::d1, step_name(step.number) + ": a degenerate share was accepted");
      }
      continue;
    }
    if (!step.emitted) continue;  // the client went no further
    const std::string& client = step.step.client;
    if (in.endpoint == Endpoint::get_dh) {
      taken[client] = group_in(in);
      if (const std::string wrong = wrong_group(taken[client]); !wrong.empty()) {
        return broken(Property::d1, step_name(step.number) + ": " + wrong);
      }
    }
    const auto session = taken.find(client);
    if (share != nullptr &&
        bad_share(crypto, session == taken.end() ? ffdhe2048() : session->second, *share)) {
      return broken(Property::d1, step_name(step.number) + ": a degenerate share was accepted");
    }
  }
  return holds(Property::d1);
}

// A sealed payload, or a confirmation, that an honest client made for one request must not be taken
// in another: of another type, or of another session (two sessions with one cookie are two).
PropertyResult no_confusion(const Case& run) {
  using Payload = std::pair<ByteVector, ByteVector>;  // IV, ciphertext or confirmation
  std::map<Payload, const WireMessage*> honest;       // the first that has it
  std::set<Payload> taken;
  const auto payload_in = [](const WireMessage& message) -> std::optional<Payload> {
    if (!message.request) return std::nullopt;
    const auto or_empty = [](const ByteVector* value) {
      return value == nullptr ? ByteVector{} : *value;
    };
    for (const char* what : {"ciphertext", "confirm"}) {
      const ByteVector* said = field_of(message, what);
      if (said != nullptr) return Payload{or_empty(field_of(message, "iv")), *said};
    }
    return std::nullopt;
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
