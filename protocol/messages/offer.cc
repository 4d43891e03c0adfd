// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/offer.h"

#include "protocol/cbor.h"
#include "protocol/crypto.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, offer_field_count> all_fields = {{
    {1, "offer: p", 1, max_modulus_size},
    {2, "offer: g", 1, max_modulus_size},
    {3, "offer: group", 2, 2},
    {4, "offer: suites", 1, max_suites_size},
    {5, "offer: salt", salt_size, salt_size},
    {6, "offer: iterations", 4, 4},
    {7, "offer: epoch", 8, 8},
}};

// Those of the set, and where each of them stands in all_fields.
struct Chosen {
  std::array<cbor::Field, offer_field_count> fields;
  std::array<std::size_t, offer_field_count> index{};
  std::size_t count = 0;

  explicit Chosen(OfferFields set) noexcept : fields(all_fields) {
    for (std::size_t i = 0; i < offer_field_count; ++i) {
      if ((static_cast<unsigned>(set) >> i & 1U) == 0) continue;
      fields[count] = all_fields[i];
      index[count++] = i;
    }
  }
  [[nodiscard]] std::span<const cbor::Field> view() const noexcept {
    return std::span(fields).first(count);
  }
};

}  // namespace

Result<Offer> parse_offer(ByteView body, OfferFields fields) noexcept {
  const Chosen chosen(fields);
  std::array<ByteView, offer_field_count> read;
  const auto values = std::span(read).first(chosen.count);
  if (auto done = cbor::read_fields(body, chosen.view(), values); !done) {
    return std::unexpected(done.error());
  }
  std::array<ByteView, offer_field_count> all;
  for (std::size_t i = 0; i < chosen.count; ++i) all[chosen.index[i]] = values[i];
  return Offer{all[0], all[1], all[2], all[3], all[4], all[5], all[6]};
}

Result<ByteView> write_offer(const Offer& offer, OfferFields fields, ByteSpan out) noexcept {
  const Chosen chosen(fields);
  const auto all = views(offer);
  std::array<ByteView, offer_field_count> values;
  for (std::size_t i = 0; i < chosen.count; ++i) values[i] = all[chosen.index[i]];
  return cbor::write_fields(chosen.view(), std::span(values).first(chosen.count), out);
}

}  // namespace wib
