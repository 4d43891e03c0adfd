// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup_code.h"

namespace wib {
namespace {

// A symbol's value is its place. The first 32 are the digits; all 37 are the check's.
constexpr std::string_view symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
constexpr unsigned radix = 32;
constexpr unsigned check_modulus = 37;
constexpr unsigned bits_per_character = 5;
static_assert(symbols.size() == check_modulus);

[[nodiscard]] constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// What people take for a digit, as that digit.
[[nodiscard]] constexpr char without_alias(char c) noexcept {
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

// The value of a symbol below `limit`, or `limit`.
[[nodiscard]] constexpr unsigned value_of(char c, unsigned limit) noexcept {
  for (unsigned value = 0; value < limit; ++value) {
    if (symbols[value] == c) return value;
  }
  return limit;
}

// The remainder of the number with one more digit behind it.
[[nodiscard]] constexpr unsigned add_digit(unsigned remainder, unsigned digit) noexcept {
  return (remainder * radix + digit) % check_modulus;
}

[[nodiscard]] std::unexpected<Error> wrong_character(std::size_t offset) noexcept {
  return fail(Errc::malformed, "setup code: character", static_cast<std::uint32_t>(offset));
}

[[nodiscard]] std::unexpected<Error> wrong_length(std::size_t offset) noexcept {
  return fail(Errc::out_of_range, "setup code: length", static_cast<std::uint32_t>(offset));
}

// Whether the separator at `position` parts two characters of which `count` have been read, as far
// as can be told from what stands before it.
[[nodiscard]] bool may_separate(std::string_view text, std::size_t position,
                                std::size_t count) noexcept {
  if (count == 0 || count > setup_code_size) return false;
  return text[position] == '-' || text[position - 1] != ' ';
}

}  // namespace

Result<SetupCode> parse_setup_code(std::string_view text) noexcept {
  SetupCode code;
  if (!code.characters.resize(setup_code_size)) return fail(Errc::capacity, "setup code: length");
  const ByteSpan characters = code.characters.span();
  std::size_t count = 0;  // symbols read, the check's included
  unsigned remainder = 0;
  unsigned check = 0;
  std::size_t check_offset = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' || text[i] == ' ') {
      if (!may_separate(text, i, count)) return wrong_character(i);
      continue;
    }
    const char c = upper(text[i]);
    if (count < setup_code_size) {
      const unsigned digit = value_of(without_alias(c), radix);
      if (digit == radix) return wrong_character(i);
      characters[count] = static_cast<Byte>(symbols[digit]);
      remainder = add_digit(remainder, digit);
    } else {
      const unsigned value = value_of(c, check_modulus);
      if (value == check_modulus) return wrong_character(i);
      if (count > setup_code_size) return wrong_length(i);
      check = value;
      check_offset = i;
    }
    ++count;
  }
  if (count <= setup_code_size) return wrong_length(text.size());
  if (check != remainder) {
    return fail(Errc::malformed, "setup code: check character",
                static_cast<std::uint32_t>(check_offset));
  }
  return code;
}

Result<std::string_view> write_setup_code(const SetupCode& code, std::span<char> out) noexcept {
  constexpr std::size_t half = setup_code_size / 2;
  if (out.size() < setup_code_text_size) return fail(Errc::capacity, "setup code: output");
  const std::string_view characters = as_text(code.view());
  if (characters.size() != setup_code_size) return wrong_length(characters.size());
  unsigned remainder = 0;
  for (std::size_t i = 0; i < setup_code_size; ++i) {
    const unsigned digit = value_of(characters[i], radix);
    if (digit == radix) return wrong_character(i);
    remainder = add_digit(remainder, digit);
  }
  std::size_t position = 0;
  for (std::size_t i = 0; i < setup_code_size; ++i) {
    if (i == half) out[position++] = '-';
    out[position++] = characters[i];
  }
  out[position++] = '-';
  out[position++] = symbols[remainder];
  return std::string_view{out.data(), position};
}

Result<SetupCode> make_setup_code(Random& random) {
  std::array<Byte, setup_code_draw_size> drawn{};
  const WipeGuard guard(drawn);
  if (const auto filled = random.fill(drawn); !filled) return std::unexpected(filled.error());
  SetupCode code;
  if (!code.characters.resize(setup_code_size)) return fail(Errc::capacity, "setup code: length");
  const ByteSpan characters = code.characters.span();
  for (std::size_t i = 0; i < setup_code_size; ++i) {
    // A digit's 5 bits lie in two bytes; the last one's end 6 bits before the second byte does.
    const std::size_t bit = i * bits_per_character;
    const unsigned pair = static_cast<unsigned>(drawn[bit / 8] << 8U | drawn[bit / 8 + 1]);
    const unsigned digit = pair >> (16U - bits_per_character - bit % 8) & (radix - 1);
    characters[i] = static_cast<Byte>(symbols[digit]);
  }
  return code;
}

}  // namespace wib
