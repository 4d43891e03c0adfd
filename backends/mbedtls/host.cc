// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <arpa/inet.h>

#include <algorithm>

namespace WIB_BACKEND_NAMESPACE {
namespace {

// Tags of a GeneralName (RFC 5280 4.2.1.6).
constexpr int dns_name = 0x82;
constexpr int ip_address = 0x87;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

// `pattern` is a name of a certificate.
bool matches(std::string_view pattern, std::string_view name) {
  if (same_name(pattern, name)) return true;
  // "*.example.org": the star is a whole label, and two others are left at least.
  if (!pattern.starts_with("*.")) return false;
  const std::string_view domain = pattern.substr(1);
  if (domain.find('.', 1) == std::string_view::npos) return false;
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && same_name(name.substr(dot), domain);
}

}  // namespace

Host::Host(std::string_view text) : text_(text) {
  if (inet_pton(AF_INET, text_.c_str(), address_.data()) == 1) {
    address_size_ = sizeof(in_addr);
  } else if (inet_pton(AF_INET6, text_.c_str(), address_.data()) == 1) {
    address_size_ = sizeof(in6_addr);
  }
}

bool Host::is_named_by(const mbedtls_x509_crt& certificate) const {
  if (text_.empty()) return true;
  // The first entry is part of the certificate, and no name if there is none.
  const mbedtls_x509_sequence* entry = &certificate.subject_alt_names;
  for (; entry != nullptr; entry = entry->next) {
    if (entry->buf.p != nullptr && is(entry->buf)) return true;
  }
  return false;
}

bool Host::is(const mbedtls_x509_buf& name) const {
  const ByteView content(name.p, name.len);
  switch (name.tag) {
    case dns_name: return is_name() && matches(wib::as_text(content), text_);
    case ip_address:
      return !is_name() && wib::same_bytes(content, {address_.data(), address_size_});
    default: return false;
  }
}

}  // namespace WIB_BACKEND_NAMESPACE
