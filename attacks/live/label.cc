// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/label.h"

#include <qrencode.h>

#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "protocol/setup/device.h"

namespace wib::attacks {
namespace {

constexpr std::string_view serial_prefix = "WIB:S:";
constexpr std::string_view code_prefix = ";C:";
constexpr std::string_view suffix = ";;";
constexpr std::size_t escape_size = 3;  // "%XX"

ByteSpan bytes_of(std::string& text) { return {reinterpret_cast<Byte*>(text.data()), text.size()}; }

bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string encode_serial(std::string_view serial) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : serial) {
    if (is_plain(c)) {
      text += c;
    } else {
      const auto byte = static_cast<Byte>(c);
      text += {'%', digits[byte >> 4U], digits[byte & 0xfU]};
    }
  }
  return text;
}

// The value of an upper-case hexadecimal digit, or -1.
int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that `text` begins with, if it is an escape and could not have been written plain.
std::optional<char> escaped_byte(std::string_view text) {
  if (text.size() < escape_size || text[0] != '%') return std::nullopt;
  const int high = digit_value(text[1]);
  const int low = digit_value(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  const auto byte = static_cast<char>(high << 4 | low);
  if (is_plain(byte)) return std::nullopt;
  return byte;
}

// The code as people read it.
class CodeText {
 public:
  explicit CodeText(const SetupCode& code) {
    if (const auto written = write_setup_code(code, text_)) view_ = *written;
  }

  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::array<char, setup_code_text_size> text_{};
  WipeGuard guard_{ByteSpan{reinterpret_cast<Byte*>(text_.data()), text_.size()}};
  std::string_view view_;
};

// The code as the payload has it. `text` has room for it: it must not leave a copy behind.
void append_code(const SetupCode& code, std::string& text) {
  const CodeText spelled(code);
  for (const char c : spelled.view()) {
    if (c != '-') text += c;
  }
}

// A payload, and how far it has been read.
class Cursor {
 public:
  explicit Cursor(std::string_view payload) : payload_(payload) {}

  [[nodiscard]] std::unexpected<Error> malformed(std::string_view where) const {
    return fail(Errc::malformed, where, static_cast<std::uint32_t>(position_));
  }

  [[nodiscard]] Result<> expect(std::string_view text, std::string_view where) {
    for (const char c : text) {
      if (position_ == payload_.size() || payload_[position_] != c) return malformed(where);
      ++position_;
    }
    return {};
  }

  [[nodiscard]] Result<> expect_end() const {
    if (position_ != payload_.size()) return malformed("label: end");
    return {};
  }

  [[nodiscard]] Result<std::string> read_serial() {
    std::string serial;
    while (position_ < payload_.size() && payload_[position_] != ';') {
      if (serial.size() == max_serial_size) return malformed("label: serial length");
      if (is_plain(payload_[position_])) {
        serial += payload_[position_++];
      } else {
        const auto byte = escaped_byte(payload_.substr(position_));
        if (!byte) return malformed("label: serial");
        serial += *byte;
        position_ += escape_size;
      }
    }
    if (serial.empty()) return malformed("label: serial length");
    return serial;
  }

  [[nodiscard]] Result<SetupCode> read_code() {
    const std::string_view text =
        payload_.substr(position_, payload_.find(';', position_) - position_);
    auto code = parse_setup_code(text);
    if (!code) {
      position_ += code.error().offset;
      return malformed(code.error().where);
    }
    // A person may type a code in many ways; a label has one.
    std::string canonical(setup_code_text_size, '\0');
    const WipeGuard guard(bytes_of(canonical));
    canonical.clear();
    append_code(*code, canonical);
    if (const auto same = expect(canonical, "label: code"); !same) {
      return std::unexpected(same.error());
    }
    return code;
  }

 private:
  std::string_view payload_;
  std::size_t position_ = 0;
};

// A QR code as libqrencode gives it. It holds the payload: wiped before it is freed.
struct FreeQr {
  void operator()(QRcode* qr) const {
    const auto width = static_cast<std::size_t>(qr->width);
    secure_wipe({qr->data, width * width});
    QRcode_free(qr);
  }
};
using Qr = std::unique_ptr<QRcode, FreeQr>;

// In modules. With 2, which some writers leave, some cameras find nothing.
constexpr int quiet_zone = 4;

// Light outside the code too: that is what the quiet zone is.
bool is_light(const QRcode& qr, int row, int column) {
  if (row < 0 || column < 0 || row >= qr.width || column >= qr.width) return true;
  return (qr.data[row * qr.width + column] & 1) == 0;
}

std::string_view half_blocks(bool upper_light, bool lower_light) {
  if (upper_light) return lower_light ? "\u2588" : "\u2580";
  return lower_light ? "\u2584" : " ";
}

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

// The lines of a QR code with the colours set. Line by line, so that none is left set if the rest
// is cut off.
void print_coloured(std::string_view lines, std::ostream& out) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    out << "\x1b[97;40m" << lines.substr(0, end) << "\x1b[0m\n";
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

std::string label_payload(const Label& label) {
  const std::string serial = encode_serial(label.serial);
  std::string payload;
  payload.reserve(serial_prefix.size() + serial.size() + code_prefix.size() + setup_code_text_size +
                  suffix.size());  // never moved: it is a secret
  payload += serial_prefix;
  payload += serial;
  payload += code_prefix;
  append_code(label.code, payload);
  payload += suffix;
  return payload;
}

Result<Label> parse_label(std::string_view payload) {
  Cursor cursor(payload);
  if (const auto read = cursor.expect(serial_prefix, "label: prefix"); !read) {
    return std::unexpected(read.error());
  }
  auto serial = cursor.read_serial();
  if (!serial) return std::unexpected(serial.error());
  if (const auto read = cursor.expect(code_prefix, "label: code field"); !read) {
    return std::unexpected(read.error());
  }
  const auto code = cursor.read_code();
  if (!code) return std::unexpected(code.error());
  if (const auto read = cursor.expect(suffix, "label: end"); !read) {
    return std::unexpected(read.error());
  }
  if (const auto read = cursor.expect_end(); !read) return std::unexpected(read.error());
  return Label{std::move(*serial), *code};
}

Result<std::string> qr_text(std::string_view payload) {
  constexpr std::size_t block_size = 3;  // bytes of a half block in UTF-8
  if (!std::in_range<int>(payload.size())) return fail(Errc::capacity, "label: QR code");
  const Qr qr(QRcode_encodeData(static_cast<int>(payload.size()), as_bytes(payload).data(), 0,
                                QR_ECLEVEL_M));
  if (!qr) return fail(Errc::capacity, "label: QR code");
  const int end = qr->width + quiet_zone;
  const auto size = static_cast<std::size_t>(end + quiet_zone);
  std::string text;
  text.reserve((size + 1) / 2 * (size * block_size + 1));  // never moved: it is a secret
  for (int row = -quiet_zone; row < end; row += 2) {
    for (int column = -quiet_zone; column < end; ++column) {
      const bool lower_light = row + 1 < end && is_light(*qr, row + 1, column);
      text += half_blocks(is_light(*qr, row, column), lower_light);
    }
    text += '\n';
  }
  return text;
}

void print_label(const Label& label, std::ostream& out, bool colour) {
  std::string payload = label_payload(label);
  const WipeGuard payload_guard(bytes_of(payload));
  const bool printable = is_printable(label.serial);
  out << "serial number  " << (printable ? label.serial : encode_serial(label.serial)) << '\n'
      << "setup code     " << CodeText(label.code).view() << '\n'
      << "payload        " << payload << "\n\n";
  auto qr = qr_text(payload);
  if (!qr) {
    out << "(no QR code: the payload does not fit)\n";
    return;
  }
  const WipeGuard qr_guard(bytes_of(*qr));
  if (colour) {
    print_coloured(*qr, out);
  } else {
    out << *qr;
  }
}

}  // namespace wib::attacks
