// SPDX-License-Identifier: Apache-2.0
#include "attacks/cli/backend_table.h"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "backends/registry.h"

namespace wib::attacks {
namespace {

// Who is asked for that capability instead; null if the backend has its own, or none.
const Backend* lender(const Backend& backend, Capability capability) {
  const Manifest manifest = backend.manifest();
  if (manifest.has.has(capability) || capability < Capability::certificates_rsa) return nullptr;
  const std::string_view name =
      capability < Capability::tls1_2 ? manifest.certificates_from : manifest.tls_from;
  const Backend* const other = name.empty() ? nullptr : find_backend(name);
  return other != nullptr && other->manifest().has.has(capability) ? other : nullptr;
}

class Table {
 public:
  explicit Table(std::ostream& stream) : stream_(stream) {}

  // Cell: std::string(const Backend&). A column is as wide as its backend's name asks for.
  template <class Cell>
  void row(std::string_view head, Cell cell, std::string_view tail = {}) {
    stream_ << std::left << std::setw(22) << head;
    for (const Backend* const backend : all_backends()) {
      const auto width = static_cast<int>(std::max<std::size_t>(backend->name().size(), 9) + 2);
      stream_ << std::setw(width) << cell(*backend);
    }
    stream_ << tail << "\n";
  }

 private:
  std::ostream& stream_;
};

}  // namespace

void print_backends(std::ostream& stream) {
  Table table(stream);
  table.row("", [](const Backend& backend) { return std::string(backend.name()); });
  for (const Capability capability : all_capabilities()) {
    table.row(
        name(capability),
        [&](const Backend& backend) -> std::string {
          if (backend.manifest().has.has(capability)) return "yes";
          return lender(backend, capability) != nullptr ? "borrowed" : "-";
        },
        describe(capability));
  }
  for (const Suite& suite : suites()) {
    table.row(
        std::string(suite.id().view()),
        [&](const Backend& backend) -> std::string {
          if (!runs(backend, suite)) return "-";
          return backend.manifest().real ? "runs" : "explored";
        },
        "suite");
  }
  stream << "\n";
  for (const Backend* const backend : all_backends()) {
    const Manifest manifest = backend->manifest();
    stream << std::left << std::setw(12) << backend->name() << backend->library() << "\n";
    const auto line = [&](std::string_view text) { stream << std::setw(12) << "" << text << "\n"; };
    if (!manifest.real) line("no security: for exploration alone, never on a wire");
    if (!manifest.certificates_from.empty()) {
      line("certificates from " + std::string(manifest.certificates_from));
    }
    if (!manifest.tls_from.empty()) line("TLS from " + std::string(manifest.tls_from));
    if (!manifest.note.empty()) line(manifest.note);
  }
}

void print_backends_json(std::ostream& stream) {
  using json = nlohmann::ordered_json;
  std::string_view before = "[";
  for (const Backend* const backend : all_backends()) {
    const Manifest manifest = backend->manifest();
    json has = json::array();
    json borrowed = json::array();
    for (const Capability capability : all_capabilities()) {
      if (manifest.has.has(capability)) has.push_back(std::string(name(capability)));
      if (lender(*backend, capability) != nullptr)
        borrowed.push_back(std::string(name(capability)));
    }
    json can_run = json::array();
    for (const Suite& suite : suites()) {
      if (!runs(*backend, suite)) continue;
      can_run.push_back(std::string(suite.id().view()));
    }
    stream << before << "\n"
           << json{{"name", std::string(backend->name())},
                   {"library", std::string(backend->library())},
                   {"real", manifest.real},
                   {"has", has},
                   {"borrowed", borrowed},
                   {"runs", can_run},
                   {"certificates_from", std::string(manifest.certificates_from)},
                   {"tls_from", std::string(manifest.tls_from)},
                   {"note", std::string(manifest.note)}}
                  .dump();
    before = ",";
  }
  stream << "\n]\n";
}

}  // namespace wib::attacks
