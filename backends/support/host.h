// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate is for a host (RFC 9525), for libraries whose own check cannot be used. A
// wrapper goes through the subjectAltNames and asks of each.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "protocol/bytes.h"

namespace wib {

class Host {
 public:
  // A DNS name or an IP address as text; empty: any host.
  explicit Host(std::string_view text);

  // False for what one library or the other takes for something else than a host.
  [[nodiscard]] static bool acceptable(std::string_view text) noexcept {
    return !text.starts_with('.') && text.find('\0') == std::string_view::npos;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool is_any() const noexcept { return text_.empty(); }
  [[nodiscard]] bool is_name() const noexcept { return !text_.empty() && address_size_ == 0; }

  // True if a dNSName of a certificate is this host; a wildcard may stand for the leftmost label.
  [[nodiscard]] bool is_dns_name(std::string_view name) const noexcept;
  // True if an iPAddress of a certificate, 4 or 16 bytes, is this host.
  [[nodiscard]] bool is_ip_address(ByteView address) const noexcept;

 private:
  std::string text_;
  std::array<Byte, 16> address_{};
  std::size_t address_size_ = 0;  // 0 for a name
};

}  // namespace wib
