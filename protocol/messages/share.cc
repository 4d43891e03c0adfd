// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/share.h"

#include "protocol/cbor.h"
#include "protocol/crypto.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 1> fields = {{{1, "dh.wib: share", 1, max_modulus_size}}};
constexpr std::array<cbor::Field, 2> confirmed_fields = {{
    {1, "dh.wib: share", p256_point_size, p256_point_size},
    {2, "dh.wib: confirmation", confirmation_size, confirmation_size},
}};

}  // namespace

Result<Share> parse_share(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, fields);
  if (!values) return std::unexpected(values.error());
  return Share{(*values)[0], {}};
}

Result<Share> parse_confirmed_share(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, confirmed_fields);
  if (!values) return std::unexpected(values.error());
  return Share{(*values)[0], (*values)[1]};
}

Result<ByteView> write_share(const Share& share, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{share.value}, out);
}

Result<ByteView> write_confirmed_share(const Share& share, ByteSpan out) noexcept {
  return cbor::write_fields(confirmed_fields, std::array{share.value, share.confirmation}, out);
}

}  // namespace wib
