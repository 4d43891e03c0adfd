// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/share.h"

#include "protocol/cbor.h"
#include "protocol/crypto.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 1> fields = {{{1, "dh.wib: share", 1, max_modulus_size}}};

}  // namespace

Result<Share> parse_share(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, fields);
  if (!values) return std::unexpected(values.error());
  return Share{(*values)[0]};
}

Result<ByteView> write_share(const Share& share, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{share.value}, out);
}

}  // namespace wib
