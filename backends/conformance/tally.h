// SPDX-License-Identifier: Apache-2.0
//
// Tally: what was run, on which backend, from which source, and what was not and why.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "backends/conformance/subject.h"
#include "backends/conformance/vector.h"

namespace wib::conformance {

struct Counts {
  std::size_t valid = 0;
  std::size_t invalid = 0;
  std::size_t acceptable = 0;
  std::size_t failed = 0;  // of those
  std::map<Skip, std::size_t> skipped;

  [[nodiscard]] std::size_t run() const { return valid + invalid + acceptable; }
  [[nodiscard]] std::size_t skips() const;
  Counts& operator+=(const Counts& other);
};

class Tally {
 public:
  // One vector, run or skipped.
  void add(const Backend& backend, const std::string& source, const Vector& vector, bool passed);
  void add_skipped(const Backend& backend, const std::string& source, Skip skip);
  // A source that is not there at all.
  void absent(const std::string& source, const std::string& why) { absent_[source] = why; }
  void exercised(const Backend& backend, const Exercised& exercised);

  [[nodiscard]] Counts total(const std::string& backend) const;

  // The table for a person.
  void print(std::ostream& stream) const;
  // The same as JSON; false if the file cannot be written.
  [[nodiscard]] bool write(const std::string& file) const;
  // One vector or more was run.
  [[nodiscard]] bool ran() const;

 private:
  using Sources = std::map<std::string, Counts>;
  std::vector<std::string> order_;           // of sources
  std::map<std::string, Sources> backends_;  // by backend, then source
  std::map<std::string, std::string> absent_;
  std::map<std::string, std::map<std::string, std::size_t>> exercised_;
  std::map<std::string, std::map<std::string, bool>> declared_;

  Counts& counts(const Backend& backend, const std::string& source);
};

}  // namespace wib::conformance
