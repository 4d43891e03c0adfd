// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate is for a host. The library's own check cannot be used: it knows no
// addresses, it falls back to the common name, and its wildcards stand for every host of "*.top".
#pragma once

#include <array>
#include <string>

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

class Host {
 public:
  // A DNS name or an IP address as text; empty: any host.
  explicit Host(std::string_view text);

  // False for what one library or the other takes for something else than a host.
  [[nodiscard]] static bool acceptable(std::string_view text) noexcept {
    return !text.starts_with('.') && text.find('\0') == std::string_view::npos;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool is_name() const noexcept { return !text_.empty() && address_size_ == 0; }

  // True if a subjectAltName of the certificate is this host (RFC 9525): the address, or the name,
  // where a wildcard may stand for the leftmost label.
  [[nodiscard]] bool is_named_by(const mbedtls_x509_crt& certificate) const;

 private:
  [[nodiscard]] bool is(const mbedtls_x509_buf& name) const;

  std::string text_;
  std::array<Byte, 16> address_{};
  std::size_t address_size_ = 0;  // 0 for a name
};

}  // namespace WIB_BACKEND_NAMESPACE
