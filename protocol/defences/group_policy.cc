// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/group_policy.h"

#include "protocol/big_endian.h"

namespace wib {
namespace {

class TakeAny final : public GroupPolicy {
 public:
  std::string_view name() const noexcept override { return "take_any"; }
  OfferFields offer_fields() const noexcept override { return OfferFields::explicit_group; }
  Group group(const Group& configured) const noexcept override { return configured; }

  void fill_offer(const Group& configured, Offer& offer) const noexcept override {
    offer.p = configured.p;
    offer.g = configured.g;
  }

  Result<Group> take_offer(const Offer& offer) const override {
    if (std::ranges::all_of(offer.p, [](Byte byte) { return byte == 0; })) {
      return fail(Errc::out_of_range, "offer: p is zero");
    }
    return Group{offer.p, offer.g, NamedGroup::none};
  }

  Result<> check_share(Crypto&, const Group&, ByteView) const override { return {}; }
};

class Named final : public GroupPolicy {
 public:
  constexpr Named(std::string_view name, NamedGroup offered) noexcept
      : name_(name),
        offered_(offered),
        number_{static_cast<Byte>(static_cast<unsigned>(offered) >> 8U),
                static_cast<Byte>(static_cast<unsigned>(offered))} {}

  std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] NamedGroup offered() const noexcept { return offered_; }
  OfferFields offer_fields() const noexcept override { return OfferFields::named_group; }

  Group group(const Group&) const noexcept override {
    return find_group(static_cast<std::uint16_t>(offered_)).value_or(ffdhe2048());
  }

  void fill_offer(const Group&, Offer& offer) const noexcept override { offer.group = number_; }

  Result<Group> take_offer(const Offer& offer) const override {
    const auto number = static_cast<std::uint16_t>(read_u64(offer.group));
    if (const auto group = find_group(number); group && offer.group.size() == number_.size()) {
      return *group;
    }
    return fail(Errc::out_of_range, "offer: group");
  }

  Result<> check_share(Crypto& crypto, const Group& group, ByteView share) const override {
    if (share.size() != share_size(group)) return fail(Errc::out_of_range, "dh.wib: share size");
    if (group.name == NamedGroup::secp256r1) return crypto.check_p256_share(share);
    if (group.name == NamedGroup::x25519) {
      // A point of small order gives zero with every scalar, which all are multiples of 8.
      static constexpr std::array<Byte, x25519_size> scalar{};
      std::array<Byte, x25519_size> result;
      return crypto.x25519_agree(scalar, share, result);
    }
    if (auto good = crypto.check_share(share, group.p); !good) return good;
    const auto good = crypto.in_prime_subgroup(share, group.p);
    if (!good) return std::unexpected(good.error());
    if (!*good) return fail(Errc::out_of_range, "share: not in the prime-order subgroup");
    return {};
  }

 private:
  std::string_view name_;
  NamedGroup offered_;
  std::array<Byte, 2> number_;
};

constinit const Named named_ffdhe2048("named", NamedGroup::ffdhe2048);
constinit const Named named_ffdhe3072("named_ffdhe3072", NamedGroup::ffdhe3072);
constinit const Named named_p256("named_p256", NamedGroup::secp256r1);
constinit const Named named_x25519("named_x25519", NamedGroup::x25519);

}  // namespace

const GroupPolicy& take_any() noexcept {
  static constinit const TakeAny choice;
  return choice;
}

const GroupPolicy& named_groups(NamedGroup offered) noexcept {
  for (const Named* choice : {&named_ffdhe3072, &named_p256, &named_x25519}) {
    if (choice->offered() == offered) return *choice;
  }
  return named_ffdhe2048;
}

}  // namespace wib
