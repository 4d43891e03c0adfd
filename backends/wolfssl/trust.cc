// SPDX-License-Identifier: Apache-2.0
#include "trust.h"

#include "protocol/der.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

bool may_sign_certificates(const DecodedCert& certificate) {
  return certificate.isCA != 0 &&
         (certificate.extKeyUsageSet == 0 || (certificate.extKeyUsage & KEYUSE_KEY_CERT_SIGN) != 0);
}

// True if the clock is between the certificate's dates.
bool valid_now(const WOLFSSL_X509* certificate) {
  // Both comparisons give 1 for a time that is still to come, -1 for one that is past.
  return wolfSSL_X509_cmp_current_time(wolfSSL_X509_get_notBefore(certificate)) == -1 &&
         wolfSSL_X509_cmp_current_time(wolfSSL_X509_get_notAfter(certificate)) == 1;
}

// True if a subjectAltName is the host. The library's own check cannot be used: it takes any name
// of the certificate for a host name, an URI too, it falls back to the common name, and if there is
// neither, it passes.
bool is_for(const wib::Host& host, const DecodedCert& certificate) {
  if (host.is_any()) return true;
  for (const DNS_entry* entry = certificate.altNames; entry != nullptr; entry = entry->next) {
    const std::string_view name(entry->name, static_cast<std::size_t>(entry->len));
    if (entry->type == ASN_DNS_TYPE && host.is_dns_name(name)) return true;
    if (entry->type == ASN_IP_TYPE && host.is_ip_address(wib::as_bytes(name))) return true;
  }
  return false;
}

}  // namespace

bool Trust::install(WOLFSSL_CTX* context) {
  CertificateState decoded;
  wc_InitDecodedCert(decoded.get(), trusted_.data(), size_of(trusted_), nullptr);
  if (!wib::der::well_formed(trusted_) ||
      wc_ParseCert(decoded.get(), CERT_TYPE, NO_VERIFY, nullptr) != 0) {
    return false;
  }
  // Whatever is loaded this way signs other certificates, an authority or not: the library does not
  // ask. A server's own certificate is therefore compared and never loaded.
  authority_ = may_sign_certificates(*decoded.get());
  if (authority_ &&
      wolfSSL_CTX_load_verify_buffer(context, trusted_.data(), static_cast<long>(trusted_.size()),
                                     WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS) {
    return false;
  }
  wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER, &Trust::check);
  return true;
}

int Trust::check(int verified, WOLFSSL_X509_STORE_CTX* store) noexcept {
  auto& self = *static_cast<Trust*>(store->userCtx);
  const bool accepted = self.accepts(verified == 1, *store);
  if (!accepted) self.refused_ = true;
  return accepted ? 1 : 0;
}

bool Trust::accepts(bool verified, const WOLFSSL_X509_STORE_CTX& store) const {
  if (store.error_depth != 0) {
    // The peer's other certificates prove nothing about one that is compared as a whole.
    return authority_ ? verified : true;
  }
  if (authority_ ? !verified : !accepts_pinned(store)) return false;

  const WOLFSSL_BUFFER_INFO& leaf = store.certs[0];
  CertificateState decoded;
  wc_InitDecodedCert(decoded.get(), leaf.buffer, leaf.length, nullptr);
  return wc_ParseCert(decoded.get(), CERT_TYPE, NO_VERIFY, nullptr) == 0 &&
         is_for(host_, *decoded.get());
}

bool Trust::accepts_pinned(const WOLFSSL_X509_STORE_CTX& store) const {
  const WOLFSSL_BUFFER_INFO& leaf = store.certs[0];
  if (!wib::same_bytes(ByteView(leaf.buffer, leaf.length), trusted_)) return false;
  // That nobody known has signed it is as it should be. But that error hides one of the dates.
  const bool only_unsigned = store.error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                             store.error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
  return only_unsigned && valid_now(store.current_cert);
}

}  // namespace WIB_BACKEND_NAMESPACE
