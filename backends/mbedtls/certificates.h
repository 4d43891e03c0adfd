// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"
#include "random.h"

namespace WIB_BACKEND_NAMESPACE {

class MbedtlsCertificates final : public wib::Certificates {
 public:
  // `random` must outlive this object.
  explicit MbedtlsCertificates(Random& random) : random_(random) {}

  Result<wib::CertificateInfo> inspect(ByteView certificate) override;
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override;
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override;

 private:
  Random& random_;
};

}  // namespace WIB_BACKEND_NAMESPACE
