// SPDX-License-Identifier: Apache-2.0
//
// facts/*.txt: vectors typed from the documents. [operation], then KEY = value.
#include "backends/conformance/records.h"
#include "backends/conformance/sources.h"

namespace wib::conformance {
namespace {

std::string_view without_blanks(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

// Hexadecimal, "text", or hexadecimal * times.
Bytes value(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return copy(as_bytes(text.substr(1, text.size() - 2)));
  }
  const auto star = text.find('*');
  const Bytes piece = from_hex(without_blanks(text.substr(0, star)));
  if (star == std::string_view::npos) return piece;
  Bytes bytes;
  for (int i = std::stoi(std::string(text.substr(star + 1))); i > 0; --i) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return bytes;
}

Vector vector_of(const Record& record) {
  Vector vector;
  vector.id = record.get("from") + " " + record.get("id");
  vector.operation = operation_of(record.section.at(0));
  for (const auto& [key, text] : record.fields) {
    if (key == "from" || key == "id") continue;
    if (key == "count") {
      vector.count = static_cast<std::uint32_t>(std::stoul(text));
    } else if (key == "verdict") {
      if (text != "invalid") throw BadVector(vector.id + ": a fact is valid or invalid");
      vector.verdict = Verdict::invalid;
    } else {
      vector.values.emplace(key, value(text));
    }
  }
  return vector;
}

}  // namespace

std::vector<Vector> read_facts(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) vectors.push_back(vector_of(record));
  return vectors;
}

}  // namespace wib::conformance
