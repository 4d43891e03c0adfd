// SPDX-License-Identifier: Apache-2.0
//
// A device's offer, as a client of any group policy takes it and calculates with it: the policy,
// the size of a share, the share, the offer.
#include "backends/registry.h"
#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_numbers.h"
#include "protocol/big_endian.h"
#include "protocol/defences/group_policy.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A policy takes exactly the groups that it promises to; in a group that it took, every share "
    "that it accepts has one result, the same on every library, and none ends a program.";

namespace {

const GroupPolicy& policy_of(std::size_t number) {
  static const std::array<const GroupPolicy*, 5> all = {
      &take_any(), &named_groups(NamedGroup::ffdhe2048), &named_groups(NamedGroup::ffdhe3072),
      &named_groups(NamedGroup::secp256r1), &named_groups(NamedGroup::x25519)};
  return *all[number];
}

bool known(ByteView number) {
  const std::uint64_t value = read_u64(number);
  return value == 23 || value == 29 || value == 256 || value == 257;
}

// What a client does in the group: its own share, and the secret.
void calculate(const GroupPolicy& policy, const Group& group, ByteView share) {
  static SharedSecret first;
  std::array<Byte, max_exponent_size> exponent{};
  const ByteSpan secret_exponent = std::span(exponent).first(exponent_size_for(group));
  secret_exponent.back() = 11;
  bool any = false;
  for (Backend* const backend : real_backends()) {
    Crypto& crypto = backend->crypto();
    const auto good = policy.check_share(crypto, group, share);
    if (!good) {
      expect(good.error().code == Errc::out_of_range || good.error().code == Errc::unsupported,
             "a share is refused for its range");
      continue;
    }
    SharedSecret secret;
    std::array<Byte, max_modulus_size> own;
    const std::size_t size = share_size(group);
    const auto made = make_public(crypto, group, secret_exponent, std::span(own).first(size));
    const auto agreed = agree(crypto, group, secret_exponent, share, secret);
    if (!agreed && agreed.error().code == Errc::unsupported) continue;
    expect(made && agreed, "an accepted share has a result");
    if (!group.p.empty()) {
      expect(secret.size() == group.p.size(), "a secret is as long as p");
      expect(compare_numbers(secret.view(), group.p) < 0, "and below it");
      expect(compare_numbers(std::span(own).first(size), group.p) < 0, "as one's own share is");
    }
    if (any) expect(same_bytes(secret.view(), first.view()), "the same on every library");
    first = secret;
    any = true;
  }
}

}  // namespace

void one_input(ByteView input) {
  Choices choices(input);
  const GroupPolicy& policy = policy_of(choices.below(5));
  const ByteView share = choices.bytes(choices.word());
  const auto offer = parse_offer(choices.rest(), policy.offer_fields());
  if (!offer) return;
  const auto group = policy.take_offer(*offer);
  const bool explicit_group = policy.name() == "take_any";
  const bool expected = explicit_group ? !without_zeros(offer->p).empty() : known(offer->group);
  expect(group.has_value() == expected, "taken if the policy promises it");
  if (!group) {
    expect(group.error().code == Errc::out_of_range, "Errc::out_of_range");
    return;
  }
  expect(explicit_group == (group->name == NamedGroup::none), "named if it must be");
  if (explicit_group) {
    expect(same_view(group->p, offer->p) && same_view(group->g, offer->g), "views of the offer");
    if (share.size() > max_modulus_size) return;
  }
  // Large numbers take milliseconds.
  if (group->p.size() > 16 && !one_in(64, input)) return;
  if (group->p.empty() && !one_in(8, input)) return;
  calculate(policy, *group, share);
}

}  // namespace wib::fuzz
