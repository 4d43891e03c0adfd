// SPDX-License-Identifier: Apache-2.0
//
// Addresses and URLs of devices, as people type them.
#include "attacks/live/address.h"

#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "An address that is accepted has a host and a port, and is written so that it reads the same; "
    "a URL is accepted exactly if what is between its scheme and its slash is an address with a "
    "port, or a host alone.";

namespace {

using attacks::Address;

// Brackets inside of a host's name, which parse_address() does not mind ("[x:80" and "[[x]]:80"
// have one): such a name is written so that it reads otherwise.
bool odd_brackets(const Address& address) {
  return address.host.find_first_of("[]") != std::string::npos;
}

void expect_address(const Address& address) {
  expect(!address.host.empty(), "a host");
  if (odd_brackets(address)) return;
  const auto again = attacks::parse_address(address.text());
  expect(again && again->host == address.host && again->port == address.port,
         "what is written reads the same");
}

}  // namespace

void one_input(ByteView input) {
  const std::string_view text = as_text(input);
  const auto address = attacks::parse_address(text);
  const auto url = attacks::parse_url(text);
  if (address) expect_address(*address);
  if (!address) expect(!address.error().message.empty(), "an error has words");
  if (!url) expect(!url.error().message.empty(), "an error has words");
  if (url) {
    expect_address(*url);
    expect(url->port != 0 && text.starts_with("http://"), "a URL has a scheme and a port");
    const auto again = attacks::parse_url("http://" + url->text() + "/");
    expect(odd_brackets(*url) || (again && again->host == url->host && again->port == url->port),
           "what is written as a URL reads the same");
  }
  if (address && address->port != 0 && address->host.find('/') == std::string::npos &&
      !odd_brackets(*address)) {
    const auto same = attacks::parse_url("http://" + std::string(text));
    expect(same && same->host == address->host && same->port == address->port,
           "an address is a URL with its scheme");
  }
}

}  // namespace wib::fuzz
