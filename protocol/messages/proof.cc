// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/proof.h"

#include "protocol/cbor.h"
#include "protocol/messages/share.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 1> fields = {
    {{1, "auth.wib: confirmation", confirmation_size, confirmation_size}}};

}  // namespace

Result<Proof> parse_proof(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, fields);
  if (!values) return std::unexpected(values.error());
  return Proof{(*values)[0]};
}

Result<ByteView> write_proof(const Proof& proof, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{proof.confirmation}, out);
}

}  // namespace wib
