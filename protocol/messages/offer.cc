// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/offer.h"

#include "protocol/cbor.h"
#include "protocol/crypto.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 2> fields = {{
    {1, "offer: p", 1, max_modulus_size},
    {2, "offer: g", 1, max_modulus_size},
}};

}  // namespace

Result<Offer> parse_offer(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, fields);
  if (!values) return std::unexpected(values.error());
  return Offer{(*values)[0], (*values)[1]};
}

Result<ByteView> write_offer(const Offer& offer, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{offer.p, offer.g}, out);
}

}  // namespace wib
