// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/address.h"

#include <charconv>

namespace wib::attacks {
namespace {

std::unexpected<LiveError> wrong(std::string_view text, std::string_view what) {
  return std::unexpected(LiveError{"\"" + std::string(text) + "\": " + std::string(what)});
}

}  // namespace

std::string Address::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

LiveResult<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong(text, "expected HOST:PORT");
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong(text, "an IPv6 address goes in brackets: [::1]:8080");
  }
  if (host.empty()) return wrong(text, "expected a host before the colon");
  Address address{std::string(host), 0};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
    return wrong(text, "the port is a number from 0 to 65535");
  }
  return address;
}

LiveResult<Address> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) {
    return wrong(url, "a device is set up over plain HTTP: expected http://HOST:PORT");
  }
  std::string_view rest = url.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('/') != std::string_view::npos) return wrong(url, "expected no path");
  const bool has_port = rest.rfind(':') != std::string_view::npos &&
                        (!rest.starts_with('[') || rest.rfind("]:") != std::string_view::npos);
  const auto address = parse_address(has_port ? std::string(rest) : std::string(rest) + ":80");
  if (!address) return wrong(url, "expected http://HOST:PORT");
  if (address->port == 0) return wrong(url, "the port is a number from 1 to 65535");
  return address;
}

}  // namespace wib::attacks
