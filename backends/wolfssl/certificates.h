// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"
#include "keys.h"

namespace WIB_BACKEND_NAMESPACE {

class WolfsslCertificates final : public wib::Certificates {
 public:
  WolfsslCertificates();

  Result<wib::CertificateInfo> inspect(ByteView certificate) override;
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override;
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override;

 private:
  // Draws ECDSA nonces and RSA blinding. Seeding one takes longer than a signature, hence kept.
  RngState random_;
  bool random_ready_;
};

}  // namespace WIB_BACKEND_NAMESPACE
