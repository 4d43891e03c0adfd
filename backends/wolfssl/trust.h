// SPDX-License-Identifier: Apache-2.0
//
// What a client demands of a server's certificate.
#pragma once

#include <vector>

#include "backends/support/host.h"
#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// Trust in one certificate, an authority's or the server's own, for one host. The library asks it
// about every certificate of a chain, through check().
class Trust {
 public:
  Trust(ByteView trusted, std::string_view host)
      : trusted_(trusted.begin(), trusted.end()), host_(host) {}
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  // Makes the connections of `context` check their peers. False if the trusted certificate does
  // not parse. This object must outlive the context, and be set on each connection with
  // wolfSSL_SetCertCbCtx().
  [[nodiscard]] bool install(WOLFSSL_CTX* context);

  [[nodiscard]] const wib::Host& host() const noexcept { return host_; }
  // True once a certificate was refused.
  [[nodiscard]] bool refused() const noexcept { return refused_; }

 private:
  static int check(int verified, WOLFSSL_X509_STORE_CTX* store) noexcept;
  [[nodiscard]] bool accepts(bool verified, const WOLFSSL_X509_STORE_CTX& store) const;
  [[nodiscard]] bool accepts_pinned(const WOLFSSL_X509_STORE_CTX& store) const;

  std::vector<Byte> trusted_;
  wib::Host host_;
  bool authority_ = false;
  bool refused_ = false;
};

}  // namespace WIB_BACKEND_NAMESPACE
