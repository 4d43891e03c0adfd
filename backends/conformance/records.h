// SPDX-License-Identifier: Apache-2.0
//
// Files of "KEY = value" lines, as NIST, Botan and OpenSSL write them: [sections], records that a
// blank line ends, # comments, PEM blocks between.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/conformance/vector.h"

namespace wib::conformance {

struct Record {
  std::vector<std::string> section;  // the [lines] since the last record, or those before them
  int line = 0;                      // of its first line
  std::vector<std::pair<std::string, std::string>> fields;  // in order; keys may come again
  std::vector<std::string> bare;                            // lines without a '=', such as FAIL
  Bytes pem;                                                // a PEM block's contents

  // Case matters. The first field of that key; empty if there is none.
  [[nodiscard]] std::string get(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool in_section(std::string_view text) const;
  [[nodiscard]] std::string id() const { return "line " + std::to_string(line); }
};

struct RecordStyle {
  bool blank_line_ends = true;
  // A line with this key begins a record (and nothing else does, if blank lines do not end one).
  std::string first_key;
};

// Throws BadVector if the file cannot be read.
[[nodiscard]] std::vector<Record> read_records(const std::filesystem::path& file,
                                               const RecordStyle& style = {});

}  // namespace wib::conformance
