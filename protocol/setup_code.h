// SPDX-License-Identifier: Apache-2.0
//
// Setup codes: the secret that is printed on a device's label and typed by a person. 10 characters
// of Crockford's base32 (0-9 and A-Z without I, L, O, U) are 50 bits; Crockford's check character
// (the number modulo 37; the symbols go on with * ~ $ = U) catches every single wrong character and
// every two neighbours swapped, because 37 is a prime above 32. It is not a secret's protection.
#pragma once

#include "protocol/bytes.h"
#include "protocol/error.h"
#include "protocol/random.h"

namespace wib {

inline constexpr std::size_t setup_code_size = 10;       // characters without the check
inline constexpr std::size_t setup_code_text_size = 13;  // "XXXXX-XXXXX-C"
inline constexpr std::size_t setup_code_draw_size = 7;   // bytes drawn for a new code

// The 10 characters, canonical: upper case, no aliases. What parse_setup_code() and
// make_setup_code() return is always whole; a default one is empty. A secret: wipes itself.
struct SetupCode {
  SecretBuffer<setup_code_size> characters;

  [[nodiscard]] ByteView view() const noexcept { return characters.view(); }
};

// Parses what a person types: the 10 characters and the check character, in either case, with O for
// 0 and I or L for 1 in the 10. Hyphens and spaces between two characters are ignored, but two
// spaces in a row are not, nor anything before the first or behind the last character. Reads from
// left to right and stops at the first fault:
//   Errc::malformed     "setup code: character"        no symbol at its place; offset is its
//   Errc::out_of_range  "setup code: length"           offset of the 12th symbol, or text.size()
//   Errc::malformed     "setup code: check character"  offset of the check character
[[nodiscard]] Result<SetupCode> parse_setup_code(std::string_view text) noexcept;

// Writes "XXXXX-XXXXX-C" to the front of `out` (at least setup_code_text_size, else
// Errc::capacity). The text is as secret as the code, and the caller's to wipe. A code that neither
// function here made may not be one: then the errors of parse_setup_code(), and nothing is written.
[[nodiscard]] Result<std::string_view> write_setup_code(const SetupCode& code,
                                                        std::span<char> out) noexcept;

// A new code: draws setup_code_draw_size bytes at once and takes their first 50 bits, the most
// significant bit of the first byte first; the last 6 bits are not used.
[[nodiscard]] Result<SetupCode> make_setup_code(Random& random);

}  // namespace wib
