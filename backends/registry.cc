// SPDX-License-Identifier: Apache-2.0
#include "backends/registry.h"

#include <algorithm>
#include <vector>

namespace wib {
namespace {

// Those that run the suites first, then the other real ones, then the rest; by name within each.
struct Registry {
  std::vector<Backend*> all;
  std::size_t whole = 0;
  std::size_t real = 0;

  Registry() {
    const auto add = [&](auto belongs) {
      std::ranges::copy_if(linked_backends(), std::back_inserter(all), belongs);
      return all.size();
    };
    const auto runs_all = [](const Backend* backend) {
      return backend->manifest().real && std::ranges::all_of(suites(), [&](const Suite& suite) {
               return runs(*backend, suite);
             });
    };
    whole = add(runs_all);
    real =
        add([&](const Backend* backend) { return backend->manifest().real && !runs_all(backend); });
    add([](const Backend* backend) { return !backend->manifest().real; });
  }
};

const Registry& registry() {
  static const Registry built;
  return built;
}

}  // namespace

Capabilities needs(const Suite& suite) noexcept {
  Capabilities needed = {Capability::sha256, Capability::hmac_sha512, Capability::mod_exp};
  needed.add(suite.reading == "ctr" ? Capability::aes256_ctr : Capability::aes256_cbc);
  return needed;
}

bool runs(const Backend& backend, const Suite& suite) noexcept {
  const Manifest manifest = backend.manifest();
  const bool judges_pairs =
      manifest.has.has(Capability::certificates_p256) || !manifest.certificates_from.empty();
  return manifest.has.has_all(needs(suite)) && judges_pairs;
}

std::span<Backend* const> all_backends() noexcept { return registry().all; }

std::span<Backend* const> real_backends() noexcept { return all_backends().first(registry().real); }

std::span<Backend* const> backends() noexcept { return all_backends().first(registry().whole); }

Backend* find_backend(std::string_view name) noexcept {
  const auto found = std::ranges::find(all_backends(), name, &Backend::name);
  return found == all_backends().end() ? nullptr : *found;
}

}  // namespace wib
