// SPDX-License-Identifier: Apache-2.0
#include "props/support/http_outcome.h"

namespace wib::props {

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << "{progress " << static_cast<int>(outcome.progress) << ", consumed "
             << outcome.consumed << ", finished " << outcome.finished << ", " << outcome.message
             << "}";
}

std::string describe(const http::Request& request) {
  const char* method = request.method == http::Method::get    ? "GET"
                       : request.method == http::Method::post ? "POST"
                                                              : "other";
  std::string text = method;
  text += " target=" + std::string(request.target);
  if (request.has_cookie) text += " cookie=" + std::string(request.cookie);
  if (request.has_content_type) text += " type=" + std::string(request.content_type);
  if (request.has_content) text += " content";
  text += " body=" + std::string(as_text(request.body));
  return text + (request.keep_alive ? " keep" : " close");
}

std::string describe(const http::Response& response) {
  std::string text = std::to_string(response.status);
  if (response.has_set_cookie) text += " set-cookie=" + std::string(response.set_cookie);
  if (response.has_content_type) text += " type=" + std::string(response.content_type);
  text += " body=" + std::string(as_text(response.body));
  return text + (response.keep_alive ? " keep" : " close");
}

std::string describe(const http::Refusal& refusal) {
  return std::to_string(static_cast<unsigned>(refusal.status)) + " " +
         std::string(name(refusal.error.code)) + " " + std::string(refusal.error.where) + " @" +
         std::to_string(refusal.error.offset);
}

std::vector<std::size_t> every_byte(std::string_view stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < stream.size(); ++i) cuts.push_back(i);
  return cuts;
}

Outcome accepted(std::size_t size, std::string message) {
  return {http::Progress::complete, size, true, std::move(message)};
}

Outcome refused(std::size_t consumed, std::string message) {
  return {http::Progress::refused, consumed, false, std::move(message)};
}

}  // namespace wib::props
