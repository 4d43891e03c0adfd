// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/sealed.h"

#include "protocol/cbor.h"
#include "protocol/crypto.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 3> fields = {{
    {1, "sealed: iv", aes_block_size, aes_block_size},
    {2, "sealed: ciphertext", 1, max_ciphertext_size},
    {3, "sealed: tag", sha512_size, sha512_size},
}};
constexpr std::array<cbor::Field, 2> aead_fields = {{
    {2, "sealed: ciphertext", 1, max_ciphertext_size},
    {3, "sealed: tag", aead_tag_size, aead_tag_size},
}};

}  // namespace

Result<Sealed> parse_sealed(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, fields);
  if (!values) return std::unexpected(values.error());
  return Sealed{(*values)[0], (*values)[1], (*values)[2]};
}

Result<Sealed> parse_aead(ByteView body) noexcept {
  const auto values = cbor::read_fields(body, aead_fields);
  if (!values) return std::unexpected(values.error());
  return Sealed{{}, (*values)[0], (*values)[1]};
}

Result<ByteView> write_aead(const Sealed& sealed, ByteSpan out) noexcept {
  return cbor::write_fields(aead_fields, std::array{sealed.ciphertext, sealed.tag}, out);
}

Result<ByteView> write_sealed(const Sealed& sealed, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{sealed.iv, sealed.ciphertext, sealed.tag}, out);
}

}  // namespace wib
