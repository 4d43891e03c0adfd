// SPDX-License-Identifier: Apache-2.0
//
// HTTP status codes that the protocol uses (RFC 9110 section 15, RFC 6585).
#pragma once

#include <cstdint>
#include <string_view>

namespace wib {

enum class Status : std::uint16_t {
  none = 0,  // an event that is answered by no message (a press, a timer)
  ok = 200,
  no_content = 204,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  conflict = 409,
  length_required = 411,
  payload_too_large = 413,
  unsupported_media_type = 415,
  header_fields_too_large = 431,
  service_unavailable = 503,
  http_version_not_supported = 505,
};

// The reason phrase of RFC 9110 ("Bad Request"); "Unknown" for a code that is not listed above.
[[nodiscard]] std::string_view reason_phrase(Status status) noexcept;

}  // namespace wib
