// SPDX-License-Identifier: Apache-2.0
//
// Edits: a valid message, changed in one place. By the bytes as they are on the wire, by the head,
// or by a field of the CBOR body, which is then written again as a body in the grammar.
#pragma once

#include <vector>

#include "fuzz/sessions/script.h"

namespace wib::fuzz {

using ByteVector = std::vector<Byte>;

// What step.kind does, modulo their number; none is 0, so that a step of zeros changes nothing.
enum class Edit : Byte {
  none,
  flip_byte,
  cut,
  insert_byte,
  delete_byte,
  flip_body_byte,
  cut_body,
  extend_body,
  empty_body,
  other_body,
  replace_field,
  cut_field,
  extend_field,
  flip_field_byte,
  drop_field,
  repeat_field,
  renumber_field,
  add_field,
  other_field,
  cookie_of_other,
  cookie_digit,
  cookie_upper_case,
  no_cookie,
  two_cookies,
  target,
  head_text,
  head_line
};
inline constexpr unsigned edit_count = 27;

[[nodiscard]] constexpr Edit edit_of(const Step& step) noexcept {
  return static_cast<Edit>(step.kind % edit_count);
}

// Changes an HTTP message. `other` is another whole message, from which a body, a field or a cookie
// is taken. A body that was changed has the right Content-Length.
void edit_message(ByteVector& message, const Step& step, ByteView other);

// Changes a plaintext, which may be CBOR or not: the edits of bodies alone.
void edit_plaintext(ByteVector& plaintext, const Step& step, ByteView other);

// What comes behind an HTTP head; empty if there is no end of one.
[[nodiscard]] ByteView body_of(ByteView message) noexcept;

}  // namespace wib::fuzz
