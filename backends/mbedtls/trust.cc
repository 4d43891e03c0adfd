// SPDX-License-Identifier: Apache-2.0
#include "trust.h"

#include "protocol/der.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

bool may_sign_certificates(const mbedtls_x509_crt& certificate) {
  return certificate.ca_istrue != 0 &&
         mbedtls_x509_crt_check_key_usage(&certificate, MBEDTLS_X509_KU_KEY_CERT_SIGN) == 0;
}

bool same_certificate(const mbedtls_x509_crt& a, const mbedtls_x509_crt& b) {
  return wib::same_bytes({a.raw.p, a.raw.len}, {b.raw.p, b.raw.len});
}

// Tags of a GeneralName (RFC 5280 4.2.1.6).
constexpr int dns_name = 0x82;
constexpr int ip_address = 0x87;

bool is_for(const wib::Host& host, const mbedtls_x509_buf& name) {
  const ByteView content(name.p, name.len);
  switch (name.tag) {
    case dns_name: return host.is_dns_name(wib::as_text(content));
    case ip_address: return host.is_ip_address(content);
    default: return false;
  }
}

// True if a subjectAltName is the host. The library's own check cannot be used: it knows no
// addresses, it falls back to the common name, and its wildcards stand for every host of "*.top".
bool is_for(const wib::Host& host, const mbedtls_x509_crt& certificate) {
  if (host.is_any()) return true;
  // The first entry is part of the certificate, and no name if there is none.
  const mbedtls_x509_sequence* entry = &certificate.subject_alt_names;
  for (; entry != nullptr; entry = entry->next) {
    if (entry->buf.p != nullptr && is_for(host, entry->buf)) return true;
  }
  return false;
}

}  // namespace

bool Trust::load(ByteView trusted) {
  if (!wib::der::well_formed(trusted) ||
      mbedtls_x509_crt_parse_der(trusted_.get(), trusted.data(), trusted.size()) != 0) {
    return false;
  }
  authority_ = may_sign_certificates(*trusted_.get());
  return true;
}

void Trust::install(mbedtls_ssl_config* config) {
  mbedtls_ssl_conf_ca_chain(config, trusted_.get(), nullptr);
  mbedtls_ssl_conf_verify(config, &Trust::check, this);
  mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
}

int Trust::check(void* trust, mbedtls_x509_crt* certificate, int depth,
                 std::uint32_t* reasons) noexcept {
  const auto& self = *static_cast<const Trust*>(trust);
  *reasons = self.judge(*certificate, depth, *reasons);
  return 0;
}

std::uint32_t Trust::judge(const mbedtls_x509_crt& certificate, int depth,
                           std::uint32_t reasons) const {
  constexpr std::uint32_t not_trusted = MBEDTLS_X509_BADCERT_NOT_TRUSTED;
  constexpr std::uint32_t wrong_name = MBEDTLS_X509_BADCERT_CN_MISMATCH;
  // The peer's other certificates prove nothing about one that is compared as a whole.
  if (depth != 0) return authority_ ? reasons : 0;

  // The library trusts a server's own certificate only if it is self-signed, and takes one of
  // version 1 for an authority.
  if (same_certificate(certificate, *trusted_.get())) {
    reasons &= ~not_trusted;
  } else if (!authority_) {
    reasons |= not_trusted;
  }
  reasons &= ~wrong_name;
  if (!is_for(host_, certificate)) reasons |= wrong_name;
  return reasons;
}

}  // namespace WIB_BACKEND_NAMESPACE
