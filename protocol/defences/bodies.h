// SPDX-License-Identifier: Apache-2.0
//
// What the slots do with bodies.
#pragma once

#include "protocol/messages/message.h"

namespace wib {

template <class T>
[[nodiscard]] Body to_body(const Result<T>& parsed) noexcept {
  if (parsed) return *parsed;
  return parsed.error();
}

// The body as a T, or why it is none: what the parser said, or that it is missing.
template <class T>
[[nodiscard]] Result<T> take(const Body& body, std::string_view where) noexcept {
  if (const T* value = std::get_if<T>(&body)) return *value;
  if (const Error* error = std::get_if<Error>(&body)) return std::unexpected(*error);
  return fail(Errc::missing_field, where);
}

}  // namespace wib
