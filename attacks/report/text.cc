// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace wib::attacks::report {
namespace {

constexpr std::string_view ellipsis = "\u2026";

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
  bool valid = false;
};

// The first code point of `text`; one byte that is not valid if it does not begin with one.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
  char32_t value = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    value = value << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < smallest[size] || value > 0x10ffff || surrogate) return {};
  return {value, size, true};
}

// Characters that act on a terminal or a reader's eye instead of showing, and those that XML
// forbids.
bool is_hidden(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return first <= c && c <= last; };
  return c < 0x20 || within(0x7f, 0x9f) || c == 0x61c || within(0x200b, 0x200f) ||
         within(0x2028, 0x202e) || within(0x2060, 0x206f) || c == 0xfeff ||
         within(0xfff9, 0xfffb) || within(0xe0000, 0xe007f) || (c & 0xfffeU) == 0xfffe;
}

std::string hex(char32_t value) {
  std::array<char, 12> digits{};
  const int size =
      std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned>(value));
  return {digits.data(), static_cast<std::size_t>(size)};
}

std::string show_hidden(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  return c < 0x80 ? "\\x" + hex(c) : "\\u{" + hex(c) + "}";
}

std::string show(std::string_view text, bool keep_lines) {
  std::string shown;
  while (!text.empty()) {
    const CodePoint c = decode(text);
    const bool kept = keep_lines && (c.value == '\n' || c.value == '\t');
    if (!c.valid) {
      shown += "\\x" + hex(static_cast<std::uint8_t>(text[0]));
    } else if (is_hidden(c.value) && !kept) {
      shown += show_hidden(c.value);
    } else {
      shown += text.substr(0, c.size);
    }
    text.remove_prefix(c.size);
  }
  return shown;
}

// Bytes that the first `width` columns of valid UTF-8 take.
std::size_t prefix(std::string_view text, std::size_t width) {
  std::size_t size = 0;
  while (size < text.size() && width > 0) {
    size += decode(text.substr(size)).size;
    --width;
  }
  return size;
}

// Where to break a line that has to end at `end` or before: between the items of a list, else
// behind a space, else behind punctuation, in its second half each; else there.
std::size_t break_at(std::string_view text, std::size_t end) {
  const std::string_view line = text.substr(0, end);
  const std::size_t item = line.rfind(", ");
  if (item != std::string_view::npos && item > end / 2) return item + 2;
  if (end < text.size() && text[end] == ' ') return end + 1;
  for (const char* const set : {" ", ",;(/.-"}) {
    const std::size_t found = line.find_last_of(set);
    if (found != std::string_view::npos && found + 1 > end / 2) return found + 1;
  }
  return end;
}

std::string group_thousands(std::string digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string print(const char* format, double value) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), format, value);
  return {text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1)};
}

}  // namespace

std::string visible(std::string_view text) { return show(text, false); }

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : show(text, true)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::size_t columns(std::string_view text) {
  // Every byte but those that continue a code point.
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0U) != 0x80; }));
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t taken = columns(text);
  if (taken < width) text.append(width - taken, ' ');
  return text;
}

std::string elide(std::string_view text, std::size_t width) {
  std::string shown = visible(text);
  if (columns(shown) <= width) return shown;
  shown.resize(prefix(shown, width - 1));
  while (shown.ends_with(' ')) shown.pop_back();
  return shown.append(ellipsis);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t lines) {
  std::vector<std::string> wrapped;
  const std::string shown = visible(text);
  std::string_view rest = shown;
  while (!rest.empty()) {
    if (wrapped.size() + 1 == lines || columns(rest) <= width) {
      wrapped.push_back(elide(rest, width));
      break;
    }
    const std::size_t cut = break_at(rest, prefix(rest, width));
    std::string line(rest.substr(0, cut));
    while (line.ends_with(' ')) line.pop_back();
    wrapped.push_back(std::move(line));
    rest.remove_prefix(cut);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  return wrapped;
}

std::string shell_path(std::string_view path) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%";
  std::string word = path.starts_with('-') ? "./" : "";
  word += path;
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string href(std::string_view path) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./~";
  std::string reference = "./";
  for (const char c : path) {
    if (plain.find(c) != std::string_view::npos) {
      reference += c;
    } else {
      reference += "%" + hex(static_cast<std::uint8_t>(c));
    }
  }
  return reference;
}

std::string number(double value) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value > 0 ? "infinite" : "-infinite";
  const double size = std::fabs(value);
  if (size >= 1e15) return print("%.3g", value);
  if (size >= 1e9) return print("%.3g", value / 1e9) + " billion";
  if (size >= 1e6) return print("%.3g", value / 1e6) + " million";
  if (size >= 1000 || value == std::floor(value)) return group_thousands(print("%.0f", value));
  return print("%.3g", value);
}

std::string count(std::size_t number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

}  // namespace wib::attacks::report
