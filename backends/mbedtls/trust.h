// SPDX-License-Identifier: Apache-2.0
//
// What a client demands of a server's certificate.
#pragma once

#include "backends/support/host.h"
#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// Trust in one certificate, an authority's or the server's own, for one host. The library builds
// the chain and then asks about every certificate of it, through check().
class Trust {
 public:
  explicit Trust(std::string_view host) : host_(host) {}
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  // False if the trusted certificate does not parse.
  [[nodiscard]] bool load(ByteView trusted);

  // Makes connections with `config` check their peers; this object must outlive it.
  void install(mbedtls_ssl_config* config);

  [[nodiscard]] const wib::Host& host() const noexcept { return host_; }

 private:
  static int check(void* trust, mbedtls_x509_crt* certificate, int depth,
                   std::uint32_t* reasons) noexcept;
  [[nodiscard]] std::uint32_t judge(const mbedtls_x509_crt& certificate, int depth,
                                    std::uint32_t reasons) const;

  Certificate trusted_;
  wib::Host host_;
  bool authority_ = false;
};

}  // namespace WIB_BACKEND_NAMESPACE
