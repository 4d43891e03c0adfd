// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/records.h"

#include <algorithm>
#include <fstream>

namespace wib::conformance {
namespace {

std::string_view trimmed(std::string_view text) {
  static constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

Bytes from_base64(std::string_view text) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) throw BadVector("not base64: " + std::string(text));
    held = (held << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<Byte>(held >> bits));
  }
  return bytes;
}

class RecordReader {
 public:
  explicit RecordReader(const RecordStyle& style) : style_(style) {}

  void read(std::string_view line) {
    ++line_;
    line = trimmed(line);
    if (in_pem_) return read_pem(line);
    if (line.empty()) {
      if (style_.blank_line_ends) end();
      return;
    }
    if (line.front() == '#') return;
    if (line.starts_with("-----BEGIN ")) {
      begin_if_new();
      in_pem_ = true;
      base64_.clear();
      return;
    }
    if (line.front() == '[') return read_section(line);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      begin_if_new();
      current_.bare.emplace_back(line);
      return;
    }
    std::string key(trimmed(line.substr(0, equals)));
    if (key == style_.first_key) end();
    begin_if_new();
    current_.fields.emplace_back(std::move(key), trimmed(line.substr(equals + 1)));
  }

  std::vector<Record> finish() {
    end();
    return std::move(records_);
  }

 private:
  void read_pem(std::string_view line) {
    if (!line.starts_with("-----END ")) {
      base64_ += line;
      return;
    }
    in_pem_ = false;
    current_.pem = from_base64(base64_);
  }

  void read_section(std::string_view line) {
    end();
    if (!section_open_) section_.clear();
    section_open_ = true;
    section_.emplace_back(trimmed(line.substr(1, line.rfind(']') - 1)));
  }

  void begin_if_new() {
    if (current_.line != 0) return;
    current_.line = line_;
    current_.section = section_;
    section_open_ = false;
  }

  void end() {
    if (current_.line != 0) records_.push_back(std::move(current_));
    current_ = {};
  }

  RecordStyle style_;
  int line_ = 0;
  bool in_pem_ = false;
  bool section_open_ = false;
  std::string base64_;
  std::vector<std::string> section_;
  Record current_;
  std::vector<Record> records_;
};

}  // namespace

std::string Record::get(std::string_view key) const {
  const auto found = std::ranges::find(
      fields, key, [](const auto& field) { return std::string_view(field.first); });
  return found == fields.end() ? std::string() : found->second;
}

bool Record::has(std::string_view key) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == key; });
}

bool Record::in_section(std::string_view text) const {
  return std::ranges::find(section, text) != section.end();
}

std::vector<Record> read_records(const std::filesystem::path& file, const RecordStyle& style) {
  std::ifstream stream(file);
  if (!stream) throw BadVector("cannot read " + file.string());
  RecordReader reader(style);
  for (std::string line; std::getline(stream, line);) reader.read(line);
  return reader.finish();
}

}  // namespace wib::conformance
