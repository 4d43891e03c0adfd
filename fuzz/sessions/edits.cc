// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/edits.h"

#include <optional>
#include <string>

#include "protocol/cbor.h"
#include "protocol/groups.h"

namespace wib::fuzz {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t max_edited_body = 16384;
constexpr std::size_t cookie_digits = 32;

std::size_t body_start(ByteView message) noexcept {
  const std::size_t at = as_text(message).find(head_end);
  return at == std::string_view::npos ? message.size() : at + head_end.size();
}

// --- Bytes ---------------------------------------------------------------------------------------

Byte changed_by(Byte byte, const Step& step) noexcept {
  return static_cast<Byte>(byte ^ (step.value == 0 ? 1U : step.value));
}

void edit_bytes(ByteVector& bytes, Edit edit, const Step& step) {
  const auto place = [&](std::size_t size) {
    return static_cast<std::ptrdiff_t>(step.position % std::max<std::size_t>(size, 1));
  };
  switch (edit) {
    case Edit::flip_byte:
    case Edit::flip_body_byte:
      if (!bytes.empty()) {
        Byte& byte = bytes[static_cast<std::size_t>(place(bytes.size()))];
        byte = changed_by(byte, step);
      }
      break;
    case Edit::cut:
    case Edit::cut_body: bytes.resize(static_cast<std::size_t>(place(bytes.size()))); break;
    case Edit::insert_byte:
      bytes.insert(bytes.begin() + place(bytes.size() + 1), step.value);
      break;
    case Edit::delete_byte:
      if (!bytes.empty()) bytes.erase(bytes.begin() + place(bytes.size()));
      break;
    case Edit::extend_body: bytes.insert(bytes.end(), step.amount + 1U, step.value); break;
    case Edit::empty_body: bytes.clear(); break;
    default: break;
  }
}

// --- CBOR ----------------------------------------------------------------------------------------

struct Field {
  std::uint64_t key;
  ByteVector value;
};
using Fields = std::vector<Field>;

std::optional<Fields> read_fields(ByteView body) {
  cbor::Reader reader(body);
  const auto count = reader.map("fuzz");
  if (!count) return std::nullopt;
  Fields fields;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto key = reader.unsigned_integer("fuzz");
    if (!key) return std::nullopt;
    const auto value = reader.byte_string("fuzz");
    if (!value) return std::nullopt;
    fields.push_back({*key, {value->begin(), value->end()}});
  }
  return fields;
}

ByteVector write_fields(const Fields& fields) {
  ByteVector out(max_edited_body);
  cbor::Writer writer(out);
  writer.map(fields.size());
  for (const Field& field : fields) {
    writer.unsigned_integer(field.key);
    writer.byte_string(field.value);
  }
  const auto written = writer.finish();
  out.resize(written ? written->size() : 0);
  return out;
}

// A value that some rule is about, as long as the one before where it has no size of its own.
ByteVector special_value(Byte which, std::size_t size) {
  const auto copy = [](ByteView bytes) { return ByteVector(bytes.begin(), bytes.end()); };
  ByteVector value(size);
  switch (which % 14) {
    case 0: break;
    case 1: std::ranges::fill(value, Byte{0xff}); break;
    case 2:
      if (size > 0) value.back() = 1;
      break;
    case 3:
      if (size > 0) value.front() = 1;
      break;
    case 4: value = copy(ffdhe2048().p); break;
    case 5:
      value = copy(ffdhe2048().p);
      --value.back();  // p is odd
      break;
    case 6:
      value = copy(ffdhe2048().p);
      value.back() = 0;  // p + 1 ends in ff + 1
      break;
    case 7: value = copy(p256_generator()); break;
    case 8:
      value = copy(p256_generator());
      value.front() = 2;
      break;
    case 9: value = ByteVector(p256_point_size); break;
    case 10: value = ByteVector(1024, 1); break;
    case 11: value = ByteVector(1025, 1); break;
    case 12: value = ByteVector(1, 2); break;
    default: value.clear(); break;
  }
  return value;
}

// False if the body has no such field to change: then a byte is flipped instead.
bool edit_fields(ByteVector& body, Edit edit, const Step& step, ByteView other) {
  auto fields = read_fields(body);
  if (!fields || fields->empty()) return false;
  const std::size_t index = step.position % fields->size();
  Field& field = (*fields)[index];
  ByteVector& value = field.value;
  const auto at = fields->begin() + static_cast<std::ptrdiff_t>(index);
  switch (edit) {
    case Edit::replace_field: value = special_value(step.value, value.size()); break;
    case Edit::cut_field:
      value.resize(value.size() - std::min<std::size_t>(value.size(), step.amount + 1U));
      break;
    case Edit::extend_field: value.insert(value.end(), step.amount + 1U, step.value); break;
    case Edit::flip_field_byte:
      if (value.empty()) return false;
      value[step.amount % value.size()] = changed_by(value[step.amount % value.size()], step);
      break;
    case Edit::drop_field: fields->erase(at); break;
    case Edit::repeat_field: fields->insert(at, Field(field)); break;
    case Edit::renumber_field: field.key = step.value; break;
    case Edit::add_field: fields->push_back({std::uint64_t{step.value} + 1, {step.amount}}); break;
    case Edit::other_field: {
      const auto others = read_fields(other);
      if (!others || others->empty()) return false;
      value = (*others)[step.amount % others->size()].value;
      break;
    }
    default: return false;
  }
  body = write_fields(*fields);
  return true;
}

bool edits_body(Edit edit) noexcept {
  return edit >= Edit::flip_body_byte && edit <= Edit::other_field;
}

