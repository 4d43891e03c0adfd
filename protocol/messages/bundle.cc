// SPDX-License-Identifier: Apache-2.0
#include "protocol/messages/bundle.h"

#include "protocol/cbor.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 2> fields = {{
    {1, "bundle: certificate", 1, max_certificate_size},
    {2, "bundle: key", 1, max_private_key_size},
}};

}  // namespace

Result<Bundle> parse_bundle(ByteView bytes) noexcept {
  const auto values = cbor::read_fields(bytes, fields);
  if (!values) return std::unexpected(values.error());
  return Bundle{(*values)[0], (*values)[1]};
}

Result<ByteView> write_bundle(const Bundle& bundle, ByteSpan out) noexcept {
  return cbor::write_fields(fields, std::array{bundle.certificate, bundle.private_key}, out);
}

}  // namespace wib
