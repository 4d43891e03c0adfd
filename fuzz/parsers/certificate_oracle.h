// SPDX-License-Identifier: Apache-2.0
//
// What the targets of certificates and keys share: the libraries that judge them, and identities
// whose other half is known.
#pragma once

#include <vector>

#include "backends/registry.h"
#include "fuzz/parsers/oracle.h"
#include "protocol/pkix.h"

namespace wib::fuzz {

// The real backends that have certificates of their own, and all kinds of keys.
[[nodiscard]] inline const std::vector<Backend*>& certificate_backends() {
  static const std::vector<Backend*> all = [] {
    std::vector<Backend*> list;
    for (Backend* const backend : real_backends()) {
      const Manifest manifest = backend->manifest();
      if (manifest.certificates_from.empty() &&
          manifest.has.has_all({Capability::certificates_rsa, Capability::certificates_p256,
                                Capability::certificates_p384, Capability::certificates_p521})) {
        list.push_back(backend);
      }
    }
    expect(list.size() >= 2, "the target needs two libraries");
    return list;
  }();
  return all;
}

[[nodiscard]] inline bool same_info(const CertificateInfo& a, const CertificateInfo& b) noexcept {
  return a.key_type == b.key_type && a.key_bits == b.key_bits && a.may_sign == b.may_sign &&
         a.may_serve_tls == b.may_serve_tls;
}

}  // namespace wib::fuzz