void edit_body(ByteVector& body, Edit edit, const Step& step, ByteView other) {
  if (edit == Edit::other_body) {
    body.assign(other.begin(), other.end());
  } else if (edit < Edit::other_body) {
    edit_bytes(body, edit, step);
  } else if (!edit_fields(body, edit, step, other)) {
    edit_bytes(body, Edit::flip_body_byte, step);
  }
}

// --- The head
// --------------------------------------------------------------------------------------

// Replaces what stands first; false if it does not stand there.
bool replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return false;
  text.replace(at, from.size(), to);
  return true;
}

void set_content_length(std::string& head, std::size_t size) {
  constexpr std::string_view field = "Content-Length: ";
  const std::size_t at = head.find(field);
  if (at == std::string::npos) return;
  const std::size_t end = head.find("\r\n", at);
  head.replace(at + field.size(), end - at - field.size(), std::to_string(size));
}

std::string_view cookie_of(std::string_view message) {
  const std::size_t at = message.find("wib=");
  return at == std::string_view::npos ? std::string_view{} : message.substr(at + 4, cookie_digits);
}

void edit_cookie(std::string& head, Edit edit, const Step& step, std::string_view other) {
  const std::size_t at = head.find("wib=");
  if (at == std::string::npos) {
    // A request without one, as GET is, gets one.
    const std::string_view cookie = cookie_of(other);
    if (edit == Edit::cookie_of_other && !cookie.empty()) {
      head.insert(head.size() - 2, "Cookie: wib=" + std::string(cookie) + "\r\n");
    }
    return;
  }
  const std::size_t digits = at + 4;
  switch (edit) {
    case Edit::cookie_of_other:
      if (const auto cookie = cookie_of(other); !cookie.empty()) {
        head.replace(digits, cookie_digits, cookie);
      }
      break;
    case Edit::cookie_digit: {
      char& digit = head[digits + step.position % cookie_digits];
      digit = digit == 'a' ? '7' : 'a';
      break;
    }
    case Edit::cookie_upper_case:
      for (std::size_t i = 0; i < cookie_digits && digits + i < head.size(); ++i) {
        char& digit = head[digits + i];
        if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - 'a' + 'A');
      }
      break;
    case Edit::no_cookie: {
      const std::size_t line = head.rfind("\r\n", at);
      const std::size_t end = head.find("\r\n", at);
      if (line != std::string::npos && end != std::string::npos) head.erase(line, end - line);
      break;
    }
    case Edit::two_cookies: head.insert(at, "wib=" + std::string(cookie_digits, '0') + "; "); break;
    default: break;
  }
}

void edit_target(std::string& head, const Step& step) {
  static constexpr std::array<std::string_view, 5> targets = {
      "/setup/dh.wib", "/setup/auth.wib", "/setup/key.wib", "/setup/", "/setup/dh.wib?"};
  const std::string_view to = targets[step.value % targets.size()];
  for (const std::string_view from : {targets[0], targets[1], targets[2]}) {
    if (replace(head, from, to)) return;
  }
}

void edit_head_text(std::string& head, const Step& step) {
  using Change = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Change, 14> changes = {{
      {"application/cbor", "text/plain"},
      {"application/cbor", "Application/CBOR"},
      {"HTTP/1.1", "HTTP/1.0"},
      {"HTTP/1.1", "HTTP/1.2"},
      {"POST ", "PUT "},
      {"GET ", "POST "},
      {"POST ", "GET "},
      {"Content-Length", "X-Length"},
      {"Host: ", "X-Host: "},
      {"wib=", "wob="},
      {" 200 ", " 204 "},
      {" 204 ", " 200 "},
      {" 200 ", " 503 "},
      {"\r\n", "\n"},
  }};
  const auto& [from, to] = changes[step.value % changes.size()];
  (void)replace(head, from, to);
}

void add_head_line(std::string& head, const Step& step) {
  static constexpr std::array<std::string_view, 8> lines = {
      "Connection: close\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Content-Length: 0\r\n",
      "X: y\r\n",
      "Cookie: wib=00000000000000000000000000000000\r\n",
      "Set-Cookie: wib=00000000000000000000000000000000; Path=/setup\r\n",
      "Content-Type: application/cbor\r\n",
      "Host: other\r\n"};
  const std::size_t at = head.find("\r\n");
  if (at != std::string::npos) head.insert(at + 2, lines[step.value % lines.size()]);
}

}  // namespace

ByteView body_of(ByteView message) noexcept { return message.subspan(body_start(message)); }

void edit_message(ByteVector& message, const Step& step, ByteView other) {
  const Edit edit = edit_of(step);
  if (edit == Edit::none) return;
  if (edit < Edit::flip_body_byte) {
    edit_bytes(message, edit, step);
    return;
  }
  const std::size_t start = body_start(message);
  std::string head(as_text(ByteView(message).first(start)));
  ByteVector body(message.begin() + static_cast<std::ptrdiff_t>(start), message.end());
  if (edits_body(edit)) {
    edit_body(body, edit, step, body_of(other));
    set_content_length(head, body.size());
  } else if (edit == Edit::target) {
    edit_target(head, step);
  } else if (edit == Edit::head_text) {
    edit_head_text(head, step);
  } else if (edit == Edit::head_line) {
    add_head_line(head, step);
  } else {
    edit_cookie(head, edit, step, as_text(other));
  }
  message.assign(head.begin(), head.end());
  message.insert(message.end(), body.begin(), body.end());
}

void edit_plaintext(ByteVector& plaintext, const Step& step, ByteView other) {
  Edit edit = edit_of(step);
  if (edit == Edit::none) return;
  if (!edits_body(edit)) edit = Edit::flip_body_byte;
  edit_body(plaintext, edit, step, other);
}

}  // namespace wib::fuzz
