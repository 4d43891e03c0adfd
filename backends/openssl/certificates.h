// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class OpensslCertificates final : public wib::Certificates {
 public:
  // `library` must outlive this object.
  explicit OpensslCertificates(const Library& library) : library_(library) {}

  Result<wib::CertificateInfo> inspect(ByteView certificate) override;
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override;
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override;

 private:
  const Library& library_;
};

}  // namespace WIB_BACKEND_NAMESPACE
