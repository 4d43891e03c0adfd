// SPDX-License-Identifier: Apache-2.0
//
// Errors say whose fault it was, what was wrong and where; the HTTP status derives from the
// transition table, never from the error.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace wib {

enum class Errc : std::uint8_t {
  none,
  // The peer's fault.
  malformed,      // not in the grammar (CBOR, HTTP, DER, cookie)
  missing_field,  // a field that the message must have
  unknown_field,  // a field that the message must not have
  out_of_range,   // too short, too long, or a value that no rule gives a meaning to
  bad_padding,
  bad_tag,
  bad_identity,     // the serial number is not this device's
  bad_certificate,  // does not parse, or is not usable for a TLS server
  bad_key,          // does not parse, or does not work with the certificate
  unexpected,       // well-formed, but not now
  refused,          // the peer said no (a status outside what the step asks for)
  exhausted,        // no attempt is left
  weak_suite,       // the peer offers less than is demanded
  // Our own fault, or our platform's.
  entropy,      // the random or noise source failed
  crypto,       // a backend operation failed
  unsupported,  // the backend does not have the operation
  storage,      // the store failed
  capacity      // a bounded table or buffer is full
};

// The code's name as written above; never null.
[[nodiscard]] std::string_view name(Errc code) noexcept;

// `where` names the message and field ("auth.wib: tag"); it points to static storage. `offset` is
// the byte at which a codec stopped, or `no_offset`.
struct Error {
  static constexpr std::uint32_t no_offset = 0xffff'ffff;

  Errc code = Errc::none;
  std::string_view where;
  std::uint32_t offset = no_offset;

  // True for the errors that our own side caused.
  [[nodiscard]] constexpr bool local() const noexcept { return code >= Errc::entropy; }

  friend constexpr bool operator==(const Error&, const Error&) = default;
};

template <class T = void>
using Result = std::expected<T, Error>;

[[nodiscard]] constexpr std::unexpected<Error> fail(
    Errc code, std::string_view where, std::uint32_t offset = Error::no_offset) noexcept {
  return std::unexpected(Error{code, where, offset});
}

}  // namespace wib
