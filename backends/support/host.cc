// SPDX-License-Identifier: Apache-2.0
#include "backends/support/host.h"

#include <arpa/inet.h>

#include <algorithm>

namespace wib {
namespace {

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

bool Host::is_dns_name(std::string_view name) const noexcept {
  return is_name() && matches(name, text_);
}

bool Host::is_ip_address(ByteView address) const noexcept {
  return address_size_ != 0 && same_bytes(address, ByteView(address_).first(address_size_));
}

}  // namespace wib
