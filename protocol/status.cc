// SPDX-License-Identifier: Apache-2.0
#include "protocol/status.h"

namespace wib {

std::string_view reason_phrase(Status status) noexcept {
  switch (status) {
    case Status::none: return "None";
    case Status::ok: return "OK";
    case Status::no_content: return "No Content";
    case Status::bad_request: return "Bad Request";
    case Status::unauthorized: return "Unauthorized";
    case Status::forbidden: return "Forbidden";
    case Status::not_found: return "Not Found";
    case Status::method_not_allowed: return "Method Not Allowed";
    case Status::conflict: return "Conflict";
    case Status::length_required: return "Length Required";
    case Status::payload_too_large: return "Content Too Large";
    case Status::unsupported_media_type: return "Unsupported Media Type";
    case Status::header_fields_too_large: return "Request Header Fields Too Large";
    case Status::service_unavailable: return "Service Unavailable";
    case Status::http_version_not_supported: return "HTTP Version Not Supported";
  }
  return "Unknown";
}

}  // namespace wib
