// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/tally.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace wib::conformance {

std::size_t Counts::skips() const {
  std::size_t sum = 0;
  for (const auto& [skip, count] : skipped) sum += count;
  return sum;
}

Counts& Counts::operator+=(const Counts& other) {
  valid += other.valid;
  invalid += other.invalid;
  acceptable += other.acceptable;
  failed += other.failed;
  for (const auto& [skip, count] : other.skipped) skipped[skip] += count;
  return *this;
}

Counts& Tally::counts(const Backend& backend, const std::string& source) {
  if (std::ranges::find(order_, source) == order_.end()) order_.push_back(source);
  return backends_[std::string(backend.name())][source];
}

void Tally::add(const Backend& backend, const std::string& source, const Vector& vector,
                bool passed) {
  Counts& here = counts(backend, source);
  if (vector.verdict == Verdict::valid) ++here.valid;
  if (vector.verdict == Verdict::invalid) ++here.invalid;
  if (vector.verdict == Verdict::acceptable) ++here.acceptable;
  if (!passed) ++here.failed;
}

void Tally::add_skipped(const Backend& backend, const std::string& source, Skip skip) {
  ++counts(backend, source).skipped[skip];
}

void Tally::exercised(const Backend& backend, const Exercised& exercised) {
  for (const Capability capability : all_capabilities()) {
    const std::string key(wib::name(capability));
    exercised_[std::string(backend.name())][key] = exercised.times(capability);
    declared_[std::string(backend.name())][key] = backend.manifest().has.has(capability);
  }
}

Counts Tally::total(const std::string& backend) const {
  Counts sum;
  const auto found = backends_.find(backend);
  if (found == backends_.end()) return sum;
  for (const auto& [source, counts] : found->second) sum += counts;
  return sum;
}

void Tally::print(std::ostream& stream) const {
  // Runs as "valid+invalid+acceptable", an exclamation mark before what failed.
  const auto cell = [](const Counts& counts) {
    std::string text = std::to_string(counts.valid) + "+" + std::to_string(counts.invalid);
    if (counts.acceptable != 0) text += "+" + std::to_string(counts.acceptable);
    if (counts.failed != 0) text += " !" + std::to_string(counts.failed);
    return text;
  };
  const auto row = [&](std::string_view name, auto counts_of) {
    stream << std::left << std::setw(62)
           << (name.size() > 61 ? name.substr(name.size() - 61) : name);
    for (const auto& [backend, sources] : backends_) {
      const Counts counts = counts_of(backend, sources);
      stream << std::setw(16) << cell(counts) << std::setw(8) << counts.skips();
    }
    stream << "\n";
  };
  stream << std::left << std::setw(62) << "vectors: valid+invalid(+acceptable), skipped";
  for (const auto& [backend, sources] : backends_) stream << std::setw(24) << backend;
  stream << "\n";
  for (const std::string& source : order_) {
    row(source, [&](const std::string&, const Sources& sources) {
      const auto found = sources.find(source);
      return found == sources.end() ? Counts{} : found->second;
    });
  }
  row("all", [&](const std::string& backend, const Sources&) { return total(backend); });
  for (const auto& [backend, sources] : backends_) {
    const Counts sum = total(backend);
    stream << backend << ": run " << sum.run() << ", valid " << sum.valid << ", invalid "
           << sum.invalid << ", acceptable " << sum.acceptable << ", failed " << sum.failed
           << ", skipped " << sum.skips() << "\n";
    for (const auto& [skip, count] : sum.skipped) {
      stream << "  skipped " << std::right << std::setw(6) << count << ": " << reason(skip) << "\n";
    }
  }
  for (const auto& [source, why] : absent_) stream << "not read: " << source << ": " << why << "\n";
}

bool Tally::ran() const {
  return std::ranges::any_of(backends_,
                             [&](const auto& backend) { return total(backend.first).run() != 0; });
}

bool Tally::write(const std::string& file) const {
  using nlohmann::json;
  const auto as_json = [](const Counts& counts) {
    json skipped = json::object();
    for (const auto& [skip, count] : counts.skipped) skipped[std::string(reason(skip))] = count;
    return json{{"run", counts.run()},       {"valid", counts.valid},
                {"invalid", counts.invalid}, {"acceptable", counts.acceptable},
                {"failed", counts.failed},   {"skipped", skipped}};
  };
  json whole = {{"backends", json::object()}, {"not_read", absent_}};
  for (const auto& [backend, sources] : backends_) {
    json& here = whole["backends"][backend];
    here["total"] = as_json(total(backend));
    for (const auto& [source, counts] : sources) here["sources"][source] = as_json(counts);
  }
  for (const auto& [backend, counts] : exercised_) {
    for (const auto& [capability, times] : counts) {
      whole["backends"][backend]["capabilities"][capability] = {
          {"declared", declared_.at(backend).at(capability)}, {"exercised", times}};
    }
  }
  std::ofstream stream(file);
  stream << whole.dump(1) << "\n";
  return stream.flush().good();
}

}  // namespace wib::conformance
